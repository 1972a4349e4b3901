"""Attribution from every form of cache: required activations, padding, batches, and what remains unaccounted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution

from tests.support import attributions, model_families, models
from tests.support.attributions import TOLERANCE, summed, words

N = 8


pytestmark = pytest.mark.usefixtures("quiet_libraries")


@pytest.fixture(scope="module")
def gpt2() -> Any:
    return attributions.random_gpt2(N)


def attribute(cache: Any, model: Any, *args: Any, **options: Any) -> Attribution:
    [result] = cache_attribution.attributions(cache, model, words(N), *args, **options)
    return result


def assert_close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("form", ["batch", "removed", "dict", "no model", "half", "numpy"])
def test_every_form_of_cache_is_read_and_left_as_it_was(form: str) -> None:
    model = model_families.bridge("llama_gqa", folded=False)
    want = attributions.logits(model, models.ids(1, N))[0, :, 3]
    _, cache = model.run_with_cache(models.ids(1, N))
    passed_model: Any = model
    if form == "removed":
        cache.remove_batch_dim()
        passed_model = None
    elif form == "dict":
        cache = dict(cache.items())
    elif form == "no model":
        cache.model = None
    elif form == "half":
        cache = cache.to(torch.bfloat16)
    elif form == "numpy":
        cache = {name: tensor.numpy() for name, tensor in cache.items()}
    before = {name: np.array(tensor.float() if form == "half" else tensor) for name, tensor in cache.items()}
    result = attribute(cache, passed_model, 3)
    np.testing.assert_allclose(result.total, want, rtol=0, atol=0.1 if form == "half" else TOLERANCE)
    np.testing.assert_allclose(summed(result), want, rtol=0, atol=0.1 if form == "half" else TOLERANCE)
    for name, tensor in cache.items():
        np.testing.assert_array_equal(np.array(tensor.float() if form == "half" else tensor), before[name])


FILTERS = {
    "no stream": lambda name: (
        "resid" not in name and not name.startswith(("ln_final.hook_in", "ln_final.hook_out", "unembed."))
    ),
    "stream only": lambda name: name.endswith(
        ("pattern", "hook_v", "hook_embed", "hook_pos_embed", "mlp_out", "1.hook_resid_post", "ln_final.hook_scale")
    ),
    "no scale": lambda name: name.endswith(("pattern", "hook_v", "embed", "mlp_out", "resid_post")),
    "last layer": lambda name: ".0." not in name or "resid" in name,
}


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize("family", ["gpt2", "llama_gqa"])
def test_a_cache_needs_only_what_is_shown_and_one_source_of_the_logit(family: str, name: str) -> None:
    model = model_families.bridge(family, folded=False)
    logits = attributions.logits(model, models.ids(1, N))[0]
    _, cache = model.run_with_cache(models.ids(1, N), names_filter=FILTERS[name])
    result = attribute(cache, model, 3)
    assert_close(result.total, logits[:, 3])
    assert_close(summed(result), logits[:, 3])
    assert (result.part("unaccounted") is None) == (name == "no stream")
    assert (result.part("other") is None) == (name != "last layer")


@pytest.mark.parametrize(
    ("missing", "needed"),
    [
        ("hook_mlp_out", "blocks.0.hook_mlp_out"),
        ("hook_v", "blocks.0.attn.hook_v"),
        ("hook_embed", "hook_embed"),
        ("hook_pos_embed", "hook_pos_embed"),
    ],
)
def test_a_missing_activation_is_named_with_how_to_record_it(gpt2: Any, missing: str, needed: str) -> None:
    model, cache, _ = gpt2
    left_out = (missing, "0.hook_resid_pre", "hook_attn_out")  # the embedding could be read from either of the last two
    data = {name: tensor for name, tensor in cache.items() if not name.endswith(left_out)}
    with pytest.raises(KeyError, match=rf"attribution.*{needed}.*run_with_cache"):
        attribute(data, model, 3)


def test_a_cache_without_any_source_of_the_logit_is_refused(gpt2: Any) -> None:
    model, cache, _ = gpt2
    data = {
        name: tensor
        for name, tensor in cache.items()
        if not name.endswith(("resid_post", "ln_final.hook_out")) and not (".0." in name and "out" in name)
    }
    with pytest.raises(KeyError, match=r"attribution: the cache has no 'blocks\.1\.hook_resid_post'"):
        attribute(data, model, 3, layers=1)


@pytest.mark.parametrize("with_stream_before", [True, False])
def test_a_change_of_the_stream_that_no_component_wrote_is_a_part_of_its_layer_or_unaccounted(
    gpt2: Any, with_stream_before: bool
) -> None:
    model, cache, _ = gpt2
    data = {name: tensor for name, tensor in cache.items() if not name.startswith(("ln_final.hook_", "unembed."))}
    data["ln_final.hook_scale"] = cache["scale"]
    extra = torch.zeros(32)
    extra[4] = 3.0
    data["blocks.1.hook_resid_post"] = cache["resid_post", 1] + extra
    if not with_stream_before:
        data = {
            name: t for name, t in data.items() if name not in ("blocks.0.hook_resid_post", "blocks.1.hook_resid_pre")
        }
    result = attribute(data, model, 3)
    direction = model.ln_final.w * model.W_U[:, 3]
    want = (extra @ (direction - direction.mean()) / cache["scale"][0, :, 0]).numpy()
    assert abs(want).min() > 0.01
    if with_stream_before:
        assert_close(result.part("branch", 1), want)
        assert "Layer remainder 1" in [part.name for part in result.parts]
    else:
        assert_close(result.part("unaccounted"), want)
        assert_close(summed(result), result.total - want)
    assert result.part("other") is None


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", ["bridge", pytest.param("hooked", marks=models.needs_hooked_transformer)])
def test_ragged_prompts_are_attributed_over_their_real_tokens(kind: str, side: str) -> None:
    model = models.bridge("gpt2", padding_side=side) if kind == "bridge" else models.hooked(padding_side=side)
    prompts = ["the cat sat on a mat", "a dog ran"]
    logits, cache = model.run_with_cache(prompts)
    tokens = model.to_str_tokens(prompts)
    rows = list(cache_attribution.attributions(cache, model, tokens, ("dog", "mat"), [0, -1]))
    dog, mat = model.to_single_token("dog"), model.to_single_token("mat")
    for row, text, values in zip(rows, tokens, logits.double().numpy(), strict=True):
        n = len(text)
        assert row.dest == (0, n - 1)
        assert row.src_tokens == tuple(text)
        assert row.heads[0].values.shape == (2, n)
        first = N - 1 - n if model.tokenizer.padding_side == "left" else 0
        want = values[[first, first + n - 1]]
        assert_close(row.total, want[:, dog] - want[:, mat])
        assert_close(summed(row), row.total)
        assert row.part("other") is None  # no attention to padding


def test_attention_to_unmasked_padding_is_part_of_other() -> None:
    model = models.bridge("gpt2", padding_side="left")
    ids = models.ids(1, N)
    ids[0, :3] = 0
    logits, cache = model.run_with_cache(ids)
    [result] = cache_attribution.attributions(cache, model, [words(N)[3:]], 5, padding_side="left")
    other = result.part("other")
    assert other is not None and abs(other).max() > 0.001
    assert_close(summed(result), logits[0, 3:, 5])
    assert_close(result.part("unaccounted"), np.zeros(N - 3))


def test_each_sequence_of_a_batch_may_have_its_own_direction() -> None:
    model = model_families.bridge("gpt2", folded=False)
    ids = models.ids(3, N)
    logits, (_, cache) = attributions.logits(model, ids), model.run_with_cache(ids)
    pairs = torch.tensor([[3, 4], [5, 6], [7, 8]])
    rows = list(cache_attribution.attributions(cache, model, words(N, 3), pairs, -1, batch_idx=[2, 0]))
    assert_close(
        [summed(row)[0] for row in rows], [logits[2, -1, 7] - logits[2, -1, 8], logits[0, -1, 3] - logits[0, -1, 4]]
    )
    assert [row.label[:2] for row in rows] == ["2:", "0:"]
    vectors = [model.W_U[:, 3], model.W_U[:, 5], model.W_U[:, 7]]
    rows = list(cache_attribution.attributions(cache, model, words(N, 3), vectors, -1))
    assert_close(
        [summed(row)[0] for row in rows], [logits[i, -1, t] - float(model.b_U[t]) for i, t in enumerate((3, 5, 7))]
    )


def test_a_cache_of_some_positions_only_is_refused(gpt2: Any) -> None:
    model, *_ = gpt2
    _, cache = model.run_with_cache(models.ids(1, N), pos_slice=-1)
    with pytest.raises(
        ValueError, match=r"cache: attribution needs the patterns of a whole forward pass.*1 dest.*8 sou"
    ):
        cache_attribution.attributions(cache, model, words(N)[-1:], 3)


class WithoutUnembedding:
    """A model without W_U, like a vision transformer."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __getattr__(self, name: str) -> Any:
        if name in ("W_U", "b_U"):
            raise AttributeError(name)
        return getattr(self._model, name)


def test_a_direction_of_length_d_model_needs_no_unembedding(gpt2: Any) -> None:
    model, cache, _ = gpt2
    direction = model.W_U[:, 3]
    want = attribute(cache, model, direction)
    result = attribute(cache, WithoutUnembedding(model), direction)
    assert_close(result.total, want.total)
    assert_close(summed(result), result.total)
    for tokens in (3, "cat", None):
        with pytest.raises(ValueError, match=r"needs the model's W_U.*direction of length d_model = 32 needs no W_U"):
            attribute(cache, WithoutUnembedding(model), tokens)


@pytest.mark.parametrize("selection", [dict(layers=[1, -1]), dict(heads=[(1, 0), (0, 2), (-1, 0)])])
def test_a_head_that_is_selected_twice_counts_once(gpt2: Any, selection: dict[str, Any]) -> None:
    model, cache, logits = gpt2
    result = attribute(cache, model, 3, **selection)
    assert_close(summed(result), logits[:, 3])
    assert len({(head.layer, head.head) for head in result.heads}) == len(result.heads)


def test_a_model_is_needed_and_named(gpt2: Any) -> None:
    _, cache, _ = gpt2
    with pytest.raises(ValueError, match=r"model: attribution needs W_O .*there is no model; pass the model"):
        attribute(dict(cache.items()), None, 3)

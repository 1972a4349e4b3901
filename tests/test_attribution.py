"""What an attribution holds: destinations, subsets, padding, every form of cache, and what is not accounted for."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import _attribute, demo
from circuitsvis._decompose import Attribution

from tests import attributions, model_families, models
from tests.attributions import TOLERANCE, summed, words

N = 8
ALL_HEADS = [(layer, head) for layer in range(2) for head in range(4)]


@pytest.fixture(autouse=True)
def _third_party_warnings() -> Iterator[None]:
    """The libraries' own deprecation notes are not ours to fix."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            yield


@pytest.fixture(scope="module")
def gpt2() -> Any:
    """Model, cache of one sequence, its logits [position, vocabulary]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            model = model_families.bridge("gpt2", folded=False)
            _, cache = model.run_with_cache(models.ids(1, N))
            return model, cache, attributions.logits(model, models.ids(1, N))[0]


def one(cache: Any, model: Any, *args: Any, **options: Any) -> Attribution:
    [found] = _attribute.contents(cache, model, words(N), *args, **options)
    return found


def close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE)


def test_every_cell_of_every_head_equals_the_vectors_it_writes_by_loops(gpt2: Any) -> None:
    model, cache, _ = gpt2
    found = one(cache, model, (3, 5))
    direction = (model.W_U[:, 3] - model.W_U[:, 5]).double().numpy()
    gain, scale = model.ln_final.w.double().numpy(), cache["scale"][0, :, 0].double().numpy()
    assert [(part.layer, part.head) for part in found.heads] == ALL_HEADS
    for part in found.heads[1::3]:
        want = attributions.by_loops(
            cache["pattern", part.layer][0, part.head].double().numpy(),
            cache["v", part.layer][0, :, part.head].double().numpy(),
            model.blocks[part.layer].attn.W_O[part.head].double().numpy(),
            direction, gain, scale, centre=True,
        )  # fmt: skip
        np.testing.assert_allclose(part.values, want, rtol=0, atol=1e-7)
        assert want.min() < 0 < want.max()  # signs stay in one picture


def test_a_component_without_sources_is_one_value_per_destination(gpt2: Any) -> None:
    model, cache, _ = gpt2
    found = one(cache, model, 3)
    assert {part.values.shape for part in found.parts} == {(N,)}
    w_u, gain = model.W_U[:, 3].double(), model.ln_final.w.double()
    for kind, layer, hook in [("embed", None, "hook_embed"), ("mlp", 1, "blocks.1.hook_mlp_out")]:
        x = cache[hook][0].double()
        want = ((x - x.mean(-1, keepdim=True)) / cache["scale"][0].double() * gain) @ w_u
        close(found.part(kind, layer), want.numpy())  # type: ignore[arg-type]  # mypy widens the tuple


@pytest.mark.parametrize("folded", [False, True])
def test_what_is_added_behind_the_norm_is_there_once_and_not_once_per_source(folded: bool) -> None:
    """Folding moves the norm's bias into b_U, so one of them is zero."""
    model = model_families.bridge("gpt2", folded=folded)
    _, cache = model.run_with_cache(models.ids(1, N))
    logits = attributions.logits(model, models.ids(1, N))[0]
    norm_bias = float(model.ln_final.b.double() @ (model.W_U[:, 3] - model.W_U[:, 5]).double())
    b_u = float(model.b_U[3].double() - model.b_U[5].double())
    together, apart = (one(cache, model, (3, 5), include_b_U_attribution=flag) for flag in (False, True))
    close(together.part("bias"), [norm_bias + b_u] * N)
    assert together.part("b_U") is None
    norm_part = apart.part("bias")
    assert (norm_part is None) == folded
    close(0.0 if norm_part is None else norm_part, [norm_bias] * N)
    close(apart.part("b_U"), [b_u] * N)
    assert abs(norm_bias + b_u) > 0.01
    for found in (together, apart):
        close(summed(found), logits[:, 3] - logits[:, 5])


def test_folding_the_norm_moves_its_bias_to_b_u_and_changes_no_difference() -> None:
    """So that dropping b_U from a difference would be an error: it holds the folded bias."""
    plain, folded = (model_families.bridge("gpt2", folded=flag) for flag in (False, True))
    first, second = (
        one(model.run_with_cache(models.ids(1, N))[1], model, (3, 5), include_b_U_attribution=True)
        for model in (plain, folded)
    )
    close(first.total, second.total)
    b_u = second.part("b_U")
    assert b_u is not None and abs(b_u).max() > 0.01
    close(b_u, first.part("bias"))


@pytest.mark.parametrize("seq_pos", [5, -3, [1, 3], [3, 1], [-1], range(2, 5), np.array([0, 6])])
def test_only_the_chosen_destinations_are_computed_in_their_order(gpt2: Any, seq_pos: Any) -> None:
    model, cache, logits = gpt2
    everything, found = one(cache, model, 3), one(cache, model, 3, seq_pos)
    dest = [int(i) % N for i in np.atleast_1d(np.array(seq_pos))]
    assert found.dest == tuple(dest)
    assert found.dest_tokens == tuple(words(N)[i] for i in dest)
    assert found.src_tokens == tuple(words(N))
    for whole, part in zip(everything.heads, found.heads, strict=True):
        assert part.values.shape == (len(dest), N)
        np.testing.assert_array_equal(part.values, whole.values[dest])
    close(summed(found), logits[dest, 3])


@pytest.mark.parametrize(
    "selection",
    [
        {"heads": (1, 2)},
        {"heads": [(1, 3), (0, 0)]},
        {"layers": 0},
        {"layers": [-1]},
        {"heads": [(0, 1), (0, 1)]},
    ],
)
def test_a_subset_still_adds_up_to_the_logit_and_says_what_is_missing(gpt2: Any, selection: Any) -> None:
    model, cache, logits = gpt2
    everything, found = one(cache, model, 3), one(cache, model, 3, **selection)
    close(found.total, logits[:, 3])
    other, unaccounted = found.part("other"), found.part("unaccounted")
    assert other is not None and unaccounted is not None
    assert [part.kind for part in found.parts][-2:] == ["other", "unaccounted"]
    close(found.shown + other, logits[:, 3])
    assert abs(unaccounted).max() < TOLERANCE

    shown = {(head.layer, head.head) for head in found.heads}
    layers = {layer for layer, _ in shown}
    hidden = sum(head.values.sum(1) for head in everything.heads if (head.layer, head.head) not in shown)
    hidden += sum(part.values for part in everything.parts if part.layer not in (*layers, None))
    close(other, hidden)
    assert {part.layer for part in found.parts if part.kind == "mlp"} == layers


def test_heads_come_in_the_order_they_were_asked_for(gpt2: Any) -> None:
    model, cache, _ = gpt2
    found = one(cache, model, 3, heads=[(1, 3), (0, -1), (1, 0)])
    assert [(head.layer, head.head) for head in found.heads] == [(1, 3), (0, 3), (1, 0)]


def test_without_directions_each_position_is_attributed_to_the_token_that_follows() -> None:
    model = models.bridge("gpt2", padding_side="right")
    ids = models.ids(1, N)
    logits, (_, cache) = attributions.logits(model, ids)[0], model.run_with_cache(ids)
    for tokens in (words(N), ids[0], ids, ids[0].tolist()):
        [found] = _attribute.contents(cache, model, tokens)
        assert found.dest == tuple(range(N - 1))
        assert found.targets == tuple(words(N)[1:])
        assert found.heads[0].values.shape == (N - 1, N)
        close(summed(found), [logits[i, ids[0, i + 1]] for i in range(N - 1)])
    [last] = _attribute.contents(cache, model, words(N), seq_pos=-2)
    assert last.targets == (words(N)[-1],)
    with pytest.raises(ValueError, match=r"seq_pos: the last position \(7\) of sequence 0 has no next token"):
        _attribute.contents(cache, model, words(N), seq_pos=[2, -1])


def test_vectors_of_either_length_one_for_all_or_per_position(gpt2: Any) -> None:
    model, cache, logits = gpt2
    rng = torch.Generator().manual_seed(3)
    over = torch.randn(N, models.N_VOCAB, generator=rng)
    want = np.einsum("qt,qt->q", logits, over.double().numpy())
    close(summed(one(cache, model, over)), want)
    close(summed(one(cache, model, over, [4, 2])), want[[4, 2]])
    close(summed(one(cache, model, over[[4, 2]], [4, 2])), want[[4, 2]])
    close(summed(one(cache, model, over[4], 4)), want[[4]])
    close(summed(one(cache, model, over[4:5], 4)), want[[4]])

    residual = (model.W_U @ over.T).T  # the same, but for b_U
    without = want - (over @ model.b_U).double().numpy()
    close(summed(one(cache, model, residual)), without)
    assert one(cache, model, residual).targets == ("given residual direction",) * N
    with pytest.raises(ValueError, match="include_b_U_attribution: needs directions over the vocabulary"):
        one(cache, model, residual, include_b_U_attribution=True)


@pytest.mark.parametrize("form", ["batch", "removed", "dict", "no model", "half", "numpy"])
def test_every_form_of_cache_is_read_and_left_as_it_was(form: str) -> None:
    model = model_families.bridge("llama_gqa", folded=False)
    want = attributions.logits(model, models.ids(1, N))[0, :, 3]
    _, cache = model.run_with_cache(models.ids(1, N))
    given: Any = model
    if form == "removed":
        cache.remove_batch_dim()
        given = None
    elif form == "dict":
        cache = dict(cache.items())
    elif form == "no model":
        cache.model = None
    elif form == "half":
        cache = cache.to(torch.bfloat16)
    elif form == "numpy":
        cache = {name: tensor.numpy() for name, tensor in cache.items()}
    before = {name: np.array(tensor.float() if form == "half" else tensor) for name, tensor in cache.items()}
    found = one(cache, given, 3)
    np.testing.assert_allclose(found.total, want, rtol=0, atol=0.1 if form == "half" else TOLERANCE)
    np.testing.assert_allclose(summed(found), want, rtol=0, atol=0.1 if form == "half" else TOLERANCE)
    for name, tensor in cache.items():
        np.testing.assert_array_equal(np.array(tensor.float() if form == "half" else tensor), before[name])


FILTERS = {
    "no stream": lambda name: "resid" not in name and not name.startswith(("ln_final.hook_in", "ln_final.hook_out")),
    "stream only": lambda name: name.endswith(
        ("pattern", "hook_v", "hook_embed", "hook_pos_embed", "mlp_out", "1.hook_resid_post", "ln_final.hook_scale")
    ),
    "no scale": lambda name: name.endswith(("pattern", "hook_v", "embed", "mlp_out", "resid_post")),
    "last layer": lambda name: ".0." not in name or "resid" in name,
}


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize("family", ["gpt2", "llama_gqa"])
def test_a_cache_needs_only_what_is_shown_and_what_tells_the_logit(family: str, name: str) -> None:
    model = model_families.bridge(family, folded=False)
    logits = attributions.logits(model, models.ids(1, N))[0]
    _, cache = model.run_with_cache(models.ids(1, N), names_filter=FILTERS[name])
    found = one(cache, model, 3)
    close(found.total, logits[:, 3])
    close(summed(found), logits[:, 3])
    assert (found.part("unaccounted") is None) == (name in ("no stream", "last layer"))
    assert (found.part("other") is None) == (name != "last layer")


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
    data = {name: tensor for name, tensor in cache.items() if not name.endswith((missing, "0.hook_resid_pre"))}
    with pytest.raises(KeyError, match=rf"attribution.*{needed}.*run_with_cache"):
        one(data, model, 3)


def test_a_logit_that_nothing_tells_is_refused(gpt2: Any) -> None:
    model, cache, _ = gpt2
    data = {
        name: tensor
        for name, tensor in cache.items()
        if not name.endswith(("resid_post", "ln_final.hook_out")) and not (".0." in name and "out" in name)
    }
    with pytest.raises(KeyError, match=r"needs 'blocks\.1\.hook_resid_post'"):
        one(data, model, 3, layers=1)


def test_what_no_component_wrote_is_shown_as_unaccounted(gpt2: Any) -> None:
    model, cache, _ = gpt2
    data = {name: tensor for name, tensor in cache.items() if not name.startswith("ln_final.hook_")}
    data["ln_final.hook_scale"] = cache["scale"]
    extra = torch.zeros(32)
    extra[4] = 3.0
    data["blocks.1.hook_resid_post"] = cache["resid_post", 1] + extra
    found = one(data, model, 3)
    direction = model.ln_final.w * model.W_U[:, 3]
    want = (extra @ (direction - direction.mean()) / cache["scale"][0, :, 0]).numpy()
    close(found.part("unaccounted"), want)
    assert abs(want).min() > 0.01
    close(found.shown, found.total - want)
    assert found.part("other") is None


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", ["bridge", pytest.param("hooked", marks=models.needs_hooked_transformer)])
def test_ragged_prompts_are_attributed_over_their_real_tokens(kind: str, side: str) -> None:
    model = models.bridge("gpt2", padding_side=side) if kind == "bridge" else models.hooked(padding_side=side)
    prompts = ["the cat sat on a mat", "a dog ran"]
    logits, cache = model.run_with_cache(prompts)
    tokens = model.to_str_tokens(prompts)
    found = list(_attribute.contents(cache, model, tokens, ("dog", "mat"), [0, -1]))
    dog, mat = model.to_single_token("dog"), model.to_single_token("mat")
    for row, text, values in zip(found, tokens, logits.double().numpy(), strict=True):
        n = len(text)
        assert row.dest == (0, n - 1)
        assert row.src_tokens == tuple(text)
        assert row.heads[0].values.shape == (2, n)
        first = N - 1 - n if model.tokenizer.padding_side == "left" else 0
        want = values[[first, first + n - 1]]
        close(row.total, want[:, dog] - want[:, mat])
        close(summed(row), row.total)
        assert row.part("other") is None  # nothing was read from padding


def test_what_was_read_from_padding_without_a_mask_is_part_of_other() -> None:
    model = models.bridge("gpt2", padding_side="left")
    ids = models.ids(1, N)
    ids[0, :3] = 0
    logits, cache = model.run_with_cache(ids)
    [found] = _attribute.contents(cache, model, [words(N)[3:]], 5, padding_side="left")
    other = found.part("other")
    assert other is not None and abs(other).max() > 0.001
    close(summed(found), logits[0, 3:, 5])
    close(found.part("unaccounted"), np.zeros(N - 3))


def test_sequences_of_a_batch_may_have_directions_of_their_own() -> None:
    model = model_families.bridge("gpt2", folded=False)
    ids = models.ids(3, N)
    logits, (_, cache) = attributions.logits(model, ids), model.run_with_cache(ids)
    pairs = torch.tensor([[3, 4], [5, 6], [7, 8]])
    found = list(_attribute.contents(cache, model, words(N, 3), pairs, -1, batch_idx=[2, 0]))
    close([summed(row)[0] for row in found], [logits[2, -1, 7] - logits[2, -1, 8], logits[0, -1, 3] - logits[0, -1, 4]])
    assert [row.label[:2] for row in found] == ["2:", "0:"]
    vectors = [model.W_U[:, 3], model.W_U[:, 5], model.W_U[:, 7]]
    found = list(_attribute.contents(cache, model, words(N, 3), vectors, -1))
    close([summed(row)[0] for row in found], [logits[i, -1, t] - float(model.b_U[t]) for i, t in enumerate((3, 5, 7))])


def test_a_cache_of_some_positions_only_is_refused(gpt2: Any) -> None:
    model, *_ = gpt2
    _, cache = model.run_with_cache(models.ids(1, N), pos_slice=-1)
    with pytest.raises(
        ValueError, match=r"cache: attribution needs the patterns of a whole forward pass.*1 dest.*8 sou"
    ):
        _attribute.contents(cache, model, words(N)[-1:], 3)


def test_a_model_is_needed_and_named(gpt2: Any) -> None:
    _, cache, _ = gpt2
    with pytest.raises(ValueError, match=r"model: attribution needs the model's W_U.*pass model="):
        one(dict(cache.items()), None, 3)


class IndirectObject:
    """Mary − John at the last token of the demo model, and what the model says without one of its heads."""

    def __init__(self, model_class: Any) -> None:
        self.model = demo.load(model_class)
        self.prompt = "When Mary and John went to the shops, John gave a drink to"
        _, cache = self.model.run_with_cache(self.prompt, remove_batch_dim=True)
        self.scale = cache["ln_final.hook_scale"]
        tokens = self.model.to_str_tokens(self.prompt)
        [self.found] = _attribute.contents(cache, self.model, tokens, (" Mary", " John"), -1)
        self.top = max(self.found.heads, key=lambda head: head.values.sum())

    def difference(self, hooks: list[Any]) -> float:
        """By running the model."""
        mary, john = self.model.to_single_token(" Mary"), self.model.to_single_token(" John")
        logits = self.model.run_with_hooks(self.prompt, fwd_hooks=hooks)[0, -1]
        return float(logits[mary] - logits[john])

    def without_output(self, layer: int, head: int) -> float:
        """With the head's z zeroed, and all that follows from it in later layers."""

        def zero(z: Any, hook: Any) -> Any:
            return z.index_fill(2, torch.tensor([head]), 0)

        return self.difference([(f"blocks.{layer}.attn.hook_z", zero)])

    def without_writing(self, layer: int, head: int) -> float:
        """With what the head wrote taken out of the last stream, under the divisor as it was: its direct effect."""
        seen: list[Any] = []

        def see(z: Any, hook: Any) -> None:
            seen.append(z[:, :, head])

        def take_out(stream: Any, hook: Any) -> Any:
            return stream - seen[0] @ self.model.blocks[layer].attn.W_O[head]

        def hold(scale: Any, hook: Any) -> Any:
            return self.scale[None]

        return self.difference(
            [
                (f"blocks.{layer}.attn.hook_z", see),
                ("blocks.3.hook_resid_post", take_out),
                ("ln_final.hook_scale", hold),
            ]
        )


@pytest.fixture(params=["TransformerBridge", pytest.param("HookedTransformer", marks=models.needs_hooked_transformer)])
def indirect_object(request: pytest.FixtureRequest) -> IndirectObject:
    with torch.no_grad():
        return IndirectObject(request.param)


def test_a_logit_difference_of_the_demo_model_adds_up_and_is_named(indirect_object: IndirectObject) -> None:
    found = indirect_object.found
    assert (found.targets, found.dest, found.dest_tokens) == (("Mary − John",), (14,), (" to",))
    close(found.total, [indirect_object.difference([])])
    close(summed(found), found.total)
    top = indirect_object.top
    assert found.src_tokens[int(top.values[0].argmax())] == " Mary"  # it reads the name that it writes


def test_each_head_is_worth_what_the_answer_loses_without_its_writing(indirect_object: IndirectObject) -> None:
    whole = indirect_object.difference([])
    for head in indirect_object.found.heads:
        loss = whole - indirect_object.without_writing(head.layer, head.head)
        assert head.values.sum() == pytest.approx(loss, abs=2e-5)


@pytest.mark.xfail(
    reason="this model's name mover, 1.1, acts through the MLPs behind it: little of its effect is direct"
)
def test_the_top_head_is_among_the_two_whose_ablation_hurts_most(indirect_object: IndirectObject) -> None:
    left = {
        (head.layer, head.head): indirect_object.without_output(head.layer, head.head)
        for head in indirect_object.found.heads
    }
    top = indirect_object.top
    assert (top.layer, top.head) in sorted(left, key=lambda pair: left[pair])[:2]

"""A cache with the wrong model or the wrong tokens: errors and notes for the differences that the cache shows."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import demo
from circuitsvis._attribution import cache_attribution

from tests.support import families, models, reference

pytestmark = pytest.mark.usefixtures("quiet_libraries")

TOKEN = 5


@pytest.fixture(scope="module", params=models.MODEL_CLASSES)
def model(request: pytest.FixtureRequest) -> Any:
    return models.demo_model(request.param)


def perturbed(family: str, name: str) -> Any:
    """The bridge of a family, with noise on the parameters whose names contain `name`."""
    bridge = families.bridge(families.make(family), folded=False)
    generator = torch.Generator().manual_seed(1)
    for path, parameter in bridge.original_model.named_parameters():
        if name in path:
            parameter.data.add_(0.2 * torch.randn(parameter.shape, generator=generator))
    return bridge


@models.needs_bridge
@pytest.mark.parametrize(("family", "name"), [("llama_bias", "lm_head"), ("gpt2", "wte")])
def test_the_total_is_the_cached_logit_where_the_model_has_another_unembedding(family: str, name: str) -> None:
    logits, cache = families.bridge(families.make(family), folded=False).run_with_cache(families.IDS)
    for index, attribution in enumerate(
        cache_attribution.attributions(cache, perturbed(family, name), families.TOKENS, TOKEN)
    ):
        np.testing.assert_allclose(attribution.total, logits[index, :, TOKEN], atol=1e-5)
        assert any("unaccounted for" in note and "of another model" in note for note in attribution.notes)


@models.needs_bridge
@pytest.mark.parametrize(("family", "name"), [("gpt2", "attn.c_proj"), ("gpt2", ".o."), ("llama_bias", "o_proj")])
def test_info_weights_need_the_output_projection_that_made_the_cache(family: str, name: str) -> None:
    right = families.bridge(families.make(family), folded=False)
    _, cache = right.run_with_cache(families.IDS)
    cache.model = None
    wrong = perturbed(family, name)
    if all(torch.equal(a, b) for a, b in zip(wrong.parameters(), right.parameters(), strict=True)):
        pytest.skip("the parameter has another name in this version")
    ours = cv.attention.from_cache(cache, families.TOKENS, model=right)
    assert "info-weighted" in reference.props(ours).sequences[0].weights
    props = reference.props(cv.attention.from_cache(cache, families.TOKENS, model=wrong))
    assert "info-weighted" not in props.sequences[0].weights
    assert "value-weighted" in props.sequences[0].weights
    assert any("Info-weighted attention is left out: W_O of layer" in note for note in props.notes)
    with pytest.raises(
        ValueError, match=r"does not turn hook_z into hook_attn_out.*pass the model that made the cache"
    ):
        cv.attention.from_cache(cache, families.TOKENS, model=wrong, attention_type="info-weighted")


@pytest.mark.parametrize("form", ["strings", "ids"])
def test_tokens_of_another_text_of_the_same_length_are_refused(model: Any, form: str) -> None:
    _, cache = model.run_with_cache(demo.SENTENCES[0])
    make = model.to_str_tokens if form == "strings" else model.to_tokens
    assert len(model.to_str_tokens(demo.SENTENCES[0])) == len(model.to_str_tokens(demo.SENTENCES[1]))
    message = "at position 10 hook_embed is the embedding of ' John', but the token passed is ' Mary'"
    with pytest.raises(ValueError, match=message):
        cv.attention.from_cache(cache, make(demo.SENTENCES[1]), model=model)
    with pytest.raises(ValueError, match=message):
        cv.attribution.from_cache(cache, model, make(demo.SENTENCES[1]))
    assert cv.attention.from_cache(cache, make(demo.SENTENCES[0]), model=model) is not None
    without_embedding = {name: tensor for name, tensor in cache.items() if name != "hook_embed"}
    assert cv.attention.from_cache(without_embedding, make(demo.SENTENCES[1]), model=model) is not None


def test_sequences_of_a_batch_in_another_order_are_refused(model: Any) -> None:
    _, cache = model.run_with_cache(list(demo.SENTENCES[:2]))
    tokens = [model.to_str_tokens(sentence) for sentence in demo.SENTENCES[:2]]
    with pytest.raises(ValueError, match="sequence 0 is not the text of the cached run"):
        cv.attention.from_cache(cache, tokens[::-1], model=model)


def test_labels_that_are_not_tokens_are_shown_as_they_are(model: Any) -> None:
    _, cache = model.run_with_cache(demo.SENTENCES[0])
    labels = [f"label {i}" for i in range(len(model.to_str_tokens(demo.SENTENCES[0])))]
    assert cv.attention.from_cache(cache, labels, model=model) is not None


@models.needs_bridge
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_branch_beside_attention_keeps_its_name_in_half_precision(dtype: str) -> None:
    bridge = families.bridge(families.make("falconh1").to(getattr(torch, dtype)), folded=False)
    logits, cache = bridge.run_with_cache(families.IDS)
    attribution = next(iter(cache_attribution.attributions(cache, bridge, families.TOKENS, TOKEN)))
    assert [part.name for part in attribution.parts if part.kind == "branch"] == ["mamba 0", "mamba 1", "mamba 2"]
    np.testing.assert_allclose(attribution.total, logits[0, :, TOKEN].float(), atol=0.01)
    assert any("multiplied by 0.6" in note for note in attribution.notes)


@models.needs_bridge
def test_without_any_cached_stream_a_note_says_that_the_logit_is_the_sum_of_the_parts() -> None:
    bridge = families.bridge(families.make("gpt2"), folded=False)
    endings = ("hook_pattern", "hook_v", "hook_z", "mlp_out", "hook_embed", "hook_pos_embed", "ln_final.hook_scale")
    _, cache = bridge.run_with_cache(families.IDS, names_filter=lambda name: name.endswith(endings))
    attribution = next(iter(cache_attribution.attributions(cache, bridge, families.TOKENS, TOKEN)))
    assert attribution.part("unaccounted") is None
    assert any("the logit shown is the sum of the parts" in note for note in attribution.notes)

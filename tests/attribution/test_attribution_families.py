"""All components and sources add up to the model's own logit, for every causal family, folded or not, at every position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis._attribution import cache_attribution

from tests.support import attributions, huggingface_models, model_families, models

N = 8


pytestmark = [pytest.mark.usefixtures("quiet_libraries"), pytest.mark.slow]


def check(model: Any) -> list[str]:
    """Compares logits and differences of two sequences with the model's, and the cache before and after; returns the names of the parts."""
    tokens = models.ids(2, N)
    logits = attributions.logits(model, tokens)
    _, cache = model.run_with_cache(tokens)
    before = {name: tensor.clone() for name, tensor in cache.items()}
    for token in range(0, models.N_VOCAB, 3):
        other = (token + 5) % models.N_VOCAB
        wanted = {token: logits[..., token], (token, other): logits[..., token] - logits[..., other]}
        for direction, want in wanted.items():
            results = list(cache_attribution.attributions(cache, model, attributions.words(N, 2), direction))
            got = np.stack([attributions.summed(result) for result in results])
            np.testing.assert_allclose(got, want, rtol=0, atol=attributions.TOLERANCE)
            for result, row in zip(results, want, strict=True):
                np.testing.assert_allclose(result.total, row, rtol=0, atol=attributions.TOLERANCE)
                unaccounted = result.part("unaccounted")
                assert unaccounted is not None and abs(unaccounted).max() < attributions.TOLERANCE
                assert result.part("other") is None
    assert all(torch.equal(cache[name], tensor) for name, tensor in before.items())
    return [part.name for part in results[0].parts]


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("name", sorted(huggingface_models.CAUSAL))
def test_every_bridge_adds_up_to_its_own_logits(name: str, folded: bool) -> None:
    check(model_families.bridge(name, folded=folded))


@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("name", sorted(model_families.HOOKED))
def test_every_hooked_transformer_adds_up_to_its_own_logits(name: str, folded: bool) -> None:
    check(model_families.hooked(name, folded=folded))


@pytest.mark.parametrize("name", ["llama_gqa", "gemma2", "bloom"])
def test_position_embeddings_that_are_not_added_to_the_stream_are_no_part(name: str) -> None:
    assert "pos_embed" not in check(model_families.bridge(name, folded=False))
    assert "pos_embed" in check(model_families.bridge("gpt2", folded=False))


@models.needs_hooked_transformer
def test_shortformer_positions_are_cached_but_no_part() -> None:
    model = model_families.hooked("shortformer", folded=False)
    _, cache = model.run_with_cache(models.ids(1, N))
    assert "hook_pos_embed" in cache
    assert "pos_embed" not in check(model)
    keep = [name for name in cache.keys() if name != "blocks.0.hook_resid_pre"]  # noqa: SIM118  # an ActivationCache is not a dict
    [result] = cache_attribution.attributions({name: cache[name] for name in keep}, model, attributions.words(N), 3)
    assert result.part("pos_embed") is None


@models.needs_hooked_transformer
def test_a_model_without_mlps_has_no_mlp_parts() -> None:
    assert not [name for name in check(model_families.hooked("attn_only", folded=False)) if name.startswith("MLP")]


def test_a_model_without_attention_biases_has_no_bias_parts() -> None:
    """Its `model.b_O` raises."""
    model = model_families.bridge("llama_gqa", folded=False)
    with pytest.raises((AttributeError, TypeError)):
        _ = model.b_O
    assert check(model) == ["embed", "MLP 0", "MLP 1", "unaccounted"]


def test_capped_logits_are_attributed_before_the_cap_and_the_result_states_the_cap() -> None:
    model = model_families.bridge("gemma2", folded=False)
    _, cache = model.run_with_cache(models.ids(1, N))
    [result] = cache_attribution.attributions(cache, model, attributions.words(N), 3)
    assert result.soft_cap == 3.0
    capped = 3.0 * np.tanh(result.total.astype(np.float64) / 3.0)
    np.testing.assert_allclose(capped, model(models.ids(1, N))[0, :, 3].numpy(), rtol=0, atol=attributions.TOLERANCE)


@pytest.mark.parametrize("compatibility", [False, True])
def test_bert_is_refused_with_the_reason(compatibility: bool) -> None:
    model = models.bridge("bert", compatibility=compatibility)
    _, cache = model.run_with_cache(models.ids(1, 7))
    with pytest.raises(
        ValueError, match=r"model: attribution needs logits that are a sum .* BertForMaskedLM .*encoder"
    ):
        cache_attribution.attributions(cache, model, attributions.words(7), 3)


def test_post_norm_blocks_of_an_unknown_architecture_are_recognised_from_the_data() -> None:
    model = models.bridge("bert")
    _, cache = model.run_with_cache(models.ids(1, 7))
    model.cfg.architecture = "SomethingForCausalLM"
    tokens = attributions.words(7)
    with pytest.raises(ValueError, match=r"SomethingForCausalLM no block adds its outputs to the residual stream"):
        cache_attribution.attributions(cache, model, tokens, 3)
    data = {name: tensor for name, tensor in cache.items() if not name.endswith("hook_resid_post")}
    with pytest.raises(ValueError, match=r"the first norm of a block does not read the residual"):
        cache_attribution.attributions(data, model, tokens, 3)
    data = {name: tensor for name, tensor in cache.items() if not name.endswith("ln1.hook_in")}
    data = {name: tensor for name, tensor in data.items() if "resid_pre" not in name}
    with pytest.raises(ValueError, match=r"the final norm does not read the residual stream"):
        cache_attribution.attributions(data, model, tokens, 3)


@pytest.mark.skipif(models.VERSION < (4, 0), reason="T5 on a bridge fails in TransformerLens 3.9 with transformers 5")
def test_an_encoder_decoder_is_refused_with_the_reason() -> None:
    model = models.bridge("t5")
    _, cache = model.run_with_cache(models.ids(), decoder_input=models.ids(n=4))
    with pytest.raises(
        ValueError, match=r"T5ForConditionalGeneration cross-attention .*encoder-decoder.*circuitsvis.att"
    ):
        cache_attribution.attributions(cache, model, attributions.words(4), 3)


@models.needs_hooked_transformer
def test_hooked_encoders_are_refused_with_the_reason() -> None:
    from transformer_lens import HookedEncoder, HookedTransformerConfig

    config = HookedTransformerConfig(
        n_layers=2, d_model=32, n_ctx=32, d_head=8, n_heads=4, d_mlp=64, d_vocab=models.N_VOCAB, act_fn="gelu",
        device="cpu", attention_dir="bidirectional",
    )  # fmt: skip
    model = HookedEncoder(config, tokenizer=None).eval()
    _, cache = model.run_with_cache(models.ids())
    with pytest.raises(ValueError, match=r"HookedEncoder blocks normalise the stream itself"):
        cache_attribution.attributions(cache, model, attributions.words(7), 3)

"""Scores of caches as users make them: padded batches of texts, encoders, encoder-decoders, half precision, part of the hooks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis.heads import HeadScores

from tests.support import head_score_checks, models
from tests.support.probes import array

pytestmark = pytest.mark.usefixtures("quiet_libraries")
TEXTS = ["the cat sat on the mat", "the dog ran to the dog", "John gave"]


def small(name: str, side: str = "right") -> Any:
    if name == "hooked":
        if not models.HAS_HOOKED_TRANSFORMER:
            pytest.skip("TransformerLens 4 has no HookedTransformer")
        return models.hooked(padding_side=side, positional_embedding_type="rotary", rotary_dim=8)
    return models.bridge(name, padding_side=side)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("name", ["hooked", "llama_gqa"])
def test_a_padded_batch_of_texts_has_the_scores_of_its_texts(name: str, side: str) -> None:
    model = small(name, side)
    tokens = [model.to_str_tokens(text) for text in TEXTS]
    _, cache = model.run_with_cache(TEXTS)
    batch = cv.heads.scores(cache, tokens)
    singles = sum(cv.heads.scores(model.run_with_cache(text)[1], row) for text, row in zip(TEXTS, tokens, strict=True))
    assert isinstance(singles, HeadScores) and set(batch) == set(singles) and "attribution" in batch
    for score in batch:
        np.testing.assert_array_equal(batch[score].denominator.round(4), singles[score].denominator.round(4))
        if score != "largest_column_position":
            np.testing.assert_allclose(batch[score].values, singles[score].values, rtol=1e-3, atol=1e-5, err_msg=score)


def test_one_layer_recorded_alone_has_the_scores_of_the_whole_cache() -> None:
    model = small("gpt2")
    tokens = model.to_str_tokens(TEXTS[0])
    _, whole = model.run_with_cache(TEXTS[0])
    _, part = model.run_with_cache(TEXTS[0], names_filter=lambda name: name.endswith("1.attn.hook_pattern"))
    every, one = cv.heads.scores(whole, tokens), cv.heads.scores(part, tokens)
    assert one.layers == (1,)
    for score in one:
        np.testing.assert_array_equal(one[score].values[0], every[score].values[1])
    assert "ln_final.hook_scale" in one.missing["attribution"] or "hook_resid_post" in one.missing["attribution"]


def test_attribution_needs_no_more_than_it_says() -> None:
    model = small("gpt2")
    tokens = model.to_str_tokens(TEXTS[0])
    endings = ("hook_pattern", "hook_z", "ln_final.hook_scale", "hook_resid_post")
    _, whole = model.run_with_cache(TEXTS[0])
    _, part = model.run_with_cache(TEXTS[0], names_filter=lambda name: name.endswith(endings))
    few, every = cv.heads.scores(part, tokens), cv.heads.scores(whole, tokens)
    np.testing.assert_allclose(few["attribution"].values, every["attribution"].values, rtol=1e-6)


def test_an_ablated_head_adds_nothing_to_the_logits() -> None:
    model = small("gpt2")

    def ablate(z: Any, hook: Any) -> Any:
        z = z.clone()
        z[:, :, 2] = 0
        return z

    with model.hooks(fwd_hooks=[("blocks.1.attn.hook_z", ablate)]):
        _, cache = model.run_with_cache(TEXTS[0])
    scores = cv.heads.scores(cache, model.to_str_tokens(TEXTS[0]))
    assert scores["absolute_attribution"].values[1, 2] == 0 and (scores["absolute_attribution"].values > 0).sum() == 7


def test_a_plain_dict_and_a_model_are_enough() -> None:
    model = small("gpt2")
    tokens = model.to_str_tokens(TEXTS[0])
    _, cache = model.run_with_cache(TEXTS[0])
    whole, plain = cv.heads.scores(cache, tokens), cv.heads.scores(dict(cache.items()), tokens, model)
    for score in whole:
        np.testing.assert_array_equal(plain[score].values, whole[score].values)


def test_half_precision_is_scored_as_it_is_cached() -> None:
    model = models.bridge("gpt2", dtype="bfloat16")
    ids = models.ids(1, 9)
    _, cache = model.run_with_cache(ids)
    scores = cv.heads.scores(cache, ids, model)
    layers = [array(cache["pattern", layer].float())[0] for layer in (0, 1)]
    sums = [head_score_checks.expected([(patterns, ids[0].tolist())]) for patterns in layers]
    head_score_checks.assert_equal(scores, sums)
    assert "logit_margin" in scores


@pytest.mark.parametrize("name", ["encoder", "bert"])
def test_an_encoder_has_all_scores_but_attribution(name: str) -> None:
    if name == "encoder" and not models.HAS_HOOKED_TRANSFORMER:
        pytest.skip("TransformerLens 4 has no HookedEncoder")
    model = models.encoder() if name == "encoder" else models.bridge("bert")
    ids = models.ids(1, 9)
    _, cache = model.run_with_cache(ids)
    scores = cv.heads.scores(cache, ids.tolist(), model)
    layers = [array(cache[f"blocks.{layer}.attn.hook_pattern"])[0] for layer in (0, 1)]
    head_score_checks.assert_equal(scores, [head_score_checks.expected([(p, ids[0].tolist())]) for p in layers])
    assert scores["current_token"].denominator[0, 0] == 9, "no query sees a single source"
    assert "attribution needs logits that are a sum over what the components write" in scores.missing["attribution"]


def test_an_encoder_decoder_is_scored_module_by_module() -> None:
    if models.HAS_HOOKED_TRANSFORMER:
        model, blocks = models.encoder_decoder(), ("encoder", "decoder", "attn")
        _, cache = model.run_with_cache(models.ids(1, 7), models.ids(1, 4))
    else:
        model, blocks = models.bridge("t5"), ("encoder_blocks", "decoder_blocks", "self_attn")
        _, cache = model.run_with_cache(models.ids(1, 7), decoder_input=models.ids(1, 4))
    encoder, decoder, self_attention = blocks
    with pytest.raises(KeyError, match=rf'its attention modules are .*"{decoder}.{{layer}}.cross_attn"'):
        cv.heads.scores(cache)
    ids = models.ids(1, 7)[0].tolist()
    scores = cv.heads.scores(cache, ids, model, module=f"{encoder}.{{layer}}.attn")
    layers = [array(cache[f"{encoder}.{layer}.attn.hook_pattern"])[0] for layer in (0, 1)]
    head_score_checks.assert_equal(scores, [head_score_checks.expected([(p, ids)]) for p in layers])
    assert "attribution" in scores.missing
    causal = cv.heads.scores(cache, module=f"{decoder}.{{layer}}.{self_attention}")
    assert "previous_token@text" in causal and causal["previous_token@text"].denominator[0, 0] == 3
    cross = cv.heads.scores(cache, module=f"{decoder}.{{layer}}.cross_attn")
    assert "entropy" in cross and "different sequences" in cross.missing["previous_token@text"]

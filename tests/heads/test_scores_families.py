"""Scores of models of many families: those of loops over the cached patterns, and attribution as the models' own modules give it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis.heads import HeadScores

from tests.support import families, family_cases, head_score_checks, model_families, models
from tests.support import head_score_loops as loops
from tests.support.case import Case
from tests.support.family_cases import DoesNotBootError
from tests.support.probes import array

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet_libraries")]

BRIDGES = [
    "bloom", "cohere2", "deepseekv3", "falcon_alibi", "gemma2", "gemma3", "gptj", "gptneo", "gptoss", "llama_bias", "mistral_window3",
    "neox", "olmo2_tied", "opt", "phi3_window", "qwen3_bias", "qwen3next_full",
]  # fmt: skip
WITH_OTHER_SCORES = {"gptj", "gptneo", "opt"}
"""Bridges that cache something else than what the softmax reads."""


@models.needs_bridge
@pytest.mark.parametrize("name", BRIDGES)
def test_scores_of_a_bridge_are_those_of_loops(name: str) -> None:
    try:
        case = family_cases.bridged(name, folded=False)
    except DoesNotBootError as error:
        pytest.skip(str(error))
    scores = check(case, families.IDS.tolist())
    assert ("logit_margin" in scores.missing) == (name in WITH_OTHER_SCORES)


@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", sorted(model_families.HOOKED))
def test_scores_of_a_hooked_transformer_are_those_of_loops(name: str, folded: bool) -> None:
    check(family_cases.hooked(name, folded=folded), models.ids(2, families.N_TOKENS).tolist())


def check(case: Case, ids: list[list[int]]) -> HeadScores:
    scores = cv.heads.scores(case.cache, ids, case.model)
    check_patterns(case, ids, scores)
    check_logits(case, scores)
    check_attribution(case, ids, scores)
    return scores


def check_patterns(case: Case, ids: list[list[int]], scores: HeadScores) -> None:
    """Against the cached patterns exactly, and against those of the model in float64 within the rounding of a forward pass."""
    assert set(scores.layers) == set(case.attention)
    cached = {layer: array(case.cache[f"blocks.{layer}.attn.hook_pattern"]) for layer in scores.layers}
    sums = [head_score_checks.expected(list(zip(cached[layer], ids, strict=True))) for layer in scores.layers]
    head_score_checks.assert_equal(scores, sums)
    for row, layer in enumerate(scores.layers):
        truth = head_score_checks.expected(list(zip(case.attention[layer].pattern, ids, strict=True)))
        for head, of_head in enumerate(truth):
            for name, (numerator, denominator) in of_head.items():
                if name != "largest_column_position":
                    np.testing.assert_allclose(
                        scores[name].values[row, head], numerator / denominator, rtol=1e-4, atol=1e-5
                    )


def check_logits(case: Case, scores: HeadScores) -> None:
    """Against the cached scores, if their softmax is the pattern; else they are missing for that reason."""
    cached = {layer: dict(case.cache.items()).get(f"blocks.{layer}.attn.hook_attn_scores") for layer in scores.layers}
    if "logit_margin" in scores.missing:
        assert any(value is None or not softmax_is(array(value), case, layer) for layer, value in cached.items())
        return
    sums = []
    for layer, value in cached.items():
        assert value is not None and softmax_is(array(value), case, layer)
        patterns = array(case.cache[f"blocks.{layer}.attn.hook_pattern"])
        seen = [loops.visible(p) for p in patterns]
        of_layer = [
            loops.add([loops.logits(s[head], sources) for s, sources in zip(array(value), seen, strict=True)])
            for head in range(scores.n_heads)
        ]
        sums.append(of_layer)
    head_score_checks.assert_equal(scores, sums)


def softmax_is(values: Any, case: Case, layer: int) -> bool:
    """Whether the softmax of scores is the cached pattern, up to a factor per row (what a sink that is no token takes)."""
    pattern = array(case.cache[f"blocks.{layer}.attn.hook_pattern"])
    weights = np.where(pattern > 0, np.exp(values - values.max(-1, keepdims=True)), 0)
    share = pattern / pattern.sum(-1, keepdims=True)
    return bool(np.abs(weights / weights.sum(-1, keepdims=True) - share).max() < 1e-4)


def check_attribution(case: Case, ids: list[list[int]], scores: HeadScores) -> None:
    assert "attribution" in scores, scores.missing
    for row, layer in enumerate(scores.layers):
        of_layer = case.run.layers[layer]
        written = of_layer.written(of_layer.z)
        added = [
            case.run.along(written, token, None)[sequence, q]
            for sequence, tokens in enumerate(ids)
            for q, token in enumerate(tokens[1:])
        ]
        largest = np.abs(added).max()
        np.testing.assert_allclose(scores["attribution"].values[row], np.mean(added, axis=0), atol=1e-5 * largest)
        np.testing.assert_allclose(
            scores["absolute_attribution"].values[row], np.abs(added).mean(0), atol=1e-5 * largest
        )


@models.needs_bridge
def test_what_a_post_norm_model_does_not_have_is_missing_with_the_reason() -> None:
    case = family_cases.bridged("bert_lm", folded=False)
    scores = cv.heads.scores(case.cache, families.IDS.tolist(), case.model)
    assert "post-norm blocks" in scores.missing["attribution"]
    check_patterns(case, families.IDS.tolist(), scores)

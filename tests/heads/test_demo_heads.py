"""The trained demo model: its heads are found by score, do what the score says, and have the sums of TransformerLens's own detector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis import demo
from circuitsvis._heads import random_tokens

from tests.support import models

pytestmark = pytest.mark.usefixtures("quiet_libraries")
TEXT = "The cat sat on the mat. The cat sat on the mat."


@pytest.fixture(params=models.MODEL_CLASSES, scope="module")
def model(request: pytest.FixtureRequest) -> Any:
    return models.demo_model(request.param)


def test_the_induction_heads_are_found_on_repeated_tokens_and_copy(model: Any) -> None:
    scores = cv.heads.scores_on_repeated(model)
    strongest = scores.sorted("induction@repeated")
    assert {head[:2] for head in strongest[:2]} == {(3, 0), (3, 1)}
    assert strongest[1][2] > 4 * strongest[2][2]
    assert scores.sorted("prefix_matching@repeated")[0][:2] == (3, 1)
    assert cv.heads.weights(model).scores.sorted("ov_copying")[0][:2] == (3, 1)


def test_without_the_heads_that_score_highest_the_model_repeats_no_more(model: Any) -> None:
    tokens = random_tokens.make(random_tokens.vocabulary(model, 0), 0, 31, 2, 8, seed=1)
    strongest = [head[:2] for head in cv.heads.scores_on_repeated(model).sorted("induction@repeated")]
    whole = log_prob(model, tokens, [])
    without_strongest = whole - log_prob(model, tokens, strongest[:2])
    others = [whole - log_prob(model, tokens, [head for head in strongest[2:] if head[0] == layer]) for layer in (2, 3)]
    assert without_strongest > 2 * max(others) > 0


def log_prob(model: Any, tokens: random_tokens.RepeatedTokens, ablated: Sequence[tuple[int, int]]) -> float:
    """Mean log probability of the tokens of the second copy, without the outputs of some heads."""

    def ablate(layer: int) -> Any:
        def hook_function(z: Any, hook: Any) -> Any:
            z = z.clone()
            for _, head in (each for each in ablated if each[0] == layer):
                z[:, :, head] = 0
            return z

        return hook_function

    ids = torch.as_tensor(tokens.ids)
    hooks = [(f"blocks.{layer}.attn.hook_z", ablate(layer)) for layer in {layer for layer, _ in ablated}]
    log_probs = model.run_with_hooks(ids, fwd_hooks=hooks).log_softmax(-1)
    predicted = log_probs[:, :-1].gather(-1, ids[:, 1:, None])[..., 0]
    return float(predicted[:, tokens.later[0] :].mean())


def test_the_strongest_previous_token_head_is_found_on_text_and_on_repeated_tokens(model: Any) -> None:
    pooled = sum(cv.heads.scores(model.run_with_cache(text)[1], model.to_str_tokens(text)) for text in demo.SENTENCES)
    assert isinstance(pooled, cv.heads.HeadScores)
    on_repeated = cv.heads.scores_on_repeated(model)
    assert pooled.sorted("previous_token@text")[0][:2] == on_repeated.sorted("previous_token@repeated")[0][:2] == (2, 1)


@pytest.mark.parametrize(
    ("detected", "name"),
    [
        ("previous_token_head", "previous_token@text"),
        ("duplicate_token_head", "duplicate_token@text"),
        ("induction_head", "induction@text"),
    ],
)
def test_sums_are_those_of_the_detector_of_transformer_lens(model: Any, detected: str, name: str) -> None:
    """Which divides by all attention, so that a perfect induction head scores less where less of the text repeats."""
    from transformer_lens.head_detector import detect_head

    for text in (TEXT, *demo.SENTENCES):
        tokens = model.to_str_tokens(text)
        score = cv.heads.scores(model.run_with_cache(text)[1], tokens)[name]
        want = detect_head(model, text, detected, error_measure="mul").numpy() * len(tokens)  # rows sum to 1
        np.testing.assert_allclose(score.numerator, want, rtol=1e-5, atol=1e-6)

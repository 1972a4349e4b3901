"""tokens.visualize_model_performance against loops in float64."""

from __future__ import annotations

import math
import re
import tracemalloc
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._tokens import performance
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reference import Float64, decode

torch = pytest.importorskip("torch")

TEXTS = ["<s>", "a", " b", " c", " d"]
IDS = [0, 3, 1, 6, 2]
LOGITS = np.random.default_rng(0).normal(size=(5, 7)) * 4


def reference(logits: Float64, ids: list[int]) -> Float64:
    """Logit, log probability and probability of each token but the first, one number at a time."""
    rows = [[math.nan] * 3]
    for row, token in zip(logits[:-1].tolist(), ids[1:], strict=True):
        highest = max(row)
        total = math.fsum(math.exp(logit - highest) for logit in row)
        log_probability = row[token] - highest - math.log(total)
        rows.append([row[token], log_probability, math.exp(log_probability)])
    return np.array(rows)


def shown(figure: cv.Figure) -> Float64:
    assert isinstance(figure._props, ColoredTokensProps)
    return decode(figure._props.samples[0].values).T


CONVERSIONS: dict[str, Any] = {
    "numpy": lambda logits: logits,
    "float32": lambda logits: logits.astype(np.float32),
    "lists": lambda logits: logits.tolist(),
    "torch": lambda logits: torch.tensor(logits, requires_grad=True),
    "batch of one": lambda logits: torch.tensor(logits)[None],
}


@pytest.mark.parametrize("kind", CONVERSIONS)
@pytest.mark.parametrize(
    "ids", [IDS, torch.tensor([IDS]), np.array(IDS, dtype=np.uint8)], ids=["list", "torch", "uint8"]
)
def test_each_token_has_what_the_token_before_predicts(ids: Any, kind: str) -> None:
    figure = cv.tokens.visualize_model_performance(ids, TEXTS, CONVERSIONS[kind](LOGITS))
    got, wanted = shown(figure), reference(LOGITS, IDS)
    assert np.isnan(got[0]).all()
    assert np.allclose(got[1:], wanted[1:], rtol=0, atol=2e-6)
    assert repr(figure) == "<circuitsvis ColoredTokens: 5 tokens, 3 kinds of values>"
    names = [kind.name for kind in figure._props.kinds]  # type: ignore[attr-defined]  # checked in `shown`
    assert names == ["logit", "log probability", "probability"]


@given(st.integers(1, 9), st.integers(1, 12), st.floats(0.1, 1e4), st.integers(0, 2**32 - 1))
def test_blocks_of_rows_change_nothing(n: int, size: int, scale: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    logits, ids = rng.normal(size=(n, size)) * scale, rng.integers(0, size, n).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(performance, "_BLOCK", 2 * size)
        got = performance.predictions(logits, tuple(ids))
    assert np.allclose(got, reference(logits, ids), rtol=1e-12, atol=1e-9, equal_nan=True)


def test_half_precision_is_computed_in_more() -> None:
    logits = torch.tensor(LOGITS).bfloat16()
    got = shown(cv.tokens.visualize_model_performance(IDS, TEXTS, logits))
    assert np.allclose(got[1:], reference(logits.double().numpy(), IDS)[1:], rtol=0, atol=2e-6)


def test_a_large_vocabulary_takes_little_memory() -> None:
    logits = np.zeros((200, 50_000), np.float32)
    tracemalloc.start()
    cv.tokens.visualize_model_performance(list(range(200)), ["a"] * 200, logits)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40e6 < 2 * logits.nbytes


def test_masked_logits_are_missing_values_and_said_so() -> None:
    logits = LOGITS.copy()
    logits[0, IDS[1]] = -np.inf
    logits[1, 5] = np.inf
    logits[2, 5] = -np.inf  # of another token: nothing is missing
    logits[3, 0] = np.nan
    figure = cv.tokens.visualize_model_performance(IDS, TEXTS, logits)
    assert np.isnan(shown(figure)).all(axis=1).tolist() == [True, True, True, False, True]
    assert figure._props.notes == (
        "3 tokens have no value: their logits hold NaN or +inf, or their own logit is -inf.",
    )
    assert cv.tokens.visualize_model_performance(IDS, TEXTS, LOGITS)._props.notes == ()


def test_a_single_token_has_no_value() -> None:
    assert np.isnan(shown(cv.tokens.visualize_model_performance([0], ["a"], [[1.0, 2.0]]))).all()


ERRORS: dict[str, tuple[Any, Any, Any, type[Exception], str]] = {
    "shifted logits": (IDS, TEXTS, LOGITS[:-1], ValueError, "pass the logits of all positions, those of the last one are not used"),
    "axes": (IDS[:3], TEXTS[:3], LOGITS[:5, :3], ValueError, "logits: needs one row per token, got shape (5, 3) for 3 tokens; swap"),
    "batch": (IDS, TEXTS, np.stack([LOGITS, LOGITS]), ValueError, "got shape (2, 5, 7); select one text, e.g. logits[0]"),
    "one axis": (IDS, TEXTS, LOGITS[0], ValueError, "logits: must be [position, vocabulary]"),
    "ids": ([IDS, IDS], TEXTS, LOGITS, ValueError, "got shape (2, 5); select one text, e.g. tokens[0]"),
    "id": ([0, 3, 7, 6, 2], TEXTS, LOGITS, ValueError, "in 0..6, because logits has a vocabulary of 7, got 7 at position 2"),
    "negative id": ([0, -1, 1, 6, 2], TEXTS, LOGITS, ValueError, "got -1 at position 1"),
    "fraction": ([0, 0.5, 1, 6, 2], TEXTS, LOGITS, TypeError, "must be token ids, whole numbers, got 0.5; the texts are str_tokens="),
    "texts as ids": (TEXTS, TEXTS, LOGITS, TypeError, "tokens: needs numbers"),
    "texts": (IDS, TEXTS[1:], LOGITS, ValueError, "str_tokens: needs the text of each token, got 4 strings for 5 ids in tokens="),
    "text": (IDS, "abcde", LOGITS, TypeError, "str_tokens: must be a list of strings"),
    "no numbers": (IDS, TEXTS, [["a"] * 7] * 5, TypeError, "logits: needs numbers"),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_wrong_input_is_refused_by_name(case: str) -> None:
    ids, texts, logits, kind, text = ERRORS[case]
    with pytest.raises(kind, match=re.escape(text)):
        cv.tokens.visualize_model_performance(ids, texts, logits)

"""`attention.compare` as users call it: padding, focus, files, and what they do wrong."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import caches

N = 6
TOKENS = [f"t{i}" for i in range(N)]
A, B = (caches.softmax_patterns((2, N, N), seed=seed) for seed in (1, 2))


def cache_of(patterns: np.ndarray) -> dict[str, np.ndarray]:
    return {"blocks.0.attn.hook_pattern": patterns}


def compare(*args: Any, **options: Any) -> cv.Figure:
    figure: cv.Figure = cv.attention.compare(*args, **options)
    return figure


def test_the_table_has_both_distances_of_every_head() -> None:
    table = compare(cache_of(A), cache_of(B), TOKENS).to_dict()
    assert set(table["score"]) == {"total variation", "Jensen-Shannon"}
    assert sorted(set(table["name"])) == ["0.0", "0.1"]
    assert len(table["value"]) == 4


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_changes_nothing(side: str) -> None:
    def padded(patterns: np.ndarray) -> np.ndarray:
        wide = np.zeros((2, N + 2, N + 2), np.float32)
        start = 2 if side == "left" else 0
        wide[:, start : start + N, start : start + N] = patterns
        full = caches.softmax_patterns((2, N + 2, N + 2), seed=9)
        return np.stack([full, wide])

    longer = [f"u{i}" for i in range(N + 2)]
    batch = compare(cache_of(padded(A)), cache_of(padded(B)), [longer, TOKENS], batch_idx=1, padding_side=side)
    alone = compare(cache_of(A), cache_of(B), TOKENS)
    assert batch.to_dict()["value"] == pytest.approx(alone.to_dict()["value"], abs=1e-6)


def test_a_focus_pins_the_head_on_the_map_and_the_cell_in_the_difference() -> None:
    figure = compare(cache_of(A), cache_of(B), TOKENS, focus={"head": "0.1", "dest": 4, "src": 2})
    assert figure._props.head == 1  # type: ignore[attr-defined]  # of a score map
    difference = figure._props.heads_figure.tabs[0].figure  # type: ignore[attr-defined]  # tabs of attention
    assert (difference.focus.dest, difference.focus.src, difference.focus.head) == (4, 2, None)


def test_the_call_is_the_one_that_was_made() -> None:
    call = compare(cache_of(A), cache_of(B), TOKENS, names=("clean", "new"))._props.call
    assert call is not None
    assert call.function == "cv.attention.compare"
    assert [argument.text for argument in call.arguments] == ["cache_a", "cache_b", "tokens", '("clean", "new")']


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"names": "AB"}, TypeError, 'names: must be two texts, what A and B are called, e.g. ("clean", "corrupted")'),
        ({"names": ("A", "A")}, ValueError, "names: must be two different texts"),
        ({"names": ("A", "")}, ValueError, "names: must be two different texts of at least one character"),
        ({"align": "token"}, ValueError, "align: must be"),
        ({"layers": 3}, ValueError, "layers: "),
        ({"batch_idx": 1}, ValueError, "batch_idx: "),
        (
            {"tokens_b": TOKENS[:4]},
            ValueError,
            "cache_b (tokens_b): tokens: sequence 0 has 4 tokens but the pattern has 6 positions",
        ),
        ({"focus": {"head": "7.7"}}, ValueError, "focus: "),
        ({"mode": "small"}, TypeError, "unexpected keyword argument 'mode'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_arguments_are_refused_by_name(options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)):
        compare(cache_of(A), cache_of(B), TOKENS, **options)


def test_texts_of_one_token_have_nothing_to_compare() -> None:
    one = cache_of(np.ones((2, 1, 1), np.float32))
    with pytest.raises(ValueError, match="tokens: no query sees two sources or more"):
        compare(one, one, ["a"])


def test_a_cache_without_patterns_is_refused() -> None:
    with pytest.raises(KeyError, match="attention pattern"):
        compare(cache_of(A), {"blocks.0.attn.hook_v": np.zeros((N, 2, 3), np.float32)}, TOKENS)

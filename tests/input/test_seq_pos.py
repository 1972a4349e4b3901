"""The argument `seq_pos`: destinations as positions of a sequence."""

from __future__ import annotations

from typing import Any

import pytest
from circuitsvis._input import selection


@pytest.mark.parametrize(
    ("seq_pos", "next_token", "want"),
    [(None, False, (0, 1, 2)), (None, True, (0, 1)), (1, True, (1,)), (-1, False, (2,)), ([-1, 0], False, (2, 0))],
)
def test_destinations_count_as_python_counts(seq_pos: Any, next_token: bool, want: tuple[int, ...]) -> None:
    assert selection.positions(seq_pos, 3, 0, next_token=next_token) == want


@pytest.mark.parametrize(
    ("seq_pos", "n", "text"),
    [
        (3, 3, r"seq_pos: position 3 is out of range for sequence 7 with 3 tokens \(use -3..2\)"),
        ([0, -4], 3, r"seq_pos: position -4 is out of range"),
        ([], 3, r"seq_pos: needs at least one"),
        (2, 3, r"seq_pos: the last position \(2\) of sequence 7 has no next token"),
        (None, 1, r"resid_directions: None means the next token, but sequence 7 has only one token"),
    ],
)
def test_destinations_that_are_not_there_are_refused(seq_pos: Any, n: int, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        selection.positions(seq_pos, n, 7, next_token=True)

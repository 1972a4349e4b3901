"""Labels of the sequences in the batch selector: lists and functions, for the whole batch or the sequences shown."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import pytest

from tests.support import reference
from tests.support.caches import cache, words

pytest.importorskip("torch")


@pytest.mark.parametrize(
    ("labels", "expected_labels"),
    [
        (None, ["0:  t0 t1 &lt;x&gt;", "2:  b"]),
        (["first", "<b>second</b>"], ["first", "<b>second</b>"]),
        (lambda tokens: "|".join(tokens), [" t0| t1| <x>", " b"]),
        (lambda i, tokens: f"{i}{tokens[0]}", ["0 t0", "2 b"]),
        (lambda tokens, sep="+": sep.join(tokens), [" t0+ t1+ <x>", " b"]),
        (lambda *args: f"{args[0]}:{len(args)}", ["0:2", "2:2"]),
    ],
)
def test_batch_labels_may_be_a_list_or_a_function_of_one_or_two_arguments(
    labels: object, expected_labels: list[str]
) -> None:
    tokens = [[" t0", " t1", " <x>"], words(3), [" b"]]
    figure = cv.attention.from_cache(
        cache(batch=3, n=3), tokens, batch_idx=[0, 2], batch_labels=labels, padding_side="right"
    )  # type: ignore[call-overload]
    assert [row.label for row in reference.props(figure).sequences] == expected_labels


@pytest.mark.parametrize(
    ("batch_idx", "labels", "expected_labels"),
    [
        ([0], ["a", "b", "c"], ["a"]),
        (-1, ["a", "b", "c"], ["c"]),
        ([2, 0], ["a", "b", "c"], ["c", "a"]),
        ([2, 0], ["c", "a"], ["c", "a"]),
        ([2, 1, 0], ["c", "b", "a"], ["c", "b", "a"]),  # as many as are shown: in the order shown
        (None, ("a", "b", "c"), ["a", "b", "c"]),
    ],
)
def test_labels_of_the_whole_batch_go_with_the_sequences_that_are_chosen(
    batch_idx: Any, labels: Any, expected_labels: list[str]
) -> None:
    figure = cv.attention.from_cache(cache(batch=3), [words(6)] * 3, batch_idx=batch_idx, batch_labels=labels)
    assert [row.label for row in reference.props(figure).sequences] == expected_labels

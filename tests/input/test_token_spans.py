"""Named runs of tokens, the arguments `segments` and `spans`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from circuitsvis._input.token_spans import of_sequences
from circuitsvis._wire.props.spans import Span
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")
import torch


def one(value: Any, length: int = 6) -> list[tuple[str, int, int]]:
    [spans] = of_sequences("segments", value, [length])
    return [(span.name, span.start, span.end) for span in spans]


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (None, []),
        (2, [("A", 0, 2), ("B", 2, 6)]),
        (-1, [("A", 0, 5), ("B", 5, 6)]),
        (np.int64(2), [("A", 0, 2), ("B", 2, 6)]),
        (torch.tensor(2), [("A", 0, 2), ("B", 2, 6)]),
        ([1, -2], [("A", 0, 1), ("B", 1, 4), ("C", 4, 6)]),
        (np.array([1, 4]), [("A", 0, 1), ("B", 1, 4), ("C", 4, 6)]),
        ({"question": (1, 3)}, [("question", 1, 3)]),
        ({"z": (-2, None), "a": [0, 1]}, [("a", 0, 1), ("z", 4, 6)]),
        ({"z": slice(2, -1), "a": slice(None, 2)}, [("a", 0, 2), ("z", 2, 5)]),
    ],
)
def test_every_form_becomes_spans_in_the_order_of_the_tokens(value: Any, want: list[tuple[str, int, int]]) -> None:
    assert one(value) == want


def test_one_form_holds_for_all_sequences_and_a_list_has_one_for_each() -> None:
    assert of_sequences("segments", -1, [3, 5]) == [
        (Span("A", 0, 2), Span("B", 2, 3)),
        (Span("A", 0, 4), Span("B", 4, 5)),
    ]
    mixed = of_sequences("segments", [[1], None, {"x": (0, 2)}], [3, 3, 3])
    assert mixed == [(Span("A", 0, 1), Span("B", 1, 3)), (), (Span("x", 0, 2),)]
    of_batch = of_sequences("segments", [[1], [2], [3]], [4, 4], indices=[2, 0], batch_size=3)
    assert [spans[1].start for spans in of_batch] == [3, 1]
    assert [spans[1].start for spans in of_sequences("segments", torch.tensor([[1], [2]]), [3, 3])] == [1, 2]


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0, ValueError, r"segments: no part may be empty, so no part begins at 0 in 6 tokens .* use 1\.\.5"),
        (6, ValueError, r"use 1\.\.5, or -5\.\.-1 from the end"),
        (-6, ValueError, r"begins at -6"),
        ([], ValueError, r"at least one boundary, got an empty list; give None"),
        ([3, 3], ValueError, r"boundaries must increase, got \[3, 3\]"),
        ([4, -3], ValueError, r"boundaries must increase, got \[4, 3\]"),
        (True, TypeError, r"segments: must be an int or a list of ints .* got bool True"),
        (2.0, TypeError, r"got float 2\.0"),
        ("B", TypeError, r"got str 'B'"),
        ([1, "2"], TypeError, r"got str '2'"),
        ({}, ValueError, r"at least one name"),
        ({1: (0, 1)}, TypeError, r"names must be strings that are not empty, got int 1"),
        ({" ": (0, 1)}, TypeError, r"names must be strings"),
        ({"a": 3}, TypeError, r"'a' must be \(start, end\), got int 3"),
        ({"a": (1, 2, 3)}, TypeError, r"'a' must be \(start, end\)"),
        ({"a": (None, 2)}, TypeError, r"start of 'a': must be an integer, got NoneType"),
        ({"a": (1.0, 2)}, TypeError, r"start of 'a': must be an integer, got float"),
        ({"a": (3, 3)}, ValueError, r"'a' needs 0 <= start < end <= 6 \(it has 6 tokens .* got \(3, 3\)"),
        ({"a": (0, 7)}, ValueError, r"got \(0, 7\)"),
        ({"a": (-7, 2)}, ValueError, r"got \(-7, 2\)"),
        ({"a": (0, 3), "b": (2, 4)}, ValueError, r"must not overlap, got 'a' = \(0, 3\) and 'b' = \(2, 4\)"),
    ],
)
def test_what_names_no_tokens_is_refused_with_the_rule(value: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        one(value)


def test_errors_name_the_sequence_of_a_batch() -> None:
    with pytest.raises(ValueError, match=r"segments: sequence 4: no part may be empty, so no part begins at 3"):
        of_sequences("segments", 3, [5, 3], indices=[1, 4], batch_size=5)
    with pytest.raises(
        ValueError, match=r"one entry per sequence shown, got 1 entries for 2 sequences \(or .* the 3 in"
    ):
        of_sequences("segments", [[1]], [5, 3], indices=[0, 2], batch_size=3)


def test_a_list_of_ints_that_may_be_one_boundary_per_sequence_is_refused_and_both_advised_forms_are_taken() -> None:
    with pytest.raises(
        ValueError, match=r"may be 2 boundaries in every sequence or one in each of 2 sequences"
    ) as error:
        of_sequences("segments", [1, 2], [4, 4])
    assert "[[1], [2]] for one each" in str(error.value)
    assert [len(spans) for spans in of_sequences("segments", [[1], [2]], [4, 4])] == [2, 2]
    assert [len(spans) for spans in of_sequences("segments", [[1, 2], [1, 2]], [4, 4])] == [3, 3]
    assert [len(spans) for spans in of_sequences("segments", [1, 2, 3], [5, 5])] == [4, 4]


@given(st.data())
def test_boundaries_cut_a_sequence_into_parts_that_cover_it(data: st.DataObject) -> None:
    length = data.draw(st.integers(2, 90))
    cuts = sorted(data.draw(st.sets(st.integers(1, length - 1), min_size=1)))
    signs = data.draw(st.lists(st.booleans(), min_size=len(cuts), max_size=len(cuts)))
    value = [cut - length if negative else cut for cut, negative in zip(cuts, signs, strict=True)]
    spans = one(value, length)
    assert [position for _, start, end in spans for position in range(start, end)] == list(range(length))
    assert [start for _, start, _ in spans] == [0, *cuts]
    assert len({name for name, _, _ in spans}) == len(spans)

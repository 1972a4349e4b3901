"""heads, layers and batch_idx: the heads and sequences of the arguments are shown, in their order."""

from __future__ import annotations

import numpy as np
import pytest
from circuitsvis._input import selection
from hypothesis import given
from hypothesis import strategies as st

CACHED = [0, 1, 3]


def select(heads: object = None, layers: object = None) -> list[tuple[int, int]]:
    return selection.heads(heads, layers, CACHED, 4, lambda layer: 2)  # type: ignore[arg-type]  # also odd types


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ((1, 0), [(1, 0)]),
        ([1, 0], [(1, 0)]),
        ([(3, 1), (0, 0)], [(3, 1), (0, 0)]),
        ([(-1, -1), (-4, 0)], [(3, 1), (0, 0)]),
        ([[1, 1]], [(1, 1)]),
        (((1, 1), (0, 1)), [(1, 1), (0, 1)]),
        (np.array([[1, 0], [3, 1]]), [(1, 0), (3, 1)]),
        ([(np.int64(1), np.int32(0))], [(1, 0)]),
    ],
)
def test_heads_are_shown_in_the_order_given(heads: object, expected: list[tuple[int, int]]) -> None:
    assert select(heads) == expected


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        (None, [(0, 0), (0, 1), (1, 0), (1, 1), (3, 0), (3, 1)]),
        (1, [(1, 0), (1, 1)]),
        (-1, [(3, 0), (3, 1)]),
        ([0, -1], [(0, 0), (0, 1), (3, 0), (3, 1)]),
        ([3, 0], [(3, 0), (3, 1), (0, 0), (0, 1)]),
        (range(2), [(0, 0), (0, 1), (1, 0), (1, 1)]),
        (np.array([1]), [(1, 0), (1, 1)]),
    ],
)
def test_layers_give_all_their_heads(layers: object, expected: list[tuple[int, int]]) -> None:
    assert select(layers=layers) == expected


@given(st.integers(1, 30), st.data())
def test_any_index_in_range_counts_as_python_counts(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(-size, size - 1))
    assert selection.batch(index, size) == [range(size)[index]]


@given(st.integers(1, 30), st.integers())
def test_any_other_index_is_refused_with_the_range_to_use(size: int, index: int) -> None:
    if -size <= index < size:
        return
    with pytest.raises(ValueError, match=rf"batch_idx: index {index} is out of range .*use -{size}\.\.{size - 1}"):
        selection.batch(index, size)


@given(st.lists(st.integers(0, 9), min_size=1))
def test_sequences_keep_the_order_given(indices: list[int]) -> None:
    assert selection.batch(indices, 10) == indices

"""cv.color_range: one range of colors for several figures."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

CASES: list[tuple[tuple[Any, ...], tuple[float, float]]] = [
    (([1, 2], [[3.0], [5.0]]), (0, 5)),
    (([1, -2], torch.tensor([1.5], requires_grad=True)), (-2, 2)),
    (([-1, -7],), (-7, 7)),
    (([0, 0],), (0, 1)),
    (([np.nan, 3], [np.nan]), (0, 3)),
    ((4,), (0, 4)),
]


@pytest.mark.parametrize(("values", "wanted"), CASES)
def test_the_range_of_all_values(values: tuple[Any, ...], wanted: tuple[float, float]) -> None:
    assert cv.color_range(*values) == {"min_value": wanted[0], "max_value": wanted[1]}


@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=1), min_size=1, max_size=4))
def test_several_figures_have_one_range_that_holds_all_their_values(values: list[list[float]]) -> None:
    ends = cv.color_range(*values)
    ranges: set[tuple[float, float]] = set()
    for row in values:
        figure = cv.tokens.colored_tokens([f"t{i}" for i in range(len(row))], row, **ends)
        ranges.add(figure._props.kinds[0].value_range)  # type: ignore[attr-defined]  # a figure of colored tokens
    assert ranges == {(ends["min_value"], ends["max_value"])}
    assert all(ends["min_value"] <= value <= ends["max_value"] for row in values for value in row)


def test_attention_takes_the_range_too() -> None:
    a, b = np.eye(2), np.array([[-3.0, 0.0], [0.0, 1.0]])
    ends = cv.color_range(a, b)
    for array in (a, b):
        figure = cv.attention.from_values(array, ["x", "y"], **ends)
        assert figure._props.value_range == (-3.0, 3.0)  # type: ignore[attr-defined]  # a figure of attention


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ((), ValueError, "needs at least one value that is not NaN, got no arguments; pass the values of all figures"),
        (([np.nan], []), ValueError, "got 2 arrays without any"),
        (([1, np.inf],), ValueError, "argument 0: values must be finite or NaN, got inf; put NaN there"),
        ((["a"],), TypeError, "argument 0: needs numbers"),
        (([[1], [1, 2]],), ValueError, "pass texts of different lengths one by one, color_range(*values)"),
    ],
)
def test_nothing_to_show_is_refused(values: tuple[Any, ...], kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=re.escape(text)):
        cv.color_range(*values)


def test_the_advice_for_ragged_lists_works() -> None:
    assert cv.color_range(*[[1], [1, 2]]) == {"min_value": 0.0, "max_value": 2.0}

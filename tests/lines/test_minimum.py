"""The minimum of a function of one number, and numbers written as a person would."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from circuitsvis._lines.minimum import bracketed_minimum, minimum
from circuitsvis._lines.simple_numbers import fewest_digits, simplest
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (lambda x: (x - 1.7) ** 2, 1.7),
        (lambda x: abs(x + 2.25), -2.25),
        (lambda x: math.exp(x) - 3.0 * x, math.log(3.0)),
        (lambda x: x, -5.0),  # least at an end of the bracket
        (lambda x: -x, 5.0),
        (lambda x: math.inf if x < 1.0 else x, 1.0),
    ],
)
def test_the_minimum_of_a_bracket_is_found(function: Callable[[float], float], argument: float) -> None:
    assert bracketed_minimum(function, -5.0, 5.0) == pytest.approx(argument, abs=1e-7)


@given(st.floats(-100, 100), st.floats(1e-3, 1e3))
def test_any_parabola_has_its_minimum_where_it_is(argument: float, steepness: float) -> None:
    result = minimum(lambda x: steepness * (x - argument) ** 2, np.linspace(-101.0, 101.0, 9).tolist())
    assert result == pytest.approx(argument, abs=1e-5)


def test_of_several_minima_the_one_beside_the_best_grid_value_is_found() -> None:
    def function(x: float) -> float:
        return math.cos(x) - 0.1 * x  # minima near pi, 3 pi and 5 pi, each lower than the one before

    result = minimum(function, np.linspace(0.0, 18.0, 19).tolist())
    assert result == pytest.approx(5.0 * math.pi + math.asin(0.1), abs=1e-6)


def test_a_smooth_minimum_takes_few_evaluations() -> None:
    arguments: list[float] = []

    def function(x: float) -> float:
        arguments.append(x)
        return math.cosh(x - 0.3)

    assert bracketed_minimum(function, -2.0, 2.0) == pytest.approx(0.3, abs=1e-7)
    assert len(arguments) <= 30  # the golden section alone takes 45


def test_a_grid_of_one_value_is_its_minimum() -> None:
    assert minimum(lambda x: x**2, [3.0]) == 3.0


@pytest.mark.parametrize(
    ("value", "tolerance", "written"),
    [
        (11.3137084, 1e-6, math.sqrt(128.0)),
        (3.70000001, 1e-6, 3.7),
        (8.0000001, 1e-6, 8.0),
        (31.9999, 1e-3, 32.0),
        (33.0001, 1e-3, 33.0),
        (0.37000002, 1e-6, 0.37),
        (1e9, 0.0, 1e9),
    ],
)
def test_a_fitted_divisor_is_a_root_of_a_whole_number_or_has_few_digits(
    value: float, tolerance: float, written: float
) -> None:
    assert simplest(value, lambda number: abs(number - value) <= tolerance) == written


def test_a_number_that_only_fits_exactly_is_unchanged() -> None:
    assert fewest_digits(math.pi, lambda number: number == math.pi) == math.pi

"""What Python hides in pictures: the sinks of a definition in loops, and renormalized rows."""

from __future__ import annotations

import math
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._still.hidden import hidden_sources, sinks, without
from circuitsvis._wire.props.attention import AttentionProps

from scripts.fixtures.attention_data import patterns, signed, with_sinks
from tests.support.caches import words

OWN = np.arange(9)


def by_loop(head: Any) -> list[int]:
    found = []
    for src in range(head.shape[1]):
        shares = []
        for dest, row in enumerate(head):
            all_ = math.fsum(abs(value) for value in row if not math.isnan(value))
            if dest != src and all_ > 0 and not math.isnan(row[src]):
                shares.append(abs(row[src]) / all_)
        if len(shares) >= 5 and math.fsum(shares) / len(shares) > 0.3:
            found.append(src)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_sinks_are_those_of_the_definition(seed: int) -> None:
    heads = with_sinks(patterns(4, 9, seed)).astype(float)
    heads[:, np.triu_indices(9, 1)[0], np.triu_indices(9, 1)[1]] = np.nan
    heads[3, 4] = 0.0
    for values in (heads, signed((4, 9, 9), seed).astype(float)):
        assert [np.flatnonzero(marks).tolist() for marks in sinks(values, OWN)] == [by_loop(head) for head in values]


def test_what_remains_sums_to_one_and_a_row_of_which_nothing_remains_has_no_values() -> None:
    values = np.array([[1.0, np.nan], [0.25, 0.5]])
    marks = hidden_sources(values, "first", np.arange(2))
    assert marks.tolist() == [True, False]
    np.testing.assert_array_equal(without(values, marks, renormalize=False), [[np.nan, np.nan], [np.nan, 0.5]])
    np.testing.assert_array_equal(without(values, marks, renormalize=True), [[np.nan, np.nan], [np.nan, 1.0]])


def test_without_switches_nothing_is_sent() -> None:
    props = cv.attention.from_values(patterns(2, 5, 1), words(5))._props
    assert isinstance(props, AttentionProps) and props.switches is None and props.distributions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"color_scale": "ln"}, r"color_scale: must be one of 'linear', 'sqrt', 'log', got 'ln'"),
        ({"hide": "bos"}, r"hide: must be one of 'first', 'sinks', got 'bos'"),
        ({"renormalize": True}, r'renormalize: only with hide="first" or hide="sinks"'),
        ({"renormalize": 1, "hide": "first"}, r"renormalize: .*got 1"),
    ],
)
def test_wrong_switches_are_refused_with_what_works(options: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        cv.attention.from_values(patterns(2, 5, 1), words(5), **options)


def test_values_that_are_no_probabilities_are_not_renormalized() -> None:
    with pytest.raises(ValueError, match=r"renormalize: only for attention whose rows sum to 1.*leave it out"):
        cv.attention.from_values(signed((2, 5, 5), 1), words(5), hide="first", renormalize=True)
    assert cv.attention.from_values(signed((2, 5, 5), 1), words(5), hide="first") is not None

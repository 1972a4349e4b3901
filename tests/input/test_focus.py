"""focus=: what a figure shows first, in the words of the page, and what it says about a place that is not there."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.focus import Focus

from tests.support import reference
from tests.support.caches import cache, softmax_patterns, words

PATTERN = softmax_patterns((3, 5, 5))


def focus_of(figure: cv.Figure | None) -> Focus | None:
    return reference.props(figure).focus


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_a_focus_travels_as_indices(mode: Any) -> None:
    figure = cv.attention.from_values(PATTERN, words(5), mode, focus={"head": "Head 2", "dest": -1, "src": 1})
    assert focus_of(figure) == Focus(0, 2, 4, 1)
    assert focus_of(cv.attention.from_values(PATTERN, words(5), mode)) is None


@pytest.mark.parametrize("notation", ["dot", "LH"])
@pytest.mark.parametrize("head", ["1.2", "L1H2", (1, 2), [1, 2], np.array([1, 2]).tolist(), 2, -1])
def test_a_head_is_named_in_either_notation_by_a_pair_or_by_its_place(head: Any, notation: Any) -> None:
    heads = [(0, 0), (1, 0), (1, 2)]
    figure = cv.attention.from_cache(cache(), words(6), heads, head_notation=notation, focus={"head": head})
    assert focus_of(figure) == Focus(0, 2, None, None)


def test_a_sequence_is_chosen_by_its_place_in_the_selector_and_positions_are_its_own() -> None:
    batch = [np.eye(5), np.eye(5)]
    figure = cv.attention.from_values(np.stack(batch), [words(5), words(5)], focus={"sequence": -1, "src": 4})
    assert focus_of(figure) == Focus(1, None, None, 4)


def test_destinations_have_the_numbers_of_the_page() -> None:
    tokens = words(6)
    values = softmax_patterns((1, 6, 6))[:, [2, 4]]
    shown: Any = {"dest_tokens": [tokens[2], tokens[4]], "src_tokens": tokens}
    assert focus_of(cv.attention.from_values(values, **shown, focus={"dest": 4})) == Focus(0, None, 1, None)
    with pytest.raises(ValueError, match=r"focus: dest 3 is not among the destinations shown: 2, 4"):
        cv.attention.from_values(values, **shown, focus={"dest": 3})


@pytest.mark.parametrize(
    ("focus", "error", "text"),
    [
        (3, TypeError, r'focus: must be a dict, e\.g\. focus=\{"head": "9\.6".*got int 3'),
        ({"token": 1}, ValueError, r"focus: its keys must be among 'sequence', 'head', 'dest', 'src', got 'token'"),
        ({"dest": 1.5}, TypeError, r"focus: dest: must be an integer, got float 1\.5"),
        ({"dest": 5}, ValueError, r"focus: dest 5 is out of range for a sequence of 5 tokens \(use -5\.\.4\)"),
        ({"src": -6}, ValueError, r"focus: src -6 is out of range"),
        ({"sequence": 1}, ValueError, r"focus: sequence 1 is out of range for 1 sequences"),
        ({"head": "9.6"}, ValueError, r"focus: head '9\.6' is not shown: must be one of 'Head 0', 'Head 1', 'Head 2'"),
        ({"head": (0, 1, 2)}, ValueError, r"focus: head: must be a name, an index or a pair \(layer, head\)"),
        ({"head": 3}, ValueError, r"focus: head: index 3 is out of range for 3 heads shown"),
    ],
)
def test_a_wrong_focus_is_refused(focus: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        cv.attention.from_values(PATTERN, words(5), focus=focus)


@pytest.mark.parametrize("function", [cv.attention.attention_heads, cv.attention.attention_patterns])
def test_functions_of_circuitsvis_1_take_a_focus(function: Any) -> None:
    arguments = {"attention": PATTERN, "tokens": words(5)}
    assert focus_of(function(**arguments, focus={"head": 1, "dest": 3})) == Focus(0, 1, 3, None)


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_figures_of_caches_and_arrays_have_ends_and_colors_of_the_users_own(mode: Any) -> None:
    look: Any = {
        "mode": mode,
        "min_value": -2.0,
        "max_value": 0.5,
        "positive_color": "orange",
        "negative_color": "purple",
    }
    for figure in (
        cv.attention.from_cache(cache(), words(6), **look),
        cv.attention.from_values(PATTERN, words(5), **look),
    ):
        props = reference.props(figure)
        assert props.value_range == (-2.0, 0.5)
        assert props.colors == CustomColors("#800080", "#ffa500")


@pytest.mark.parametrize(("mode", "color"), [("small", "white"), ("large", "white"), ("lines", "#1c1f25")])
def test_a_color_like_that_of_zero_in_the_theme_of_the_mode_is_refused(mode: Any, color: str) -> None:
    with pytest.raises(ValueError, match="positive_color: must differ from the color of zero"):
        cv.attention.from_values(PATTERN, words(5), mode, positive_color=color)
    with pytest.raises(ValueError, match="positive_color: must differ from the color of zero"):
        cv.attention.from_cache(cache(), words(6), mode=mode, positive_color=color)

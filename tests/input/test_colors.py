"""positive_color and negative_color: every form of CSS, and colors in which values could not be seen or told apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from circuitsvis._input.css_color_names import CSS_NAMES
from circuitsvis._input.css_colors import css_color
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._wire.props.colors import CustomColors
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
CHANNEL = st.integers(0, 255)
FORMS = {
    "#ff8c00": ["darkorange", " DarkOrange ", "#ff8c00", "#FF8C00FF", "rgb(255, 140, 0)", "rgb(255 140 0)"],
    "#ff0000": ["red", "#f00", "#f00f", "rgba(100%, 0%, 0%, 1)", "rgb(300 -5 0 / 100%)", "hsl(0, 100%, 50%)"],
    "#00ff00": ["lime", "hsl(120deg 100% 50%)", "hsla(0.3333333333turn, 100%, 50%, 1)", "hsl(-240 100 50)"],
    "#808080": ["gray", "grey", "rgb(127.5 50% 1.28e2)", "hsl(77rad 0% 50%)", "hsl(400grad, 0%, 50.1%)"],
}


@pytest.mark.parametrize(("color", "text"), [(color, text) for color, texts in FORMS.items() for text in texts])
def test_every_form_of_css_is_read(color: str, text: str) -> None:
    assert css_color("positive_color", text) == color


@given(CHANNEL, CHANNEL, CHANNEL)
def test_digits_and_rgb_give_the_same_color(red: int, green: int, blue: int) -> None:
    digits = f"#{red:02x}{green:02x}{blue:02x}"
    assert css_color("c", digits) == css_color("c", f"rgb({red}, {green}, {blue})") == digits


def test_there_are_the_148_names_of_css() -> None:
    assert len(CSS_NAMES) == 148
    assert all(re.fullmatch(r"#[0-9a-f]{6}", color) for color in CSS_NAMES.values())
    assert CSS_NAMES["rebeccapurple"] == "#663399"
    for name, color in CSS_NAMES.items():
        assert CSS_NAMES[name.replace("gray", "grey")] == color


@pytest.mark.parametrize(
    "text",
    ["", "#12", "#12345", "#gggggg", "rgb(1, 2)", "rgb(a, b, c)", "hsl(1, 2, 3, 4, 5)", "hsl(1px 2 3)", "var(--x)"],
)
def test_other_texts_are_refused_with_the_forms_that_there_are(text: str) -> None:
    with pytest.raises(ValueError, match=r"^positive_color: must be a CSS color: a name such as") as raised:
        css_color("positive_color", text)
    assert f"got {text!r}" in str(raised.value)
    for advised in re.findall(r'"([^"]+)"', str(raised.value)):
        if advised not in ("#rgb", "#rrggbb"):
            assert css_color("positive_color", advised) == "#ff8c00"


def test_a_name_with_a_slip_of_the_pen_is_recognised() -> None:
    with pytest.raises(ValueError, match="did you mean 'darkorange'"):
        css_color("negative_color", "darkornage")


@pytest.mark.parametrize("value", [(255, 0, 0), 3, b"red", np.array([1.0, 0.0, 0.0])])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=rf"^negative_color: must be a CSS color.*got {type(value).__name__}"):
        css_color("negative_color", value)


@pytest.mark.parametrize("text", ["#f008", "#ff000088", "rgba(255, 0, 0, 0.5333)", "hsl(0 100% 50% / 53.33%)"])
def test_a_transparent_color_is_refused_with_an_opaque_one_like_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^positive_color: must be opaque.*\(alpha 0.533\)") as raised:
        css_color("positive_color", text)
    advised = str(raised.value).split("'")[-2]
    assert css_color("positive_color", advised) == advised == "#ff7777"
    with pytest.raises(ValueError, match="must be opaque"):
        css_color("positive_color", "transparent")


def test_colors_that_are_not_given_are_left_to_the_page() -> None:
    assert custom_colors(None, None) is None
    assert custom_colors("red", None) == CustomColors("#ff0000", None)
    assert custom_colors("red", "blue") == CustomColors("#ff0000", "#0000ff")


@pytest.mark.parametrize("color", ["white", "#fffffe", "ivory", "hsl(0, 0%, 98%)"])
def test_a_color_like_zeros_is_refused_on_either_side(color: str) -> None:
    for name, colors in (("negative_color", (color, None)), ("positive_color", ("red", color))):
        with pytest.raises(ValueError, match=rf"^{name}: must differ from the color of zero.*'#ffffff' in the light"):
            custom_colors(*colors)
    assert custom_colors(color, None, "dark") is not None
    with pytest.raises(
        ValueError, match="'#1c1f25' in the dark theme, got '#181a20': positive values could not be seen"
    ):
        custom_colors(None, "#181a20", "dark")


@pytest.mark.parametrize("pair", [("red", "red"), ("pink", "red"), ("darkblue", "#7777c5"), ("gray", "#000")])
def test_one_color_for_both_signs_is_refused_in_any_shade(pair: tuple[str, str]) -> None:
    for negative, positive in (pair, pair[::-1]):
        with pytest.raises(ValueError, match="signs of values could not be told apart") as raised:
            custom_colors(negative, positive)
        assert repr(negative) in str(raised.value)
        assert custom_colors(negative, None) is not None  # the advice: pass only one of both


@pytest.mark.parametrize(
    "pair", [("red", "blue"), ("orange", "red"), ("green", "red"), ("black", "blue"), ("gold", "gray")]
)
def test_two_colors_are_accepted_in_either_order(pair: tuple[str, str]) -> None:
    assert custom_colors(*pair) is not None
    assert custom_colors(*pair[::-1]) is not None

"""`Figure.iframe` as text and as an object; what it looks like is in e2e/test_frame.py."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import circuitsvis as cv
import numpy as np
import pytest


class Parser(HTMLParser):
    """Collects the start tags of a text, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_frame_is_text_of_one_element_that_holds_the_whole_page(figure: cv.Figure) -> None:
    frame = figure.iframe()
    assert isinstance(frame, str) and str(frame) == frame
    [(tag, attributes)] = Parser(frame).tags
    assert tag == "iframe"
    assert (attributes["srcdoc"] or "").startswith("<!doctype html>")
    assert frame.isascii() and frame._repr_html_().isascii()


def test_template_engines_notebooks_and_marimo_get_the_frame_and_a_still(figure: cv.Figure) -> None:
    frame = figure.iframe()
    shown = frame._repr_html_()
    assert frame in shown
    assert frame.__html__() == shown and frame._mime_() == ("text/html", shown)
    assert ("img" in [tag for tag, _ in Parser(shown).tags]) is ("data:image/png" in figure._repr_html_())


def test_a_figure_without_stills_has_none_beside_its_frame(figure: cv.Figure) -> None:
    figure.still = False
    assert "img" not in [tag for tag, _ in Parser(figure.iframe()._repr_html_()).tags]


def test_marimo_shows_the_frame(figure: cv.Figure) -> None:
    assert figure._mime_() == figure.iframe()._mime_()


def test_the_frame_is_as_high_as_the_figure_unless_a_height_is_asked_for(figure: cv.Figure) -> None:
    assert "height:300px" in figure.iframe(height=np.int64(300))  # type: ignore[arg-type]  # taken as everywhere
    assert "if(true&&" in html.unescape(figure.iframe()) and "if(false&&" in html.unescape(figure.iframe(height=300))


def test_a_theme_for_the_frame_leaves_the_figure_as_it_is(figure: cv.Figure) -> None:
    before = figure.data
    assert re.search('"displayMode": ?"dark"', html.unescape(figure.iframe(display_mode="dark")))
    assert figure.data == before


@pytest.mark.parametrize("height", [99, 0, -300])
def test_a_frame_in_which_nothing_is_seen_is_refused(height: int, figure: cv.Figure) -> None:
    with pytest.raises(ValueError, match=f"height: must be at least 100 CSS pixels, got {height}; leave it out"):
        figure.iframe(height=height)


@pytest.mark.parametrize("height", ["300px", 1.5, True])
def test_a_height_that_is_no_whole_number_is_refused(height: object, figure: cv.Figure) -> None:
    with pytest.raises(TypeError, match="height: must be an integer"):
        figure.iframe(height=height)  # type: ignore[arg-type]  # on purpose


def test_an_unknown_theme_is_refused(figure: cv.Figure) -> None:
    with pytest.raises(ValueError, match="display_mode: must be one of 'dark', 'light', 'auto', got 'blue'"):
        figure.iframe(display_mode="blue")  # type: ignore[arg-type]  # on purpose


def test_the_repr_of_a_frame_is_short(figure: cv.Figure) -> None:
    assert re.fullmatch(r"<circuitsvis iframe: 0\.\d MB>", repr(figure.iframe()))

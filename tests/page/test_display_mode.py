"""The theme of a figure: as the page around it, or its own. Each mode has a default, and takes every choice."""

from __future__ import annotations

import circuitsvis as cv
import pytest
from circuitsvis._input.options import Mode
from circuitsvis._wire.props.figure import DisplayMode

from tests.support import reference
from tests.support.caches import softmax_patterns, words

MODES: list[Mode] = ["small", "large", "lines"]
PATTERN = softmax_patterns((4, 4))


@pytest.mark.parametrize("display_mode", ["dark", "light", "auto"])
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_takes_every_display_mode(mode: Mode, display_mode: DisplayMode) -> None:
    cache = {"blocks.0.attn.hook_pattern": PATTERN[None]}
    for figure in (
        cv.attention.from_values(PATTERN, words(4), mode=mode, display_mode=display_mode),
        cv.attention.from_cache(cache, words(4), mode=mode, display_mode=display_mode),
    ):
        assert reference.props(figure).display_mode == display_mode


@pytest.mark.parametrize("mode", MODES)
def test_lines_are_dark_by_default_and_the_others_follow_the_page(mode: Mode) -> None:
    figure = cv.attention.from_values(PATTERN, words(4), mode=mode)
    assert reference.props(figure).display_mode == ("dark" if mode == "lines" else "auto")
    assert cv.examples.hello("World")._props.display_mode == "auto"

"""PNG files: cells have the colors of the SVG and of the still, exactly; words need a library, and the error names it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page import stills

from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words
from tests.support.filtered_png import read_filtered_png
from tests.support.png_reader import read_png


@pytest.fixture
def figure() -> cv.Figure:
    figure = cv.attention.from_values(softmax_patterns((3, 5, 5)), words(5), "large", focus={"head": 1})
    assert figure is not None
    return figure


def test_cells_have_the_colors_of_the_svg(figure: cv.Figure, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    pixels = read_filtered_png(figure.save(tmp_path / "x.png").read_bytes())
    svg = figure.save(tmp_path / "x.svg").read_text(encoding="utf-8")
    cells = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="#(\w{6})"/>', svg)
    assert len(cells) == 25
    for x, y, width, height, color in cells:
        row, col = (int(float(at) + float(side) / 2) for at, side in ((y, height), (x, width)))
        assert _hex(pixels[row, col]) == color


@pytest.mark.parametrize("scale", [2, 4])
def test_a_larger_file_has_so_many_pixels_for_each(figure: cv.Figure, scale: int, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    first, larger = (figure.save(tmp_path / "x.png", scale=one).read_bytes()[16:24] for one in (1, scale))
    sizes = [np.frombuffer(header, ">u4").astype(int) for header in (first, larger)]
    assert np.abs(sizes[1] - scale * sizes[0]).max() <= scale


def test_a_file_with_words_has_more_than_cells_in_it(figure: cv.Figure, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    labels = read_filtered_png(figure.save(tmp_path / "x.png").read_bytes())[40:-40, 30:60]
    assert len(np.unique(labels.reshape(len(labels), -1), axis=0)) > 10


@pytest.mark.parametrize("name", ["small-12-heads", "large-signed", "attribution-small", "lines-12-heads"])
def test_without_words_a_file_is_the_still_with_larger_pixels(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name]()
    still = stills.picture(figure._props)
    assert still is not None
    expected = np.asarray(read_png(still.png))
    for scale in (1, 3):
        found = np.asarray(read_png(figure.save(tmp_path / "x.png", scale=scale, words=False).read_bytes()))
        np.testing.assert_array_equal(found, expected.repeat(scale, 0).repeat(scale, 1))


def test_without_resvg_the_error_names_what_to_install_and_nothing_is_written(
    figure: cv.Figure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)  # as if it were not installed
    with pytest.raises(ImportError, match=r"pip install 'circuitsvis\[export\]'.*words=False.*\.svg has the words"):
        figure.save(tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale", [0, 5, -1])
def test_another_scale_is_refused(figure: cv.Figure, scale: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"scale: must be 1 to 4, .*got {scale}"):
        figure.save(tmp_path / "x.png", scale=scale)


@pytest.mark.parametrize("ending", [".html", ".svg", ".csv"])
@pytest.mark.parametrize(("option", "value"), [("scale", 2), ("words", False)])
def test_options_of_a_png_are_refused_for_other_files(
    ending: str, option: str, value: Any, figure: cv.Figure, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=rf"{option}: is for \.png only, and this file is a \{ending}"):
        figure.save(tmp_path / f"x{ending}", **{option: value})
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_starts_with_all_heads_has_a_png_without_words_as_the_error_advises(tmp_path: Path) -> None:
    made = FIGURES["small-12-heads"]()
    with pytest.raises(ValueError, match=r"starts with all 12: .*save all heads as a \.png with words=False"):
        made.save(tmp_path / "x.png")
    assert made.save(tmp_path / "x.png", words=False).read_bytes().startswith(b"\x89PNG")


def test_a_figure_of_tokens_has_no_png(tmp_path: Path) -> None:
    with pytest.raises(
        TypeError,
        match=r"path: \.png is for figures of attention, attribution, scores of heads and patching, got the view ColoredTokens",
    ):
        FIGURES["tokens-2"]().save(tmp_path / "x.png")


def _hex(pixel: object) -> str:
    return "".join(f"{channel:02x}" for channel in list(np.asarray(pixel).ravel())[:3])

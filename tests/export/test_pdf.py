"""PDF files: the words of the SVG as text, its cells with exactly their colors, and an error that names what to install."""

from __future__ import annotations

import base64
import io
import re
import sys
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest

from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words
from tests.support.png_reader import read_png

SCALE = 4
"""Pixels of a rendered page for one of the SVG."""


def figure(n: int, **options: Any) -> cv.Figure:
    made = cv.attention.from_values(softmax_patterns((2, n, n)), words(n), "large", **options)
    assert made is not None
    return made


def read(content: bytes) -> tuple[str, npt.NDArray[np.int64]]:
    """The words of the only page, and its pixels [row, column, channel]."""
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("typst")
    document = pdfium.PdfDocument(io.BytesIO(content))
    assert len(document) == 1
    page = document[0]
    pixels = page.render(scale=SCALE / 0.75, rev_byteorder=True, prefer_bgrx=True).to_numpy()
    return page.get_textpage().get_text_range(), np.array(pixels[..., :3]).astype(np.int64)


def cells_of(svg: str) -> dict[tuple[float, float], tuple[int, int, int]]:
    """The colors of all cells of an SVG, by their middle."""
    image = re.search(r'<image href="data:image/png;base64,([^"]+)"', svg)
    if image is None:
        found = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="#(\w{6})"/>', svg)
        return {
            (float(x) + float(w) / 2, float(y) + float(h) / 2): (int(c[:2], 16), int(c[2:4], 16), int(c[4:], 16))
            for x, y, w, h, c in found
        }
    place = re.search(r'<image [^>]*? x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', svg)
    assert place is not None
    left, top, width, height = map(float, place.groups())
    rows = read_png(base64.b64decode(image.group(1)))
    return {
        (left + (x + 0.5) * width / len(row), top + (y + 0.5) * height / len(rows)): color
        for y, row in enumerate(rows)
        for x, color in enumerate(row)
    }


@pytest.mark.parametrize("n", [5, 40])
def test_cells_have_exactly_the_colors_of_the_svg_up_to_their_edges(n: int, tmp_path: Path) -> None:
    """5 x 5 cells are rectangles, 40 x 40 an image, which must not be smoothed: colors hold at a quarter of a cell from its edges too."""
    pytest.importorskip("typst")
    made = figure(n, focus={"head": 1})
    svg = made.save(tmp_path / "x.svg").read_text(encoding="utf-8")
    _, pixels = read(made.save(tmp_path / "x.pdf").read_bytes())
    cells = cells_of(svg)
    assert len(cells) == n * n and len(set(cells.values())) > 10
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    assert size is not None
    assert np.abs(np.array(pixels.shape[1::-1]) - SCALE * np.array(size.groups(), float)).max() <= 1
    side = min(abs(a[0] - b[0]) for a, b in zip(list(cells), list(cells)[1:], strict=False) if a[0] != b[0])
    for (x, y), color in cells.items():
        for dx, dy in [(0.0, 0.0), (-0.25, -0.25), (0.25, 0.25)]:
            found = pixels[int(SCALE * (y + dy * side)), int(SCALE * (x + dx * side))]
            assert tuple(found) == color, (x, y)


def test_words_are_text_of_every_script_that_a_font_has(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    tokens = [" naïve", "β", "Ω≤", " 1.5", "\n", "é", " end"]
    made = cv.attention.from_values(softmax_patterns((1, 7, 7)), tokens, "large", focus={"dest": 4, "src": 2})
    text, _ = read(made.save(tmp_path / "x.pdf").read_bytes())
    for shown in (
        "·naïve",
        "β",
        "Ω≤",
        "·1.5",
        "↵",
        "é",
        "·end",
        "Destination (query)",
        "Source (key)",
        "Head 0",
        "masked",
    ):
        assert shown in text, shown


def test_a_character_without_a_font_is_a_box_and_not_nothing(tmp_path: Path) -> None:
    """Of a script that hardly any machine has a font for."""
    pytest.importorskip("typst")
    ink = []
    for token in ("", "\U00013000\U00013001\U00013002"):
        tokens = ["a", token, "c"]
        made = cv.attention.from_values(softmax_patterns((1, 3, 3)), tokens, "large")
        _, pixels = read(made.save(tmp_path / "x.pdf").read_bytes())
        ink.append(int((pixels[:, : 30 * SCALE].min(-1) < 128).sum()))
    assert ink[1] > ink[0] > 0


@pytest.mark.parametrize("name", ["attribution-small", "lines-12-heads", "large-custom-colors"])
def test_other_figures_with_a_heatmap_have_a_pdf_as_they_have_an_svg(name: str, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    text, _ = read(FIGURES[name]().save(tmp_path / "x.pdf").read_bytes())
    assert "Source (key)" in text


def test_without_typst_the_error_names_what_to_install_and_ways_that_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)  # as if it were not installed
    made = figure(4)
    with pytest.raises(ImportError, match=r"a \.pdf needs Typst: pip install 'circuitsvis\[export\]'.*\.svg.*\.html"):
        made.save(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []
    assert made.save(tmp_path / "x.svg").exists() and made.save(tmp_path / "x.html").exists()


def test_figures_without_a_heatmap_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(
        TypeError,
        match=r"path: \.pdf is for figures of attention, attribution, scores of heads and patching, got the view ColoredT",
    ):
        FIGURES["tokens-2"]().save(tmp_path / "x.pdf")
    with pytest.raises(ValueError, match=r"starts with all 12: choose one"):
        FIGURES["small-12-heads"]().save(tmp_path / "x.pdf")
    with pytest.raises(ValueError, match=r"scale: is for \.png only, and this file is a \.pdf"):
        figure(4).save(tmp_path / "x.pdf", scale=2)
    assert list(tmp_path.iterdir()) == []

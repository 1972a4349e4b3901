"""Stills made in Python have the pixels of the page's canvases; an output with one neither moves nor flashes up a sentence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._still.attention_still import drawn
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.focus import Focus
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import open_fixture
from e2e.reading import wait_drawn
from scripts.fixtures.catalogue import FIGURES

Numbers = npt.NDArray[np.int64]

# The pixels of a canvas as 0xRRGGBB. A copy, because Chromium moves a canvas that is read often off the GPU.
_PIXELS = """(canvas) => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  const colors = Array.from({ length: width * height }, (_, i) => (data[4 * i] << 16) | (data[4 * i + 1] << 8) | data[4 * i + 2]);
  return { width, height, colors };
}"""

# The same of each thumbnail, cut out of the canvas that all thumbnails of a group share, whose pixels are CSS pixels.
_THUMBNAILS = f"""(grid) => Array.from(grid.querySelectorAll("[data-testid=head]"), (button) => {{
  const canvas = button.closest(".heads").querySelector("canvas");
  const [all, part] = [canvas, button.querySelector(".picture")].map((element) => element.getBoundingClientRect());
  const {{ width, height, colors }} = ({_PIXELS})(canvas);
  const [left, top] = [Math.floor(part.left - all.left), Math.floor(part.top - all.top)];
  const row = (_, y) => colors.slice((top + y) * width + left, (top + y) * width + left + part.width);
  return Array.from({{ length: part.height }}, row);
}})"""

PICTURES = {
    "small-12-heads": "overview",
    "small-bidirectional": "overview",
    "small-batch-dropdown": "overview",
    "small-signed": "overview",
    "small-1-head-5-tokens": "overview",
    "small-sinks": "overview",
    "large-12-heads": "heatmap",
    "large-signed": "heatmap",
    "large-sinks": "heatmap",
    "large-no-value": "heatmap",
    "large-rectangular": "heatmap",
    "large-batch-radio": "heatmap",
    "large-custom-colors": "heatmap",
    "large-custom-positive": "heatmap",
    "large-144-heads": "heatmap",
    "attribution-small": "heatmap",
    "attribution-1-destination": "heatmap",
}
"""The large picture of each fixture, by its test id."""

EXACT_THUMBNAILS = [name for name in PICTURES if "144" not in name and "1-head" not in name]


def props_of(name: str) -> AttentionProps:
    props = FIGURES[name]()._props
    assert isinstance(props, AttentionProps)
    return props


def of_page(page: Page, testid: str) -> Numbers:
    """The large picture, a pixel per cell."""
    wait_idle(page)
    read = page.get_by_test_id(testid).locator("canvas").evaluate(_PIXELS)
    return np.array(read["colors"]).reshape(read["height"], read["width"])


def scaled(cells: Numbers, height: int, width: int) -> Numbers:
    """Cells as the page scales thumbnails: each pixel has the color of the cell that its top left corner is in."""
    rows, cols = cells.shape
    return np.array([[cells[y * rows // height, x * cols // width] for x in range(width)] for y in range(height)])


def cells_of(pixels: npt.NDArray[np.uint32], at: tuple[int, int, int], shape: tuple[int, int]) -> Numbers:
    """A pixel per cell of a picture on a still."""
    (top, left, side), (rows, cols) = at, shape
    return pixels[top : top + rows * side : side, left : left + cols * side : side].astype(np.int64)


@pytest.mark.parametrize("name", PICTURES)
def test_the_large_picture_of_a_still_equals_the_canvas_pixel_by_pixel(open_page: Opener, name: str) -> None:
    canvas = of_page(open_fixture(open_page, name), PICTURES[name])
    sheet, _ = drawn(props_of(name))
    assert np.array_equal(cells_of(sheet.pixels, sheet.picture, canvas.shape), canvas)


def test_a_dark_still_equals_the_canvas_of_a_dark_page(open_page: Opener) -> None:
    figure = FIGURES["large-12-heads"]
    made = figure()
    object.__setattr__(made._props, "display_mode", "dark")
    page = open_page(made.data)
    wait_drawn(page)
    canvas = of_page(page, "heatmap")
    assert isinstance(made._props, AttentionProps)
    sheet, _ = drawn(made._props)
    assert np.array_equal(cells_of(sheet.pixels, sheet.picture, canvas.shape), canvas)


@pytest.mark.parametrize(
    ("name", "testid"),
    [("small-batch-dropdown", "overview"), ("large-batch-radio", "heatmap"), ("attribution-small", "heatmap")],
)
def test_a_still_shows_the_head_and_the_sequence_that_the_page_starts_with(
    open_page: Opener, name: str, testid: str
) -> None:
    made = FIGURES[name]()
    assert isinstance(made._props, AttentionProps)
    object.__setattr__(made._props, "focus", Focus(len(made._props.sequences) - 1, 2, None, None))
    page = open_page(made.data)
    wait_drawn(page)
    canvas = of_page(page, testid)
    sheet, _ = drawn(made._props)
    assert np.array_equal(cells_of(sheet.pixels, sheet.picture, canvas.shape), canvas)


@pytest.mark.parametrize("name", EXACT_THUMBNAILS)
def test_thumbnails_of_a_still_equal_those_of_the_page_pixel_by_pixel(open_page: Opener, name: str) -> None:
    page = open_fixture(open_page, name)
    wait_idle(page)
    pictures = page.get_by_role("group", name="Heads", exact=True).evaluate(_THUMBNAILS)
    props = props_of(name)
    sheet, _ = drawn(props)
    preview = props.sequences[0].preview
    assert preview is not None and len(pictures) == len(sheet.thumbnails) == len(props.heads)
    for picture, at in zip(map(np.array, pictures), sheet.thumbnails, strict=True):
        cells = cells_of(sheet.pixels, at, (preview.shape[1], preview.shape[2]))
        assert np.array_equal(scaled(cells, *picture.shape), picture)


@pytest.mark.parametrize("name", ["small-12-heads", "small-1-head-5-tokens", "lines-12-heads", "attribution-small"])
def test_an_output_with_a_still_moves_nothing_and_flashes_neither_still_nor_sentence(
    name: str, open_page: Opener
) -> None:
    fragment = FIGURES[name]()._repr_html_()
    watch = """<script>
      window.shifts = []; window.sentences = [];
      new PerformanceObserver((list) => shifts.push(...list.getEntries().map((entry) => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
      const look = () => {
        const sentence = document.querySelector("[data-circuitsvis] > div > span");
        const still = document.querySelector("[data-circuitsvis] > div > img");
        if (sentence && sentence.checkVisibility({ visibilityProperty: true })) sentences.push(performance.now());
        if (still && still.checkVisibility()) sentences.push("still");
        nextFrameUntracked(look);
      };
      look();
    </script>"""
    page = open_page(f"<!doctype html><body>{watch}<p>before</p>{fragment}<p>after</p></body>", height=1400)
    wait_drawn(page)
    wait_idle(page)
    assert page.evaluate("shifts") == []
    assert page.evaluate("sentences") == []

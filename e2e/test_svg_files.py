"""SVG files in a browser: their cells have the colors of the page's, their words are those of the page, and nothing runs."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis.figure import Figure
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.pages import settled
from e2e.reading import wait_drawn
from scripts.fixtures.catalogue import FIGURES

_CELLS = """async ([url, cell, rows, cols]) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = cell ? [image.width, image.height] : [cols, rows];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0);
  const at = (row, col) => cell
    ? [cell.left + (col + 0.5) * cell.width, cell.top + (row + 0.5) * cell.height].map(Math.floor)
    : [col, row];
  const result = [];
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) result.push(...pen.getImageData(...at(row, col), 1, 1).data.slice(0, 3));
  return result;
}"""

NAMES = ["large-12-heads", "large-rectangular", "large-signed", "large-no-value", "large-custom-colors"]


@pytest.mark.parametrize("name", NAMES)
def test_the_cells_of_a_file_have_the_colors_of_the_page(open_page: Opener, name: str, tmp_path: Path) -> None:
    """To one of 255 steps of a channel: values are multiplied in another order than on the page."""
    props = FIGURES[name]()._props
    assert isinstance(props, AttentionProps)
    figure = Figure(dataclasses.replace(props, focus=Focus(0, 1, None, None), display_mode="light"))
    page = open_page(figure.data)
    wait_drawn(page)
    rows, cols = props.sequences[0].attention.shape[1:]
    shown = _colors(page, settled(page, "heatmap"), None, rows, cols)
    content = figure.save(tmp_path / "x.svg").read_text(encoding="utf-8")
    page.set_content(f"<body style='margin:0'>{content}")
    box = page.locator("svg image, svg g").first.bounding_box()
    assert box is not None
    cell = {"left": box["x"], "top": box["y"], "width": box["width"] / cols, "height": box["height"] / rows}
    url: str = page.evaluate("text => URL.createObjectURL(new Blob([text], {type: 'image/svg+xml'}))", content)
    written = _colors(page, url, cell, rows, cols)
    assert np.abs(shown - written).max() <= 1


def _colors(page: Page, url: str, cell: dict[str, float] | None, rows: int, cols: int) -> np.ndarray:
    return np.array(page.evaluate(_CELLS, [url, cell, rows, cols]))

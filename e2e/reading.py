"""Reads from a page what a person sees: the status text and value of every cell, and whether pictures are drawn."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, Page, expect

from e2e.idle import wait_idle

Array = npt.NDArray[np.float64]

# Moves the cursor over all cells by the keyboard and collects the text of the status line at each.
_WALK = """async (area, [rows, cols]) => {
  const figure = area.closest("[role=tabpanel]") ?? area.getRootNode();
  const status = () => figure.querySelector("[data-testid=status]").textContent.trim();
  const press = async (key) => {
    area.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let i = 0; i < 3; i++) await null;
  };
  area.focus();
  const texts = [];
  for (let row = 0; row < rows; row++) {
    await press(row === 0 ? "PageUp" : "ArrowDown");
    await press("Home");
    for (let col = 0; col < cols; col++) {
      if (col > 0) await press("ArrowRight");
      texts.push(status());
    }
  }
  area.blur();
  return texts;
}"""

# Reads a copy: Chromium moves a canvas that is read often off the GPU, with a warning. A heatmap fills its canvas, so no
# pixel is transparent; lines do not.
_DRAWN = """(area) => {
  const canvas = area.querySelector("canvas");
  if (!canvas?.width || !canvas.height) return false;
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const colors = new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer));
  return colors.size > 1 && (area.dataset.testid === "lines" || !colors.has(0));
}"""


def status_texts(page: Page, testid: str, rows: int, cols: int) -> list[str]:
    """The status text at every cell, row by row, once all data that has arrived is decoded."""
    wait_idle(page)
    area = page.locator(
        f"[data-testid={testid}]:visible"
    ).first  # figures in other tabs are hidden, that of a map comes after it
    texts: list[str] = area.evaluate(_WALK, [rows, cols])
    return texts


def values(page: Page, testid: str, rows: int, cols: int) -> Array:
    """The values that the page shows for all cells; NaN for masked cells and missing values."""
    numbers = [_value(text) for text in status_texts(page, testid, rows, cols)]
    return np.array(numbers).reshape(rows, cols)


def _value(text: str) -> float:
    if "masked" in text or text.endswith(("no value", "not counted")):
        return float("nan")
    number = re.search(r"(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$", text)
    assert number is not None, text
    return float(number.group(1))


def show_head(page: Page, index: int) -> None:
    """Pins a head and waits until its data, if it has arrived, is decoded."""
    button = page.get_by_test_id("head").nth(index)
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    page.mouse.move(0, 0)
    expect(button).to_have_attribute("aria-pressed", "true")
    wait_idle(page)


# Thumbnails of a group share a canvas with one pixel per CSS pixel, of which the part behind this button is read.
_HEAD_DRAWN = """(button) => {
  const canvas = button.parentElement.querySelector(".atlas canvas");
  const [all, part] = [canvas, button.querySelector(".picture")].map((element) => element.getBoundingClientRect());
  const copy = new OffscreenCanvas(part.width, part.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, all.left - part.left, all.top - part.top);
  const colors = new Set(new Uint32Array(copy.getImageData(0, 0, part.width, part.height).data.buffer));
  return colors.size > 1 && !colors.has(0);
}"""


def head_is_drawn(button: Locator) -> bool:
    """Whether a head's thumbnail, once the page is idle, fills its part of the canvas and has more than one color."""
    wait_idle(button.page)
    return bool(button.evaluate(_HEAD_DRAWN))


def wait_drawn(page: Page, figures: int = 1) -> None:
    """Waits until this many figures are mounted, each has drawn its large picture, and the page is idle."""
    wait_mounted(page, figures)
    wait_idle(page)


def wait_mounted(page: Page, figures: int) -> None:
    """Waits until this many figures are mounted and each has drawn its large picture. For hosts whose pages are never idle."""
    areas = page.locator("[data-testid=overview], [data-testid=heatmap], [data-testid=lines]")
    expect(areas).to_have_count(figures)
    for i in range(figures):
        page.wait_for_function(_DRAWN, arg=areas.nth(i).element_handle())

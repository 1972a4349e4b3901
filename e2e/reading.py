"""What a person sees on a page, read back: the words of every cell, whether anything is drawn."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, Page, expect

from e2e.idle import wait_idle

Array = npt.NDArray[np.float64]

# Walks the cursor over all cells by the keyboard and collects what the status line says of each.
_WALK = """async (area, [rows, cols]) => {
  const status = () => area.getRootNode().querySelector("[data-testid=status]").textContent.trim();
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

# Read from a copy: Chromium would take the page's own canvas off the GPU, and say so, when it is read often. A heatmap
# covers its canvas; lines and numbers do not.
_DRAWN = """(area) => {
  const canvas = area.querySelector("canvas");
  if (!canvas?.width || !canvas.height) return false;
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const colours = new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer));
  return colours.size > 1 && (area.dataset.testid === "lines" || !colours.has(0));
}"""


def words(page: Page, testid: str, rows: int, cols: int) -> list[str]:
    """The status line at every cell, row by row, of the data as it is once all that has arrived is decoded."""
    wait_idle(page)
    area = page.get_by_test_id(testid)
    texts: list[str] = area.evaluate(_WALK, [rows, cols])
    return texts


def values(page: Page, testid: str, rows: int, cols: int) -> Array:
    """The value at every cell as the page says it: NaN for masked cells and those without a value."""
    found = [_value(text) for text in words(page, testid, rows, cols)]
    return np.array(found).reshape(rows, cols)


def _value(text: str) -> float:
    if "masked" in text or text.endswith("no value"):
        return float("nan")
    number = re.search(r"(-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$", text)
    assert number is not None, text
    return float(number.group(1))


def show_head(page: Page, index: int) -> None:
    """Pins a head and waits until its data is decoded, if it has arrived."""
    button = page.get_by_test_id("head").nth(index)
    if button.get_attribute("aria-pressed") != "true":
        button.click()
    page.mouse.move(0, 0)
    expect(button).to_have_attribute("aria-pressed", "true")
    wait_idle(page)


# A group's small pictures share a canvas of one pixel per CSS pixel: what lies in the button's own picture is read.
_HEAD_DRAWN = """(button) => {
  const canvas = button.parentElement.querySelector(".sheet canvas");
  const [all, own] = [canvas, button.querySelector(".picture")].map((element) => element.getBoundingClientRect());
  const copy = new OffscreenCanvas(own.width, own.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, all.left - own.left, all.top - own.top);
  const colours = new Set(new Uint32Array(copy.getImageData(0, 0, own.width, own.height).data.buffer));
  return colours.size > 1 && !colours.has(0);
}"""


def head_is_drawn(button: Locator) -> bool:
    """Whether a head's small picture, once complete, covers its place in the grid and shows more than one colour."""
    wait_idle(button.page)
    return bool(button.evaluate(_HEAD_DRAWN))


def wait_drawn(page: Page, figures: int = 1) -> None:
    """Waits until that many figures are mounted, each has drawn its large picture, and nothing is left to complete."""
    wait_mounted(page, figures)
    wait_idle(page)


def wait_mounted(page: Page, figures: int) -> None:
    """Waits until that many figures are mounted and each has drawn its large picture: all that a busy host's page allows."""
    areas = page.locator("[data-testid=overview], [data-testid=heatmap], [data-testid=lines]")
    expect(areas).to_have_count(figures)
    for i in range(figures):
        page.wait_for_function(_DRAWN, arg=areas.nth(i).element_handle())

"""Works the export menu of a page: files that it saves, texts that it copies, and what pictures hold."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
"""Options of a browser context in which tests may read what was copied."""

_PIXELS = """async ([url, width, height, points]) => {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width || image.width, height || image.height];
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return points.map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data.slice(0, 3)]);
}"""

Points = list[tuple[int, int]]


def open_menu(page: Page | Locator) -> Locator:
    """Opens the only menu there is, and returns it."""
    page.get_by_test_id("export-button").click()
    return page.get_by_test_id("export-menu")


def saved(page: Page, item: str) -> bytes:
    """The content of the file that an item of the open menu saves. Skips the test in Firefox, of which Playwright hears no downloads."""
    browser = page.context.browser
    if browser and browser.browser_type.name == "firefox":
        pytest.skip("Playwright hears of no downloads in this Firefox")
    with page.expect_download() as download:
        page.get_by_test_id(item).click()
    return Path(download.value.path()).read_bytes()


def copied(page: Page, item: str) -> str:
    """The text that an item of the open menu copies."""
    status = page.get_by_test_id("export-status")
    page.get_by_test_id(item).click()
    status.get_by_text("opied").wait_for()
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def rows_of(content: str) -> list[dict[str, str]]:
    """The rows of a CSV text by the names of their columns."""
    return list(csv.DictReader(io.StringIO(content, newline="")))


def pixels(page: Page, url: str, points: Points, size: tuple[int, int] = (0, 0)) -> npt.NDArray[Any]:
    """The colors of a picture at these points, where it is drawn with that size, or with its own."""
    return np.array(page.evaluate(_PIXELS, [url, *size, points]))


def data_url(page: Page, content: bytes, kind: str) -> str:
    """A file as a URL that the page can draw."""
    url: str = page.evaluate(
        "([bytes, type]) => URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type }))", [list(content), kind]
    )
    return url

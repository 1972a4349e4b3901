"""A page with mode="lines" that shows several heads: how to get there, its switches, its colors."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from e2e.idle import wait_idle
from e2e.lines_page import HEAD_ROW, ROW, area, column
from e2e.pages import text

_HAS_COLOR = """([canvas, color]) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] > 100 && color.every((channel, k) => Math.abs(channel - data[i + k]) < 4)) return true;
  return false;
}"""


def show_several(page: Page) -> None:
    page.get_by_test_id("head-mode").get_by_text("Several heads").click()
    wait_idle(page)
    expect(page.get_by_test_id("head-chips")).to_be_visible()


def chip(page: Page, name: str) -> Locator:
    return page.get_by_test_id("head-chip").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))


def on(page: Page) -> list[str]:
    """Names of the heads that are on."""
    wait_idle(page)
    chips = page.get_by_test_id("head-chip")
    return [
        (chips.nth(i).text_content() or "").strip()
        for i in range(chips.count())
        if chips.nth(i).get_attribute("aria-pressed") == "true"
    ]


def values(description: str) -> dict[str, float]:
    """The value of each head in a status text, such as "Query 4 a, source 2 b: 0.1 = 0.5000; 0.3 = 0.2500"."""
    return {name: float(value) for name, value in re.findall(r"(?:[:;] )([^:;=]+?) = (-?[\d.]+)", description)}


def tip_rows(page: Page) -> list[tuple[str, float, str]]:
    """The rows of the tooltip: head, value, and the other token where there is one."""
    rows = area(page).locator("xpath=..").locator(".tip tr")
    cells = [rows.nth(i).locator("th, td").all_text_contents() for i in range(rows.count())]
    return [(row[0].strip(), float(row[1]), row[2].strip() if len(row) > 2 else "") for row in cells]


def hover_source(page: Page, source: int) -> None:
    box = area(page).bounding_box()
    assert box is not None
    left, width = column(page, "src")
    page.mouse.move(left + width / 2, box["y"] + HEAD_ROW + (source + 0.5) * ROW)


def draws_color_of(page: Page, name: str) -> bool:
    """Whether the picture has the color of a head's switch."""
    wait_idle(page)
    color = chip(page, name).locator("i").evaluate("i => getComputedStyle(i).borderTopColor")
    channels = [round(float(number)) for number in re.findall(r"[\d.]+", color)[:3]]
    canvas = area(page).locator("canvas").element_handle()
    found: bool = page.evaluate(_HAS_COLOR, [canvas, channels])
    return found


def picture(page: Page) -> str:
    wait_idle(page)
    url: str = area(page).locator("canvas").evaluate("canvas => canvas.toDataURL()")
    return url


def note(page: Page) -> str:
    return text(page, "segments-note")

"""Zooming and panning the large picture of a page, and which part of it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from e2e.conftest import Opener
from e2e.idle import wait_idle, wait_painted
from e2e.pages import open_fixture

OVERVIEW, HEATMAP = ("small-500-tokens", "overview"), ("large-500-tokens", "heatmap")


_SEEN = """area => {
  const canvas = area.querySelector("canvas");
  const [frame, whole] = [area.getBoundingClientRect(), canvas.getBoundingClientRect()];
  const size = { width: whole.width / canvas.width, height: whole.height / canvas.height };
  return { cell: size.width, tall: size.height, col: (frame.left - whole.left) / size.width,
    row: (frame.top - whole.top) / size.height, x: frame.left, y: frame.top, width: frame.width, height: frame.height };
}"""


@dataclass(frozen=True)
class Seen:
    """The part of a picture in its frame. Full data must be drawn: a preview has fewer pixels than cells."""

    cell: float
    """CSS pixels of a cell across."""
    tall: float
    """And down."""
    row: float
    """The row at the top edge, with a fraction."""
    col: float
    x: float
    """The frame in the window, in CSS pixels."""
    y: float
    width: float
    height: float

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column at a point of the window."""
        return int(self.row + (y - self.y) / self.tall), int(self.col + (x - self.x) / self.cell)

    def point(self, across: float, down: float) -> tuple[float, float]:
        """The point of the window at such shares of the frame."""
        return self.x + across * self.width, self.y + down * self.height

    def middle(self, row: int, col: int) -> tuple[float, float]:
        """The point of the window in the middle of a cell."""
        return self.x + (col + 0.5 - self.col) * self.cell, self.y + (row + 0.5 - self.row) * self.tall


def seen(area: Locator) -> Seen:
    return Seen(**area.evaluate(_SEEN))


def wheel(page: Page, by: float, *, key: str | None = "Control") -> None:
    """Turns the wheel at the place of the mouse; down is positive."""
    if key:
        page.keyboard.down(key)
    page.mouse.wheel(0, by)
    if key:
        page.keyboard.up(key)
    wait_painted(page)


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0] / 2, start[1] + by[1] / 2)
    page.mouse.move(start[0] + by[0], start[1] + by[1])
    page.mouse.up()
    wait_painted(page)


class Fingers:
    """Fingers on a page, by the browser's own input: it decides itself whether they scroll."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind: str, points: list[tuple[float, float]]) -> None:
        touches: list[dict[str, Any]] = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def down(self, *points: tuple[float, float]) -> None:
        for count in range(1, len(points) + 1):
            self._send("touchStart", list(points[:count]))

    def move(self, *points: tuple[float, float]) -> None:
        self._send("touchMove", list(points))

    def up(self) -> None:
        self._send("touchEnd", [])
        wait_painted(self.page)

    def drag(self, start: tuple[float, float], by: tuple[float, float], steps: int = 6) -> None:
        self.down(start)
        for i in range(1, steps + 1):
            self.move((start[0] + by[0] * i / steps, start[1] + by[1] * i / steps))
        self.up()

    def pinch(self, middle: tuple[float, float], *, start: float, end: float, steps: int = 6) -> None:
        """Two fingers around a point, from one distance in CSS pixels to another."""
        x, y = middle
        for i in range(steps + 1):
            half = (start + (end - start) * i / steps) / 2
            points = (x - half, y), (x + half, y)
            if i == 0:
                self.down(*points)
            else:
                self.move(*points)
        self.up()


def opened(open_page: Opener, name: str, testid: str, **options: object) -> tuple[Page, Locator]:
    """The page of a fixture, and its large picture, in sight."""
    page = open_fixture(open_page, name, width=1280, **options)
    area = page.get_by_test_id(testid)
    area.scroll_into_view_if_needed()
    wait_idle(page)
    return page, area

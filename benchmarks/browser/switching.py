"""How fast a page shows another layer, neuron, sample, value or head, and a token's tooltip."""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Page

from benchmarks.browser.page import PageTimes
from benchmarks.browser.screencast import Frames
from benchmarks.browser.signals import Signals
from benchmarks.drop_in_cases import Pages, Switch

TIMES = 7
QUIET_S = 0.3
TIMEOUT_S = 30.0
KEYS = ("ArrowDown", "ArrowUp")
"""In turn, because a selector may have only two items."""


def use(page: Page, signals: Signals, frames: Frames, times: PageTimes, pages: Pages) -> None:
    """Measures each switch and fills `times.switches`; what the page does not have is left out."""
    page.evaluate("selector => { __probe.stageSelector = selector }", pages.stage)
    page.evaluate("__probe.idle()")
    for switch in pages.switches:
        seconds = (_by_key if switch.keys else _by_mouse)(page, signals, frames, switch)
        if seconds:
            times.switches[switch.name] = median(seconds)
    times.longest_task_s = page.evaluate("__probe.longestTask") / 1000


def _by_key(page: Page, signals: Signals, frames: Frames, switch: Switch) -> list[float]:
    field = page.locator(switch.selector or "").first
    if field.count() == 0:
        return []
    field.focus()
    seconds = []
    for i in range(TIMES):
        frames.settle(QUIET_S)
        page.evaluate("__probe.arm", "keydown")
        signals.forget("answer")
        page.keyboard.press(KEYS[i % 2])
        seconds.append(signals.wait_for("answer", TIMEOUT_S))
        page.evaluate("__probe.idle()")
    return seconds


def _by_mouse(page: Page, signals: Signals, frames: Frames, switch: Switch) -> list[float]:
    """The first move is not measured, because it may choose what is shown already."""
    seconds: list[float] = []
    points = (
        page.evaluate("([selector, n]) => __probe.elements(selector, n)", [switch.selector, TIMES + 1])
        if switch.selector
        else page.evaluate(f"__probe.thumbnails({TIMES + 1})")
    )
    for i, (x, y) in enumerate(points):
        frames.settle(QUIET_S)
        compared = page.evaluate("__probe.arm", "mousemove") and not switch.any_frame
        signals.forget("answer")
        page.mouse.move(x, y)
        if i == 0:
            continue
        if compared:
            seconds.append(signals.wait_for("answer", TIMEOUT_S))
        else:
            moved: float = page.evaluate("__probe.movedAt()") / 1000
            shown = frames.first_after(moved, TIMEOUT_S)
            seconds += [] if shown is None else [shown - moved]
        page.evaluate("__probe.idle()")
    return seconds

"""How fast a page reacts when a head is chosen, a cell is pointed at, or another sequence of a batch is chosen.

A reaction is a frame that the browser shows after the event. If the largest picture is a canvas, choosing a head must change
that picture: marking the thumbnail is not enough. An SVG cannot be read back, so any changed frame counts.
"""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Page

from benchmarks.browser.gestures import Gestures
from benchmarks.browser.screencast import Frames
from benchmarks.browser.signals import Signals

HEADS = 12
HEADS_BUDGET_S = 10.0
CELLS = ((0.35, 0.55), (0.45, 0.65), (0.30, 0.75), (0.50, 0.60), (0.40, 0.70), (0.48, 0.80))
"""Cells to point at, as shares of the visible part of the largest picture; all below the diagonal."""
LEFT_PX = 30
"""Distance of query tokens from the left edge of a lines view."""
QUERIES = (0.3, 0.5, 0.4, 0.6, 0.7, 0.45)
"""Query tokens to point at, as shares of the height."""
QUIET_S = 0.4
PATIENCE_S = 10.0
"""A page reacts to a cell only if it does so within the time that it took to draw, QUIET_S at least and PATIENCE_S at most."""
TIMEOUT_S = 60.0

Points = list[list[float]]


def choose_heads(page: Page, signals: Signals, frames: Frames, gestures: Gestures, drawn_s: float) -> list[float]:
    """Seconds to each reaction. The first is not measured, because its head may be the one already shown.

    If any changed frame counts, a gesture has no reaction after twice the time that the page took to draw, 20 s at most.
    """
    if gestures.heads is None:
        points: Points = page.evaluate(f"__probe.thumbnails({HEADS + 1})")
    else:
        points = page.evaluate("([selector, n]) => __probe.elements(selector, n)", [gestures.heads, HEADS + 1])
    if gestures.click:  # two that are far apart, in turn: what a click opens may cover the neighbors
        points = [points[0], points[-1]] * (len(points) // 2 + 1) if points else []
    seconds: list[float] = []
    misses = 0
    for i, (x, y) in enumerate(points):
        if gestures.click:
            page.mouse.move(x, y)
        frames.settle(QUIET_S)
        compared = page.evaluate("__probe.arm", "mousedown" if gestures.click else "mousemove")
        signals.forget("answer")
        if gestures.click:
            page.mouse.click(x, y)
        else:
            page.mouse.move(x, y)
        if compared and i > 0:
            seconds.append(signals.wait_for("answer", TIMEOUT_S))
        elif not compared:
            waited = _wait(page, frames, max(1.0, min(2 * drawn_s, 2 * PATIENCE_S)))
            if waited is None:
                misses += 1
            elif i > 0:
                seconds.append(waited)
        page.evaluate("__probe.idle()")
        if sum(seconds) > HEADS_BUDGET_S or misses > 1:
            break
    return seconds


def hover_cells(page: Page, frames: Frames, gestures: Gestures, drawn_s: float) -> float | None:
    """Median seconds from a mouse move between cells to the next changed frame; None if pointing at cells changes nothing."""
    patience = max(QUIET_S, min(drawn_s, PATIENCE_S))
    waits: list[float] = []
    misses = 0
    for i, cell in enumerate(CELLS):
        x, y = _point(page, *cell)
        if gestures.queries:
            left, top, _, height = page.evaluate("__probe.stage()")
            x, y = left + LEFT_PX, top + QUERIES[i] * height
        frames.settle(QUIET_S)
        page.evaluate("__probe.arm", "mousemove")
        page.mouse.move(x, y)
        waited = _wait(page, frames, patience)
        if i == 0:  # the first move begins outside the picture
            continue
        if waited is None:
            misses += 1
        else:
            waits.append(waited)
        if misses > 1 or sum(waits) > HEADS_BUDGET_S:
            break
    return median(waits) if len(waits) > misses else None


def switch_sequences(page: Page, signals: Signals, frames: Frames, times: int = 6) -> tuple[float, int]:
    """Median seconds from a key on our batch selector to the picture of the next sequence, and the number of empty frames."""
    page.get_by_test_id("batch-selector").get_by_role("combobox").focus()
    seconds: list[float] = []
    blanks = 0
    for _ in range(times):
        frames.settle(QUIET_S)
        page.evaluate("__probe.arm", "keydown")
        signals.forget("answer")
        page.keyboard.press("ArrowDown")
        seconds.append(signals.wait_for("answer", TIMEOUT_S))
        page.evaluate("__probe.idle()")
        blanks += page.evaluate("__probe.blanks()")
    return median(seconds), blanks


def _wait(page: Page, frames: Frames, patience_s: float) -> float | None:
    """Seconds from the armed event to the next frame shown."""
    moved: float = page.evaluate("__probe.movedAt()") / 1000
    shown = frames.first_after(moved, patience_s)
    return None if shown is None else shown - moved


def _point(page: Page, across: float, down: float) -> list[float]:
    x, y, width, height = page.evaluate("__probe.stage()")
    return [x + across * width, y + down * height]

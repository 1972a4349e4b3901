"""How fast a page answers: choosing a head, pointing at cells, changing the sequence of a batch.

An answer is a frame that the browser shows after the event. Where the page has a canvas as its largest picture, choosing a head must
change that picture: a page that only marks the thumbnail has not answered. An SVG cannot be read back: any changed frame counts.
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
"""Where in the largest picture, as shares of its visible part; all below a causal diagonal."""
LEFT_PX = 30
"""Where query tokens stand: so far from the left edge of the lines views."""
QUERIES = (0.3, 0.5, 0.4, 0.6, 0.7, 0.45)
"""Which of them, as shares of the height."""
QUIET_S = 0.4
PATIENCE_S = 10.0
"""A page that shows nothing for QUIET_S, or as long as it took to draw where that is more, but PATIENCE_S at most, shows nothing for a
cell."""
TIMEOUT_S = 60.0

Points = list[list[float]]


def choose_heads(page: Page, signals: Signals, frames: Frames, gestures: Gestures, drawn_s: float) -> list[float]:
    """Seconds to each answer. The first is not measured: its head may be the one already shown.

    Where any changed frame counts, a gesture is given up as unanswered after twice the time that the page took to draw (20 s at most).
    """
    if gestures.heads is None:
        points: Points = page.evaluate(f"__probe.thumbnails({HEADS + 1})")
    else:
        points = page.evaluate("([selector, n]) => __probe.elements(selector, n)", [gestures.heads, HEADS + 1])
    if gestures.click:  # two far apart in turn: what a click opens may lie over the neighbours
        points = [points[0], points[-1]] * (len(points) // 2 + 1) if points else []
    found: list[float] = []
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
            found.append(signals.wait_for("answer", TIMEOUT_S))
        elif not compared:
            waited = _wait(page, frames, max(1.0, min(2 * drawn_s, 2 * PATIENCE_S)))
            if waited is None:
                misses += 1
            elif i > 0:
                found.append(waited)
        page.evaluate("__probe.idle()")
        if sum(found) > HEADS_BUDGET_S or misses > 1:
            break
    return found


def hover_cells(page: Page, frames: Frames, gestures: Gestures, drawn_s: float) -> float | None:
    """Median seconds from a mouse move between cells to the next changed frame; None where cells show nothing."""
    patience = max(QUIET_S, min(drawn_s, PATIENCE_S))
    waits: list[float] = []
    misses = 0
    for i, cell in enumerate(CELLS):
        x, y = _place(page, *cell)
        if gestures.queries:
            left, top, _, height = page.evaluate("__probe.stage()")
            x, y = left + LEFT_PX, top + QUERIES[i] * height
        frames.settle(QUIET_S)
        page.evaluate("__probe.arm", "mousemove")
        page.mouse.move(x, y)
        waited = _wait(page, frames, patience)
        if i == 0:  # the first move comes from outside the picture
            continue
        if waited is None:
            misses += 1
        else:
            waits.append(waited)
        if misses > 1 or sum(waits) > HEADS_BUDGET_S:
            break
    return median(waits) if len(waits) > misses else None


def switch_sequences(page: Page, signals: Signals, frames: Frames, times: int = 6) -> tuple[float, int]:
    """Median seconds from a key on our batch selector to the next sequence's picture, and how many empty frames there were."""
    page.get_by_test_id("batch-selector").get_by_role("combobox").focus()
    found: list[float] = []
    blanks = 0
    for _ in range(times):
        frames.settle(QUIET_S)
        page.evaluate("__probe.arm", "keydown")
        signals.forget("answer")
        page.keyboard.press("ArrowDown")
        found.append(signals.wait_for("answer", TIMEOUT_S))
        page.evaluate("__probe.idle()")
        blanks += page.evaluate("__probe.blanks()")
    return median(found), blanks


def _wait(page: Page, frames: Frames, patience_s: float) -> float | None:
    """Seconds from the armed event to the next frame shown."""
    moved: float = page.evaluate("__probe.movedAt()") / 1000
    shown = frames.first_after(moved, patience_s)
    return None if shown is None else shown - moved


def _place(page: Page, across: float, down: float) -> list[float]:
    x, y, width, height = page.evaluate("__probe.stage()")
    return [x + across * width, y + down * height]

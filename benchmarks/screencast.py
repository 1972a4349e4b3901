"""Hover over single cells, timed by the frames that the browser shows.

A tooltip may be drawn on a canvas or be an element beside it, so reading canvases back (probe.js) would not see every tool's.
The browser's screencast sends a frame when something on screen has changed, with the time at which it was shown.
"""

from __future__ import annotations

from statistics import median

from playwright.sync_api import CDPSession, Page

CELLS = ((0.35, 0.55), (0.45, 0.65), (0.30, 0.75), (0.50, 0.60), (0.40, 0.70), (0.48, 0.80))
"""Where in the largest picture, as shares of its visible part; all below a causal diagonal."""
QUIET_MS = 400
"""A page that has shown nothing so long after it became idle again shows nothing for a cell."""


def hover_cells(page: Page, session: CDPSession) -> float | None:
    """Median seconds from a mouse move between cells to the next changed frame; None where cells show nothing."""
    shown: list[float] = []

    def receive(frame: dict[str, dict[str, float]]) -> None:
        session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})
        shown.append(frame["metadata"]["timestamp"])

    session.on("Page.screencastFrame", receive)
    session.send("Page.startScreencast", {"format": "jpeg", "quality": 10, "everyNthFrame": 1})
    waits: list[float] = []
    for i, (across, down) in enumerate(CELLS):
        page.evaluate("__probe.arm()")
        shown.clear()
        x, y, width, height = page.evaluate("__probe.stage()")
        page.mouse.move(x + across * width, y + down * height)
        page.evaluate("__probe.idle()")
        page.wait_for_timeout(QUIET_MS)
        moved: float = page.evaluate("__probe.movedAt()") / 1000
        later = [time for time in shown if time > moved]
        if i > 0 and later:  # the first move comes from outside the picture
            waits.append(later[0] - moved)
    session.send("Page.stopScreencast")
    return median(waits) if len(waits) > len(CELLS) // 2 else None

"""Messages of probe.js on the console of a page: "bench EVENT START FOUND", in wall clock milliseconds.

Playwright's own waits run code in the page, and do not time out while the main thread of the page is busy: minutes, for the
slowest pages. A console message needs no such code.
"""

from __future__ import annotations

import time

from playwright.sync_api import ConsoleMessage, Page

from benchmarks.browser.screencast import Frames

MEANING_OF_ABSENCE = {
    "first": "nothing drawn",
    "complete": "not all pictures drawn",
    "answer": "no other picture",
}
"""By event, the text that reports that it did not happen."""
POLL_MS = 20
SHOWN_S = 2.0
"""Least time limit for the frame after a message, which the probe causes."""


class TooSlow(Exception):
    """An event did not happen within its time limit; the text is for the report."""


class Signals:
    """The events of one page, and how long the browser took to show each."""

    def __init__(self, page: Page, frames: Frames) -> None:
        self._page = page
        self._frames = frames
        self._events: dict[str, tuple[float, float]] = {}
        page.on("console", self._receive)

    def wait_for(self, event: str, timeout_s: float) -> float:
        """Seconds from the start of an event until its frame was shown.

        Raises:
            TooSlow: after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        while event not in self._events:
            if time.monotonic() > deadline:
                raise TooSlow(f"{MEANING_OF_ABSENCE[event]} in {timeout_s:.0f} s")
            self._page.wait_for_timeout(POLL_MS)
        start, detected = self._events[event]
        shown = self._frames.first_after(detected, max(SHOWN_S, deadline - time.monotonic()))
        if shown is None:
            raise TooSlow(f"{MEANING_OF_ABSENCE[event]} on screen in {timeout_s:.0f} s")
        return shown - start

    def forget(self, event: str) -> None:
        """Drops an event that has happened, so that `wait_for` waits for the next one."""
        self._events.pop(event, None)

    def _receive(self, message: ConsoleMessage) -> None:
        prefix, *fields = message.text.split() or [""]
        if prefix == "bench" and len(fields) == 3:
            event, start, detected = fields
            self._events[event] = (float(start) / 1000, float(detected) / 1000)

"""What probe.js says on the page's console: "bench EVENT START FOUND", wall clock milliseconds.

Playwright's own waiting asks the page, and its time-out does not fire while the page's main thread is busy, which for the slowest
pages is minutes. A console message arrives by itself.
"""

from __future__ import annotations

import time

from playwright.sync_api import ConsoleMessage, Page

from benchmarks.browser.screencast import Frames

SAID = {
    "first": "nothing drawn",
    "complete": "not all pictures drawn",
    "answer": "no other picture",
}
"""What it means when an event does not come."""
POLL_MS = 20
SHOWN_S = 2.0
"""At least so long is waited for the frame itself; the probe makes sure that one follows."""


class TooSlow(Exception):
    """An event did not come in time; the text says what that means."""


class Signals:
    """The events of one page, with the seconds that passed until the browser showed what they report."""

    def __init__(self, page: Page, frames: Frames) -> None:
        self._page = page
        self._frames = frames
        self._said: dict[str, tuple[float, float]] = {}
        page.on("console", self._receive)

    def wait_for(self, event: str, timeout_s: float) -> float:
        """Seconds from the start of what `event` reports until the frame with it was shown.

        Raises:
            TooSlow: it has not come after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        while event not in self._said:
            if time.monotonic() > deadline:
                raise TooSlow(f"{SAID[event]} in {timeout_s:.0f} s")
            self._page.wait_for_timeout(POLL_MS)
        start, found = self._said[event]
        shown = self._frames.first_after(found, max(SHOWN_S, deadline - time.monotonic()))
        if shown is None:
            raise TooSlow(f"{SAID[event]} on screen in {timeout_s:.0f} s")
        return shown - start

    def forget(self, event: str) -> None:
        """Wait for the next one."""
        self._said.pop(event, None)

    def _receive(self, message: ConsoleMessage) -> None:
        word, *rest = message.text.split() or [""]
        if word == "bench" and len(rest) == 3:
            self._said[rest[0]] = (float(rest[1]) / 1000, float(rest[2]) / 1000)

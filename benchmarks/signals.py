"""What probe.js says on the page's console: "bench EVENT MILLISECONDS".

Playwright's own waiting asks the page, and its time-out does not fire while the page's main thread is busy, which for the slowest
pages is minutes. A console message arrives by itself.
"""

from __future__ import annotations

import time

from playwright.sync_api import ConsoleMessage, Page

SAID = {
    "first": "nothing drawn",
    "complete": "not all pictures drawn",
    "hover": "no other picture after hovering",
}
"""What it means when an event does not come."""
POLL_MS = 20


class TooSlow(Exception):
    """An event did not come in time; the text says what that means."""


class Signals:
    """The events of one page, with the seconds that they report."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._seconds: dict[str, float] = {}
        page.on("console", self._receive)

    def wait_for(self, event: str, timeout_s: float) -> float:
        """Seconds that `event` reports.

        Raises:
            TooSlow: it has not come after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        while event not in self._seconds:
            if time.monotonic() > deadline:
                raise TooSlow(f"{SAID[event]} in {timeout_s:.0f} s")
            self._page.wait_for_timeout(POLL_MS)
        return self._seconds[event]

    def forget(self, event: str) -> None:
        """Wait for the next one."""
        self._seconds.pop(event, None)

    def _receive(self, message: ConsoleMessage) -> None:
        word, *rest = message.text.split() or [""]
        if word == "bench" and len(rest) == 2:
            self._seconds[rest[0]] = float(rest[1]) / 1000

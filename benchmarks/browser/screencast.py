"""The frames that the browser shows, by its screencast: one each time something on screen has changed, with its wall clock time.

What counts for a user is when a picture is on screen, not when a script has built it: a page of a million SVG lines is built in
seconds and drawn in many more. So every time in the report ends at a frame that was shown.
"""

from __future__ import annotations

import time
from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

SIDE = 320
"""Frames are sent scaled down to this, which keeps the screencast cheap."""
POLL_MS = 10

Message = dict[str, dict[str, float]]


class Frames:
    """Wall clock seconds of the frames shown since this was made, or since the last `forget`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._shown: list[float] = []
        self._session.on("Page.screencastFrame", self._receive)
        options = {"format": "jpeg", "quality": 10, "everyNthFrame": 1, "maxWidth": SIDE, "maxHeight": SIDE}
        self._session.send("Page.startScreencast", options)

    def _receive(self, frame: Message) -> None:
        self._shown.append(frame["metadata"]["timestamp"])
        with suppress(PlaywrightError):  # a page that is being closed still sends what it showed
            self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def first_after(self, moment: float, patience_s: float) -> float | None:
        """The first frame shown after that moment; None where none has come within the patience."""
        deadline = time.monotonic() + patience_s
        while True:
            later = [shown for shown in self._shown if shown > moment]
            if later or time.monotonic() > deadline:
                return min(later, default=None)
            self._page.wait_for_timeout(POLL_MS)

    def settle(self, quiet_s: float, most_s: float = 4.0) -> None:
        """Wait until nothing has changed on screen for so long, then forget what was shown."""
        deadline = time.monotonic() + most_s
        count, since = -1, 0.0
        while time.monotonic() < deadline:
            if count != len(self._shown):
                count, since = len(self._shown), time.monotonic()
            elif time.monotonic() - since > quiet_s:
                break
            self._page.wait_for_timeout(POLL_MS)
        self._shown.clear()

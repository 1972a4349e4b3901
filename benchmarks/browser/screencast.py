"""Times of the frames that the browser shows, from its screencast: one frame for every change on screen.

Every time in the report ends at such a frame, because a user waits until a picture is on screen, not until a script has
built it: a page with a million SVG lines is built in seconds and drawn in many more.
"""

from __future__ import annotations

import time
from contextlib import suppress

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

SIDE = 320
"""Frames are scaled down to this many pixels, which keeps the screencast cheap."""
POLL_MS = 10

Message = dict[str, dict[str, float]]


class Frames:
    """Wall clock times, in seconds, of the frames shown since the start or since the last `settle`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._shown: list[float] = []
        self._session.on("Page.screencastFrame", self._receive)
        options = {"format": "jpeg", "quality": 10, "everyNthFrame": 1, "maxWidth": SIDE, "maxHeight": SIDE}
        self._session.send("Page.startScreencast", options)

    def _receive(self, frame: Message) -> None:
        self._shown.append(frame["metadata"]["timestamp"])
        with suppress(PlaywrightError):  # a page that is being closed may still send frames
            self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    def first_after(self, moment: float, patience_s: float) -> float | None:
        """The first frame shown after `moment`; None if there is none within `patience_s`."""
        deadline = time.monotonic() + patience_s
        while True:
            later = [shown for shown in self._shown if shown > moment]
            if later or time.monotonic() > deadline:
                return min(later, default=None)
            self._page.wait_for_timeout(POLL_MS)

    def settle(self, quiet_s: float, most_s: float = 4.0) -> None:
        """Waits until nothing has changed on screen for `quiet_s`, `most_s` at most; then drops the frames until now."""
        deadline = time.monotonic() + most_s
        count, since = -1, 0.0
        while time.monotonic() < deadline:
            if count != len(self._shown):
                count, since = len(self._shown), time.monotonic()
            elif time.monotonic() - since > quiet_s:
                break
            self._page.wait_for_timeout(POLL_MS)
        self._shown.clear()

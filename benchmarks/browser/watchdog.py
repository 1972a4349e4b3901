"""Ends a browser after a time limit, because a page whose main thread is busy for minutes cannot even be closed."""

from __future__ import annotations

import os
import signal
import threading
from types import TracebackType

from playwright.sync_api import Browser


class Watchdog:
    """Kills the browser after `limit_s`: calls that wait for it raise a PlaywrightError, and `expired` becomes True."""

    def __init__(self, browser: Browser, limit_s: float) -> None:
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        self._pid = next(int(each["id"]) for each in processes if each["type"] == "browser")
        self._timer = threading.Timer(limit_s, self._expire)
        self.expired = False

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _expire(self) -> None:
        self.expired = True
        os.kill(self._pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

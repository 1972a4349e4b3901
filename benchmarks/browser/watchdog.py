"""Ends a browser that does not answer: a page whose main thread is busy for minutes can be asked nothing, not even to close."""

from __future__ import annotations

import os
import signal
import threading
from types import TracebackType

from playwright.sync_api import Browser


class Watchdog:
    """Kills the browser after `limit_s`; whoever waits for it then gets a PlaywrightError, and `barked` is True."""

    def __init__(self, browser: Browser, limit_s: float) -> None:
        processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        self._pid = next(int(each["id"]) for each in processes if each["type"] == "browser")
        self._timer = threading.Timer(limit_s, self._bark)
        self.barked = False

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _bark(self) -> None:
        self.barked = True
        os.kill(self._pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)

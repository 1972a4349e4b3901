"""WebKitGTK, driven by WebKitWebDriver on a screen of its own, beside Chromium.

`make test-browsers` runs these tests. They are a smoke suite: Playwright drives no WebKit of the system, and Safari runs on none of
the machines that test this project.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from selenium.webdriver import WebKitGTK
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from scripts.tools.find_browser import find_webkit

WIDTH, HEIGHT = 1200, 900
SECONDS = 120


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """The display of an Xvfb, which takes a free number itself."""
    found = find_webkit()
    if found is None:
        pytest.fail("no WebKitGTK: run `python -m scripts.tools.find_browser --all`")
    readable, writable = os.pipe()
    options = ["-displayfd", str(writable), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    server = subprocess.Popen([found[2], *options], pass_fds=[writable], stderr=subprocess.DEVNULL)
    os.close(writable)
    with os.fdopen(readable) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def webkit(screen: str) -> Iterator[WebKitGTK]:
    found = find_webkit()
    assert found is not None
    driver, browser, _ = found
    options = Options()
    options.binary_location = browser
    options.add_argument("--automation")
    service = Service(driver, env={**os.environ, "DISPLAY": screen, "WEBKIT_DISABLE_COMPOSITING_MODE": "1"})
    started = WebKitGTK(options=options, service=service)
    started.set_page_load_timeout(SECONDS)
    started.set_window_size(WIDTH, HEIGHT)
    yield started
    started.quit()

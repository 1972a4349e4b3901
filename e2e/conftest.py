"""A Chromium without a network. A test fails if its page logs an error, throws an exception or makes a request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from e2e.idle import TRACKER
from scripts.tools.find_browser import find_firefox, find_test_browser

# Set before any test module imports a library that reads them. One thread each, because several test processes run at once.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--firefox", action="store_true", help="run the browser tests in Firefox")


Opener = Callable[..., Page]

PATIENCE = 120_000.0
"""Milliseconds until a wait fails: far more than any wait takes, so that tests do not depend on the speed of the machine."""

expect.set_options(timeout=PATIENCE)

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    launched = (
        _firefox(playwright)
        if request.config.getoption("--firefox", default=False)
        else chromium(playwright, find_test_browser())
    )
    yield launched
    launched.close()


def chromium(playwright: Playwright, path: str | None) -> Browser:
    """Chromium, launched from this path."""
    if path is None:
        pytest.fail("no Chromium: run `python -m scripts.tools.find_browser`")
    return playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)


def _firefox(playwright: Playwright) -> Browser:
    path = find_firefox()
    if path is None:
        pytest.fail("no Firefox: run `python -m scripts.tools.find_browser --all`")
    # The channel makes Playwright speak WebDriver BiDi, which Mozilla's own builds understand.
    return playwright.firefox.launch(executable_path=path, channel="moz-firefox", timeout=PATIENCE)


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser context with the same time limit as other waits, whose pages count their unfinished work (see `idle`)."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TRACKER)
    return context


class Complaints(list[str]):
    """Console errors and warnings, exceptions, dialogs and requests of the pages that are watched."""

    def watch(self, page: Page, allowed: Callable[[str], bool]) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.append(f"exception: {error}"))
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self._request(request.url, allowed))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(f"console {message.type}: {message.text}")

    def _dialog(self, dialog: Dialog) -> None:
        self.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, url: str, allowed: Callable[[str], bool]) -> None:
        if not allowed(url):
            self.append(f"request: {url[:200]}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints == []


@pytest.fixture
def open_page(browser: Browser, complaints: Complaints, tmp_path: Path) -> Iterator[Opener]:
    """Opens HTML text, or a file, from file:// without a network. Options are those of the browser context.

    Skips the test in Firefox if they are a dark theme or touch, which Playwright does not emulate in Mozilla's builds.
    """
    contexts: list[BrowserContext] = []

    def opener(page: str | Path, *, width: int = 1200, height: int = 900, **options: Any) -> Page:
        if browser.browser_type.name == "firefox" and (
            options.get("color_scheme") == "dark" or options.get("has_touch")
        ):
            pytest.skip("this Firefox emulates neither a dark theme nor touch")
        if isinstance(page, str):
            file = tmp_path / f"page-{len(contexts)}.html"
            file.write_text(page, encoding="utf-8")
        else:
            file = page
        context = new_context(browser, viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        opened = context.new_page()
        complaints.watch(opened, lambda url: url == file.as_uri() or url.startswith(("data:", "blob:")))
        opened.goto(file.as_uri())
        return opened

    yield opener
    for context in contexts:
        context.close()

"""A Chromium without a network; a page that complains fails its test."""

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
from scripts.tools.find_browser import find_browser

# Before any test module imports a library that reads them. Several test processes share the cores already.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

Opener = Callable[..., Page]

PATIENCE = 120_000.0
"""Milliseconds until a wait is given up. Far more than any wait takes: how fast the machine is today is not what a test is about."""

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
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail("no Chromium: run `python -m scripts.tools.find_browser`")
    launched = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)
    yield launched
    launched.close()


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """A browser context whose waits are as patient as the others', and whose pages count what they wait for."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TRACKER)
    return context


class Complaints(list[str]):
    """What pages said that they should not: console errors and warnings, exceptions, requests."""

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
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def open_page(browser: Browser, complaints: Complaints, tmp_path: Path) -> Iterator[Opener]:
    """Opens HTML text (or a file) from file://, offline; options go to the browser context."""
    contexts: list[BrowserContext] = []

    def opener(page: str | Path, *, width: int = 1200, height: int = 900, **options: Any) -> Page:
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

"""Runs a program of the hosts' environment that serves an app, and finds out where."""

from __future__ import annotations

import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from e2e.conftest import new_context
from tests.hosts.environment import PYTHON, variables

START_SECONDS = 300.0
"""Time limit for the start, which a busy machine does not reach."""
_ADDRESS = re.compile(r"http://(?:localhost|127\.0\.0\.1):\d+")


def environment_of(folder: Path) -> dict[str, str]:
    """Environment variables for a process in a folder. Its home is `folder/home`: no settings of whoever runs the tests matter."""
    return variables() | {
        "HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "home" / ".config"),
        "PYTHONUNBUFFERED": "1",
        "GRADIO_ANALYTICS_ENABLED": "False",
    }


@contextmanager
def app_server(arguments: Sequence[str], folder: Path) -> Iterator[str]:
    """Runs `python *arguments` in a folder and gives the address that it prints; ends it afterwards."""
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(PYTHON), *arguments], cwd=folder, env=environment_of(folder), stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield _address(server, log)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def open_app(browser: Browser, address: str, **options: object) -> Page:
    """A page of its own that reaches this server and nothing else. Close its context in the end."""
    context = new_context(browser, **{"viewport": {"width": 1200, "height": 900}, **options})
    server = "/".join(address.split("/")[:3])
    context.route(lambda url: not url.startswith(server), lambda route: route.abort())
    page = context.new_page()
    page.goto(address)
    return page


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        printed = _ADDRESS.search(log.read_text(encoding="utf-8", errors="replace"))
        if printed is not None and _answers(printed.group()):
            return printed.group()
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310  # always our own server
            return True
    except OSError:
        return False

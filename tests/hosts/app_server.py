"""Runs a program of the hosts' environment that serves an app, and finds out where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from e2e.conftest import new_context
from tests.hosts.environment import variables
from tests.hosts.server_process import server_process

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

    def address(_: int) -> str | None:
        printed = _ADDRESS.search(log.read_text(encoding="utf-8", errors="replace"))
        return printed.group() if printed else None

    with server_process(arguments, folder, log, environment_of(folder), address) as found:
        yield found


def open_app(browser: Browser, address: str, **options: object) -> Page:
    """A page of its own that reaches this server and nothing else. Close its context in the end."""
    context = new_context(browser, **{"viewport": {"width": 1200, "height": 900}, **options})
    server = "/".join(address.split("/")[:3])
    context.route(lambda url: not url.startswith(server), lambda route: route.abort())
    page = context.new_page()
    page.goto(address)
    return page

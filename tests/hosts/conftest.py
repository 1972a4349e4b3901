"""The browser, the hosts' environment, and one Jupyter server for all tests of Jupyter's front ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from e2e.conftest import chromium, complaints, open_page, playwright
from scripts.tools.find_browser import find_browser
from tests.hosts.environment import PYTHON
from tests.hosts.jupyter_server import JupyterServer, jupyter_server

__all__ = ["complaints", "open_page", "playwright"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with windows, as people have it: what a host does with keys and hidden pages may depend on them."""
    launched = chromium(playwright, find_browser())
    yield launched
    launched.close()


@pytest.fixture(autouse=True, scope="session")
def _installed() -> None:
    assert PYTHON.exists(), f"{PYTHON} is missing: run `make test-hosts`, which installs the hosts"


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyter") / "files"
    folder.mkdir()
    with jupyter_server(folder) as server:
        yield server

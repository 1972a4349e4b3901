"""The browser, the hosts' environment, and one Jupyter server for all tests of Jupyter's front ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from e2e.conftest import browser, complaints, open_page, playwright
from tests.hosts.environment import PYTHON
from tests.hosts.jupyter_server import JupyterServer, jupyter_server

__all__ = ["browser", "complaints", "open_page", "playwright"]


@pytest.fixture(autouse=True, scope="session")
def _installed() -> None:
    assert PYTHON.exists(), f"{PYTHON} is missing: run `make test-hosts`, which installs the hosts"


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JupyterServer]:
    folder = tmp_path_factory.mktemp("jupyter") / "files"
    folder.mkdir()
    with jupyter_server(folder) as server:
        yield server

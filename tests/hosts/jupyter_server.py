"""A Jupyter server with an empty home, one folder of files, and a port that the system chooses. It serves all three front ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.hosts.environment import variables
from tests.hosts.server_process import server_process

TOKEN = "circuitsvis-test"  # noqa: S105  # protects only a temporary folder of this test
_STATUS = f"/api/status?token={TOKEN}"


@dataclass(frozen=True)
class JupyterServer:
    """A server that runs.

    Attributes:
        address: without a slash at the end.
        folder: the files that it serves.
        home: where it keeps what it knows of its user, such as which notebooks are trusted.
    """

    address: str
    folder: Path
    home: Path


@contextmanager
def jupyter_server(folder: Path) -> Iterator[JupyterServer]:
    """Runs a server with the files in `folder`; ends it afterwards."""
    home = folder.parent / "jupyter-home"
    home.mkdir()
    environment = variables() | {
        "HOME": str(home),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    options = [
        "--no-browser",
        "--allow-root",
        # 0: the system chooses. If another program takes that port before the server listens, the server tries others.
        "--ServerApp.port=0",
        "--ServerApp.port_retries=50",
        "--ServerApp.ip=127.0.0.1",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        # For the tests, which run commands and read cells.
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]

    def status(process: int) -> str | None:
        address = _read_address(home / "runtime" / f"jpserver-{process}.json")
        return address and f"{address}{_STATUS}"

    log = folder.parent / "jupyter.log"
    with server_process(["-m", "jupyterlab", *options], folder, log, environment, status) as found:
        yield JupyterServer(found.removesuffix(_STATUS), folder, home)


def write_notebook(file: Path, cells: list[str]) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell.strip(), id=f"cell-{i}") for i, cell in enumerate(cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, file)


def _read_address(written: Path) -> str | None:
    """The server's address, from the file that it writes once it listens; None while that is missing or incomplete."""
    try:
        return f"http://127.0.0.1:{json.loads(written.read_text(encoding='utf-8'))['port']}"
    except (OSError, ValueError):
        return None

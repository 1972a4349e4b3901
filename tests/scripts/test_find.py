"""Node and Python are found where they run, and not where a command of that name only looks like them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts.tools import find_node, find_python

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs of these tests are shell scripts")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; no Python of pyenv is found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return folder


def program(file: Path, output: str = "", code: int = 0) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\necho {output}\nexit {code}\n", encoding="ascii")
    file.chmod(0o755)
    return str(file)


def test_a_node_that_is_new_enough_is_found_with_its_npm(path: Path) -> None:
    node, npm = program(path / "node", "v20.1.0"), program(path / "npm")
    assert find_node.on_path(20) == find_node.Node(node, [npm])


def test_a_node_that_is_too_old_or_has_no_npm_is_not_found(path: Path) -> None:
    program(path / "node", "v18.4.0")
    assert find_node.on_path(18) is None
    program(path / "npm")
    assert find_node.on_path(20) is None
    assert find_node.on_path(18) is not None


def test_the_folder_of_node_is_first_on_the_path(path: Path) -> None:
    assert find_node.Node("/opt/node/bin/node", []).search_path("/usr/bin") == "/opt/node/bin:/usr/bin"
    assert find_node.Node("/opt/node/bin/node", []).search_path("") == "/opt/node/bin"


def test_a_python_on_the_path_is_found(path: Path) -> None:
    assert find_python.find_python("3.10") is None
    python = program(path / "python3.10")
    assert find_python.find_python("3.10") == python


def test_a_shim_that_fails_is_passed_over_for_the_python_of_pyenv(path: Path) -> None:
    program(path / "python3.10", code=127)
    python = program(path.parent / "pyenv" / "versions" / "3.10.13" / "bin" / "python")
    assert find_python.find_python("3.10") == python

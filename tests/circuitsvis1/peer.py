"""Runs circuitsvis 1.43.3, which has the import name of this package, in processes of its own."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".venv-circuitsvis1"
"""Where `make test-circuitsvis1` installs it. In a worktree, CIRCUITSVIS1 may name another folder."""


def folder() -> Path:
    """The folder that holds the installed package."""
    path = Path(os.environ.get("CIRCUITSVIS1") or FOLDER)
    assert (path / "circuitsvis").is_dir(), f"{path} has no circuitsvis 1.43.3: run `make test-circuitsvis1`"
    return path


@functools.cache
def signatures() -> dict[str, list[dict[str, str]]]:
    """The parameters of each public function, by "module.function"."""
    return cast("dict[str, list[dict[str, str]]]", _run("signatures"))


@functools.cache
def pages() -> dict[str, dict[str, Any]]:
    """For each call of `calls.CALLS`, what the page holds: {"component", "props"}, or {"error"} where it raised."""
    return cast("dict[str, dict[str, Any]]", _run("pages"))


def _run(what: str) -> object:
    paths = os.pathsep.join(map(str, (folder(), ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "tests.circuitsvis1.worker", what],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)

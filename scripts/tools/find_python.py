"""Prints the path of a Python of the newest of some versions, or nothing if there is none of them.

    python -m scripts.tools.find_python 3.14 3.13

Looks on PATH, then among the Pythons that pyenv has installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def find_python(version: str) -> str | None:
    """Path of a Python of this version, such as "3.10"."""
    return next((path for path in _candidates(version) if _runs(path)), None)


def _candidates(version: str) -> Iterator[str]:
    on_path = shutil.which(f"python{version}")
    if on_path:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for folder in sorted(pyenv.glob(f"versions/{version}.*")):
        yield str(folder / "bin" / "python")


def _runs(python: str) -> bool:
    """Whether it is a Python. A shim of pyenv is on PATH whether or not its version is active; it fails if not."""
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    print(next(filter(None, map(find_python, sys.argv[1:])), ""))

"""Checks that people can install the package: builds the wheel and the source archive, installs each, draws a figure.

Each is installed into an empty environment, from which it runs outside this checkout: without torch, and without Node on
PATH, which the source archive must not need because it holds the compiled front end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
USE = """
import importlib.util, shutil
import numpy as np
import circuitsvis as cv

for absent in ("torch", "transformer_lens"):
    assert importlib.util.find_spec(absent) is None, f"{absent} is installed"
assert shutil.which("node") is None, "node is on PATH"
figure = cv.attention.from_values(np.tril(np.ones((2, 3, 3))) / np.arange(1, 4)[:, None], ["a", "b", "c"])
page = figure.save("figure.html").read_text(encoding="utf-8")
assert "AttentionPatterns" in page and len(page) > 50_000, "the page holds no figure, or no front end"
print(f"circuitsvis {cv.__version__} from {cv.__file__} wrote a page of {len(page)} characters")
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for archive in build(folder / "dist"):
            print(f"installing {archive.name} into an empty environment", flush=True)
            check(archive, folder / archive.suffix.removeprefix("."))


def build(out: Path) -> list[Path]:
    """The wheel and the source archive, built with the packages of this environment."""
    subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)], check=True)
    return [*out.glob("*.whl"), *out.glob("*.tar.gz")]


def check(archive: Path, folder: Path) -> None:
    """Installs the archive into an environment in `folder`, and uses it there.

    Raises:
        subprocess.CalledProcessError: if it cannot be installed or used; the output says why.
    """
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment["PATH"] = str(python.parent)

    def run(*arguments: str) -> None:
        subprocess.run([str(python), *arguments], cwd=folder, env=environment, check=True)

    run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(archive))
    run("-c", USE)
    run("-m", "circuitsvis", "--help")


if __name__ == "__main__":
    main()

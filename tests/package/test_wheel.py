"""What `pip install` brings: a wheel and a source archive with the compiled front end, the types and the demo model."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from circuitsvis._page.bundle import BUNDLES

pytest.importorskip("hatchling")
pytest.importorskip("build")

pytestmark = pytest.mark.xdist_group("wheel")  # built once, not once per worker of pytest-xdist

ROOT = Path(__file__).parents[2]
NEEDED = [
    *(f"static/{name}.js" for name in ["loader", "kernelWidget", *BUNDLES]),
    "py.typed",
    "attention.py",
    "_demo/model/config.json",
    "_demo/model/model.safetensors",
    "_demo/model/tokenizer.json",
    "_demo/model/tokenizer_config.json",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was made from it on a machine without Node."""
    folder = tmp_path_factory.mktemp("dist")
    empty = tmp_path_factory.mktemp("no-node")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, env=os.environ | {"PATH": str(empty)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_the_wheel_is_for_every_system_and_holds_what_figures_need(built: Path, wheel: zipfile.ZipFile) -> None:
    assert [file.name for file in built.glob("*.whl")] == ["circuitsvis-2.0.0a0-py3-none-any.whl"]
    assert {f"circuitsvis/{name}" for name in NEEDED} <= set(wheel.namelist())
    assert wheel.read("circuitsvis/static/all.js") == (ROOT / "python/circuitsvis/static/all.js").read_bytes()


def test_the_wheel_holds_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"circuitsvis", "circuitsvis-2.0.0a0.dist-info"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name or name.endswith(".map")]
    assert sum(entry.compress_size for entry in wheel.infolist()) < 1_800_000


def test_the_source_archive_can_be_built_again(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {f"python/circuitsvis/{name}" for name in NEEDED} <= names
    assert {"frontend/src/main.ts", "package-lock.json", "build.mjs", "hatch_build.py", "LICENSE"} <= names
    assert not [name for name in names if "node_modules" in name or name.startswith(("tests/", "e2e/", "out/"))]


def test_torch_and_transformer_lens_come_only_with_the_extra(wheel: zipfile.ZipFile) -> None:
    facts = Parser().parsestr(wheel.read("circuitsvis-2.0.0a0.dist-info/METADATA").decode())
    needs = facts.get_all("Requires-Dist") or []
    always = {need.split(">")[0].strip() for need in needs if "extra ==" not in need}
    assert always == {"numpy", "ipython", "isal"}
    assert {need.split(">")[0] for need in needs if "'transformer-lens'" in need} == {"torch", "transformer-lens"}
    assert facts["License-Expression"] == "MIT"

"""Build hook: compiles the front end into the package, with the Node on PATH or the one from PyPI."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOADER = Path("python/circuitsvis/static/loader.js")
SOURCES = ("frontend/src", "package-lock.json", "build.mjs", "svelte.config.js")
SKIP = "CIRCUITSVIS_SKIP_FRONTEND"
OLDEST_NODE = 18


def _load_module(path: Path) -> ModuleType:
    """The module in a file. Build tools do not put the folder of this file on sys.path, so `import` would not find it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    from scripts.tools import find_node
else:
    find_node = _load_module(Path(__file__).parent / "scripts" / "tools" / "find_node.py")


class FrontendHook(BuildHookInterface[Any]):
    """Runs for wheels, sdists and editable installs alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI if the build needs it: a download of 60 MB that other builds do without."""
        return [] if self._up_to_date() or find_node.on_path(OLDEST_NODE) else [find_node.FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the scripts of figures unless they are newer than their sources."""
        if not self._up_to_date():
            _build(Path(self.root))

    def _up_to_date(self) -> bool:
        root = Path(self.root)
        loader = root / LOADER  # written last
        if os.environ.get(SKIP):
            return True
        if not loader.exists():
            return False
        if (root / "PKG-INFO").exists():  # a source archive brings its scripts; unpacking gives all files the same time
            return True
        files = [file for source in SOURCES for file in _files(root / source)]
        return max(file.stat().st_mtime for file in files) <= loader.stat().st_mtime


def _files(path: Path) -> list[Path]:
    return [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]


def _build(root: Path) -> None:
    node = find_node.on_path(OLDEST_NODE) or find_node.from_pypi()
    if node is None:
        raise RuntimeError(
            f"circuitsvis: its front end must be built, which needs Node {OLDEST_NODE} or newer with npm on PATH, "
            f"or `pip install '{find_node.FROM_PYPI}'` first"
        )
    environment = {**os.environ, "PATH": node.search_path(os.environ.get("PATH", ""))}
    if not _vite_is_installed(root):
        _run([*node.npm, "ci", "--omit=dev", "--ignore-scripts", "--fetch-retries=1"], root, environment)
    _run([node.program, "build.mjs"], root, environment)
    if not (root / LOADER).exists():
        raise RuntimeError(f"circuitsvis: building the front end did not write {LOADER}")


def _vite_is_installed(root: Path) -> bool:
    """Whether node_modules holds the locked vite. If so, `npm ci --omit=dev`, which removes the test tools, is not needed."""
    try:
        locked = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
        installed = json.loads((root / "node_modules/vite/package.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    return bool(locked["packages"]["node_modules/vite"]["version"] == installed["version"])


def _run(command: list[str], root: Path, environment: dict[str, str]) -> None:
    result = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.stderr.write((result.stdout + result.stderr)[-4000:])
        raise RuntimeError(f"circuitsvis: building the front end failed in `{' '.join(command)}` (its output is above)")

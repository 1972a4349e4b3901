"""Build hook: compiles the front end into the package, with the Node on PATH or the one from PyPI."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = Path("python/circuitsvis/static/circuitsvis.js")
SOURCES = ("frontend/src", "package-lock.json", "vite.config.mjs", "svelte.config.js")
SKIP = "CIRCUITSVIS_SKIP_FRONTEND"
NODE_FROM_PYPI = "nodejs-bin==18.4.0a4"
OLDEST_NODE = 18


class FrontendHook(BuildHookInterface[Any]):
    """Runs for wheels, sdists and editable installs alike."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where it will be needed: 45 MB less to download elsewhere."""
        return [] if self._up_to_date() or _node_on_path() else [NODE_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the bundle unless it is newer than its sources."""
        if not self._up_to_date():
            _build(Path(self.root))

    def _up_to_date(self) -> bool:
        root = Path(self.root)
        bundle = root / BUNDLE
        if os.environ.get(SKIP):
            return True
        if not bundle.exists():
            return False
        if (root / "PKG-INFO").exists():  # an sdist brings its bundle, and unpacking sets all times alike
            return True
        files = [file for source in SOURCES for file in _files(root / source)]
        return max(file.stat().st_mtime for file in files) <= bundle.stat().st_mtime


def _files(path: Path) -> list[Path]:
    return [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]


def _node_on_path() -> list[str] | None:
    """The commands [node, npm-cli.js] of a Node that is new enough, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)", version)
    return [node, npm] if major and int(major.group(1)) >= OLDEST_NODE else None


def _node() -> tuple[str, list[str]]:
    """The node executable and the command that runs npm."""
    found = _node_on_path()
    if found:
        return found[0], [found[1]]
    try:
        import nodejs
    except ImportError as error:
        raise RuntimeError(
            f"circuitsvis: its front end must be built, which needs Node {OLDEST_NODE} or newer with npm on PATH, "
            f"or `pip install {NODE_FROM_PYPI}` first"
        ) from error
    folder = Path(nodejs.__file__).parent
    node = folder / ("node.exe" if sys.platform == "win32" else "bin/node")
    inside = "node_modules/npm/bin/npm-cli.js"
    npm = next(path for path in (folder / "lib" / inside, folder / inside) if path.exists())
    return str(node), [str(node), str(npm)]


def _build(root: Path) -> None:
    node, npm = _node()
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    if not _vite_is_installed(root):
        _run([*npm, "ci", "--omit=dev", "--ignore-scripts", "--fetch-retries=1"], root, environment)
    _run([node, "node_modules/vite/bin/vite.js", "build"], root, environment)
    if not (root / BUNDLE).exists():
        raise RuntimeError(f"circuitsvis: building the front end gave no {BUNDLE}")


def _vite_is_installed(root: Path) -> bool:
    """Whether node_modules holds the locked vite; `npm ci --omit=dev` would throw the test tools out."""
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

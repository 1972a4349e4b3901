"""Imports between the package's folders go one way, and heavy libraries stay out until they are needed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "python" / "circuitsvis"

# What each folder may import. Public modules at the root may import any folder.
MAY_IMPORT = {
    "_common": set(),
    "_wire": {"_common"},
    "_page": {"_common", "_wire"},
    "_input": {"_common", "_wire"},
    "_cache": {"_common"},
    "_alignment": {"_common", "_input", "_cache"},
    "_lines": {"_common", "_wire", "_input", "_cache"},
    "_attention": {"_common", "_wire", "_page", "_input", "_cache", "_alignment", "_lines"},
    "_attribution": {"_common", "_wire", "_page", "_input", "_cache", "_alignment"},
    "_demo": {"_page", "attention", "attribution", "demo"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imported_modules(path: Path) -> set[str]:
    """Full names of what a file imports of the package, anywhere in its text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "circuitsvis":
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("circuitsvis")}
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_file_imports_only_folders_that_its_own_may_import(path: Path) -> None:
    folder = path.relative_to(PACKAGE).parts[0]
    if folder in MAY_IMPORT:
        rooms = {name.split(".")[1] for name in imported_modules(path)}
        assert rooms <= MAY_IMPORT[folder] | {folder}


def test_every_folder_has_a_rule() -> None:
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} == set(MAY_IMPORT)


def test_no_files_import_each_other_in_a_circle() -> None:
    names = {_module(path): path for path in FILES}
    imports = {name: {_longest(full, names) for full in imported_modules(path)} for name, path in names.items()}
    order: list[str] = []
    while len(order) < len(names):
        ready = [n for n, needs in imports.items() if n not in order and needs - {n, ""} <= set(order)]
        assert ready, f"a circle among {sorted(set(names) - set(order))}"
        order += ready


def _module(path: Path) -> str:
    parts = ("circuitsvis", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _longest(full: str, names: dict[str, Path]) -> str:
    """The module that an imported name is, or is in."""
    while full and full not in names:
        full = full.rpartition(".")[0]
    return full


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_hook_names_are_written_in_one_table_and_elsewhere_only_in_prose(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    if name != "_cache/hook_names.py" and not name.startswith("_demo/"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
        assert [node.value for node in strings if re.search(r"hook_(?!dict)[a-z]", str(node.value))] == []


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, circuitsvis\n"
        "heavy = {'torch', 'transformer_lens', 'transformers', 'IPython', 'jax', 'matplotlib', 'pandas'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
    assert result.stderr == ""

"""Imports between the folders of the package go one way, and heavy libraries are not loaded by importing it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "python" / "circuitsvis"

# The folders that each folder may import. Public modules, which lie beside the folders, may import any.
MAY_IMPORT = {
    "_common": set(),
    "_wire": {"_common"},
    "_still": {"_common", "_wire"},
    "_export": {"_common", "_wire", "_still"},
    "_live": {"_common", "_wire"},
    "_store": {"_common", "_wire"},
    "_page": {"_common", "_wire", "_still", "_export", "_live", "_store"},
    "_input": {"_common", "_wire", "_live"},
    "_cache": {"_common"},
    "_alignment": {"_common", "_input", "_cache"},
    "_lines": {"_common", "_wire", "_input", "_cache"},
    "_attention": {"_common", "_wire", "_page", "_input", "_cache", "_alignment", "_lines"},
    "_attribution": {"_common", "_wire", "_page", "_input", "_cache", "_alignment"},
    "_tokens": {"_common", "_wire", "_page", "_input"},
    "_heads": {
        *(
            "_common",
            "_wire",
            "_page",
            "_input",
            "_cache",
            "_alignment",
            "_lines",
            "_attribution",
            "attention",
            "attribution",
        ),
    },
    "_patching": {"_common", "_wire", "_page", "_input", "_cache", "_heads"},
    "_lens": {"_common", "_wire", "_page", "_input", "_cache", "_alignment"},
    "_comparison": {"_common", "_wire", "_page", "_input", "_cache", "_attention", "_heads"},
    "_demo": {"_page", "attention", "attribution", "heads", "logits", "demo"},
    "utils": {"figure"},
}
HEAVY = {"torch", "transformer_lens", "transformers", "IPython", "jax", "matplotlib", "pandas", "zarr", "xarray"}
FILES = sorted(PACKAGE.rglob("*.py"))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def imported(path: Path) -> set[str]:
    """Full names of what a file imports from the package, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "circuitsvis":
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.startswith("circuitsvis")}
    return names


def module_name(path: Path) -> str:
    """E.g. "circuitsvis._wire.props"."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


@each_file
def test_a_file_imports_only_the_folders_that_its_folder_may_import(path: Path) -> None:
    folder = path.relative_to(PACKAGE).parts[0]
    if folder in MAY_IMPORT:
        assert {name.split(".")[1] for name in imported(path)} <= MAY_IMPORT[folder] | {folder}


def test_every_folder_has_a_rule() -> None:
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} == set(MAY_IMPORT)


def test_no_files_import_each_other_in_a_circle() -> None:
    modules = {module_name(path): path for path in FILES}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        names = imported(path)  # each is a module, or a name in one
        graph[module] = {name if name in modules else name.rpartition(".")[0] for name in names} - {module}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


@each_file
def test_hook_names_are_written_in_one_table_and_elsewhere_only_in_prose(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    if name != "_cache/hook_names.py" and not name.startswith("_demo/"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in prose]
        assert [node.value for node in strings if re.search(r"hook_(?!dict)[a-z]", str(node.value))] == []


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, circuitsvis; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY & set(result.stdout.split()) == set()
    assert result.stderr == ""

"""ARCHITECTURE.md names the folders that exist and what each may import; documents name files that exist; decisions are indexed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.package.test_import_rules import MAY_IMPORT

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs/decisions").glob("0*.md"))
TOP = ("python", "frontend", "tests", "e2e", "scripts", "benchmarks", "docs")
ROW = re.compile(r"^\| `(\w+)/` \|", re.MULTILINE)


def section(title: str) -> str:
    """The text under a heading of ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return text.split(f"## {title} ")[1].split("\n## ")[0]


def folders(parent: str) -> set[str]:
    """The folders in `parent` that hold source files."""
    paths = (path for path in (ROOT / parent).iterdir() if path.is_dir())
    return {path.name for path in paths if any(f.suffix in (".py", ".ts", ".svelte") for f in path.rglob("*.*"))}


@pytest.mark.parametrize(
    ("title", "parent"), [("Python", "python/circuitsvis"), ("Front end", "frontend/src")], ids=["Python", "front end"]
)
def test_architecture_names_every_folder_and_no_other(title: str, parent: str) -> None:
    assert set(ROW.findall(section(title))) == folders(parent)


def test_architecture_states_the_import_rules_that_are_tested() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| .+ \| (.+) \|$", section("Python"), re.MULTILINE)
    assert {folder: set(re.findall(r"`(\w+)`", names)) for folder, names in rows} == MAY_IMPORT


def test_architecture_lists_the_folders_of_the_front_end_in_the_order_of_their_lint_rule() -> None:
    config = (ROOT / "eslint.config.js").read_text(encoding="utf-8")
    order = re.search(r'FOLDERS =\s+"([^"]+)"', config)
    assert order and ROW.findall(section("Front end")) == order[1].split()


DOCUMENTS = ["ARCHITECTURE.md", "CONTRIBUTING.md", *(f"docs/decisions/{path.name}" for path in DECISIONS)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_names_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(rf"`((?:{'|'.join(TOP)})/[\w./*-]*)`", text)
    written = {"python/circuitsvis/static/loader.js"}  # by make build
    missing = [path for path in paths if path not in written and not list(ROOT.glob(path.rstrip("/")))]
    assert not missing
    links = [link for link in re.findall(r"\]\(([\w./-]+)\)", text) if not (ROOT / name).parent.joinpath(link).exists()]
    assert not links


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "frontend/README.md"])
def test_make_targets_that_a_document_names_exist(name: str) -> None:
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^    )make ([a-z0-9-]+)", text, re.MULTILINE)) <= set(targets)


def test_the_index_lists_every_decision_by_its_title() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    for path in DECISIONS:
        number, title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").split(" ", 1)
        assert path.name.startswith(f"{number}-")
        assert re.search(
            rf"^\| \[{number}\]\({re.escape(path.name)}\) \| [\d-]+ \| {re.escape(title)} \|$", index, re.M
        )

"""The documentation site needs no other host, its links lead somewhere, and its reference has every public name."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import circuitsvis as cv
import pytest

from scripts.docs.reference import modules, type_aliases
from tests.docs.site_files import SITE, Read, leads_out, pages, target

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> dict[Path, Read]:
    return {page: Read(page) for page in pages()}


def test_no_page_loads_anything_from_another_host(site: dict[Path, Read]) -> None:
    assert len(site) > 60
    assert all(read.loaded for read in site.values())
    assert {
        (page.name, address) for page, read in site.items() for address in read.loaded if leads_out(address)
    } == set()


def test_no_style_loads_anything_from_another_host() -> None:
    styles = list(SITE.rglob("*.css"))
    assert styles
    for style in styles:
        loaded = re.findall(r"url\(\s*['\"]?([^)'\"]+)|@import\s+['\"]([^'\"]+)", style.read_text(encoding="utf-8"))
        assert [a for pair in loaded for a in pair if leads_out(a) and not a.startswith("data:")] == []


def test_every_link_inside_the_site_leads_to_a_place_that_exists(site: dict[Path, Read]) -> None:
    broken = []
    for page, read in site.items():
        inside = [a for a in (*read.links, *read.loaded) if not leads_out(a) and not a.startswith(("data:", "mailto:"))]
        assert inside
        for address in inside:
            file, place = target(page, address)
            if not file.exists() or (place and file in site and place not in site[file].ids):
                broken.append(f"{page.relative_to(SITE)}: {address}")
    assert broken == []


def test_no_link_points_at_a_source_of_a_page(site: dict[Path, Read]) -> None:
    assert [a for read in site.values() for a in read.links if a.split("#")[0].endswith((".md", ".ipynb"))] == []


def test_the_reference_has_every_public_name(site: dict[Path, Read]) -> None:
    ids: set[str] = set().union(*(read.ids for read in site.values()))
    names = [f"circuitsvis.{name}" for name in cv.__all__ if not inspect.ismodule(getattr(cv, name))]
    names += [f"{module.__name__}.{name}" for module in modules() for name in module.__all__]
    names += [f"{module}.{name}" for name, module in type_aliases().items()]
    assert len(names) > 40
    assert [name for name in names if name not in ids and name != "circuitsvis.__version__"] == []


def test_every_decision_and_every_document_has_a_page() -> None:
    for path in (ROOT / "docs/decisions").glob("0*.md"):
        assert (SITE / "decisions" / f"{path.stem}.html").exists()
    for path in (ROOT / "docs").glob("*.md"):
        assert (SITE / f"{path.stem}.html").exists()

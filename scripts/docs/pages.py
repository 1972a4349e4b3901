"""Which files of the repository are pages of the site, and how links between them are written there."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"^<picture>.*?</picture>\n", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        source: the file in the repository.
        file: the page among the sources of the site.
        title: what it is called in the navigation. None: it has no place there, because another page links to it.
        runs: whether its blocks of Python are run, and their figures shown.
        wide: whether the list of its sections makes room for wide tables.
    """

    source: str
    file: str
    title: str | None = None
    runs: bool = False
    wide: bool = False


def pages() -> list[Page]:
    """All pages but the reference, in the order of the navigation."""
    decisions = sorted((ROOT / "docs/decisions").glob("0*.md"))
    listed = [
        Page("README.md", "index.md", "Start", runs=True),
        Page("docs/tutorial.ipynb", "tutorial.md", "Tutorial"),
        Page("docs/gallery.md", "gallery.md", "Gallery", runs=True),
        Page("docs/faq.md", "faq.md", "Questions", runs=True),
        Page("docs/hosts.md", "hosts.md", "Hosts"),
        Page("docs/store.md", "store.md", "Sites and Zarr"),
        Page("docs/migrating.md", "migrating.md", "Migrating", wide=True),
        Page("docs/families.md", "families.md", "Model families", wide=True),
        Page("benchmarks/README.md", "benchmarks.md", "Benchmarks", wide=True),
        Page("ARCHITECTURE.md", "architecture.md", "Architecture"),
        Page("docs/decisions/README.md", "decisions/README.md", "Decisions"),
        *(Page(f"docs/decisions/{path.name}", f"decisions/{path.name}") for path in decisions),
        Page("CONTRIBUTING.md", "contributing.md", "Contributing"),
        Page("CHANGELOG.md", "changelog.md", "Changes"),
    ]
    return [page for page in listed if (ROOT / page.source).exists()]


def with_links(text: str, page: Page, site: list[Page]) -> str:
    """The text with the links between files of the repository as links between pages; where there is no page, the words alone."""
    places = {other.source: other.file for other in site}

    def link(match: re.Match[str]) -> str:
        target, _, anchor = match["target"].partition("#")
        if not target or "://" in target:
            return match[0]
        there = places.get(posixpath.normpath(posixpath.join(posixpath.dirname(page.source), target)))
        if there is None:
            return match["text"]
        to = posixpath.relpath(there, posixpath.dirname(page.file) or ".")
        return f"[{match['text']}]({to}{'#' + anchor if anchor else ''})"

    # Code is left alone: brackets followed by parentheses are calls there.
    return "".join(part if FENCED.fullmatch(part) else LINK.sub(link, part) for part in FENCED.split(text))


def first_part(readme: str) -> str:
    """The README up to its section on functions. Its pictures make room for the figures themselves."""
    return PICTURE.sub("", readme.split("\n## Attention from a cache\n")[0]) + "\n"

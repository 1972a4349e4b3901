"""Reads the built site as a browser without scripts would: what a page loads, what it links to, and the places that links can point at."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

SITE = Path(__file__).parents[2] / "out" / "docs"

_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "srcset", "link": "href"}


class Read(HTMLParser):
    """A page of the site.

    Attributes:
        loaded: addresses of what the page loads by itself: scripts, styles, fonts, icons, pictures, frames.
        links: addresses of the links.
        ids: names that the part of a link after "#" can have.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif _LOADED.get(tag) in values and values.get("rel") not in (
            "canonical",
            "next",
            "prev",
        ):  # these are not loaded
            self.loaded.append(values[_LOADED[tag]])


def pages() -> list[Path]:
    """The pages of the site, without its figures and its page for missing addresses, whose links are absolute."""
    return [page for page in sorted(SITE.rglob("*.html")) if page.parent.name != "figures" and page.name != "404.html"]


def leads_out(address: str) -> bool:
    """Whether an address is on another host."""
    return "://" in address or address.startswith("//")


def target(page: Path, address: str) -> tuple[Path, str]:
    """The file that a link of a page points at, and the place in it."""
    path, _, place = address.partition("#")
    file = (page.parent / unquote(path)).resolve() if path else page
    return (file / "index.html" if file.is_dir() else file), unquote(place)

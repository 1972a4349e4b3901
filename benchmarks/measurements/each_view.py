"""What a page of each view takes that the cases do not measure: its bytes, and the time until it shows something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from benchmarks.browser.page import measure_page
from benchmarks.environments import OUT
from scripts.fixtures.catalogue import FIGURES

FIXTURES = (
    "score-map",
    "score-map-1024",
    "score-map-heads",
    "lens",
    "lens-500-tokens",
    "patching",
    "edge",
    "attribution-144-heads",
)
"""Names of figures of `scripts/fixtures`, which also the tests and the gallery show."""


class ViewPage(TypedDict):
    """Of a page: what it shows, its bytes, median seconds until the first picture is shown."""

    shows: str
    page_bytes: int
    first_pixels_s: float | None


def measure_each_view() -> dict[str, ViewPage]:
    """By name of the figure."""
    return dict(_measured())


def _measured() -> Iterator[tuple[str, ViewPage]]:
    for name in FIXTURES:
        figure = FIGURES[name]()
        path = figure.save(OUT / f"view-{name}.html")
        times = measure_page(path, screenshots=True, use=lambda *_: None)
        yield (
            name,
            ViewPage(
                shows=repr(figure).removeprefix("<circuitsvis ").removesuffix(">"),
                page_bytes=path.stat().st_size,
                first_pixels_s=times.first_pixels_s,
            ),
        )

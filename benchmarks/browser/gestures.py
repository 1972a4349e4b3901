"""How a page is used. Not in `hover.py`, because the peers' environment, which has no Playwright, imports it too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gestures:
    """How a head is chosen on a page: on most by pointing at its thumbnail, on some by a click.

    Attributes:
        click: a click chooses; pointing does nothing.
        heads: CSS selector of the elements to point at, in shadow roots too; None for thumbnails.
        stage: CSS selector of the picture that shows the chosen head; None for the largest one.
        queries: whether to point at query tokens instead of cells, in lines views.
    """

    click: bool = False
    heads: str | None = None
    stage: str | None = None
    queries: bool = False

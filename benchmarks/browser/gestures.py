"""How a page is used. Apart from `hover.py`, because the peers' environment reads it too and has no Playwright."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Gestures:
    """How a head is chosen in a tool: most by pointing at its thumbnail, some by a click elsewhere.

    Attributes:
        click: a click chooses; pointing does nothing.
        heads: CSS selector of what is pointed at, in shadow roots too; None for thumbnails.
        stage: CSS selector of the picture that shows the chosen head; None for the largest one.
        queries: lines views: point at query tokens in place of cells.
    """

    click: bool = False
    heads: str | None = None
    stage: str | None = None
    queries: bool = False

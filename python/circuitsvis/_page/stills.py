"""What an output shows where the page's script does not run: a picture, or words, and plain text."""

from __future__ import annotations

import html

from circuitsvis._export import words
from circuitsvis._still import attention_still, patching_still, score_map_still
from circuitsvis._still.picture import Still
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.tabs import TabsProps

_LIVE = 'To see it live: run the cell in a notebook, or figure.save("figure.html") and open the file in a browser.'


def picture(props: FigureProps) -> Still | None:
    """What the figure shows at first, of tabs the first one; None for a figure of words."""
    if isinstance(props, TabsProps):
        return picture(props.tabs[0].figure)
    if isinstance(props, ScoreMapProps):
        return score_map_still.still(props)
    if isinstance(props, PatchingMapProps):
        return patching_still.still(props)
    return attention_still.still(props) if isinstance(props, AttentionProps) else None


def light_html(props: FigureProps, still: Still | None) -> str:
    """The same as HTML that sanitisers keep, below the figure's title."""
    title = f"<div><b>{html.escape(props.title)}</b></div>" if props.title else ""
    return title + (still.html() if still else _words(props))


def plain_text(props: FigureProps, summary: str, still: Still | None) -> str:
    """The same in words, for terminals, logs and screen readers."""
    title = [props.title] if props.title else []
    return "\n".join([summary, *title, *([still.alt] if still else []), _LIVE])


def _words(props: FigureProps) -> str:
    if isinstance(props, TabsProps):
        return _words(props.tabs[0].figure)
    return words.words_of(props) or ""

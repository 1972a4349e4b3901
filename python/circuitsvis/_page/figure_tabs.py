"""Several figures as one, with a switch between them."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.tabs import Tab, TabsProps


def figure(
    figures: Sequence[tuple[str, Figure]],
    *,
    label: str,
    title: str | None = None,
    help: tuple[str, ...] = (),
    display_mode: DisplayMode = "auto",
    same_sequences: bool = False,
) -> Figure:
    """One figure that shows one of these at a time, the first at first.

    Args:
        figures: name and figure of each tab. Their titles, help texts and notes are shown with them.
        label: what the tabs choose between, for screen readers.
        title, help, display_mode: of all of it.
        same_sequences: whether the number of a sequence means the same in all figures, so that it stays chosen from tab to tab.
    """
    tabs = tuple(Tab(name, inner._props) for name, inner in figures)
    return Figure(
        TabsProps(
            title=title, help=help, display_mode=display_mode, label=label, tabs=tabs, same_sequences=same_sequences
        )
    )

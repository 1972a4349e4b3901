"""Several figures in the place of one, with a switch between them."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._wire.props.figure import FigureProps


@dataclass(frozen=True)
class Tab:
    """One of the figures.

    Attributes:
        name: the text on the tab.
        figure: what the tab shows, with the name of its view. Its display mode is not used: that of the tabs is.
    """

    name: str
    figure: FigureProps


@dataclass(frozen=True)
class TabsProps(FigureProps):
    """Figures by name, one of them shown. A figure is decoded and drawn when its tab is chosen for the first time.

    Attributes:
        label: what the tabs choose between, for screen readers: e.g. "Attention module".
        tabs: at least one; the first one is shown first.
        same_sequences: whether the same sequence stays chosen from tab to tab: its number means the same in all of them.
    """

    label: str
    tabs: tuple[Tab, ...]
    same_sequences: bool

    def inner(self) -> tuple[FigureProps, ...]:
        return tuple(tab.figure for tab in self.tabs)

    def summary(self) -> str:
        parts = (f"{tab.name} ({tab.figure.summary()})" if tab.figure.summary() else tab.name for tab in self.tabs)
        return ", ".join(parts)

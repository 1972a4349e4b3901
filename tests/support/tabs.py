"""The figures inside of a figure with tabs."""

from __future__ import annotations

from circuitsvis._wire.props.tabs import TabsProps
from circuitsvis.figure import Figure


def figures(figure: Figure | None) -> dict[str, Figure]:
    """The figure of each tab by its name, in order."""
    assert figure is not None and isinstance(figure._props, TabsProps)
    return {tab.name: Figure(tab.figure) for tab in figure._props.tabs}

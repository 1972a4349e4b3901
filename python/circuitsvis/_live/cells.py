"""The widgets of each cell of a notebook. Those of a cell's earlier run are closed when it runs again."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple


class _Run(NamedTuple):
    message: str | None
    widgets: list[Any]


_of_cell: dict[str, _Run] = {}


def keep(widget: Any) -> None:
    """Remembers a widget of the cell that runs now, and closes those of its earlier run."""
    cell, message = _running()
    if cell is None:  # a front end that does not name its cells: nothing shows which outputs are gone
        return
    earlier = _of_cell.get(cell)
    if earlier is None or earlier.message != message:
        for old in earlier.widgets if earlier else ():
            _close(old)
        _of_cell[cell] = _Run(message, [])
    _of_cell[cell].widgets.append(widget)


def _running() -> tuple[str | None, str | None]:
    """The cell that runs now, and the message by which it was run."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    parent = shell.get_parent() if hasattr(shell, "get_parent") else {}
    return parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")


def _close(widget: Any) -> None:
    # `close` alone leaves the layout in the dictionary of all widgets, and a closed widget keeps what its callbacks hold.
    widget._msg_callbacks.callbacks.clear()
    if getattr(widget, "layout", None) is not None:
        widget.layout.close()
    widget.close()

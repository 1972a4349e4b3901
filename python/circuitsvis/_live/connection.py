"""A widget that answers for the chunks of one output. It is never displayed: that it exists connects the page with the kernel."""

from __future__ import annotations

import importlib.util
import secrets
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from circuitsvis._common import notebook
from circuitsvis._live import cells
from circuitsvis._wire.references import FromKernel

SCRIPT = Path(__file__).parent.parent / "static" / "kernelWidget.js"

_MESSAGE = 4_000_000
"""Bytes after which an answer goes on in another message. Messages of 11 MB break the connection of a Jupyter server."""


def is_possible() -> bool:
    """Whether this Python is the kernel of a notebook, and can make widgets."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None and _is_installed() and not notebook.in_marimo()


def is_possible_in_marimo() -> bool:
    """Whether this Python runs a marimo notebook, and can make widgets."""
    return notebook.in_marimo() and _is_installed()


def require(what: str) -> None:
    """Raises ImportError if widgets cannot be made. `what`: the argument that needs them, with its value."""
    if not _is_installed():
        raise ImportError(
            f'{what}: needs anywidget, which connects a notebook with its kernel: pip install "circuitsvis[live]", '
            "then reload the notebook's page; or leave it out"
        )


def connect(chunks: FromKernel) -> str:
    """Makes the widget for one output of a cell, and returns the key by which the page finds it.

    The widgets of this cell's earlier runs are closed: their outputs are gone, and they would keep the user's arrays in memory.
    """
    key, widget = _widget(chunks)
    cells.keep(widget)
    return key


def connect_in_marimo(chunks: FromKernel) -> tuple[str, str]:
    """As `connect`. marimo connects only widgets that are in an output: the HTML to add to it, which shows nothing."""
    import marimo

    key, widget = _widget(chunks)
    return key, marimo.as_html(widget).text


def _widget(chunks: FromKernel) -> tuple[str, Any]:
    key = secrets.token_hex(8)
    widget = _widget_class()(key=key)
    widget.on_msg(Answers(chunks))
    return key, widget


class Answers:
    """What the widget does with a message of its page: {"id": NUMBER, "chunks": [NUMBER, ...]}.

    A kernel may handle messages in a second thread, beside the user's code; a lock keeps answers from mixing with each other.
    """

    def __init__(self, chunks: FromKernel) -> None:
        self._chunks = chunks
        self._lock = Lock()

    def __call__(self, widget: Any, content: object, buffers: object) -> None:
        """Sends the chunks that are asked for: {"id", "chunks": [{"number", "error"}], "last"}, a buffer for each without an error."""
        del buffers
        if not isinstance(content, dict) or not isinstance(content.get("chunks"), list):
            return
        with self._lock:
            answered: list[dict[str, object]] = []
            parts: list[bytes] = []
            numbers = content["chunks"]
            for place, number in enumerate(numbers):
                part, error = self._chunk(number)
                answered.append({"number": number, "error": error})
                parts += [part] if error is None else []
                last = place == len(numbers) - 1
                if last or sum(map(len, parts)) >= _MESSAGE:
                    widget.send({"id": content.get("id"), "chunks": answered, "last": last}, buffers=parts)
                    answered, parts = [], []

    def _chunk(self, number: object) -> tuple[bytes, str | None]:
        try:
            if not isinstance(number, int):
                raise TypeError(f"chunk {number!r}: needs its number")
            return self._chunks.chunk(number), None
        except Exception as error:  # a kernel shows the errors of a widget's messages nowhere: the page says it
            return b"", str(error)


def _is_installed() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("anywidget", "ipywidgets"))


@lru_cache
def _widget_class() -> Any:
    """A widget whose key its page knows from the first moment: traits that are added to an object come too late for that."""
    import anywidget
    import traitlets

    members = {"_esm": SCRIPT.read_text(encoding="utf-8"), "key": traitlets.Unicode().tag(sync=True)}
    return type("LiveFigure", (anywidget.AnyWidget,), members)

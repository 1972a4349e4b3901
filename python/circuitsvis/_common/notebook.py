"""Whether this Python runs in a notebook that can display a figure."""

from __future__ import annotations

import sys


def is_running() -> bool:
    """Whether code runs in IPython or in a marimo notebook. Imports neither: whoever runs in one of them has imported it."""
    ipython = sys.modules.get("IPython")
    return (ipython is not None and ipython.get_ipython() is not None) or in_marimo()


def in_marimo() -> bool:
    """Whether code runs in a marimo notebook."""
    marimo = sys.modules.get("marimo")
    return marimo is not None and bool(marimo.running_in_notebook())


def require(what: str, instead: str) -> None:
    """Raises RuntimeError outside notebooks.

    Args:
        what: the argument or method that displays, with its value: 'return_mode="view"'.
        instead: what works everywhere.
    """
    if not is_running():
        raise RuntimeError(
            f"{what}: displays in a notebook (IPython or marimo), and this Python runs in none; {instead}"
        )

"""A progress bar for work that takes longer than a second."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_DELAY = 1.0
"""Seconds before it appears."""


@contextmanager
def bar(total: int, what: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how much more is done. The bar is drawn by tqdm, which every TransformerLens brings.

    Args:
        total: amount of work.
        what: is written before the bar.
        shown: False for none.
    """
    drawn = _tqdm(total, what) if shown else None
    try:
        yield (lambda count: None) if drawn is None else drawn.update
    finally:
        if drawn is not None:
            drawn.close()


def _tqdm(total: int, what: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that notebooks lack widgets: its bar is then text
            tqdm = importlib.import_module("tqdm.auto")
    except ImportError:
        return None
    return tqdm.tqdm(total=total, desc=what, unit="patch", delay=_DELAY, leave=False)

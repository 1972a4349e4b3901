"""Pages whose layout is tested: fixtures, and a figure with names and tokens that are too long."""

from __future__ import annotations

from collections.abc import Callable

import circuitsvis as cv
import numpy as np

from e2e.pages import fixture_page

SMALL, LARGE = "small-batch-dropdown", "large-batch-radio"


def long_names(mode: str, length: int = 9) -> str:
    """A page with names and tokens that are too long to be shown in full."""
    attention = np.tril(np.random.default_rng(0).random((1, 14, length, length)))
    attention[0, 3, 4, 2] = np.nan
    tokens = [[f" antidisestablishmentarianism{i}" for i in range(length)]]
    names = [f"mover {i} of names" for i in range(14)]
    figure = cv.attention.from_values(attention, tokens, head_names=names, mode=mode)  # type: ignore[call-overload]
    return figure.data


PAGES: dict[str, Callable[[], str]] = {
    SMALL: lambda: fixture_page(SMALL),
    LARGE: lambda: fixture_page(LARGE),
    "small-144-heads": lambda: fixture_page("small-144-heads"),
    "large-no-value": lambda: fixture_page("large-no-value"),
    "large-rectangular": lambda: fixture_page("large-rectangular"),
    "small-signed": lambda: fixture_page("small-signed"),
    "small-long-names": lambda: long_names("small"),
    "large-long-names": lambda: long_names("large"),
}


def layout_page(name: str) -> str:
    """The page of this name, which may also be the name of any fixture."""
    make = PAGES.get(name)
    return make() if make else fixture_page(name)

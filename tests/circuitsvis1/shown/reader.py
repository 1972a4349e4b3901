"""How the pages of one function are read on both sides, and the comparison of what they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call

Shown: TypeAlias = Mapping[str, Any]
"""By name: texts, lists of them, numbers, or arrays in which NaN stands for "no value"."""


@dataclass(frozen=True)
class Reader:
    """Both sides of one function.

    Attributes:
        ours: what the page of this package shows, from the figure and the call.
        theirs: the same of the other page, from its props and the call.
        bound: largest difference of numbers, from the figure.
        unmasked: names of arrays in which the other page may hide values that this one shows: its defaults hide some. The
            values that both show are compared. Those that only the other page shows must be zero: this one masks them.
    """

    ours: Callable[[Figure, Call], Shown]
    theirs: Callable[[Mapping[str, Any], Call], Shown]
    bound: Callable[[Figure], float] = lambda figure: 0.0
    unmasked: Callable[[Call], frozenset[str]] = lambda call: frozenset()


def check_equal(ours: Shown, theirs: Shown, bound: float, unmasked: frozenset[str]) -> None:
    """Fails unless both pages show the same.

    Args:
        ours, theirs: what they show, under the same names.
        bound: largest difference of numbers.
        unmasked: see `Reader`.
    """
    assert list(ours) == list(theirs)
    for name, value in ours.items():
        other = theirs[name]
        if not isinstance(value, (np.ndarray, float, int)):
            assert value == other, name
            continue
        a, b = np.asarray(value, np.float64), np.asarray(other, np.float64)
        assert a.shape == b.shape, name
        if name in unmasked:
            assert not b[np.isnan(a) & ~np.isnan(b)].any(), f"{name}: values that only the other page shows"
            absent = np.isnan(a) | np.isnan(b)
            a, b = np.where(absent, np.nan, a), np.where(absent, np.nan, b)
        np.testing.assert_allclose(a, b, rtol=0.0, atol=bound, equal_nan=True, err_msg=name)

"""A cache with the truth about it, and the outcome of comparing a figure with that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.oracle_run import Attention, Run

CHECKS = ("model", "pattern", "value-weighted", "info-weighted", "lines", "heads", "total", "sum", "blocks")
BOUND = 1e-5
"""Allowed error of every check, relative to the largest value, beyond the rounding that the page states."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        error: relative to the largest value; None where the package refused.
        text: what is shown, e.g. names of parts; or the reason of the refusal.
    """

    error: float | None
    text: str = ""


@dataclass(frozen=True)
class Case:
    """A cache with the truth about it.

    Attributes:
        cache, model: as the user has them.
        tokens: of every sequence.
        attention: operands by layer, of layers with a cached pattern.
        run: the forward pass that made the cache.
        different: relative difference of the model's logits from those of the model that it was made from.
    """

    cache: Any
    model: Any
    tokens: list[list[str]]
    attention: dict[int, Attention]
    run: Run
    different: float = 0.0

"""One score of every head, as numerator and denominator, so that results of many sequences add up in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from circuitsvis._common.arrays import ArrayLike, Float64, to_float64

Range: TypeAlias = tuple[float | None, float | None]
"""The smallest and the largest possible value; None where there is no limit."""


@dataclass(frozen=True, eq=False)
class HeadScore:
    """One score of every head.

    Attributes:
        name: e.g. "entropy". The part after "@" is the population, where a score of the same name has several: "induction@text".
        numerator, denominator: [layer, head], float64, read-only. Those of several sequences add up to those of all.
        formula: the definition, as plain text.
        population: what the score is taken over, as plain text.
        range: the smallest and the largest possible value, None where there is no limit.
        source: where the definition comes from, and how it differs from there.
    """

    name: str
    numerator: Float64
    denominator: Float64
    formula: str
    population: str
    range: Range = (None, None)
    source: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(f"name: must be a text with at least one character, got {self.name!r}")
        for field in ("numerator", "denominator"):
            object.__setattr__(self, field, read_only(getattr(self, field), f"{field} of {self.name}"))
        if self.numerator.ndim != 2 or self.numerator.shape != self.denominator.shape:
            raise ValueError(
                f"{self.name}: numerator and denominator must both have shape [layer, head], got {list(self.numerator.shape)} "
                f"and {list(self.denominator.shape)}"
            )

    @property
    def values(self) -> Float64:
        """[layer, head]: numerator / denominator; NaN where the denominator is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            quotient = self.numerator / self.denominator
        values: Float64 = np.where(self.denominator == 0.0, np.nan, quotient)
        return values

    def is_defined_as(self, other: HeadScore) -> bool:
        """Whether both have the same name, formula and population, so that their numerators may be added."""
        return (self.name, self.formula, self.population) == (other.name, other.formula, other.population)

    def __repr__(self) -> str:
        n_layers, n_heads = self.numerator.shape
        return f"<HeadScore {self.name}: {n_layers} layers x {n_heads} heads, {self.formula}>"


def read_only(array: ArrayLike, name: str) -> Float64:
    """A copy that cannot be written to."""
    values = np.array(to_float64(array, name))
    values.flags.writeable = False
    return values

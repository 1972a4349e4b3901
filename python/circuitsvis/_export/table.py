"""A table of a figure's values: named columns, made block by block, so that a large one is never in memory as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.NDArray[np.generic]
"""Whole numbers, float64 with NaN for "no value", or texts as objects."""

Block: TypeAlias = Mapping[str, Column]
"""Columns of equal length, some rows of a table. A column of the table that it lacks has no values in these rows."""


@dataclass(frozen=True)
class Table:
    """Rows by named columns.

    Attributes:
        columns: the names, in order.
        blocks: makes the rows, some at a time.
    """

    columns: tuple[str, ...]
    blocks: Callable[[], Iterator[Block]]

    def arrays(self) -> dict[str, Column]:
        """Each column as one array. Where a block lacks a column of numbers, it has NaN; one of texts, ""."""
        blocks = list(self.blocks())
        return {name: _joined(name, blocks) for name in self.columns}


def _joined(name: str, blocks: Sequence[Block]) -> Column:
    given = [block[name] for block in blocks if name in block]
    if len(given) == len(blocks):
        return np.concatenate(given) if given else np.empty(0)
    empty: object = "" if given and given[0].dtype == object else np.nan
    return np.concatenate([block[name] if name in block else np.full(length(block), empty) for block in blocks])


def length(block: Block) -> int:
    """Number of rows."""
    return len(next(iter(block.values())))


def texts(values: Sequence[str]) -> Column:
    """A column of texts, or texts to pick from by index."""
    column = np.empty(len(values), object)
    column[:] = values
    return column


def same(value: str | int, rows: int) -> Column:
    """A column with the same value in each row."""
    return np.full(rows, value, object if isinstance(value, str) else np.int64)


def optional_integers(values: Sequence[int | None]) -> Column:
    """Whole numbers, as floats with NaN where some are None."""
    if None in values:
        return np.array([np.nan if value is None else float(value) for value in values])
    return np.array(values, np.int64)

"""The numbers of an `Edge`: parts of the query, parts of the key, and what each pair adds to the score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from circuitsvis._common import data_frame
from circuitsvis._common.arrays import Float64
from circuitsvis._heads.edge_parts import EdgePart, WrittenToken
from circuitsvis._heads.head_score import read_only

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class EdgeNumbers:
    """What `Edge` documents, without its figure."""

    head: tuple[int, int]
    dest: int
    src: int
    tokens: tuple[str, str]
    attention: float
    score: float
    divisor: float
    query_parts: tuple[EdgePart, ...]
    key_parts: tuple[EdgePart, ...]
    table: Float64
    added: float = 0.0
    added_name: str | None = None
    promoted: tuple[WrittenToken, ...] = ()
    suppressed: tuple[WrittenToken, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", read_only(self.table, "table"))

    @property
    def by_query_part(self) -> Float64:
        """[query part]: what each adds to q·k / divisor, with the whole key."""
        total: Float64 = self.table.sum(1)
        return total

    @property
    def by_key_part(self) -> Float64:
        """[key part]: what each adds to q·k / divisor, with the whole query."""
        total: Float64 = self.table.sum(0)
        return total

    @property
    def unaccounted(self) -> float:
        """What pairs with an unaccounted part add to q·k / divisor."""
        return float(self.table.sum() - self.table[:-1, :-1].sum())

    def sorted(self) -> list[tuple[str, str, float]]:
        """All pairs as (query part, key part, value), the largest magnitude first."""
        order = np.argsort(-np.abs(self.table), axis=None, kind="stable")
        n_key_parts = len(self.key_parts)
        return [
            (
                self.query_parts[place // n_key_parts].name,
                self.key_parts[place % n_key_parts].name,
                float(self.table.flat[place]),
            )
            for place in order.tolist()
        ]

    def to_dict(self) -> dict[str, npt.NDArray[np.generic]]:
        """A table with a row per pair: "query_part" and "key_part" (names) and "value" (float64); values sum to q·k / divisor."""
        queries, keys = (
            np.array([part.name for part in parts], object) for parts in (self.query_parts, self.key_parts)
        )
        return {
            "query_part": np.repeat(queries, len(keys)),
            "key_part": np.tile(keys, len(queries)),
            "value": self.table.ravel(),
        }

    def to_pandas(self) -> pandas.DataFrame:
        """The table of `to_dict` as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
        """
        return data_frame.of_columns(self.to_dict(), "to_dict() gives the columns as numpy arrays")

    def __repr__(self) -> str:
        layer, head = self.head
        (query, key), strongest = self.tokens, self.sorted()[:3]
        pairs = ", ".join(f"{a} x {b} {value:+.3g}" for a, b, value in strongest)
        return (
            f"<Edge of head {layer}.{head}, {query!r} ({self.dest}) to {key!r} ({self.src}): attention {self.attention:.3g}, "
            f"score {self.score:.4g}; strongest pairs {pairs}; unaccounted {self.unaccounted:.2g}>"
        )

"""Activations of shape [(batch,) position, width] of one sequence, in float64, row by row."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.batch_axis import of_sequence
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import FOR_ATTRIBUTION
from circuitsvis._common.arrays import Float64, TensorLike, shape_of, to_float32

Rows: TypeAlias = npt.NDArray[np.intp]
"""Positions of the cache."""

_SAMPLED_ROWS = 8
"""Positions at which properties of a whole layer are tested."""


class Activations:
    """Reads activations by their full hook names. `index` is the index of the sequence in the batch."""

    def __init__(self, cache: HookCache) -> None:
        self._cache = cache

    def has(self, hook: str) -> bool:
        """Whether the activation is cached."""
        return self._cache.activation(hook) is not None

    def require(self, hook: str) -> TensorLike:
        """The activation as cached. Raises MissingActivationError, with what to record for attribution."""
        tensor = self._cache.activation(hook)
        if tensor is None:
            raise self._cache.missing(hook, "attribution", FOR_ATTRIBUTION)
        return tensor

    def rows(self, hook: str, index: int, rows: Rows) -> Float64:
        """[row, width]. Raises MissingActivationError."""
        return to_float32(of_sequence(self.require(hook), index, 2)[rows], hook).astype(np.float64)

    def rows_if_cached(self, hook: str, index: int, rows: Rows) -> Float64 | None:
        """[row, width]; None if the activation is not cached."""
        return self.rows(hook, index, rows) if self.has(hook) else None

    def cells(self, hook: str, index: int, rows: Rows, columns: npt.NDArray[np.intp]) -> Float64 | None:
        """[row, n]: the columns `columns`, [1 or row, n], of each row; None if the activation is not cached."""
        if not self.has(hook):
            return None
        return to_float32(of_sequence(self.require(hook), index, 2)[rows[:, None], columns], hook).astype(np.float64)

    def whole(self, hook: str, index: int) -> Float64 | None:
        """[position, width]; None if the activation is not cached or has other axes."""
        return self.rows(hook, index, np.arange(self.length(hook))) if self._has_rows(hook) else None

    def sampled(self, hook: str, index: int) -> Float64 | None:
        """[sampled position, width]; None if the activation is not cached or has other axes."""
        return self.rows(hook, index, self.sample(self.length(hook))) if self._has_rows(hook) else None

    def are_finite(self, hook: str, index: int, rows: Rows) -> npt.NDArray[np.bool_]:
        """[row]: whether all numbers of a row are finite; True if the activation is not cached there."""
        if len(rows) == 0 or not self._has_rows(hook) or self.length(hook) <= rows.max():
            return np.ones(len(rows), bool)
        first = rows.min()  # a slice, because indexing by rows copies them
        values = to_float32(of_sequence(self.require(hook), index, 2)[first : rows.max() + 1], hook)
        finite = np.isfinite(values)
        if finite.all():
            return np.ones(len(rows), bool)
        of_rows: npt.NDArray[np.bool_] = np.logical_and.reduce(finite, axis=-1)[rows - first]
        return of_rows

    def width(self, hook: str) -> int:
        """Length of the last axis. Raises MissingActivationError."""
        return shape_of(self.require(hook), hook)[-1]

    def length(self, hook: str) -> int:
        """Number of positions. Raises MissingActivationError."""
        return shape_of(self.require(hook), hook)[-2]

    def sample(self, n_positions: int) -> Rows:
        """At most 8 positions, evenly spread, the first and the last among them."""
        return np.unique(np.linspace(0, n_positions - 1, min(n_positions, _SAMPLED_ROWS)).round().astype(np.intp))

    def _has_rows(self, hook: str) -> bool:
        tensor = self._cache.activation(hook)
        return tensor is not None and len(shape_of(tensor, hook)) in (2, 3)

"""Rows of the activations that a cache holds per position, in float64, for one sequence of the batch."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.batch_axis import of_sequence
from circuitsvis._cache.hook_names import FOR_ATTRIBUTION
from circuitsvis._common.arrays import Float64, TensorLike, shape_of, to_float32

Rows: TypeAlias = npt.NDArray[np.intp]


class Activations:
    """Reads activations of shape [(batch,) position, width] by their full names.

    Args:
        cache: where they are.
    """

    def __init__(self, cache: AttentionCache) -> None:
        self._cache = cache

    def has(self, hook: str) -> bool:
        """Whether the activation is cached."""
        return self._cache.activation(hook) is not None

    def require(self, hook: str) -> TensorLike:
        """The activation. Raises MissingActivationError, with what to record, where it is not cached."""
        tensor = self._cache.activation(hook)
        if tensor is None:
            raise self._cache.missing(hook, "attribution", FOR_ATTRIBUTION)
        return tensor

    def rows(self, hook: str, index: int, rows: Rows) -> Float64:
        """[row, width] of sequence `index`. Raises MissingActivationError."""
        return to_float32(of_sequence(self.require(hook), index, 2)[rows], hook).astype(np.float64)

    def rows_if_cached(self, hook: str, index: int, rows: Rows) -> Float64 | None:
        """As `rows`, None where the activation is not cached."""
        return self.rows(hook, index, rows) if self.has(hook) else None

    def cells(self, hook: str, index: int, rows: Rows, columns: npt.NDArray[np.intp]) -> Float64 | None:
        """[row, n] of sequence `index`: for each row the columns of [1 or row, n]; None where the activation is not cached."""
        if not self.has(hook):
            return None
        return to_float32(of_sequence(self.require(hook), index, 2)[rows[:, None], columns], hook).astype(np.float64)

    def whole(self, hook: str, index: int) -> Float64 | None:
        """[position, width] of sequence `index`; None where the activation is not cached or has other axes."""
        return self.rows(hook, index, np.arange(self.length(hook))) if self._has_rows(hook) else None

    def sampled(self, hook: str, index: int) -> Float64 | None:
        """The rows of `whole` at the positions of `sample`."""
        return self.rows(hook, index, self.sample(self.length(hook))) if self._has_rows(hook) else None

    def _has_rows(self, hook: str) -> bool:
        tensor = self._cache.activation(hook)
        return tensor is not None and len(shape_of(tensor, hook)) in (2, 3)

    def width(self, hook: str) -> int:
        """Length of the last axis. Raises MissingActivationError."""
        return shape_of(self.require(hook), hook)[-1]

    def length(self, hook: str) -> int:
        """Number of positions. Raises MissingActivationError."""
        return shape_of(self.require(hook), hook)[-2]

    def sample(self, n_positions: int) -> Rows:
        """A few positions, spread evenly with the first and the last, where a property of the whole layer is looked for."""
        return np.unique(np.linspace(0, n_positions - 1, min(n_positions, 8)).round().astype(np.intp))

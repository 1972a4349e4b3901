"""The running sum of an attribution: the shown parts, all other terms as "other", and the difference between these and the logit."""

from __future__ import annotations

import numpy as np

from circuitsvis._attribution.result import Part
from circuitsvis._common.arrays import Float64
from circuitsvis._wire.props.attribution import PartKind


class ResidualSum:
    """Collects what was written into the residual stream. All values are [dest], float64.

    Attributes:
        parts: the shown parts in the order in which they were added; `close` appends "other" and "unaccounted".
    """

    def __init__(self, n_dest: int) -> None:
        self.parts: list[Part] = []
        self._shown, self._other = np.zeros(n_dest), np.zeros(n_dest)
        self._has_other, self._other_is_complete = False, True

    def add_head(self, values: Float64) -> None:
        """Adds a shown head, summed over its sources."""
        self._shown += values

    def add_part(self, kind: PartKind, layer: int | None, values: Float64 | None, module: str | None = None) -> None:
        """Adds a shown part; None adds nothing."""
        if values is not None:
            self._shown += values
            self._append(kind, layer, values, module)

    def add_other(self, values: Float64 | None) -> None:
        """Adds something that is not shown to "other"; None adds 0."""
        self._has_other = True
        if values is not None:
            self._other += values

    def add_uncached(self) -> None:
        """Marks "other" as incomplete in the cache, so that `close` computes it as the total minus the shown parts."""
        self._has_other, self._other_is_complete = True, False

    def close(self, total: Float64 | None) -> Float64:
        """Appends "other" and "unaccounted" where they apply.

        Args:
            total: the logit; None if the cache does not hold it.

        Returns:
            The total; without one, the sum of everything that was added.
        """
        unaccounted = None
        if total is None:
            total = self._shown + self._other
        elif self._other_is_complete:
            unaccounted = total - self._shown - self._other
        else:
            self._other = total - self._shown
        if self._has_other:
            self._append("other", None, self._other)
        if unaccounted is not None:
            self._append("unaccounted", None, unaccounted)
        return total

    def _append(self, kind: PartKind, layer: int | None, values: Float64, module: str | None = None) -> None:
        self.parts.append(Part(kind, layer, values.astype(np.float32), module))

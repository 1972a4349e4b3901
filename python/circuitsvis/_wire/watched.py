"""Arrays of the user's that are read again later, and must not have changed by then."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.made_later import MadeLater

try:
    from isal.isal_zlib import crc32 as _crc32
except ImportError:  # as in `fixed_point`
    from zlib import crc32 as _crc32


class ChangedError(RuntimeError):
    """An array was changed after its figure was made."""


class Watched(MadeLater[FloatArray]):
    """The heads of one sequence, contiguous, read from the user's arrays each time they are asked for.

    The first reading of a head remembers its checksum, and any later one compares it: scales and previews were made from the values
    at the first reading, and would be wrong for others.

    Args:
        heads: [dest, src] per head.
        names: what error messages call the values of each head.

    Raises:
        ChangedError: at a reading, if the values are no longer those of the first one.
    """

    def __init__(self, heads: Sequence[FloatArray], names: Sequence[str]) -> None:
        super().__init__(len(heads), self._read)
        self._heads = heads
        self._names = names
        self._checksums: dict[int, int] = {}

    def _read(self, head: int) -> FloatArray:
        array = np.ascontiguousarray(self._heads[head])
        checksum = _crc32(array)
        if self._checksums.setdefault(head, checksum) != checksum:
            raise ChangedError(
                f"{self._names[head]}: its values were changed after the figure was made, so its scale and preview are no longer "
                "right; make the figure again, or pass a copy of the values (tensor.clone(), array.copy())"
            )
        return array

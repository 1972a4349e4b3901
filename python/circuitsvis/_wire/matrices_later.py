"""Heads that are encoded when they are asked for, from arrays that stay where they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.made_later import MadeLater
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor


def matrices_later(
    arrays: Sequence[FloatArray], magnitudes: Sequence[float], dtype: Dtype = "uint16", *, layout: Layout, signed: bool
) -> Tensor:
    """As `fixed_point.matrices`, but a chunk is encoded each time it is asked for, so that only references to the arrays are kept.

    Chunks may be asked for in several threads at once.
    """
    codec = fixed_point.FixedPoint(dtype, signed=signed)
    scales = [codec.scale(magnitude) for magnitude in magnitudes]
    dest, src = arrays[0].shape

    def encoded(head: int) -> bytes:
        array = arrays[head]
        if layout == "causal":  # without the indices of all visible cells, which weigh more than the array
            array = np.concatenate([row[: query + 1 + src - dest] for query, row in enumerate(array)])
        return fixed_point.chunk(codec.codes(array, scales[head]))

    return fixed_point.tensor(codec, (len(arrays), dest, src), layout, scales, MadeLater(len(arrays), encoded))

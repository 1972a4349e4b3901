"""How values are spread over the colors between zero and the end of a scale. The twin of `frontend/src/color/transform.ts`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._wire.props.switches import ColorScaleName

_LINEAR_SHARE = 1e-3
_LOG_END = math.log1p(1 / _LINEAR_SHARE)


@dataclass(frozen=True)
class Transform:
    """A transform, with the meaning that its twin gives each part.

    Attributes:
        strength: of the color, for magnitudes as shares of the end; both in [0, 1].
        share: the inverse.
        steps: entries of a look-up table per sign.
        ticks: shares between 0 and 1 that a legend labels.
    """

    strength: Callable[[Float64], Float64]
    share: Callable[[float], float]
    steps: int
    ticks: tuple[float, ...]


TRANSFORMS: dict[ColorScaleName, Transform] = {
    "linear": Transform(lambda share: share, lambda strength: strength, 512, ()),
    "sqrt": Transform(np.sqrt, lambda strength: strength**2, 8192, (0.25,)),
    "log": Transform(
        lambda share: np.log1p(share / _LINEAR_SHARE) / _LOG_END,
        lambda strength: _LINEAR_SHARE * math.expm1(strength * _LOG_END),
        8192,
        (0.01, 0.1),
    ),
}

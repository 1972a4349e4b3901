"""The step from hook_q and hook_k to what is multiplied: a norm of each head, then a rotation of pairs of dimensions (rotary embeddings).

Both are linear once their numbers are fixed. The norm's divisor is that of the forward pass. The angles are found in the data: all heads
at one position are rotated alike, so that more heads than unknowns test them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64

Dimensions: TypeAlias = npt.NDArray[np.intp]
Complex: TypeAlias = npt.NDArray[np.complex128]

_FITS = 1e-5
"""Relative error at which a step is accepted without looking at others."""

_LIMIT = 0.02
"""Relative error above which a step is refused: not even bfloat16 rounds so coarsely."""


class Vectors(NamedTuple):
    """Vectors of all heads at one position before and after the step, [head, d_head]."""

    before: Float64
    after: Float64


@dataclass(frozen=True)
class HeadNorm:
    """A norm of queries or keys, as one forward pass applied it: y = gain * C(x) / divisor + bias.

    Attributes:
        gain, bias: [head, d_head].
        divisor: [head].
        centre: whether C subtracts the mean over d_head.
    """

    gain: Float64
    bias: Float64
    divisor: Float64
    centre: bool

    def whole(self, x: Float64) -> Float64:
        """The norm of all heads, [head, d_head]."""
        return np.stack([self.of_parts(vector[None], head)[0] for head, vector in enumerate(x)]) + self.bias

    def of_parts(self, x: Float64, head: int) -> Float64:
        """The norm of parts of one head's vector, [part, d_head], without its bias."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        result: Float64 = centred / self.divisor[head] * self.gain[head]
        return result


@dataclass(frozen=True)
class Step:
    """A norm, or None, and a rotation with a scale: complex factors of pairs of dimensions.

    Attributes:
        norm: of all heads.
        first, second: [pair], the dimensions of each pair. Others are left as they are.
        factors: [pair], complex.
    """

    norm: HeadNorm | None
    first: Dimensions
    second: Dimensions
    factors: Complex

    def parts(self, values: Float64, head: int) -> Float64:
        """What becomes of parts of one head's vector, [part, d_head]. The bias of a norm is `constant`."""
        return self._rotated(values if self.norm is None else self.norm.of_parts(values, head))

    def constant(self, head: int) -> Float64 | None:
        """[d_head]: what the bias of the norm becomes; None without one."""
        return None if self.norm is None else self._rotated(self.norm.bias[head][None])[0]

    def _rotated(self, x: Float64) -> Float64:
        rotated = x.copy()
        z = (x[:, self.first] + 1j * x[:, self.second]) * self.factors
        rotated[:, self.first], rotated[:, self.second] = z.real, z.imag
        return rotated


def find(queries: Vectors, keys: Vectors, norms: Sequence[tuple[HeadNorm, HeadNorm]]) -> tuple[Step, Step] | None:
    """The steps of queries and keys at one position; None if no norm and rotation gives the vectors after it.

    Args:
        queries, keys: of all heads.
        norms: norms that may be applied to queries and keys. None of them is tried first.
    """
    best: tuple[float, tuple[Step, Step]] | None = None
    for norm in (None, *norms):
        q, k = (
            (queries.before, keys.before)
            if norm is None
            else (norm[0].whole(queries.before), norm[1].whole(keys.before))
        )
        for first, second in _pairings(q.shape[1]):
            for factors in _factors((q, queries.after), (k, keys.after), first, second):
                steps = tuple(
                    Step(None if norm is None else norm[i], first, second, factor) for i, factor in enumerate(factors)
                )
                error = max(_error(q, queries.after, steps[0]), _error(k, keys.after, steps[1]))
                if best is None or error < best[0]:
                    best = error, (steps[0], steps[1])
                if error <= _FITS:
                    return best[1]
    return best[1] if best is not None and best[0] <= _LIMIT else None


def _pairings(d_head: int) -> Iterator[tuple[Dimensions, Dimensions]]:
    """No pairs, then the pairs of rotary embeddings: of halves or of neighbors, of all dimensions or of the first or last ones."""
    yield np.arange(0), np.arange(0)
    for rotated in range(d_head - d_head % 2, 0, -2):
        for start in dict.fromkeys((0, d_head - rotated)):
            half = rotated // 2
            yield start + np.arange(half), start + half + np.arange(half)
            yield start + np.arange(0, rotated, 2), start + np.arange(1, rotated, 2)


def _factors(
    queries: tuple[Float64, Float64], keys: tuple[Float64, Float64], first: Dimensions, second: Dimensions
) -> Iterator[tuple[Complex, Complex]]:
    """Factors of queries and keys: the same for both, then one of each if there are enough heads to test them."""
    before, after = (np.concatenate([q, k]) for q, k in zip(queries, keys, strict=True))
    shared = _fitted(before, after, first, second)
    yield shared, shared
    if len(first) and min(len(queries[0]), len(keys[0])) > 1:
        yield _fitted(*queries, first, second), _fitted(*keys, first, second)


def _fitted(before: Float64, after: Float64, first: Dimensions, second: Dimensions) -> Complex:
    """[pair]: the factors that best turn one into the other, by least squares."""
    x, y = (array[:, first] + 1j * array[:, second] for array in (before, after))
    squares = (np.abs(x) ** 2).sum(0)
    products: Complex = (y * x.conj()).sum(0)
    factors: Complex = np.divide(products, squares, out=np.ones_like(products), where=squares > 0)
    return factors


def _error(before: Float64, after: Float64, step: Step) -> float:
    """The difference that a rotation leaves, relative to the vectors after it."""
    return float(np.linalg.norm(step._rotated(before) - after) / max(float(np.linalg.norm(after)), 1e-300))

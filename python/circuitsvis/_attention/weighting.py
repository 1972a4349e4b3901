"""How much each source position moves: value- and info-weights. Pure; the pattern itself is never touched.

Source: C. McDougall, "CircuitsVis (& TransformerLens)", value-weighted attention:
    A[h, q, k] * |v[h, k]| / max_k |v[h, k]|, and the same with v[h, k] @ W_O[h] in place of v[h, k].

All norms are float64: where W_O hardly reads v, the norm of v W_O is a small difference of large products.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray

Float64: TypeAlias = npt.NDArray[np.float64]

_CANCELLATION = 1000.0
"""How much larger the terms behind the largest squared norm may be than itself: relative norms are then within 4e-6."""


def value_norms(v: FloatArray | Float64) -> Float64:
    """|v[k]| (L2 over d_head).

    Args:
        v: [..., d_head], value bias included as cached.
    """
    exact = v.astype(np.float64)
    norms: Float64 = np.sqrt(np.einsum("...e,...e->...", exact, exact))
    return norms


def info_norms(v: FloatArray, gram: Float64) -> Float64 | None:
    """|v[k] @ W_O| (L2 over d_model), through G = W_O W_O^T so that nothing of size d_model exists.

    None where that would not be exact: where W_O reads the longest of these vectors so little that the sum behind its norm
    cancels. Then take `written_norms`.

    Args:
        v: [src, d_head].
        gram: [d_head, d_head], G of the same head.
    """
    exact = v.astype(np.float64)
    with np.errstate(invalid="ignore"):  # infinite values have no norm, see `relative`
        squares = np.einsum("...e,...e->...", exact @ gram, exact)
    lengths = np.einsum("...e,...e->...", exact, exact)
    finite = np.isfinite(squares)
    largest = float(np.where(finite, squares, 0.0).max(initial=0.0))
    summed = float(np.where(finite, lengths, 0.0).max(initial=0.0)) * float(np.linalg.norm(gram))
    if summed > _CANCELLATION * largest:
        return None
    norms: Float64 = np.sqrt(np.maximum(squares, 0.0))  # rounding may leave -1e-25 where v is zero
    return norms


def written_norms(v: FloatArray, w_o: FloatArray) -> Float64:
    """The same from the vectors themselves, [src, d_model].

    Args:
        v: [src, d_head].
        w_o: [d_head, d_model].
    """
    with np.errstate(invalid="ignore"):
        return value_norms(v.astype(np.float64) @ w_o.astype(np.float64))


def relative(norms: Float64) -> FloatArray:
    """Norms / max over the source positions (last axis), in [0, 1]; all 0 where nothing moves at all (0 / 0).

    A position whose norm is not finite (NaN or infinity in v) has no weight, NaN, and does not count for the maximum.
    Crop the padding first: a padded position must not set the maximum.
    """
    finite = np.isfinite(norms)
    top = np.where(finite, norms, 0.0).max(axis=-1, keepdims=True)
    weights = np.divide(norms, top, out=np.zeros_like(norms), where=(top > 0.0) & finite)
    return np.where(finite, weights, np.nan).astype(np.float32)

"""Value- and info-weights: how much each source position moves. Pure functions that never read the pattern.

Source: C. McDougall, "CircuitsVis (& TransformerLens)", value-weighted attention:
    A[h, q, k] * |v[h, k]| / max_k |v[h, k]|, and the same with v[h, k] @ W_O[h] instead of v[h, k].

All norms are float64, because the norm of v W_O is a small difference of large products if W_O hardly reads v.
"""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray

_MAX_CANCELLATION = 1000.0
"""How much larger than the largest squared norm the terms of its sum may be. Relative norms are then within 4e-6."""


def value_norms(v: FloatArray | Float64) -> Float64:
    """|v[k]| (L2 over d_head).

    Args:
        v: [..., d_head], value bias included as cached.
    """
    exact = v.astype(np.float64)
    norms: Float64 = np.sqrt(np.einsum("...e,...e->...", exact, exact))
    return norms


def info_norms(v: FloatArray, gram: Float64) -> Float64 | None:
    """|v[k] @ W_O| (L2 over d_model), computed with G = W_O W_O^T, so that no array of size d_model is made.

    None if that is inexact, because W_O reads so little of the longest vector that the sum behind its norm cancels. Use
    `written_norms` then.

    Args:
        v: [src, d_head].
        gram: [d_head, d_head], G of the same head.
    """
    exact = v.astype(np.float64)
    with np.errstate(invalid="ignore"):  # `relative` gives infinite values no weight
        squares = np.einsum("...e,...e->...", exact @ gram, exact)
    lengths = np.einsum("...e,...e->...", exact, exact)
    finite = np.isfinite(squares)
    largest = float(np.where(finite, squares, 0.0).max(initial=0.0))
    summed = float(np.where(finite, lengths, 0.0).max(initial=0.0)) * float(np.linalg.norm(gram))
    if summed > _MAX_CANCELLATION * largest:
        return None
    norms: Float64 = np.sqrt(np.maximum(squares, 0.0))  # rounding may leave -1e-25 where v is zero
    return norms


def written_norms(v: FloatArray, w_o: FloatArray) -> Float64:
    """|v[k] @ W_O| from the vectors themselves, [src, d_model]: slower than `info_norms`, and always exact.

    Args:
        v: [src, d_head].
        w_o: [d_head, d_model].
    """
    with np.errstate(invalid="ignore"):
        return value_norms(v.astype(np.float64) @ w_o.astype(np.float64))


def relative(norms: Float64) -> FloatArray:
    """Norms / max over the source positions (last axis), in [0, 1]; all 0 if nothing moves at all (0 / 0).

    A position whose norm is not finite (NaN or infinity in v) has no weight (NaN) and does not count for the maximum.
    Crop padding first, so that no padded position sets the maximum.
    """
    finite = np.isfinite(norms)
    top = np.where(finite, norms, 0.0).max(axis=-1, keepdims=True)
    weights = np.divide(norms, top, out=np.zeros_like(norms), where=(top > 0.0) & finite)
    return np.where(finite, weights, np.nan).astype(np.float32)

"""How much each source position moves: value- and info-weights. Pure; the pattern itself is never touched.

Source: C. McDougall, "CircuitsVis (& TransformerLens)", value-weighted attention:
    A[h, q, k] * |v[h, k]| / max_k |v[h, k]|, and the same with v[h, k] @ W_O[h] in place of v[h, k].
"""

from __future__ import annotations

import numpy as np

from circuitsvis._arrays import FloatArray


def value_norms(v: FloatArray) -> FloatArray:
    """|v[k]| (L2 over d_head).

    Args:
        v: [..., d_head], value bias included as cached.
    """
    norms: FloatArray = np.sqrt(np.einsum("...e,...e->...", v, v))
    return norms


def info_norms(v: FloatArray, gram: FloatArray) -> FloatArray:
    """|v[k] @ W_O| (L2 over d_model), through G = W_O W_O^T so that nothing of size d_model exists.

    Args:
        v: [..., src, d_head].
        gram: [..., d_head, d_head], G of the same head.
    """
    squares = np.einsum("...e,...e->...", v @ gram, v)
    norms: FloatArray = np.sqrt(np.maximum(squares, 0.0))  # rounding may leave -1e-12 where v is zero
    return norms


def relative(norms: FloatArray) -> FloatArray:
    """Norms / max over the source positions (last axis), in [0, 1]; all 0 where nothing moves at all (0 / 0).

    Crop the padding first: a padded position must not set the maximum.
    """
    top = norms.max(axis=-1, keepdims=True)
    weights: FloatArray = np.divide(norms, top, out=np.zeros_like(norms), where=top > 0)
    return weights

"""The arithmetic of direct logit attribution on plain arrays.

The final norm divides by a number per destination. With that number taken from the forward pass, every logit is a sum over
everything that was written into the residual stream. With d a direction at the norm's output and d' = C(w * d) the same
direction at its input (see `Norm`):

    head(l, h, q, k) = pattern[q, k] * (v[k] . W_O[h] d') / scale[q]        component(x, q) = x[q] . d' / scale[q]

W_O d' is computed first, so no array of size components x dest x src x d_model ever exists. Sums run in float64.
"""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray


def value_directions(w_o: FloatArray, direction: Float64) -> Float64:
    """W_O d', the direction among each head's value vectors: [head, 1 or dest, d_head].

    Args:
        w_o: [head, d_head, d_model].
        direction: [1 or dest, d_model], in the residual stream.
    """
    n_heads, d_head, d_model = w_o.shape
    flat = direction @ w_o.reshape(-1, d_model).T.astype(np.float64)
    return flat.reshape(len(direction), n_heads, d_head).swapaxes(0, 1)


def head_by_source(pattern: FloatArray, v: FloatArray, value_direction: Float64, divisor: Float64) -> Float64:
    """What one head writes along a direction, by source: [dest, src].

    Args:
        pattern: [dest, src].
        v: [src, d_head], values of the head's key head.
        value_direction: [1 or dest, d_head], the head's entry of `value_directions`.
        divisor: [dest].
    """
    values: Float64 = value_direction @ v.T.astype(np.float64)
    return pattern * values / divisor[:, None]


def along_direction(written: Float64, direction: Float64, divisor: Float64 | None = None) -> Float64:
    """The product of vectors with a direction.

    Args:
        written: [dest, d_model], or [d_model] for the same vector at every destination.
        direction: [1 or dest, d_model].
        divisor: [dest], or None for 1.

    Returns:
        [dest]; [1] if no argument has an axis of destinations.
    """
    values: Float64 = np.einsum("...d,...d->...", written, direction)
    return values if divisor is None else values / divisor

"""Many heads as pixels: in one picture, and each in a hue of its own. The twin of `frontend/src/raster/blend.ts`.

Sums are made in the same order and in float32, as the page makes them, so that no pixel differs.
"""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._still.colors import packed
from circuitsvis._still.png import Pixels
from circuitsvis._still.scale import ColorScale, pack


def blended(values: Float64, masked: Bools, hues: Float64, scale: ColorScale) -> Pixels:
    """The picture of all heads.

    Unsigned: a cell is as strong as its strongest head; its color mixes the heads' hues by the square of their values. Signed: the
    value of largest magnitude over the heads.

    Args:
        values: [head, row, column], NaN where there is none.
        masked: [row, column]: whether a cell, if it has no value, is masked.
        hues: [head, channel].
        scale: of all heads.
    """
    largest = _largest(values)
    pixels = scale.pixels(largest * scale.per_unit, masked)
    if scale.signed:
        return pixels
    strength = scale.transform.strength(np.minimum(np.abs(largest) / scale.end, 1.0))
    sums = _hue_sums(values, hues, scale.end)
    zero = np.array(scale.palette.zero)
    present = ~np.isnan(largest)
    with np.errstate(invalid="ignore"):
        mixed = zero + (sums[:3] / sums[3] - zero[:, None, None]).transpose(1, 2, 0) * strength[..., None]
    colors = np.where((sums[3] > 0)[..., None], mixed, zero)
    pixels[present] = pack(colors[present])
    return pixels


def hued(entries: Float64, masked: Bools, hues: Float64, scale: ColorScale, shades: int | None = None) -> Pixels:
    """[head, row, column]: each head in its hue, as `ColorScale.pixels` with that hue draws it.

    Args:
        entries: [head, row, column]: values in entries of the scale's table, none of them negative, NaN where there is none.
        masked: [row, column]: whether a cell, if it has no value, is masked.
        hues: [head, channel].
        scale: of all heads.
        shades: number of different strengths, a divisor of the scale's steps.
    """
    absent = np.isnan(entries)
    shades = shades or scale.steps
    steps = np.clip(np.floor(np.where(absent, 0.0, entries) * (shades / scale.steps) + 0.5), 0, shades) / shades
    strengths = scale.transform.strength(steps)
    zero = np.array(scale.palette.zero)
    colors = pack(zero + (hues - zero)[:, None, None, :] * strengths[..., None])
    colors[absent] = packed(scale.palette.missing)
    colors[absent & masked] = packed(scale.palette.masked)
    return colors


def _largest(values: Float64) -> Float64:
    """The value of largest magnitude of each cell, as a float32; of equal magnitudes the first."""
    single = values.astype(np.float32)
    strongest = np.nan_to_num(np.abs(single), nan=-1.0).argmax(axis=0)
    largest: Float64 = np.take_along_axis(single, strongest[None], axis=0)[0].astype(np.float64)
    return largest


def _hue_sums(values: Float64, hues: Float64, end: float) -> Float64:
    """[channel, row, column]: the sum of the heads' hues, each times its share, and the sum of shares. Added up in float32."""
    shares = np.nan_to_num((values * (1 / end)) ** 2)
    sums = np.zeros((4, *values.shape[1:]), np.float32)
    factors = np.pad(hues, ((0, 0), (0, 1)), constant_values=1.0)[:, :, None, None]
    for share, factor in zip(shares, factors, strict=True):
        np.add(sums, share * factor, out=sums, casting="same_kind")
    return sums.astype(np.float64)

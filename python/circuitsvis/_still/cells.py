"""Codes of heads to pixels, one per cell. The twin of `frontend/src/raster/paint.ts` and `data/mask.ts`."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools, visible_cells
from circuitsvis._still import hidden
from circuitsvis._still.colors import packed
from circuitsvis._still.png import Pixels
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire import decode
from circuitsvis._wire.props.attention import AttentionSequence, AttentionType
from circuitsvis._wire.props.switches import Switches
from circuitsvis._wire.props.tensor import Tensor


@dataclass(frozen=True)
class Cells:
    """The numbers of one head, or of several.

    Attributes:
        steps: [..., row, column]: code minus the code of zero; NaN where there is no value.
        scales: value of one step, with as many axes.
        masked: [row, column]: whether a cell, if it has no value, is masked.
        weights: a factor per column, NaN where it is unknown, with as many axes; None for none.
        hidden: [..., column]: the columns that are hidden; None for none.
    """

    steps: Float64
    scales: Float64
    masked: Bools
    weights: Float64 | None
    hidden: Bools | None = None

    def entries(self, scale: ColorScale) -> Float64:
        """All values in entries of the table of a color scale."""
        return self._times(self.scales * scale.per_unit)

    def values(self) -> Float64:
        """All values."""
        return self._times(self.scales)

    def absent_and_masked(self) -> Bools:
        """The masked cells. A cell whose weight is unknown is not: its value is missing."""
        return self.masked & np.isnan(self.steps)

    def pixels(self, scale: ColorScale, shades: int | None = None) -> Pixels:
        """The colors of all cells, with so many shades for each sign."""
        return self.without_hidden(scale.pixels(self.entries(scale), self.absent_and_masked(), shades), scale)

    def without_hidden(self, pixels: Pixels, scale: ColorScale) -> Pixels:
        """Gives hidden columns of a picture of each head their color. Cells that are masked stay so."""
        if self.hidden is not None:
            pixels[self.hidden[..., None, :] & ~self.absent_and_masked()] = packed(scale.palette.hidden)
        return pixels

    def hiding(self, sequence: AttentionSequence, switches: Switches | None) -> Cells:
        """The same cells, all of them and not previews, without the sources that are hidden."""
        if switches is None or switches.hide is None:
            return self
        values = self.steps * self.scales
        sources = hidden.hidden_sources(values, switches.hide, own_sources(sequence))
        kept = hidden.without(values, sources, renormalize=switches.renormalize)
        return replace(self, steps=kept, scales=np.ones_like(self.scales), hidden=sources)

    def pooled(self, sequence: AttentionSequence) -> Cells:
        """[head, row, column]: thumbnails of all cells, the value of largest magnitude in each block."""
        tall, wide = sequence.preview_block
        rows, cols = (
            np.arange(0, length, block) for length, block in zip(self.steps.shape[1:], (tall, wide), strict=True)
        )
        values = self.steps * self.scales
        high, low = (pick.reduceat(pick.reduceat(values, rows, axis=1), cols, axis=2) for pick in (np.fmax, np.fmin))
        strongest = np.where(-low > high, low, high)
        weights = None if self.weights is None else np.fmax.reduceat(self.weights, cols, axis=2)
        columns = None if self.hidden is None else np.logical_and.reduceat(self.hidden, cols, axis=-1)
        masked = _masked_blocks(sequence, len(rows), len(cols))
        return Cells(strongest, np.ones((len(strongest), 1, 1)), masked, weights, columns)

    def _times(self, scales: Float64) -> Float64:
        return self.steps * (scales if self.weights is None else scales * self.weights)


def heads(sequence: AttentionSequence, kind: AttentionType, indices: range) -> Cells:
    """[head, row, column]: all cells of these heads."""
    tensor = sequence.attention
    masked = np.arange(tensor.shape[2]) > last_sources(sequence)[:, None]
    steps = np.stack([_head(tensor, index) for index in indices])
    chosen = slice(indices.start, indices.stop)
    return Cells(steps, np.array(tensor.scales)[chosen, None, None], masked, _weights(sequence, kind, 1, chosen))


def previews(sequence: AttentionSequence, preview: Tensor, kind: AttentionType) -> Cells:
    """[head, row, column]: the previews of all heads."""
    steps = _steps(preview, decode.chunk_codes(preview, 0)).reshape(preview.shape)
    wide = sequence.preview_block[1]
    masked = _masked_blocks(sequence, *preview.shape[1:])
    return Cells(steps, np.array(preview.scales)[:, None, None], masked, _weights(sequence, kind, wide, slice(None)))


def _masked_blocks(sequence: AttentionSequence, rows: int, cols: int) -> Bools:
    """[row, column]: the blocks of a preview in which no cell can have a value."""
    tall, wide = sequence.preview_block
    last = np.maximum.reduceat(last_sources(sequence), np.arange(rows) * tall) // wide
    masked: Bools = np.arange(cols) > last[:, None]
    return masked


def last_sources(sequence: AttentionSequence) -> npt.NDArray[np.intp]:
    """The last source that each destination can attend to."""
    _, dest, src = sequence.attention.shape
    if sequence.dest_positions is not None:
        return np.array(sequence.dest_positions, np.intp)
    if sequence.attention.layout == "causal":
        return np.arange(dest) + (src - dest)
    return np.full(dest, src - 1)


def own_sources(sequence: AttentionSequence) -> npt.NDArray[np.intp]:
    """The source that is each destination's own token; -1 where it is not known, or where there is none."""
    _, dest, src = sequence.attention.shape
    if sequence.dest_positions is not None:
        return np.array(sequence.dest_positions, np.intp)
    same = sequence.src_tokens is None or sequence.attention.layout == "causal"
    return np.arange(dest) + (src - dest) if same else np.full(dest, -1)


def _weights(sequence: AttentionSequence, kind: AttentionType, block: int, chosen: slice) -> Float64 | None:
    """[head, 1, column]: the weights of heads, the largest of each block of sources; None for standard attention."""
    if kind == "standard":
        return None
    weights = (
        decode.whole(sequence.weights[kind])[chosen].astype(np.float32).astype(np.float64)
    )  # the page keeps float32
    if block > 1:
        weights = np.fmax.reduceat(weights, np.arange(0, weights.shape[1], block), axis=1)
    return weights[:, None, :]


def _head(tensor: Tensor, index: int) -> Float64:
    _, dest, src = tensor.shape
    if len(tensor.chunks) > 1:
        codes = decode.chunk_codes(tensor, index)
    else:
        codes = decode.chunk_codes(tensor, 0).reshape(tensor.shape[0], -1)[index]
    steps = _steps(tensor, codes)
    if tensor.layout == "causal":
        cells = np.full(dest * src, np.nan)
        cells[visible_cells(dest, src)] = steps
        steps = cells
    return steps.reshape(dest, src)


def _steps(tensor: Tensor, codes: decode.Codes) -> Float64:
    steps = (codes - tensor.zero).astype(np.float64)
    if tensor.missing is not None:
        steps[codes == tensor.missing] = np.nan
    return steps

"""Attention of Hugging Face's `generate(..., output_attentions=True)`: the steps joined to one matrix per layer.

Step 0 holds the rows of the prompt, each later step the row of the token generated before it. The sources grow with every step.
A static key-value cache has all of them from the start, with zeros for later positions; a sliding window has only the last ones;
without a cache each step holds all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias, TypeGuard

import numpy as np

from circuitsvis._common.arrays import ArrayLike, FloatArray, is_torch_tensor, to_float32

Steps: TypeAlias = Sequence[Sequence[Any]]
"""[step][layer], each [batch, head, q, k] or None."""


def are_steps(attention: ArrayLike) -> TypeGuard[Steps]:
    """Whether `attention` is a sequence of steps, each of which is a sequence of layers with four axes."""
    if not isinstance(attention, (list, tuple)) or not attention:
        return False
    return all(
        isinstance(step, (list, tuple))
        and any(layer is not None for layer in step)
        and all(layer is None or len(getattr(layer, "shape", ())) == 4 for layer in step)
        for step in attention
    )


def joined(steps: Steps, *, square: bool) -> list[FloatArray | None]:
    """[batch, head, dest, src] of each layer, with a row for each position that was a query, and 0 for sources it did not have.

    The token generated last has no row, since the model never read it.

    Args:
        steps: as `generate` returns them, or some consecutive ones.
        square: whether destinations and sources are one sequence. If not, and every step has the same sources (as in
            cross-attention), the rows of the steps are stacked unchanged.

    Raises:
        ValueError: steps that do not follow each other, or rows that attend to later positions.
    """
    _check(steps)
    layers = [index for index, layer in enumerate(steps[0]) if layer is not None]
    if not square and len({steps[step][layer].shape[-1] for step in range(len(steps)) for layer in layers}) == 1:
        matrices = {
            layer: np.concatenate([_read(steps, step, layer) for step in range(len(steps))], axis=2) for layer in layers
        }
    else:
        row_ranges = _row_ranges(steps, layers)
        if square and row_ranges[0].start > 0:
            raise ValueError(
                f"attention: with tokens= the first step of a generation must hold the whole prompt, got {_shape(steps[0][layers[0]])}; "
                "pass all steps, or for rows of generated tokens alone and for cross-attention give dest_tokens= and src_tokens="
            )
        matrices = {layer: _joined(steps, layer, row_ranges) for layer in layers}
    return [matrices.get(layer) for layer in range(len(steps[0]))]


def without_last(rows: Sequence[tuple[str, ...]], length: int) -> list[tuple[str, ...]]:
    """The tokens of each sequence; without the token generated last, which has no row, if there are `length` + 1 tokens."""
    return [row[:-1] for row in rows] if max(map(len, rows)) == length + 1 else list(rows)


def mask_without_last(mask: ArrayLike, length: int) -> ArrayLike:
    """The mask; without the column of the token generated last if there are `length` + 1 columns."""
    array: Any = mask if is_torch_tensor(mask) else np.asarray(mask)  # both are indexed alike
    return array[..., :-1] if len(array.shape) > 0 and array.shape[-1] == length + 1 else mask


class _RowRange(NamedTuple):
    """A step and the positions of its rows, start .. end - 1."""

    step: int
    start: int
    end: int


def _check(steps: Steps) -> None:
    first = steps[0]
    for number, step in enumerate(steps):
        if len(step) != len(first):
            raise ValueError(
                "attention: the steps of a generation need the same layers, "
                f"got {len(first)} at step 0 and {len(step)} at step {number}"
            )
        for index, (at_first, layer) in enumerate(zip(first, step, strict=True)):
            if (at_first is None) != (layer is None) or (layer is not None and layer.shape[:2] != at_first.shape[:2]):
                raise ValueError(
                    "attention: the steps of a generation need the same batch and heads, got "
                    f"{_shape(at_first)} at step 0 and {_shape(layer)} at step {number} of layer {index}"
                )


def _shape(layer: Any) -> str:
    return "None" if layer is None else str([int(n) for n in layer.shape])


def _row_ranges(steps: Steps, layers: Sequence[int]) -> list[_RowRange]:
    """The steps whose rows are needed. Without a key-value cache that is the last step, which holds all rows."""
    n_first = steps[0][layers[0]].shape[2]
    start = max(_last_source(_read(steps, 0, layer)) for layer in layers) + 1 - n_first
    row_ranges: list[_RowRange] = []
    end = start
    for number, step in enumerate(steps):
        n_rows = int(step[layers[0]].shape[2])
        if number > 0 and n_rows == end - start + 1:
            row_ranges.clear()
            end = start
        row_ranges.append(_RowRange(number, end, end + n_rows))
        end += n_rows
    return row_ranges


def _last_source(values: FloatArray) -> int:
    """The last source that the last row attends to in any head. In most models that is the position of the row."""
    attended = np.flatnonzero(np.nan_to_num(values[:, :, -1]).any(axis=(0, 1)))
    return int(attended[-1]) if attended.size else int(values.shape[-1]) - 1


def _joined(steps: Steps, layer: int, row_ranges: Sequence[_RowRange]) -> FloatArray:
    first, length = row_ranges[0].start, row_ranges[-1].end
    batch, heads = steps[0][layer].shape[:2]
    matrix = np.zeros((batch, heads, length - first, length), np.float32)
    for step, start, end in row_ranges:
        values = _read(steps, step, layer)
        n_rows, n_sources = values.shape[2:]
        if n_rows != end - start:
            raise ValueError(
                f"attention: step {step} of the generation has {n_rows} rows in layer {layer}, but {end - start} in others"
            )
        later = np.nan_to_num(values[..., end:])
        later[np.ptp(values, axis=-1) == 0] = 0.0  # rows of padding attend equally to every slot of a static cache
        if later.any() or start < 0:
            raise ValueError(
                f"attention: step {step} of the generation attends to positions later than its own in layer {layer} (shape "
                f"{list(values.shape)}), so these are not a decoder's weights on its own tokens; for "
                "cross-attention give dest_tokens= and src_tokens="
            )
        n_dropped = max(end - n_sources, 0)  # with a sliding window the sources are the last ones
        matrix[:, :, start - first : end - first, n_dropped:end] = values[..., :end]
    return matrix


def _read(steps: Steps, step: int, layer: int) -> FloatArray:
    return to_float32(steps[step][layer], f"attention[{step}][{layer}]")

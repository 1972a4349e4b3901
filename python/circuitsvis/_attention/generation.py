"""Attentions of Hugging Face's `generate(..., output_attentions=True)`: the steps of each layer joined to one matrix.

Step 0 holds the rows of the prompt, each later step the row of the token that was generated before it. Keys grow with every
step; a static cache has all of them from the start, a window only the last ones, and without a cache each step holds all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias, TypeGuard

import numpy as np

from circuitsvis._common.arrays import ArrayLike, FloatArray, TorchTensor, to_float32

Steps: TypeAlias = Sequence[Sequence[Any]]
"""[step][layer], each [batch, head, q, k] or None."""


def are_steps(attention: ArrayLike) -> TypeGuard[Steps]:
    """Whether `attention` is a sequence of steps, each a sequence of layers with four axes."""
    if not isinstance(attention, (list, tuple)) or not attention:
        return False
    return all(
        isinstance(step, (list, tuple))
        and any(layer is not None for layer in step)
        and all(layer is None or len(getattr(layer, "shape", ())) == 4 for layer in step)
        for step in attention
    )


def joined(steps: Steps, *, square: bool) -> list[FloatArray | None]:
    """Per layer [batch, head, dest, src]: a row for each position that was a query, 0 at sources that it did not have.

    The token that was generated last is not among them: it was never fed to the model.

    Args:
        steps: as `generate` returns them, or some consecutive ones.
        square: whether destinations and sources are one sequence. If not, and every step has the same sources, as in
            cross-attention, rows are put together as they are.

    Raises:
        ValueError: steps that do not follow each other, or rows with weights later than themselves.
    """
    _check(steps)
    layers = [number for number, layer in enumerate(steps[0]) if layer is not None]
    if not square and len({steps[s][layer].shape[-1] for s in range(len(steps)) for layer in layers}) == 1:
        stacked = {
            layer: np.concatenate([_read(steps, s, layer) for s in range(len(steps))], axis=2) for layer in layers
        }
    else:
        parts = _parts(steps, layers)
        if square and parts[0].start > 0:
            raise ValueError(
                f"attention: with tokens= the first step of a generation must hold the whole prompt, got {_shape(steps[0][layers[0]])}; "
                "pass all steps, or for rows of generated tokens alone and for cross-attention give dest_tokens= and src_tokens="
            )
        stacked = {layer: _joined(steps, layer, parts) for layer in layers}
    return [stacked.get(number) for number in range(len(steps[0]))]


def without_last(rows: Sequence[tuple[str, ...]], length: int) -> list[tuple[str, ...]]:
    """The tokens of each sequence without the one generated last, which has no row, where there is one more than rows."""
    return [row[:-1] for row in rows] if max(map(len, rows)) == length + 1 else list(rows)


def mask_without_last(mask: ArrayLike, length: int) -> ArrayLike:
    """The mask without the token generated last, where it has one more column than rows."""
    array: Any = mask if isinstance(mask, TorchTensor) else np.asarray(mask)  # both are indexed alike
    return array[..., :-1] if len(array.shape) > 0 and array.shape[-1] == length + 1 else mask


class _Part(NamedTuple):
    """A step, and the positions of its rows: start .. end - 1."""

    step: int
    start: int
    end: int


def _check(steps: Steps) -> None:
    first = steps[0]
    for s, step in enumerate(steps):
        if len(step) != len(first):
            raise ValueError(
                f"attention: the steps of a generation need the same layers, got {len(first)} at step 0 and {len(step)} at step {s}"
            )
        for number, (before, layer) in enumerate(zip(first, step, strict=True)):
            if (before is None) != (layer is None) or (layer is not None and layer.shape[:2] != before.shape[:2]):
                raise ValueError(
                    "attention: the steps of a generation need the same batch and heads, got "
                    f"{_shape(before)} at step 0 and {_shape(layer)} at step {s} of layer {number}"
                )


def _shape(layer: Any) -> str:
    return "None" if layer is None else str([int(n) for n in layer.shape])


def _parts(steps: Steps, layers: Sequence[int]) -> list[_Part]:
    """The steps that are needed, with their positions; without a key-value cache the last one holds all rows."""
    first = steps[0][layers[0]].shape[2]
    start = max(_last_source(_read(steps, 0, layer)) for layer in layers) + 1 - first
    parts: list[_Part] = []
    end = start
    for s, step in enumerate(steps):
        n_rows = int(step[layers[0]].shape[2])
        if s > 0 and n_rows == end - start + 1:
            parts.clear()
            end = start
        parts.append(_Part(s, end, end + n_rows))
        end += n_rows
    return parts


def _last_source(values: FloatArray) -> int:
    """The last source that the last row attends to in any head; its own position in most models."""
    used = np.flatnonzero(np.nan_to_num(values[:, :, -1]).any(axis=(0, 1)))
    return int(used[-1]) if used.size else int(values.shape[-1]) - 1


def _joined(steps: Steps, layer: int, parts: Sequence[_Part]) -> FloatArray:
    start, end = parts[0].start, parts[-1].end
    batch, heads = steps[0][layer].shape[:2]
    matrix = np.zeros((batch, heads, end - start, end), np.float32)
    for s, first, last in parts:
        values = _read(steps, s, layer)
        n_rows, n_sources = values.shape[2:]
        if n_rows != last - first:
            raise ValueError(
                f"attention: step {s} of the generation has {n_rows} rows in layer {layer}, but {last - first} in others"
            )
        beyond = np.nan_to_num(values[..., last:])
        beyond[np.ptp(values, axis=-1) == 0] = 0.0  # padding, which attends to every slot of a static cache alike
        if beyond.any() or first < 0:
            raise ValueError(
                f"attention: step {s} of the generation attends to positions later than its own in layer {layer} (shape "
                f"{list(values.shape)}), so these are not a decoder's weights on its own tokens; for "
                "cross-attention give dest_tokens= and src_tokens="
            )
        skipped = max(last - n_sources, 0)  # a window: the keys are the last ones
        matrix[:, :, first - start : last - start, skipped:last] = values[..., :last]
    return matrix


def _read(steps: Steps, step: int, layer: int) -> FloatArray:
    return to_float32(steps[step][layer], f"attention[{step}][{layer}]")

"""Plain arrays as people have them, to [sequence][head] matrices with names: the shapes that `from_values` takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis._common.arrays import ArrayLike, FloatArray, shape_of, to_float32
from circuitsvis._input import display_names
from circuitsvis._wire.props import Head

_COMBINATIONS = """attention: its shape and the tokens must be compatible. There are 4 valid combinations:
    (1) one sequence, one head    <=> attention [dest, src],              tokens a list
    (2) one sequence, many heads  <=> attention [head, dest, src],        tokens a list
    (3) many sequences, one head  <=> attention [batch, dest, src],       tokens a list of lists
    (4) many sequences and heads  <=> attention [batch, head, dest, src], tokens a list of lists
and a tuple of layers, each [batch, head, dest, src], as Hugging Face's output_attentions gives.
"""


VECTORS = """q and k: need the leading axes of attention: q [..., head, dest, d_head] and k [..., key head, src, d_head] (for \
attention [dest, src]: [dest, d_head] and [src, d_head]); for a tuple of layers a tuple of q and of k. """


@dataclass(frozen=True)
class Stack:
    """`array` is [batch, head, dest, src]; `layer` None where the heads belong to none."""

    array: FloatArray
    layer: int | None


def read(attention: ArrayLike, *, batched: bool, n_sequences: int) -> list[Stack]:
    """The values with all four axes, one stack per layer.

    Args:
        attention: see the combinations; float types of any kind.
        batched: whether the tokens have a batch dimension.
        n_sequences: number of token lists.

    Raises:
        TypeError: not numeric.
        ValueError: no valid combination, an empty axis, or no attention at all (Hugging Face without eager attention).
    """
    layers = _hugging_face_layers(attention)
    if layers is not None:
        stacks = [Stack(to_float32(values, f"attention[{layer}]"), layer) for layer, values in layers]
    else:
        values = to_float32(attention, "attention")
        stacks = [Stack(_four_axes(values, batched=batched, n_sequences=n_sequences), None)]
    first = stacks[0].array.shape
    for stack in stacks:
        batch, *_ = shape = stack.array.shape
        if 0 in shape or len(shape) != 4:
            raise ValueError(f"attention: needs at least one head and position, got shape {list(shape)}")
        if batch != first[0] or shape[-2:] != first[-2:]:
            raise ValueError(
                f"attention: layer {stack.layer} has shape {list(shape)}, but layer {stacks[0].layer} {list(first)}: their windows "
                "or positions differ, so they do not fit one figure; pass one layer at a time, e.g. "
                f"attention[{stack.layer}], with a list of {shape[-1]} tokens for each of its {batch} windows or sequences"
            )
        if batch != n_sequences:
            raise ValueError(
                f"{_COMBINATIONS}Got a batch of {batch} (shape {list(shape)}) for {n_sequences} lists of tokens."
            )
    return stacks


def queries_and_keys(
    q: ArrayLike, k: ArrayLike, stacks: list[Stack], *, batched: bool, n_sequences: int
) -> list[tuple[FloatArray, FloatArray]]:
    """Per stack, q [batch, head, dest, d_head] and k [batch, key head, src, d_head].

    Raises:
        TypeError: not numeric.
        ValueError: shapes that do not fit the attention's, or values that are not finite.
    """
    found = []
    for stack, one_q, one_k in zip(stacks, _by_layer("q", q, stacks), _by_layer("k", k, stacks), strict=True):
        arrays = []
        for name, values in (("q", one_q), ("k", one_k)):
            array = to_float32(values, name)
            if not 2 <= array.ndim <= 4 or (array.ndim == 2 and n_sequences > 1):
                raise ValueError(f"{VECTORS}Got {name} of shape {list(array.shape)}.")
            if not np.isfinite(array).all():
                raise ValueError(f"{name}: values must be finite in float32, got NaN or infinity")
            arrays.append(_four_axes(array, batched=batched, n_sequences=n_sequences))
        found.append((arrays[0], arrays[1]))
        _check_fit(stack, *found[-1])
    return found


def _check_fit(stack: Stack, q: FloatArray, k: FloatArray) -> None:
    batch, head, dest, src = stack.array.shape
    n_keys, d_head = k.shape[1], q.shape[3]
    if q.shape[:3] != (batch, head, dest) or 0 in q.shape:
        raise ValueError(
            f"{VECTORS}Got q of shape {list(q.shape)} for [batch, head, dest, d_head] = [{batch}, {head}, {dest}, d_head]."
        )
    if k.shape != (batch, n_keys, src, d_head) or n_keys == 0 or head % n_keys:
        raise ValueError(
            f"{VECTORS}Got k of shape {list(k.shape)} for [batch, key head, src, d_head] = [{batch}, n, {src}, {d_head}], "
            f"where n divides {head}."
        )


def _by_layer(name: str, values: ArrayLike, stacks: list[Stack]) -> list[ArrayLike]:
    """The values of each stack: themselves where there is one without a layer, else as many layers as attention has."""
    if len(stacks) == 1 and stacks[0].layer is None:
        return [values]
    layers = [layer for layer in values if layer is not None] if hasattr(values, "__len__") else []
    if len(layers) != len(stacks):
        raise ValueError(f"{VECTORS}Got {len(layers)} layers of {name} for {len(stacks)} layers of attention.")
    return layers


def heads(stacks: list[Stack], head_names: Sequence[str] | None, notation: str) -> list[Head]:
    """The heads' names: the given ones, else "layer.head" where layers are known, else "Head 0", "Head 1", ..."""
    plain = [
        display_names.head(stack.layer, i, notation) if stack.layer is not None else Head(f"Head {i}", None)
        for stack in stacks
        for i in range(stack.array.shape[1])
    ]
    if head_names is None:
        return plain
    names = list(head_names) if not isinstance(head_names, str) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise TypeError(f"head_names: must be a list of strings, got {head_names!r}")
    if len(names) != len(plain):
        raise ValueError(f"head_names: needs one name per head, got {len(names)} names for {len(plain)} heads")
    return [Head(name, head.layer) for name, head in zip(names, plain, strict=True)]


def _four_axes(values: FloatArray, *, batched: bool, n_sequences: int) -> FloatArray:
    if values.ndim == 4:
        return values
    if values.ndim == 3:
        one_prompt = not batched or (n_sequences == 1 and values.shape[0] != 1)
        return values[None] if one_prompt else values[:, None]
    if values.ndim == 2 and n_sequences == 1:
        return values[None, None]
    form = "a list of lists" if batched else "a list"
    raise ValueError(f"{_COMBINATIONS}Got attention of shape {list(values.shape)} with {form} of tokens.")


def _hugging_face_layers(attention: ArrayLike) -> list[tuple[int, ArrayLike]] | None:
    """(layer, values) where `attention` is a sequence of 4-D layers, as `outputs.attentions`; None where it is no such."""
    if attention is None or (isinstance(attention, (list, tuple)) and _all_none(attention)):
        raise ValueError(
            f'attention: the model returned no attention ({attention!r}); load it with attn_implementation="eager" '
            "and call it with output_attentions=True"
        )
    if not isinstance(attention, (list, tuple)):
        return list(enumerate(attention)) if len(shape_of(attention, "attention")) == 5 else None
    present = [(i, layer) for i, layer in enumerate(attention) if layer is not None]
    if all(hasattr(layer, "shape") and len(layer.shape) == 4 for _, layer in present):
        return present
    return None


def _all_none(layers: Sequence[object]) -> bool:
    """Whether each layer is None, also within the steps of a generation."""
    return all(layer is None or (isinstance(layer, (list, tuple)) and layer and _all_none(layer)) for layer in layers)

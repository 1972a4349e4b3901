"""The shapes of arrays that `attention.from_values` takes, brought to [batch, head, dest, src] for each layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis._common.arrays import ArrayLike, FloatArray, shape_of, to_float32
from circuitsvis._input import display_names
from circuitsvis._wire.props.attention import Head

_COMBINATIONS = """attention: its shape and the tokens must be compatible. There are 4 valid combinations:
    (1) one sequence, one head    <=> attention [dest, src],              tokens a list
    (2) one sequence, many heads  <=> attention [head, dest, src],        tokens a list
    (3) many sequences, one head  <=> attention [batch, dest, src],       tokens a list of lists
    (4) many sequences and heads  <=> attention [batch, head, dest, src], tokens a list of lists
and a tuple of layers, each [batch, head, dest, src], as Hugging Face's output_attentions gives.
"""

_VECTORS = """q and k: need the leading axes of attention: q [..., head, dest, d_head] and k [..., key head, src, d_head] (for \
attention [dest, src]: [dest, d_head] and [src, d_head]); for a tuple of layers a tuple of q and of k. """


@dataclass(frozen=True)
class LayerValues:
    """Values of the heads of one layer.

    Attributes:
        array: [batch, head, dest, src].
        layer: index of the layer; None if it is not known.
    """

    array: FloatArray
    layer: int | None


def layers(attention: ArrayLike, *, batched: bool, n_sequences: int) -> list[LayerValues]:
    """The values of each layer with all four axes; arrays without layers count as one layer.

    Args:
        attention: numbers of any float type, in one of the combinations above.
        batched: whether the tokens have a batch dimension.
        n_sequences: number of token lists.

    Raises:
        TypeError: not numeric.
        ValueError: no valid combination, an empty axis, or no attention at all (Hugging Face without eager attention).
    """
    by_layer = _hugging_face_layers(attention)
    if by_layer is not None:
        result = [LayerValues(to_float32(values, f"attention[{index}]"), index) for index, values in by_layer]
    else:
        array = to_float32(attention, "attention")
        result = [LayerValues(_four_axes(array, batched=batched, n_sequences=n_sequences), None)]
    first = result[0].array.shape
    for layer in result:
        shape = layer.array.shape
        if 0 in shape or len(shape) != 4:
            raise ValueError(f"attention: needs at least one head and position, got shape {list(shape)}")
        batch = shape[0]
        if batch != first[0] or shape[-2:] != first[-2:]:
            raise ValueError(
                f"attention: layer {layer.layer} has shape {list(shape)}, but layer {result[0].layer} {list(first)}: their windows "
                "or positions differ, so they do not fit one figure; pass one layer at a time, e.g. "
                f"attention[{layer.layer}], with a list of {shape[-1]} tokens for each of its {batch} windows or sequences"
            )
        if batch != n_sequences:
            raise ValueError(
                f"{_COMBINATIONS}Got a batch of {batch} (shape {list(shape)}) for {n_sequences} lists of tokens."
            )
    return result


def queries_and_keys(
    q: ArrayLike, k: ArrayLike, layers: Sequence[LayerValues], *, batched: bool, n_sequences: int
) -> list[tuple[FloatArray, FloatArray]]:
    """For each layer, q [batch, head, dest, d_head] and k [batch, key head, src, d_head].

    Raises:
        TypeError: not numeric.
        ValueError: shapes that do not fit those of the attention, or values that are not finite.
    """
    result = []
    for layer, *vectors in zip(layers, _by_layer("q", q, layers), _by_layer("k", k, layers), strict=True):
        arrays = []
        for name, values in zip(("q", "k"), vectors, strict=True):
            array = to_float32(values, name)
            if not 2 <= array.ndim <= 4 or (array.ndim == 2 and n_sequences > 1):
                raise ValueError(f"{_VECTORS}Got {name} of shape {list(array.shape)}.")
            if not np.isfinite(array).all():
                raise ValueError(f"{name}: values must be finite in float32, got NaN or infinity")
            arrays.append(_four_axes(array, batched=batched, n_sequences=n_sequences))
        _check_fit(layer, arrays[0], arrays[1])
        result.append((arrays[0], arrays[1]))
    return result


def _check_fit(layer: LayerValues, q: FloatArray, k: FloatArray) -> None:
    batch, n_heads, dest, src = layer.array.shape
    n_key_heads, d_head = k.shape[1], q.shape[3]
    if q.shape[:3] != (batch, n_heads, dest) or 0 in q.shape:
        raise ValueError(
            f"{_VECTORS}Got q of shape {list(q.shape)} for [batch, head, dest, d_head] = [{batch}, {n_heads}, {dest}, d_head]."
        )
    if k.shape != (batch, n_key_heads, src, d_head) or n_key_heads == 0 or n_heads % n_key_heads:
        raise ValueError(
            f"{_VECTORS}Got k of shape {list(k.shape)} for [batch, key head, src, d_head] = [{batch}, n, {src}, {d_head}], "
            f"where n divides {n_heads}."
        )


def _by_layer(name: str, vectors: ArrayLike, layers: Sequence[LayerValues]) -> list[ArrayLike]:
    """The q or k of each layer. Without layers, `vectors` is one array."""
    if len(layers) == 1 and layers[0].layer is None:
        return [vectors]
    result = [layer for layer in vectors if layer is not None] if isinstance(vectors, Iterable) else []
    if len(result) != len(layers):
        raise ValueError(f"{_VECTORS}Got {len(result)} layers of {name} for {len(layers)} layers of attention.")
    return result


def heads(layers: Sequence[LayerValues], head_names: Sequence[str] | None, notation: str) -> list[Head]:
    """The heads with the names passed by the user, else "layer.head" if layers are known, else "Head 0", "Head 1", ..."""
    unnamed = [
        display_names.head(layer.layer, i, notation) if layer.layer is not None else Head(f"Head {i}", None)
        for layer in layers
        for i in range(layer.array.shape[1])
    ]
    if head_names is None:
        return unnamed
    names = list(head_names) if not isinstance(head_names, str) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise TypeError(f"head_names: must be a list of strings, got {head_names!r}")
    if len(names) != len(unnamed):
        raise ValueError(f"head_names: needs one name per head, got {len(names)} names for {len(unnamed)} heads")
    return [Head(name, head.layer) for name, head in zip(names, unnamed, strict=True)]


def _four_axes(values: FloatArray, *, batched: bool, n_sequences: int) -> FloatArray:
    if values.ndim == 4:
        return values
    if values.ndim == 3:
        heads_first = not batched or (n_sequences == 1 and values.shape[0] != 1)
        return values[None] if heads_first else values[:, None]
    if values.ndim == 2 and n_sequences == 1:
        return values[None, None]
    kind = "a list of lists" if batched else "a list"
    raise ValueError(f"{_COMBINATIONS}Got attention of shape {list(values.shape)} with {kind} of tokens.")


def _hugging_face_layers(attention: ArrayLike) -> list[tuple[int, ArrayLike]] | None:
    """(layer, values) if `attention` is a sequence of layers with four axes, as `outputs.attentions`; else None."""
    if attention is None or (isinstance(attention, (list, tuple)) and _all_none(attention)):
        raise ValueError(
            f'attention: the model returned no attention ({attention!r}); load it with attn_implementation="eager" '
            "and call it with output_attentions=True"
        )
    if not isinstance(attention, (list, tuple)):
        if isinstance(attention, Iterable) and len(shape_of(attention, "attention")) == 5:
            return list(enumerate(attention))
        return None
    present = [(i, layer) for i, layer in enumerate(attention) if layer is not None]
    if all(hasattr(layer, "shape") and len(layer.shape) == 4 for _, layer in present):
        return present
    return None


def _all_none(layers: Sequence[object]) -> bool:
    """Whether every layer is None, in each step if `layers` are the steps of a generation."""
    return all(layer is None or (isinstance(layer, (list, tuple)) and layer and _all_none(layer)) for layer in layers)

"""Plain arrays as people have them, to [sequence][head] matrices with names: the shapes that `from_values` takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuitsvis import _labels
from circuitsvis._arrays import ArrayLike, FloatArray, shape_of, to_float32
from circuitsvis._props import Head

_COMBINATIONS = """attention: its shape and the tokens must be compatible. There are 4 valid combinations:
    (1) one sequence, one head    <=> attention [dest, src],              tokens a list
    (2) one sequence, many heads  <=> attention [head, dest, src],        tokens a list
    (3) many sequences, one head  <=> attention [batch, dest, src],       tokens a list of lists
    (4) many sequences and heads  <=> attention [batch, head, dest, src], tokens a list of lists
and a tuple of layers, each [batch, head, dest, src], as Hugging Face's output_attentions gives.
"""


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
    for stack in stacks:
        batch, *_ = shape = stack.array.shape
        if 0 in shape or len(shape) != 4:
            raise ValueError(f"attention: needs at least one head and position, got shape {list(shape)}")
        if batch != n_sequences or shape[-2:] != stacks[0].array.shape[-2:]:
            raise ValueError(
                f"{_COMBINATIONS}Got a batch of {batch} (shape {list(shape)}) for {n_sequences} lists of tokens."
            )
    return stacks


def heads(stacks: list[Stack], head_names: Sequence[str] | None, notation: str) -> list[Head]:
    """The heads' names: the given ones, else "layer.head" where layers are known, else "Head 0", "Head 1", ..."""
    plain = [
        _labels.head(stack.layer, i, notation) if stack.layer is not None else Head(f"Head {i}", None)
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
    if attention is None or (isinstance(attention, (list, tuple)) and all(layer is None for layer in attention)):
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

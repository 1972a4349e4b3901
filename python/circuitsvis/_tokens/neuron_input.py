"""Tokens and activations of `text_neuron_activations`, matched: one text and one array for each sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._common.arrays import ArrayLike, TensorLike, to_float32
from circuitsvis._input import token_lists

_AXES = "[token, layer, neuron]"


@dataclass(frozen=True)
class NeuronSamples:
    """Samples whose shapes fit.

    Attributes:
        tokens: text of each token, by sample.
        arrays: [token, layer, neuron] of each sample, of any library, not yet converted.
        n_layers, n_neurons: lengths of the two dimensions.
    """

    tokens: list[tuple[str, ...]]
    arrays: list[TensorLike]
    n_layers: int
    n_neurons: int


def matched(tokens: ArrayLike, activations: ArrayLike) -> NeuronSamples:
    """The samples, one or several. Reads shapes only, unless the activations are plain lists.

    Raises:
        TypeError: tokens that are no strings, activations that are no numbers.
        ValueError: shapes that do not fit; the text states both.
    """
    texts, _ = token_lists.per_sequence(tokens, "tokens")
    arrays = _arrays(activations)
    if len(texts) != len(arrays):
        raise ValueError(
            f"tokens and activations: need the same number of samples, got {len(texts)} lists of tokens and "
            f"{len(arrays)} arrays of activations; activations must be {_AXES} for one sample, or a list of these"
        )
    names = [f"activations[{i}]" if len(arrays) > 1 else "activations" for i in range(len(arrays))]
    shapes = [tuple(int(n) for n in array.shape) for array in arrays]
    for name, shape, text, i in zip(names, shapes, texts, range(len(texts)), strict=True):
        _check_shape(name, shape, len(text), f"tokens[{i}]" if len(texts) > 1 else "tokens")
        if shape[1:] != shapes[0][1:]:
            raise ValueError(
                f"activations: all samples need the same layers and neurons, got {list(shapes[0])} for sample 0 and "
                f"{list(shape)} for sample {i} ({_AXES}); select the same ones in each, or make two figures"
            )
    return NeuronSamples(texts, arrays, *shapes[0][1:])


def _check_shape(name: str, shape: tuple[int, ...], n_tokens: int, tokens: str) -> None:
    if 0 in shape[1:]:
        raise ValueError(f"{name}: needs at least one layer and one neuron, got shape {list(shape)} ({_AXES})")
    if shape[0] == n_tokens:
        return
    advice = f"give the tokens of this forward pass, or activations of {n_tokens} positions"
    if n_tokens in shape:
        axis = shape.index(n_tokens)
        advice = f"axis {axis} is as long as the tokens: pass numpy.moveaxis({name}, {axis}, 0), or swapaxes({axis}, 0)"
    raise ValueError(f"{name}: needs {_AXES}, got shape {list(shape)} for {n_tokens} {tokens}; {advice}")


def _arrays(activations: ArrayLike) -> list[TensorLike]:
    """One array of three axes for each sample. Arrays are not converted, nested lists are."""
    if isinstance(activations, (str, bytes)) or not (
        hasattr(activations, "shape") or isinstance(activations, Sequence)
    ):
        raise TypeError(
            f"activations: must be an array {_AXES}, or a list of these, got {type(activations).__name__} {activations!r}"
        )
    depth = _depth(activations)
    if depth not in (3, 4):
        found = f"shape {list(activations.shape)}" if hasattr(activations, "shape") else f"lists nested {depth} deep"
        raise ValueError(
            f"activations: must be {_AXES} for one sample, or a list of these, got {found}{_advice(depth)}"
        )
    if depth == 3:
        return [_array(activations, "activations")]
    items: Any = activations
    wrong = next((i for i, item in enumerate(items) if _depth(item) != 3), None)
    if wrong is not None:
        raise ValueError(
            f"activations[{wrong}]: must be {_AXES}, as activations[0] is, got {_depth(items[wrong])} axes instead of 3"
        )
    return [_array(item, f"activations[{i}]") for i, item in enumerate(items)]


def _advice(depth: int) -> str:
    if depth == 2:
        return "; for activations of one layer, [token, neuron], pass activations[:, None, :]"
    return "; remove axes of length 1, such as a batch axis, with activations[0]" if depth == 5 else ""


def _depth(value: object) -> int:
    """Number of axes of an array, or of nested lists, which may hold arrays."""
    shape = getattr(value, "shape", None)
    if shape is not None:
        return len(shape)
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return 1 + (_depth(value[0]) if len(value) else 0)
    return 0


def _array(value: Any, name: str) -> TensorLike:
    array: TensorLike = value if hasattr(value, "shape") else to_float32(value, name)
    if isinstance(array, np.ndarray) and array.dtype.kind not in "fiubV":
        raise TypeError(f"{name}: needs numbers, got an array of dtype {array.dtype}")
    return array

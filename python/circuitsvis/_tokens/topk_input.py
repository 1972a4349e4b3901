"""The arguments of `topk_tokens`, checked: one array of activations for each list of tokens; names and labels."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import arrays
from circuitsvis._common.arrays import ArrayLike, TensorLike
from circuitsvis._input import token_lists

_RULE = "must be a list with an array [layer, token, neuron] for each sample"


def samples(tokens: object, activations: object) -> tuple[list[tuple[str, ...]], list[TensorLike]]:
    """The tokens and the activations of each sample, which fit.

    Raises:
        TypeError, ValueError: they do not fit; the text states what would.
    """
    texts, nested = token_lists.per_sequence(tokens, "tokens")  # type: ignore[arg-type]  # it checks the type
    if not nested:
        raise ValueError(
            "tokens: must be a list of lists of strings, one list per sample, got a list of strings; for one sample pass "
            "tokens=[tokens], activations=[activations]"
        )
    if isinstance(activations, (str, bytes)) or not hasattr(activations, "__getitem__"):
        raise TypeError(f"activations: {_RULE}, got {type(activations).__name__}")
    shape = getattr(activations, "shape", None)
    if shape is not None and len(shape) == 3:
        raise ValueError(
            f"activations: {_RULE}, got one array of shape {tuple(shape)}; for one sample pass [activations]"
        )
    n_arrays = int(shape[0]) if shape is not None and len(shape) > 0 else len(activations)  # type: ignore[arg-type]  # a list has a length
    if n_arrays != len(texts):
        raise ValueError(
            f"tokens and activations: need as many lists of tokens as arrays, got {len(texts)} and {n_arrays}; each sample has one of both"
        )
    found = [_array(activations[i], i, len(text)) for i, text in enumerate(texts)]
    layers = {int(array.shape[0]) for array in found}
    if len(layers) > 1:
        raise ValueError(
            f"activations: all samples need the same number of layers (first axis), got {[int(a.shape[0]) for a in found]}; "
            "make a figure for each of the others"
        )
    return texts, found


def _array(given: ArrayLike, index: int, n_tokens: int) -> TensorLike:
    name = f"activations[{index}]"
    array = arrays.sliceable(given, name)
    shape = tuple(int(length) for length in array.shape)
    if len(shape) != 3:
        advice = "; add the axis of layers, activations[None]" if len(shape) == 2 else ""
        raise ValueError(f"{name}: must have the axes [layer, token, neuron], got shape {shape}{advice}")
    if 0 in shape:
        raise ValueError(f"{name}: needs at least one layer, token and neuron, got shape {shape}")
    if shape[1] != n_tokens:
        advice = (
            "; tokens are the second axis: swap the last two, activations.swapaxes(1, 2)"
            if shape[2] == n_tokens
            else "; drop padding from both, and give a list and an array of the same text"
        )
        raise ValueError(
            f"{name}: its second axis must be the {n_tokens} tokens of tokens[{index}], got shape {shape}{advice}"
        )
    return array


def name(argument: str, value: object) -> str:
    """The name of a dimension. Raises TypeError unless it is a string."""
    if not isinstance(value, str):
        raise TypeError(f"{argument}: must be a string, got {type(value).__name__} {value!r}")
    return value


def labels(argument: str, value: object, count: int, what: str) -> tuple[str, ...] | None:
    """Labels as texts; None if the user gave none.

    Args:
        argument: the argument's name.
        value: a list of strings or whole numbers, or None.
        count: how many there must be.
        what: what each label names, in the singular.

    Raises:
        TypeError, ValueError: not a list of that many strings.
    """
    if value is None:
        return None
    given = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(f"{argument}: must be a list of strings or None, got {type(value).__name__} {value!r}")
    if len(given) != count:
        raise ValueError(f"{argument}: needs one label per {what}, {count}, got {len(given)}")
    for i, label in enumerate(given):
        if isinstance(label, bool) or not isinstance(label, (str, int)):
            raise TypeError(
                f"{argument}[{i}]: must be a string, got {type(label).__name__} {label!r} (wrap it in str())"
            )
    return tuple(map(str, given))

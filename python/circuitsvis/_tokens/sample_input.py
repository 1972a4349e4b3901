"""Tokens and activations of `topk_samples`, nested lists of any lengths, as flat arrays with lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray, to_float32
from circuitsvis._input import token_text

Integers = npt.NDArray[np.int64]

_AXES = "[layer][neuron][sample][token]"


@dataclass(frozen=True)
class Samples:
    """All samples, one after the other: those of the first neuron of the first layer, of its second neuron, ...

    Attributes:
        vocabulary: each different token once, as text.
        token_ids: [token], indices of the vocabulary.
        values: [token], the activations.
        lengths: [sample], number of tokens.
        counts: [neuron], number of samples.
        layers: [layer], number of neurons.
    """

    vocabulary: tuple[str, ...]
    token_ids: Integers
    values: FloatArray
    lengths: Integers
    counts: Integers
    layers: tuple[int, ...]


def matched(tokens: object, activations: object) -> Samples:
    """The samples, once both arguments have the same lengths at each level.

    Raises:
        TypeError: not nested lists, tokens that are no strings, activations that are no numbers.
        ValueError: lengths that differ; the text names the place. Infinite values, or no layers or neurons.
    """
    token_layers, value_layers = _children(tokens, "tokens"), _children(activations, "activations")
    _same_length(token_layers, value_layers, "", "layers")
    if not token_layers:
        raise ValueError(f"tokens: needs at least one layer, got an empty list; it is {_AXES}")
    texts: list[Sequence[object]] = []
    flat: list[FloatArray] = []
    counts: list[int] = []
    for i, (token_layer, value_layer) in enumerate(zip(token_layers, value_layers, strict=True)):
        token_neurons, value_neurons = (
            _children(token_layer, f"tokens[{i}]"),
            _children(value_layer, f"activations[{i}]"),
        )
        _same_length(token_neurons, value_neurons, f"[{i}]", "neurons")
        if not token_neurons:
            raise ValueError(f"tokens[{i}]: needs at least one neuron, got an empty list; it is {_AXES}")
        for j, (some_tokens, some_values) in enumerate(zip(token_neurons, value_neurons, strict=True)):
            place = f"[{i}][{j}]"
            lists = [
                _tokens(row, f"tokens{place}[{k}]") for k, row in enumerate(_children(some_tokens, f"tokens{place}"))
            ]
            counts.append(len(lists))
            texts.extend(lists)
            flat.append(_values(some_values, lists, place))
    vocabulary, token_ids = _table(texts)
    return Samples(
        vocabulary=vocabulary,
        token_ids=token_ids,
        values=_finite(np.concatenate(flat)),
        lengths=np.fromiter(map(len, texts), np.int64, len(texts)),
        counts=np.array(counts, np.int64),
        layers=tuple(map(len, token_layers)),
    )


def _children(value: object, name: str) -> Sequence[Any]:
    """The items of a list, tuple or array."""
    shape = getattr(value, "shape", None)
    if shape is not None and len(shape) > 0:
        return value  # type: ignore[return-value]  # an array has a length and items
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return value
    raise TypeError(f"{name}: must be a list, nested as {_AXES}, got {type(value).__name__} {value!r}")


def _same_length(tokens: Sequence[Any], values: Sequence[Any], place: str, what: str) -> None:
    if len(tokens) != len(values):
        raise ValueError(
            f"tokens{place} and activations{place}: need the same number of {what}, got {len(tokens)} and {len(values)}; both are {_AXES}"
        )


def _tokens(row: Any, name: str) -> Sequence[object]:
    if isinstance(row, str):
        raise TypeError(
            f"{name}: must be a list of strings, the tokens of one sample, got the text {row!r}; tokens are {_AXES}"
        )
    items = _children(row, name)
    return items.tolist() if hasattr(items, "tolist") else items


def _values(values: Any, tokens: list[Sequence[object]], place: str) -> FloatArray:
    """The activations of a neuron's samples, one after the other."""
    rows = _children(values, f"activations{place}")
    _same_length(tokens, rows, place, "samples")
    if hasattr(values, "shape"):
        rows = list(to_float32(values, f"activations{place}"))
    for k, (row, text) in enumerate(zip(rows, tokens, strict=True)):
        _same_length(text, _children(row, f"activations{place}[{k}]"), f"{place}[{k}]", "tokens")
    if all(type(row) is list for row in rows):
        numbers = list(chain.from_iterable(rows))
        if set(map(type, numbers)) <= {int, float, bool}:
            with np.errstate(over="ignore"):  # what is beyond float32 becomes inf, which is refused
                return np.array(numbers, np.float64).astype(np.float32)
    if not rows:
        return np.zeros(0, np.float32)
    return np.concatenate([_row(row, f"activations{place}[{k}]") for k, row in enumerate(rows)])


def _row(row: Any, name: str) -> FloatArray:
    values = to_float32(row, name)
    if values.ndim != 1:
        raise ValueError(
            f"{name}: must be one number per token, got shape {list(values.shape)}; activations are {_AXES}"
        )
    return values


def _finite(values: FloatArray) -> FloatArray:
    infinite = np.flatnonzero(np.isinf(values))
    if infinite.size:
        raise ValueError(
            f"activations: values must be NaN or finite in float32 (at most 3.4e38), got {values[infinite[0]]}; "
            "put NaN where there is no value"
        )
    return values


def _table(texts: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], Integers]:
    """Each different token once, in the order in which they occur, and the index of every token."""
    flat = list(chain.from_iterable(texts))
    try:
        known: dict[Any, int] = {token: index for index, token in enumerate(dict.fromkeys(flat))}
    except TypeError as error:  # lists are not hashable
        raise TypeError(
            f"tokens: must be strings, got lists among them, nested too deep; tokens are {_AXES}"
        ) from error
    for token in known:
        if not isinstance(token, str):
            raise TypeError(
                f"tokens: must be strings, got {type(token).__name__} {token!r} among them; for token ids pass their texts, or str(id)"
            )
    # One row per token: the bytes of a piece are part of a text whatever stands before it.
    decoded = token_text.of_pieces([(token,) for token in known])
    ids = np.fromiter(map(known.__getitem__, flat), np.int64, len(flat))
    return tuple(text for (text,) in decoded), ids

"""The arguments heads, layers, batch_idx and seq_pos, checked and brought to lists of indices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from circuitsvis._common import checks

Heads: TypeAlias = "tuple[int, int] | Sequence[tuple[int, int]] | None"
Layers: TypeAlias = "int | Sequence[int] | None"
BatchIdx: TypeAlias = "int | Sequence[int] | None"
SeqPos: TypeAlias = "int | Sequence[int] | None"


def heads(
    heads: Heads, layers: Layers, cached: Sequence[int], n_layers: int, n_heads: Callable[[int], int]
) -> list[tuple[int, int]]:
    """The (layer, head) pairs to show, in the order of the arguments.

    A head that is named twice, e.g. by layers 1 and -2 of 3, is shown once: sums over heads must not count it twice.

    Args:
        heads: one (layer, head) or several. Negative indices count from the end. Not together with `layers`.
        layers: one layer or several, with all their heads. None without `heads`: every cached layer.
        cached: the layers in the cache, ascending.
        n_layers: number of layers of the model.
        n_heads: number of heads of a layer; raises if the layer is not cached.

    Raises:
        TypeError, ValueError: wrong types, out of range, empty, or both arguments.
    """
    if heads is not None and layers is not None:
        raise ValueError(f"heads and layers: give one of them, got heads={heads!r} and layers={layers!r}")
    model = f"a model with {n_layers} layers"
    if heads is None:
        chosen = (
            list(cached)
            if layers is None
            else [checks.index("layers", layer, n_layers, "layer", model) for layer in _several("layers", layers)]
        )
        return [(layer, head) for layer in dict.fromkeys(chosen) for head in range(n_heads(layer))]
    pairs = []
    for layer_index, head_index in _pairs(heads):
        layer = checks.index("heads", layer_index, n_layers, "layer", model)
        size = n_heads(layer)
        pairs.append((layer, checks.index("heads", head_index, size, "head", f"layer {layer} with {size} heads")))
    return list(dict.fromkeys(pairs))


def batch(batch_idx: BatchIdx, size: int) -> list[int]:
    """The sequences to show, in the order of the argument: None for all, an int for one, or a list.

    Raises:
        TypeError, ValueError: wrong types, out of range, or empty.
    """
    if batch_idx is None:
        return list(range(size))
    owner = f"a batch of {size}" + (" (the cache has no batch dimension)" if size == 1 else "")
    return [checks.index("batch_idx", i, size, "index", owner) for i in _several("batch_idx", batch_idx)]


def positions(seq_pos: SeqPos, n_tokens: int, sequence: int, *, next_token: bool) -> tuple[int, ...]:
    """The destinations of one sequence, in the order of the argument: None for all, an int for one, or a list.

    Args:
        seq_pos: positions among the tokens of the sequence, without padding. Negative ones count from the end.
        n_tokens: number of tokens of the sequence.
        sequence: its index, for error messages.
        next_token: whether each destination needs a next token, which the last position does not have.

    Raises:
        TypeError, ValueError: wrong types, out of range, empty, or the last position with `next_token`.
    """
    if next_token and n_tokens < 2:
        raise ValueError(
            f"resid_directions: None means the next token, but sequence {sequence} has only one token; pass a direction"
        )
    if seq_pos is None:
        return tuple(range(n_tokens - next_token))
    owner = f"sequence {sequence} with {n_tokens} tokens"
    chosen = tuple(checks.index("seq_pos", i, n_tokens, "position", owner) for i in _several("seq_pos", seq_pos))
    if next_token and n_tokens - 1 in chosen:
        raise ValueError(
            f"seq_pos: the last position ({n_tokens - 1}) of sequence {sequence} has no next token to attribute to "
            "(resid_directions=None means the next token); leave it out, or pass resid_directions"
        )
    return chosen


def _several(name: str, value: object) -> list[object]:
    """`value` as a non-empty list, if it is a list, tuple, range or 1-D array; else a list of `value` alone."""
    value = value.tolist() if hasattr(value, "tolist") else value  # numpy and torch; 0-D arrays give a number
    if isinstance(value, (str, bytes, dict, set)):
        raise TypeError(f"{name}: must be an integer or a list of integers, got {type(value).__name__} {value!r}")
    items = list(value) if isinstance(value, Sequence) else [value]
    if not items:
        raise ValueError(f"{name}: needs at least one, got an empty list (use None for all)")
    return items


def _pairs(heads: object) -> list[tuple[object, object]]:
    rule = "must be one (layer, head) pair or a list of such pairs"
    items = _several("heads", heads)
    if len(items) == 2 and not any(isinstance(item, Sequence) or hasattr(item, "__len__") for item in items):
        items = [items]
    pairs = []
    for item in items:
        pair = item.tolist() if hasattr(item, "tolist") else item
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"heads: {rule}, got {item!r} in {heads!r}, e.g. heads=[(9, 6), (9, 9)]")
        pairs.append((pair[0], pair[1]))
    return pairs

"""Arguments of the functions of CircuitsVis 1 on attention, checked: tokens, the values of each head, and their names."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike, FloatArray, shape_of, to_float32
from circuitsvis._input import token_lists

_ORDER = {
    "attention_heads": "attention_heads(attention, tokens)",
    "attention_pattern": "attention_pattern(tokens, attention)",
    "attention_patterns": "attention_patterns(tokens, attention)",
}
"""The order of the arguments, which CircuitsVis 1 does not have the same everywhere."""


def heads(attention: ArrayLike, tokens: Sequence[str], function: str) -> tuple[list[FloatArray], tuple[str, ...]]:
    """[dest, src] of each head, and the tokens.

    Args:
        attention: [head, dest, src] or [1, head, dest, src].
        tokens: list of strings.
        function: name of the public function, for error messages.

    Raises:
        TypeError, ValueError: other types or shapes. The text names the function that takes them.
    """
    texts = _tokens(attention, tokens, function)
    shape = shape_of(attention, "attention")
    if len(shape) == 4 and shape[0] == 1:
        return heads(to_float32(attention, "attention")[0], texts, function)
    rule = "attention: must be [head, dest, src]"
    if len(shape) == 2:
        raise ValueError(
            f"{rule}, got [dest, src] = {list(shape)}; attention_pattern(tokens, attention) shows one head"
        )
    _check_axes(shape, 3, rule)
    _check_positions(shape, texts)
    return list(to_float32(attention, "attention")), texts


def pattern(attention: ArrayLike, tokens: Sequence[str]) -> tuple[list[FloatArray], tuple[str, ...]]:
    """[dest, src] of one head in a list, and the tokens.

    Args:
        attention: [dest, src], or with axes of length 1 before them.
        tokens: list of strings.

    Raises:
        TypeError, ValueError: other types or shapes. The text names the function that takes them.
    """
    texts = _tokens(attention, tokens, "attention_pattern")
    shape = shape_of(attention, "attention")
    if len(shape) in (3, 4) and set(shape[:-2]) == {1}:
        return pattern(to_float32(attention, "attention").reshape(shape[-2:]), texts)
    rule = "attention: must be [dest, src]"
    if len(shape) == 3 or (len(shape) == 4 and shape[0] == 1):
        raise ValueError(
            f"{rule}, got [head, dest, src] = {list(shape[-3:])}; attention_heads(attention, tokens) shows {shape[-3]} heads, "
            f"attention{'[0]' * (len(shape) - 2)} is the first of them"
        )
    _check_axes(shape, 2, rule)
    _check_positions(shape, texts)
    return [to_float32(attention, "attention")], texts


def names(attention_head_names: Sequence[str] | None, n_heads: int) -> list[str]:
    """The names of the heads on the page.

    Raises:
        TypeError: not a list of strings.
        ValueError: not one name per head.
    """
    if attention_head_names is None:
        return [f"Head {i}" for i in range(n_heads)]
    rule = "attention_head_names: must be a list of strings, one per head"
    given = (None,) if isinstance(attention_head_names, (str, bytes)) else attention_head_names
    listed = [checks.label(name) for name in given]
    texts = [name for name in listed if name is not None]
    if len(texts) != len(listed):
        raise TypeError(f"{rule}, got {attention_head_names!r}")
    if len(texts) != n_heads:
        raise ValueError(f"{rule}, got {len(texts)} names for {n_heads} heads")
    return texts


def _tokens(attention: ArrayLike, tokens: Sequence[str], function: str) -> tuple[str, ...]:
    if _is_text(attention) and not _is_text(tokens):
        first, second = ("tokens", "attention") if function == "attention_heads" else ("attention", "tokens")
        raise TypeError(
            f"attention: must be numbers, got strings; {second} comes before {first}: {_ORDER[function]}; with attention= and tokens= "
            "the order does not matter"
        )
    rows, batched = token_lists.per_sequence(tokens, "tokens")
    if batched and len(rows) > 1:
        raise ValueError(
            f"tokens: must be a list of strings, got {len(rows)} lists; for a batch use from_values(attention, tokens), with "
            "attention [batch, head, dest, src]"
        )
    return rows[0]


def _is_text(value: object) -> bool:
    """Whether `value` is a string, a list of strings, or a list of lists of them."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, str)


def _check_axes(shape: tuple[int, ...], axes: int, rule: str) -> None:
    if len(shape) != axes:
        raise ValueError(
            f"{rule}, got shape {list(shape)}; from_values takes batches and layers: attention [batch, head, dest, src] or a list of "
            "such layers, with a list of tokens for each sequence"
        )
    if 0 in shape:
        raise ValueError(f"{rule} with at least one head and position, got shape {list(shape)}")


def _check_positions(shape: tuple[int, ...], tokens: tuple[str, ...]) -> None:
    dest, src = shape[-2:]
    if dest != src:
        raise ValueError(
            f"attention: must have as many destinations as sources, got {dest} and {src}; for others use from_values(attention, "
            "dest_tokens=..., src_tokens=...)"
        )
    if len(tokens) != src:
        raise ValueError(
            f"tokens: needs one per position of the attention, got {len(tokens)} tokens for {src} positions; cut padding off both"
        )

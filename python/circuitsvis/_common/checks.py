"""Checks of arguments. Their errors state the argument, the rule, the value and the fix, in the same words everywhere."""

from __future__ import annotations

import operator
from collections.abc import Sequence


def one_of(name: str, value: object, options: Sequence[str]) -> None:
    """Raises ValueError unless `value` is one of `options`."""
    if value not in options:
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name}: must be one of {listed}, got {value!r}")


def boolean(name: str, value: object) -> None:
    """Raises TypeError unless `value` is a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: must be True or False, got {value!r}")


def text(name: str, value: object) -> None:
    """Raises TypeError unless `value` is a str or None."""
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name}: must be a string or None, got {type(value).__name__} {value!r}")


def label(value: object) -> str | None:
    """A label as text: a string, or a whole number (CircuitsVis 1 took both); None for anything else."""
    if isinstance(value, str):
        return value
    try:
        return None if isinstance(value, bool) else str(operator.index(value))  # type: ignore[arg-type]  # the TypeError is the check
    except TypeError:
        return None


def integer(name: str, value: object) -> int:
    """`value` as an int: int, numpy integer, or a torch tensor with one integer. Raises TypeError."""
    if not isinstance(value, bool):
        try:
            return operator.index(value)  # type: ignore[arg-type]  # the TypeError is the check
        except TypeError:
            pass
    raise TypeError(f"{name}: must be an integer, got {type(value).__name__} {value!r}")


def index(name: str, value: object, size: int, what: str, owner: str) -> int:
    """`value` as an index in 0 .. size - 1, negative ones counted from the end.

    Args:
        name: the argument.
        what: the indexed thing in the singular, e.g. "layer".
        owner: what has `size` of them, e.g. "a model with 12 layers".

    Raises:
        TypeError: not an integer.
        ValueError: out of range.
    """
    position = integer(f"{name}: {what}", value)
    if not -size <= position < size:
        raise ValueError(f"{name}: {what} {position} is out of range for {owner} (use {-size}..{size - 1})")
    return position % size

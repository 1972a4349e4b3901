"""One call of a function that both packages have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """The function's path below the package, e.g. "attention.attention_heads", and its arguments."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def call(function: str, *args: object, **kwargs: object) -> Call:
    """A `Call`, written like the call itself."""
    return Call(function, args, kwargs)

"""Keeps the call of a public function while it runs, so that the figure that it makes can say how it was made."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import replace
from numbers import Integral, Real
from typing import TypeVar

from circuitsvis._wire.props.call import Argument, Call
from circuitsvis._wire.props.figure import FigureProps

Props = TypeVar("Props", bound=FigureProps)

LONGEST, MOST = 200, 64
"""Characters of an argument that is written out, and items of a list; a longer one is written as the name of its parameter."""

SETTABLE = (
    "focus",
    "kept",
    "attention_type",
    "min_value",
    "max_value",
    "score",
    "kind",
    "color_by",
    "color_scale",
    "hide",
    "renormalize",
)
"""Arguments whose values the page writes anew, from what it shows."""

_NOT_REPEATED = ("return_mode",)
_running: ContextVar[Call | None] = ContextVar("call of a public function", default=None)


@contextmanager
def running(
    function: str, signature: inspect.Signature, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Iterator[None]:
    """Figures that are made inside are made by this call. A call inside of another public function changes nothing.

    Args:
        function: its name as users write it, such as "cv.attention.from_cache".
        signature: of the function.
        args, kwargs: those that were passed. Where they do not fit the signature, the call itself says so.
    """
    call = _running.get()
    if call is None:
        with suppress(TypeError):
            call = call_of(function, signature, signature.bind(*args, **kwargs).arguments)
    token = _running.set(call)
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def apart() -> Iterator[None]:
    """Figures that are made inside by other public functions are made by their calls, not by the one that is running."""
    token = _running.set(None)
    try:
        yield
    finally:
        _running.reset(token)


def signed(props: Props) -> Props:
    """The props with the call that is running; as they are outside of a call, or where they have one already."""
    call = _running.get()
    return props if call is None or props.call is not None else replace(props, call=call)


def call_of(function: str, signature: inspect.Signature, arguments: Mapping[str, object]) -> Call:
    """The call as it is written in Python."""
    parameters = signature.parameters
    written = []
    for name, value in arguments.items():
        parameter = parameters[name]
        required = parameter.default is parameter.empty
        text = _text(name, value, data=required or name.endswith("tokens"))
        if name in _NOT_REPEATED or (not required and text == literal(parameter.default)):
            continue
        written.append(Argument(None if required else name, text))
    return Call(function, tuple(written), tuple(name for name in SETTABLE if name in parameters))


def _text(name: str, value: object, *, data: bool) -> str:
    """The value as code, or the parameter's name: of containers that are data, which may be large, of objects, and of what is long."""
    plain = value is None or isinstance(value, (str, Real))
    text = literal(value) if plain or not data else None
    return name if text is None or len(text) > LONGEST else text


def literal(value: object) -> str | None:
    """Python code for plain values; None for any other object."""
    if isinstance(value, str):
        return json.dumps(
            value, ensure_ascii=False
        )  # Python reads the same escapes, and formatters prefer these quotes
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, Integral):
        return repr(int(value))
    if isinstance(value, Real):
        return repr(float(value)) if math.isfinite(value) else f'float("{float(value)}")'
    if isinstance(value, range):
        return repr(value)
    # A cache or an output that is one of these only by inheritance may read files, or compute, where it is asked for an item.
    if not isinstance(value, (dict, list, tuple)) or type(value) not in (dict, list, tuple) or len(value) > MOST:
        return None
    if isinstance(value, dict):
        return _joined("{}", [_joined_pair(literal(key), literal(item)) for key, item in value.items()])
    items = [literal(item) for item in value]
    if isinstance(value, tuple) and len(items) == 1:
        return None if items[0] is None else f"({items[0]},)"
    return _joined("[]" if isinstance(value, list) else "()", items)


def _joined_pair(key: str | None, item: str | None) -> str | None:
    return None if key is None or item is None else f"{key}: {item}"


def _joined(brackets: str, items: list[str | None]) -> str | None:
    known = [item for item in items if item is not None]
    return None if len(known) < len(items) else f"{brackets[0]}{', '.join(known)}{brackets[1]}"

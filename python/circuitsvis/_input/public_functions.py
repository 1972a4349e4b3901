"""The decorator of all public functions: errors for unknown arguments say what to do, and figures know the call that made them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from circuitsvis._input import argument_names
from circuitsvis._wire import calls

P = ParamSpec("P")
R = TypeVar("R")

_names: list[str] = []
"""All public functions, with their modules."""


def public(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator of public functions. Signature, docstring and types stay those of the function.

    For an argument that the function does not have, the TypeError states what to do. The figure that it returns knows its call.
    The functions of a private folder are those of the public module of that name.
    """
    return public_of(function.__module__.split(".")[1].lstrip("_"))(function)


def public_of(module: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As `public`, for a function of that public module which lies in the folder of another subject."""
    return lambda function: _public(function, f"{module}.{function.__name__}")


def _public(function: Callable[P, R], name: str) -> Callable[P, R]:
    signature = inspect.signature(function)
    arguments = tuple(signature.parameters)
    _names.append(name)
    argument_names.register(name, arguments)

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        argument_names.check(function.__name__, arguments, kwargs)
        with calls.running(f"cv.{name}", signature, args, kwargs):
            return function(*args, **kwargs)

    return called


def named(name: str) -> list[str]:
    """The public functions of this name, with their modules, e.g. ["attention.from_cache", "attribution.from_cache"]."""
    return [each for each in _names if each.partition(".")[2] == name]

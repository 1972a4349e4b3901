"""The call in Python that made a figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Argument:
    """One argument as it is written.

    Attributes:
        name: of the parameter; None for an argument that is passed by its place.
        text: the value as Python code, or the parameter's name where the value is data, such as a cache or tokens.
    """

    name: str | None
    text: str


@dataclass(frozen=True)
class Call:
    """The call, from which "copy as Python" makes one that shows what is on the page.

    Attributes:
        function: for example "cv.attention.from_cache".
        arguments: those that are not the function's defaults.
        settable: names of parameters that the function has and that the page can write from what it shows.
    """

    function: str
    arguments: tuple[Argument, ...]
    settable: tuple[str, ...]

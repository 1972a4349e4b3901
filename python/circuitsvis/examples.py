"""The smallest example of a figure: it greets. New kinds of figures are added in the same way, see CONTRIBUTING.md."""

from __future__ import annotations

from circuitsvis._input.public_functions import public
from circuitsvis._wire.props.hello import HelloProps
from circuitsvis.figure import Figure

__all__ = ["hello"]


@public
def hello(name: str) -> Figure:
    """A figure that greets, to see that figures are displayed here.

    Args:
        name: whom to greet, plain text.

    Returns:
        The figure. The last line of a notebook cell displays it; `save` writes it to a file.

    Raises:
        TypeError: `name` is not a string.
    """
    if not isinstance(name, str):
        raise TypeError(f"name: must be a string, got {type(name).__name__} {name!r}; for example hello('World')")
    return Figure(HelloProps(name=name))


def __dir__() -> list[str]:
    return __all__

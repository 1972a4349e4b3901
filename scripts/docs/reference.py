"""The pages of the reference: every public module with its public names, whose docstrings mkdocstrings reads from the source."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

import circuitsvis as cv
from circuitsvis import demo
from circuitsvis.utils import render

OVERVIEW = "reference/index.md"
_HOME = "reference/circuitsvis.md"


def modules() -> list[ModuleType]:
    """The public modules, in the order of their names; those that are imported by themselves at the end."""
    return [*(value for value in (getattr(cv, name) for name in cv.__all__) if inspect.ismodule(value)), demo, render]


def reference() -> Iterator[tuple[str, str, str]]:
    """Title, file and text of each page."""
    names = [name for name in cv.__all__ if not inspect.ismodule(getattr(cv, name)) and name != "__version__"]
    yield "circuitsvis", _HOME, _page("circuitsvis", None, names)
    for module in modules():
        short = module.__name__.removeprefix("circuitsvis.")
        yield short, f"reference/{short}.md", _page(module.__name__, module.__doc__, module.__all__)


def overview() -> str:
    """The first page of the reference: each name with the first sentence of its docstring."""
    rows = [
        f"| [`{title}`]({file.removeprefix('reference/')}) | {_sentence(title)} |" for title, file, _ in reference()
    ]
    return "# Reference\n\nAll names that are public.\n\n| module | |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def _sentence(title: str) -> str:
    if title == "circuitsvis":
        return "`Figure`, which every function returns, and `color_range`."
    module = next(module for module in modules() if module.__name__ == f"circuitsvis.{title}")
    return (module.__doc__ or "").strip().splitlines()[0]


def _page(module: str, text: str | None, names: list[str]) -> str:
    blocks = "\n\n".join(f"::: {module}.{name}" for name in names)
    return f"# {module}\n\n{inspect.cleandoc(text) if text else ''}\n\n{blocks}\n"

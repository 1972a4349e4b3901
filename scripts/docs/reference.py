"""The pages of the reference: every public module with its public names, whose docstrings mkdocstrings reads from the source."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

import circuitsvis as cv
from circuitsvis import demo
from circuitsvis.utils import render

from scripts.docs.pages import ROOT

OVERVIEW = "reference/index.md"
_HOME = "reference/circuitsvis.md"
_SENTENCES = {
    "circuitsvis": "`Figure`, which every function returns, and `color_range`.",
    "types": "What the names of types in the signatures stand for.",
}


def modules() -> list[ModuleType]:
    """The public modules, in the order of their names; those that are imported by themselves at the end."""
    return [*(value for value in (getattr(cv, name) for name in cv.__all__) if inspect.ismodule(value)), demo, render]


def reference() -> Iterator[tuple[str, str, str]]:
    """Title, file and text of each page."""
    names = [name for name in cv.__all__ if not inspect.ismodule(getattr(cv, name)) and name != "__version__"]
    yield "circuitsvis", _HOME, _page("circuitsvis", None, names)
    for module in modules():
        short = module.__name__.removeprefix("circuitsvis.")
        names = sorted(module.__all__, key=lambda name: not name.startswith("from_"))  # what most people look for first
        yield short, f"reference/{short}.md", _page(module.__name__, module.__doc__, names)
    yield "types", "reference/types.md", _types()


def public_functions() -> Iterator[Callable[..., object]]:
    """Every public function, and the methods of `Figure`."""
    for module in modules():
        yield from (value for value in (getattr(module, name) for name in module.__all__) if inspect.isfunction(value))
    yield cv.color_range
    yield from (value for name, value in vars(cv.Figure).items() if inspect.isfunction(value) and name[0] != "_")


def type_aliases() -> dict[str, str]:
    """The aliases that stand in signatures, and those that they are made of: the name of each, and the module that defines it."""
    places = _aliases()
    found: dict[str, str] = {}
    texts = [str(p.annotation) for f in public_functions() for p in inspect.signature(f).parameters.values()]
    while texts:
        for name in re.findall(r"\b[A-Z]\w+", texts.pop()):
            if name in places and name not in found:
                found[name], definition = places[name]
                texts.append(definition)
    return dict(sorted(found.items()))


@cache
def _aliases() -> dict[str, tuple[str, str]]:
    """Module and definition of every type alias of the package, by its name."""
    aliases = {}
    for path in sorted((ROOT / "python/circuitsvis").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "python").with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            target = (
                node.target
                if isinstance(node, ast.AnnAssign)
                else node.targets[0]
                if isinstance(node, ast.Assign)
                else None
            )
            if (
                isinstance(target, ast.Name)
                and re.match(r"[A-Z][a-z]", target.id)
                and isinstance(node, (ast.Assign, ast.AnnAssign))
            ):
                aliases[target.id] = (module, ast.unparse(node.value) if node.value else "")
    return aliases


def _types() -> str:
    blocks = "\n\n".join(f"::: {module}.{name}" for name, module in type_aliases().items())
    return f"# Types\n\n{_SENTENCES['types']} They are for reading, not for importing: no code needs their names.\n\n{blocks}\n"


def overview() -> str:
    """The first page of the reference: each name with the first sentence of its docstring."""
    rows = [
        f"| [`{title}`]({file.removeprefix('reference/')}) | {_sentence(title)} |" for title, file, _ in reference()
    ]
    return "# Reference\n\nAll names that are public.\n\n| module | |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def _sentence(title: str) -> str:
    if title in _SENTENCES:
        return _SENTENCES[title]
    module = next(module for module in modules() if module.__name__ == f"circuitsvis.{title}")
    return (module.__doc__ or "").strip().splitlines()[0]


def _page(module: str, text: str | None, names: list[str]) -> str:
    blocks = "\n\n".join(f"::: {module}.{name}" for name in names)
    return f"# {module}\n\n{inspect.cleandoc(text) if text else ''}\n\n{blocks}\n"

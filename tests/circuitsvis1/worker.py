"""Prints, as JSON, what circuitsvis 1.43.3 has and shows. It runs with that package as `circuitsvis`, so it imports none of ours.

Usage: python -m tests.circuitsvis1.worker signatures|pages
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from typing import Any

import circuitsvis

from tests.circuitsvis1.calls import CALLS
from tests.circuitsvis1.calls.call import Call

VERSION = "1.43.3"


def public_functions() -> Iterator[tuple[str, Any]]:
    """Every function that a module beside `circuitsvis/__init__.py` defines, with its path."""
    for module in pkgutil.iter_modules(circuitsvis.__path__):
        if not module.ispkg:
            loaded = importlib.import_module(f"circuitsvis.{module.name}")
            for name, value in vars(loaded).items():
                if inspect.isfunction(value) and value.__module__ == loaded.__name__ and not name.startswith("_"):
                    yield f"{module.name}.{name}", value


def parameters(function: Any) -> list[dict[str, str]]:
    """Name, kind and default of each parameter, in order."""
    return [
        {"name": p.name, "kind": p.kind.name, "default": "" if p.default is p.empty else repr(p.default)}
        for p in inspect.signature(function).parameters.values()
    ]


def page(call: Call) -> dict[str, Any]:
    """Component and props in the page of a call, or the error that it raised."""
    module, _, name = call.function.rpartition(".")
    try:
        html = getattr(importlib.import_module(f"circuitsvis.{module}"), name)(*call.args, **call.kwargs).cdn_src
    except Exception as error:
        return {"error": repr(error)}
    start = re.search(r"render\(\s*\"[^\"]*\",\s*(\w+),\s*(?=\{)", html)
    assert start, html
    props, _ = json.JSONDecoder().raw_decode(html, start.end())
    return {"component": start[1], "props": props}


def main() -> None:
    assert circuitsvis.__version__ == VERSION, f"circuitsvis is {circuitsvis.__version__}, from {circuitsvis.__file__}"
    if sys.argv[1] == "signatures":
        result: object = {path: parameters(function) for path, function in public_functions()}
    else:
        result = {name: page(make()) for name, make in CALLS.items()}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

"""What docs/migrating.md and the README name exists: functions of this package, and their arguments."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import circuitsvis as cv
import pytest

ROOT = Path(__file__).parents[2]
CALL = re.compile(
    r"`(?:circuitsvis\.)?(attention|attribution|activations|examples|logits|tokens|topk_\w+)\.(\w+)\(([^`]*)\)`"
)


def calls(document: str) -> list[tuple[str, str, list[str]]]:
    """Module, function and names of arguments of each call in the column of this package: the second one of each table."""
    text = (ROOT / document).read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    cells = [row[1] if len(row) > 1 and row[1] != "the same" else row[0] for row in rows]
    found = [match for cell in cells for match in CALL.findall(cell)]
    return [(module, name, keywords(f"{name}({arguments})")) for module, name, arguments in found]


def keywords(call: str) -> list[str]:
    """Names of the arguments that the outermost call of an expression gives by name; "..." may stand for further ones."""
    expression = ast.parse(re.sub(r"\.\.\.\s*(?=[,)])", "*more", call), mode="eval").body
    assert isinstance(expression, ast.Call)
    return [keyword.arg for keyword in expression.keywords if keyword.arg]


@pytest.mark.parametrize("document", ["docs/migrating.md", "README.md"])
def test_every_call_that_is_advised_exists(document: str) -> None:
    assert len(calls(document)) >= 5
    for module, name, arguments in calls(document):
        function = getattr(getattr(cv, module), name)
        assert set(arguments) <= set(inspect.signature(function).parameters), (module, name)

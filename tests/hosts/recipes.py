"""The recipes of docs/hosts.md: tests run them as they are written there."""

from __future__ import annotations

import re

from tests.hosts.environment import ROOT

_TEXT = (ROOT / "docs" / "hosts.md").read_text(encoding="utf-8").partition("\n## Apps\n")[2]
_BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)

FIGURE: str = _BLOCK.findall(_TEXT)[0]
"""What all recipes begin with: it makes `figure`."""


def recipe(title: str) -> str:
    """The code below a title of the chapter on apps."""
    _, found, rest = _TEXT.partition(f"\n### {title}\n")
    assert found, f"docs/hosts.md has no recipe {title!r}"
    [code] = _BLOCK.findall(rest.partition("\n#")[0])
    return str(code)


def app(title: str) -> str:
    """A whole program: the figure, and what shows it."""
    return f"{FIGURE}\n{recipe(title)}"

"""Runs the Python of a page, so that what stands there is true, and puts each figure below the code that makes it."""

from __future__ import annotations

import ast
import os
import re
import tempfile
from pathlib import Path

from circuitsvis import Figure

from scripts.docs.figures import Figures

BLOCK = re.compile(r"^```python(?P<not_run> not-run)?\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def with_results(text: str, figures: Figures) -> str:
    """The page with the value of each block's last line below it: a figure in a frame, anything else as text.

    Blocks see the variables of those before them. A block that begins with "```python not-run" is shown as it is.

    Raises:
        RuntimeError: a block fails. The text has its code.
    """
    variables: dict[str, object] = {"__name__": "__main__"}

    def replaced(block: re.Match[str]) -> str:
        shown = f"```python\n{block['code']}```"
        if block["not_run"]:
            return shown
        try:
            value = run(block["code"], variables)
        except Exception as error:
            raise RuntimeError(f"this block of the page fails: {error!r}\n{block['code']}") from error
        if isinstance(value, Figure):
            heading = HEADING.findall(text, 0, block.start())[-1]
            return f"{shown}\n\n{figures.framed(value.__html__(), heading.replace('`', ''))}"
        return shown if value is None else f"{shown}\n\n```text\n{value}\n```"

    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:  # for what the code writes
        os.chdir(folder)
        try:
            return BLOCK.sub(replaced, text)
        finally:
            os.chdir(here)


def run(code: str, variables: dict[str, object]) -> object:
    """Runs the code; the value of its last line if that is an expression, else None."""
    *statements, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        exec(code, variables)
        return None
    exec(compile(ast.Module(statements, []), "<page>", "exec"), variables)
    return eval(compile(ast.Expression(last.value), "<page>", "eval"), variables)

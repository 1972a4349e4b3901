"""A marimo notebook with figures, and the settings of its user."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.hosts.recipes import FIGURE, recipe

CELLS = [
    f"import marimo as mo\n{FIGURE}",
    "figure",
    'cv.attention.from_values(pattern, tokens, title="Four heads", return_mode="view")',
    recipe("marimo"),
]
FIGURES = 3

_SETTINGS = """[runtime]
auto_instantiate = {run}
[display]
theme = "system"
"""


def write_notebook(folder: Path, *, run: bool, cells: Sequence[str] = CELLS) -> Path:
    """Writes the notebook and settings into a folder.

    Args:
        folder: of an `app_server`.
        cells: the code of each.
        run: whether the cells run as soon as the notebook is opened for editing.
    """
    settings = folder / "home" / ".config" / "marimo" / "marimo.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS.format(run=str(run).lower()), encoding="utf-8")
    notebook = folder / "notebook.py"
    # marimo finds out which names a cell takes and gives
    functions = "\n\n".join(f"@app.cell\ndef _():\n{_indented(cell)}\n    return" for cell in cells)
    notebook.write_text(f"import marimo\n\napp = marimo.App()\n\n\n{functions}\n", encoding="utf-8")
    return notebook


def _indented(cell: str) -> str:
    return "\n".join(f"    {line}" for line in cell.strip().splitlines())

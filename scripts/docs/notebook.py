"""A notebook as a page: it is run in a kernel, and each cell is followed by what it shows."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

from scripts.docs.figures import Figures

_SECONDS = 600
"""Until a cell is given up: far more than any takes."""


def page(path: Path, figures: Figures) -> str:
    """The notebook as Markdown.

    Raises:
        CellExecutionError: a cell fails.
    """
    notebook: Any = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # a cell may write files
        ExecutePreprocessor(timeout=_SECONDS, kernel_name="python3").preprocess(
            notebook, {"metadata": {"path": folder}}
        )
    return "\n\n".join(_parts(notebook, figures)) + "\n"


def _parts(notebook: Any, figures: Figures) -> Iterator[str]:
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = (re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE) or [heading])[-1]
            yield cell.source
            continue
        yield f"```python\n{cell.source}\n```"
        for output in cell.outputs:
            data = output.get("data", {})
            if "text/html" in data:
                yield figures.framed(data["text/html"], heading)
            elif output.output_type == "stream" and output.name == "stdout":
                yield f"```text\n{output.text.rstrip()}\n```"
            elif "text/plain" in data:
                yield f"```text\n{data['text/plain']}\n```"

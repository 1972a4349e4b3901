"""Notebooks with figures in their outputs, as a kernel saves them: trusted on this server, or of someone else."""

from __future__ import annotations

from pathlib import Path

import circuitsvis as cv
import nbformat
import numpy as np
from IPython.core.formatters import DisplayFormatter
from nbformat.sign import NotebookNotary

from tests.hosts.jupyter_server import JupyterServer
from tests.support.caches import softmax_patterns, words


def small_figure(title: str = "three heads") -> cv.Figure:
    """Three heads of six tokens."""
    return cv.attention.from_values(softmax_patterns((3, 6, 6)), words(6), title=title)


def model_figure(mode: str, layers: int = 12, heads: int = 12, tokens: int = 60) -> cv.Figure:
    """All heads of a model of the size of GPT-2 on a short text; the same patterns in each layer."""
    patterns = softmax_patterns((1, heads, tokens, tokens)).astype(np.float32)
    cache = {f"blocks.{layer}.attn.hook_pattern": patterns for layer in range(layers)}
    figure = cv.attention.from_cache(cache, words(tokens), mode=mode)  # type: ignore[call-overload]  # a text of two
    assert isinstance(figure, cv.Figure)
    return figure


def notebook_of(*figures: cv.Figure) -> nbformat.NotebookNode:
    """A notebook with one figure in the output of each cell, and a cell without an output at the end."""
    cells = []
    for i, figure in enumerate(figures):
        data, metadata = DisplayFormatter().format(figure)
        output = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=i + 1)
        source = f"figures[{i}]"
        cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{i}", execution_count=i + 1, outputs=[output]))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    last = nbformat.v4.new_code_cell("'the last cell'", id="last")
    return nbformat.v4.new_notebook(cells=[*cells, last], metadata={"kernelspec": kernel})


def write(server: JupyterServer, name: str, notebook: nbformat.NotebookNode, *, trusted: bool) -> Path:
    """Puts a notebook into the folder of a server.

    Args:
        server, name, notebook: where, and what.
        trusted: whether the server takes it for one that its user ran. It knows those by their signatures.
    """
    file = server.folder / name
    notebook.metadata["title"] = name  # else one like it may have been signed
    nbformat.write(notebook, file)
    if trusted:
        notary = NotebookNotary(data_dir=str(server.home / "data"))
        notary.sign(nbformat.read(file, as_version=4))
        notary.store.close()
    return file

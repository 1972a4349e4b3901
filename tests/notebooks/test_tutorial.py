"""The tutorial runs in a kernel, has every call of the post as the post writes it, and its figures show what the model computed."""

from __future__ import annotations

import ast
import json
import pickle
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.page_data import PageData, read
from tests.support.post import HEADS

nbformat = pytest.importorskip("nbformat")
preprocessors = pytest.importorskip("nbconvert.preprocessors")
pytest.importorskip("transformer_lens")

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
SAVE = """
import pickle

def numbers(cache, row):
    return [(cache["pattern", i] if row is None else cache["pattern", i][row]).double().numpy() for i in range(4)]

ids = gpt2.to_tokens(sentence0)
made = {
    "single": numbers(cache, None),
    "batch": [numbers(cache_all, i) for i in range(3)],
    "lengths": [len(row) for row in tokens_all],
    "logits": gpt2(ids)[0].detach().double().numpy(),
    "ids": ids[0].numpy(),
}
pickle.dump(made, open("made.pkl", "wb"))
"""
"""The last cell, which the test adds: saves what the figures were made of."""


FIGURE = re.compile(r"\.(from_cache|score_map|compare|patching_map)\(|^edge$", re.MULTILINE)

Executed = tuple[list[tuple[str, PageData]], dict[str, Any]]


def code_cells() -> list[str]:
    return [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]


def calls(code: str) -> list[str]:
    """The calls of `from_cache` in a piece of code, as their syntax trees; names of heads as their numbers."""

    class Numbers(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return ast.parse(repr(HEADS), mode="eval").body if node.id == "HEADS" else node

    tree = ast.walk(Numbers().visit(ast.parse(code)))
    return [
        ast.dump(node) for node in tree if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".from_cache")
    ]


def test_every_call_of_the_post_is_in_the_tutorial_as_the_post_writes_it() -> None:
    files = ["test_post.py", "test_post_lines.py", "test_post_attribution.py"]
    post = [call for file in files for call in calls((ROOT / "tests/attention" / file).read_text(encoding="utf-8"))]
    tutorial = [call for cell in code_cells() for call in calls(cell)]
    assert len(post) == 15
    beyond_the_post = 1  # lines of a batch, which the fork refuses
    assert len(set(post) - set(tutorial)) == beyond_the_post


def test_the_notebook_holds_no_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Executed:
    """Source of each cell that shows a figure with that figure, and the arrays behind them."""
    folder = tmp_path_factory.mktemp("tutorial")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(SAVE, id="save"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        patch.setenv("PYTHONPATH", ":".join(path for path in sys.path if path))
        runner = preprocessors.ExecutePreprocessor(timeout=600, kernel_name="python3")
        runner.preprocess(notebook, {"metadata": {"path": str(folder)}})
    figures = []
    for cell in notebook.cells:
        html = [output.data["text/html"] for output in cell.get("outputs", []) if "text/html" in output.get("data", {})]
        assert len(html) <= 1
        figures += [(cell.source, read(text)) for text in html]
    assert (folder / "my_file.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    return figures, pickle.loads((folder / "made.pkl").read_bytes())  # noqa: S301  # written above


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_every_cell_with_a_call_shows_a_figure(executed: Executed) -> None:
    figures, _ = executed
    assert [source for source, _ in figures] == [source for source in code_cells() if FIGURE.search(source)]


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_attention_is_that_of_the_model(executed: Executed) -> None:
    figures, made = executed
    compared = 0
    for source, page in figures:
        if "attention.from_cache" not in source:
            continue
        chosen = re.search(r"batch_idx = ([^,#\n]+(?:, \d+\])?)", source)
        rows = (
            [None]
            if "cache_all" not in source
            else np.atleast_1d(ast.literal_eval(chosen[1]) if chosen else [0, 1, 2]).tolist()
        )
        for number, row in enumerate(rows):
            shown = page.tensors[f"sequences.{number}.attention"]
            pattern = made["single"] if row is None else made["batch"][row]
            n = shown.shape[-1]
            assert row is None or n == made["lengths"][row]
            for head, values in zip(page.props["heads"], shown, strict=True):
                layer, index = map(int, head["name"].split("."))
                whole = pattern[layer][index]
                np.testing.assert_allclose(np.nan_to_num(values), cut(whole, n), rtol=0, atol=8e-6)
                compared += 1
    assert compared > 60


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_attributions_add_up_to_the_logits(executed: Executed) -> None:
    figures, made = executed
    logits, ids = made["logits"], made["ids"]
    pages = [page for source, page in figures if "attribution.from_cache" in source]
    assert len(pages) == 3
    for page in pages[:2]:
        totals = page.tensors["sequences.0.componentTotals"].sum(0)
        np.testing.assert_allclose(totals, [logits[i, ids[i + 1]] for i in range(len(ids) - 1)], rtol=0, atol=5e-5)


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_the_maps_name_the_heads_that_the_model_shows(executed: Executed) -> None:
    figures, made = executed
    scores, changes = (page for source, page in figures if "score_map" in source or "compare" in source)
    induction = [score["name"] for score in scores.props["scores"]].index("induction@repeated")
    assert int(scores.tensors["values"][induction].argmax()) == 4 * 3 + 1
    clean, swapped = made["batch"][:2]
    n = made["lengths"][0]
    assert made["lengths"][1] == n
    for layer in range(4):
        for head in range(4):
            p, q = (cut(patterns[layer][head], n) for patterns in (clean, swapped))
            variation = np.mean([sum(abs(p[i, k] - q[i, k]) for k in range(n)) / 2 for i in range(1, n)])
            assert changes.tensors["values"][0, layer, head] == pytest.approx(variation, abs=1e-5)


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_the_edge_is_what_the_text_says_of_it(executed: Executed) -> None:
    (page,) = (page for _, page in executed[0] if page.view == "EdgeSplit")
    (table,) = page.tensors["table"]
    query, key = (page.props[side] for side in ("query", "key"))
    strongest = np.unravel_index(np.abs(table).argmax(), table.shape)
    assert (query["parts"][strongest[0]], key["parts"][strongest[1]]) == ("mlp 1", "mlp 0")
    assert page.props["attention"] == pytest.approx(executed[1]["single"][3][0][-3, 2], abs=1e-6)
    assert table.sum() == pytest.approx(page.props["score"], abs=1e-4)
    assert (query["token"], key["token"], page.props["promoted"][0]["text"]) == (" to", " Mary", " Mary")


@pytest.mark.slow
@pytest.mark.xdist_group("tutorial")
def test_patching_finds_the_answer_at_the_name_that_differs_and_the_head_that_moves_it(executed: Executed) -> None:
    figures, _ = executed
    (page,) = (page for source, page in figures if "patching_map" in source)
    names = [grid["name"] for grid in page.props["grids"]]
    resid = page.tensors[f"grids.{names.index('resid_pre')}.values"][0]
    (changed,) = (
        i
        for i, (a, b) in enumerate(
            zip(*(page.props["sequences"][0][f"{name}Tokens"] for name in ("clean", "corrupted")), strict=True)
        )
        if a != b
    )
    assert resid[0, changed] == pytest.approx(1, abs=1e-4) and np.abs(np.delete(resid[0], changed)).max() < 1e-4
    assert page.tensors[f"grids.{names.index('z')}.values"][0].argmax() == 4 * 3 + 2


def cut(pattern: np.ndarray, n: int) -> np.ndarray:
    """The pattern of the last n positions, or of the first, whichever are not padding."""
    return pattern[-n:, -n:] if np.allclose(pattern[-n:, -n:].sum(-1), 1) else pattern[:n, :n]

"""A notebook with the calls of CircuitsVis 1 runs in a kernel, as nbconvert runs it, and every figure in it has the right values."""

from __future__ import annotations

import pickle
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.page_data import PageData, read
from tests.support.reference import Float64

nbformat = pytest.importorskip("nbformat")
preprocessors = pytest.importorskip("nbconvert.preprocessors")
pytest.importorskip("torch")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("circuitsvis 1 notebook")]

NOTEBOOK = Path(__file__).with_name("circuitsvis_1.ipynb")
KEEP = ["attention", "pattern", "activations", "acts", "sample_values", "values", "kinds", "token_ids", "logits"]
SAVE = f"import pickle; pickle.dump({{name: globals()[name] for name in {KEEP}}}, open('values.pkl', 'wb'))"
"""The last cell, which the test adds: saves what the figures were made of."""

Cells = list[tuple[str, PageData | None]]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cells, dict[str, Any]]:
    """Source of each code cell with its figure, and the variables at the end."""
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(SAVE, id="save"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(folder / name.lower()))
        patch.setenv("PYTHONPATH", ":".join(path for path in sys.path if path))
        runner = preprocessors.ExecutePreprocessor(timeout=600, kernel_name="python3")
        runner.preprocess(notebook, {"metadata": {"path": str(folder)}})
    cells: Cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            html = [output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})]
            assert len(html) <= 1
            cells.append((cell.source, read(html[0]) if html else None))
    return cells, pickle.loads((folder / "values.pkl").read_bytes())  # noqa: S301  # written above


def figure(cells: Cells, call: str) -> PageData:
    """The figure of the only cell whose last statement begins like this."""
    (found,) = [page for source, page in cells if re.search(rf"^{re.escape(call)}", source, re.MULTILINE)]
    assert found is not None, f"{call} shows no figure"
    return found


def test_every_call_shows_a_figure(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, _ = executed
    without = [source for source, page in cells if page is None]
    assert len(cells) - len(without) == 15
    starts = ("%load_ext", "assert isinstance", "Path(", "import pickle")
    assert all(source.startswith(starts) for source in without)


def test_greetings_greet(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, _ = executed
    assert figure(cells, "hello(").props["name"] == "Ada"
    assert figure(cells, "cv.examples.hello(").props["name"] == "Grace"
    assert figure(cells, 'render("Hello"').props["name"] == "Ada"


def test_attention_has_its_values_heads_and_colors(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, made = executed
    pattern = made["pattern"].numpy()
    for call, values in (
        ("attention_patterns(", made["attention"]),
        ("attention_pattern(", made["attention"][:1]),
        ("cv.attention.attention_heads(", pattern),
        ("attention_heads(pattern - ", pattern - pattern.mean()),
    ):
        page = figure(cells, call)
        same(np.nan_to_num(page.tensors["sequences.0.attention"]), values)
        assert page.props["sequences"][0]["destTokens"][:2] == ["We", " read"]
    names = [head["name"] for head in figure(cells, "cv.attention.attention_heads(").props["heads"]]
    assert names == ["L2H0", "L2H1", "L2H2"]
    signed = figure(cells, "attention_heads(pattern - ").props
    assert signed["colors"] == {"negative": "#aa4400", "positive": "#663399"}
    assert signed["valueRange"] == [-1, 1]


def test_activations_of_neurons_have_their_values_and_labels(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, made = executed
    for call, samples in (
        ("text_neuron_activations(tokens=tokens", [made["activations"]]),
        ("vis = text_neuron_activations(", made["acts"]),
    ):
        page = figure(cells, call)
        values = np.concatenate(samples)  # [token of all samples, layer, neuron]
        for layer in range(values.shape[1]):
            same(page.tensors[f"layers.{layer}.groups.0.activations"], values[:, layer].T)
    labelled = figure(cells, "vis = text_neuron_activations(").props
    assert labelled["first"]["labels"] == ["0", "4"]
    assert labelled["second"]["labels"] == ["3", "4", "8"]


def test_top_tokens_and_samples_are_those_of_the_arrays(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, made = executed
    page = figure(cells, "topk_tokens(")
    for i, values in enumerate(made["acts"]):
        exponents = page.tensors[f"samples.{i}.exponents"][:, 0]
        top = (page.tensors[f"samples.{i}.differences"][:, 0] - 32767) * 2**exponents
        np.testing.assert_allclose(top, values.max(0), rtol=0, atol=float(2 ** exponents.max()) / 2)
        np.testing.assert_array_equal(page.tensors[f"samples.{i}.positions"][:, 0], values.argmax(0))
    page = figure(cells, "topk_samples(")
    order = page.tensors["layers.0.groups.0.indices"][0].reshape(2, 2).astype(int)
    ranked = [
        values
        for neuron, samples in zip(order, made["sample_values"], strict=True)
        for values in (samples[i] for i in neuron)
    ]
    same(page.tensors["layers.0.groups.0.activations"][0], np.concatenate(ranked))  # every neuron's largest value is 1


def test_tokens_are_colored_by_their_values(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, made = executed
    same(figure(cells, "colored_tokens(").tensors["samples.0.values"][0], np.array(made["values"]))
    kinds = figure(cells, "colored_tokens_multi(")
    same(kinds.tensors["samples.0.values"], made["kinds"].numpy().T)
    assert [kind["name"] for kind in kinds.props["kinds"]] == ["first", "second", "third"]


def test_predictions_are_those_of_the_logits(executed: tuple[Cells, dict[str, Any]]) -> None:
    cells, made = executed
    ids, logits = made["token_ids"].numpy(), made["logits"][0].double().numpy()
    log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    true = np.stack([logits, log_probs, np.exp(log_probs)])[:, np.arange(4), ids[1:]]
    shown = figure(cells, "visualize_model_performance(").tensors["samples.0.values"]
    same(shown[:, -4:], true)
    page = figure(cells, "token_log_probs(")
    same(page.tensors["tokenLogProbs"][0], true[1])
    best = page.tensors["top"][0]
    np.testing.assert_array_equal(best.T if len(best) == 3 else best, np.argsort(-log_probs)[:, :3])


def same(shown: Float64, true: Any) -> None:
    """Equal within the error bound of 16 bits of the largest magnitude."""
    np.testing.assert_allclose(shown, true, rtol=0, atol=0.52 / 32767 * float(np.abs(true).max()))

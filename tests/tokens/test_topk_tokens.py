"""`topk_tokens`: the tokens and values of each neuron against sorting everything, for every kind of input."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._tokens import topk_figure
from circuitsvis.topk_tokens import topk_tokens
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.support import topk

TOKENS = [["a", "b", "c", "d", "e"], ["f", "g", "h"]]
ACTIVATIONS = [np.arange(30).reshape(2, 5, 3), np.arange(12).reshape(2, 3, 2)]


def test_the_call_of_circuitsvis_1_shows_exactly_these_values() -> None:
    figure = topk_tokens(tokens=TOKENS, activations=ACTIVATIONS)
    first = topk.column(figure, sample=0, layer=1, neuron=2)
    assert first.top == first.bottom == [(4, 29.0), (3, 26.0), (2, 23.0), (1, 20.0), (0, 17.0)]
    assert topk.column(figure, 1, 0, 1).top == [(2, 5.0), (1, 3.0), (0, 1.0)]
    topk.assert_shows(figure, ACTIVATIONS, 10)
    assert repr(figure) == "<circuitsvis TopkTokens: 2 samples, 2 layers, 3 neurons>"
    assert topk.props(figure).value_range == (0.0, 29.0)


@pytest.mark.parametrize(("n_tokens", "max_k"), [(1, 10), (7, 3), (20, 10), (21, 10), (400, 2), (300, 10)])
def test_each_neuron_has_the_tokens_that_sorting_finds(n_tokens: int, max_k: int) -> None:
    values = np.random.default_rng(n_tokens).normal(size=(2, n_tokens, 5)) * 10.0 ** np.arange(-2, 3)
    figure = topk_tokens([["x"] * n_tokens], [values.astype(np.float32)], max_k)
    topk.assert_shows(figure, [values.astype(np.float32)], max_k)
    assert topk.sample(figure, 0).k == min(max_k, n_tokens)


@given(
    values=arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 2), st.integers(1, 40), st.integers(1, 4)),
        elements=st.one_of(
            st.sampled_from(
                [
                    0.0,
                    -0.0,
                    1.0,
                    -1.0,
                    float("nan"),
                    float(np.float32(3.4e38)),
                    float(np.float32(1e-30)),
                ]
            ),
            st.floats(-1e6, 1e6, width=32),
        ),
    ),
    max_k=st.integers(1, 8),
)
def test_ties_are_in_the_order_of_the_text_and_nan_is_never_chosen(values: Any, max_k: int) -> None:
    figure = topk_tokens([["x"] * values.shape[1]], [values], max_k)
    topk.assert_shows(figure, [values], max_k)


def test_neurons_are_cut_in_groups_that_hold_the_right_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topk_figure, "GROUP", 4)
    values = [np.random.default_rng(1).normal(size=(3, 9, 10)), np.random.default_rng(2).normal(size=(3, 6, 5))]
    values = [array.astype(np.float32) for array in values]
    figure = topk_tokens([["x"] * 9, ["y"] * 6], values, 3)
    assert topk.props(figure).group_size == 4
    assert [len(sample.positions.chunks) for sample in topk.props(figure).samples] == [9, 6]
    topk.assert_shows(figure, values, 3)


def test_ten_thousand_neurons_travel_in_chunks_of_their_own() -> None:
    values = np.random.default_rng(0).normal(size=(1, 30, 10_000)).astype(np.float32)
    figure = topk_tokens([["x"] * 30], [values])
    topk.assert_shows(figure, [values], 10, neurons=[0, 999, 1000, 5_432, 9_999])
    assert len(topk.sample(figure, 0).positions.chunks) == 10
    assert len(figure.data) < 1_500_000


def test_what_is_missing_is_said() -> None:
    values = np.zeros((1, 3, 2))
    values[0, 1] = np.nan
    figure = topk_tokens(
        [["a", "b", "c"], ["d", "e", "f"]], [np.zeros((1, 3, 2)), values], sample_labels=["one", "two"]
    )
    assert topk.props(figure).notes == (
        "Sample two: 2 values are missing (NaN), and never among the top or bottom tokens.",
    )
    assert topk.column(figure, 1, 0, 0).top == [(0, 0.0), (2, 0.0)]


def test_tensors_of_torch_jax_and_lists_show_the_same() -> None:
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(3).normal(size=(2, 5, 3)).astype(np.float32)
    half = torch.tensor(values).bfloat16()
    forms: list[Any] = [
        torch.tensor(values, requires_grad=True), values.tolist(), values.astype(np.float64), torch.tensor(values).double(),
    ]  # fmt: skip
    for form in forms:
        topk.assert_shows(topk_tokens([["x"] * 5], [form]), [values], 10)
    exact = topk_tokens([["x"] * 5], [half])
    assert topk.column(exact, 0, 1, 2).top[0].value == half[1, :, 2].max().item()
    batch = topk_tokens([["x"] * 5] * 2, torch.tensor(np.stack([values, -values])))  # type: ignore[arg-type]
    topk.assert_shows(batch, [values, -values], 10)


def test_arrays_of_jax_show_the_same() -> None:
    jax = pytest.importorskip("jax.numpy")
    values = np.random.default_rng(4).normal(size=(2, 5, 3)).astype(np.float32)
    topk.assert_shows(topk_tokens([["x"] * 5], [jax.asarray(values)]), [values], 10)
    half = jax.asarray(values, dtype=jax.bfloat16)
    topk.assert_shows(topk_tokens([["x"] * 5], [half]), [np.asarray(half, np.float32)], 10)


def test_names_labels_colors_and_range_are_those_given() -> None:
    figure = topk_tokens(
        TOKENS, ACTIVATIONS, 2, "Head", "Feature", ["s", "t"], [4, 8], third_dimension_labels=["x", "y", "z"],  # type: ignore[list-item]
        min_value=-1, max_value=40, positive_color="green", title="Title", help=True, display_mode="dark",
    )  # fmt: skip
    shown = topk.props(figure)
    assert (shown.first_dimension_name, shown.third_dimension_name) == ("Head", "Feature")
    assert [sample.label for sample in shown.samples] == ["s", "t"]
    assert (shown.first_dimension_labels, shown.third_dimension_labels) == (("4", "8"), ("x", "y", "z"))
    assert shown.value_range == (-1.0, 40.0)
    assert shown.colors is not None and shown.colors.positive == "#008000"
    assert (shown.title, shown.display_mode, len(shown.help)) == ("Title", "dark", 2)


@pytest.mark.parametrize(
    ("tokens", "activations", "fix", "text"),
    [
        (TOKENS[0], ACTIVATIONS[0], (TOKENS[:1], ACTIVATIONS[:1]), "pass tokens=[tokens], activations=[activations]"),
        (TOKENS[:1], ACTIVATIONS[0], (TOKENS[:1], [ACTIVATIONS[0]]), "for one sample pass [activations]"),
        (TOKENS, ACTIVATIONS[:1], (TOKENS[:1], ACTIVATIONS[:1]), "got 2 and 1"),
        (TOKENS[:1], [ACTIVATIONS[0][0]], (TOKENS[:1], [ACTIVATIONS[0][:1]]), "activations[None]"),
        (TOKENS[:1], [ACTIVATIONS[0].swapaxes(1, 2)], (TOKENS[:1], ACTIVATIONS[:1]), "activations.swapaxes(1, 2)"),
        (
            TOKENS[1:],
            ACTIVATIONS[:1],
            (TOKENS[:1], ACTIVATIONS[:1]),
            "must be the 3 tokens of tokens[0], got shape (2, 5, 3)",
        ),
        (TOKENS, [ACTIVATIONS[0], ACTIVATIONS[1][:1]], (TOKENS, ACTIVATIONS), "same number of layers"),
        (TOKENS[:1], [np.zeros((0, 5, 3))], (TOKENS[:1], ACTIVATIONS[:1]), "at least one layer"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_and_the_advice_works(
    tokens: Any, activations: Any, fix: tuple[Any, Any], text: str
) -> None:
    with pytest.raises(ValueError, match=r"^(tokens|activations)") as raised:
        topk_tokens(tokens, activations)
    assert text in str(raised.value)
    topk_tokens(*fix)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"max_k": 0}, ValueError, "max_k: must be 1 or more"),
        ({"max_k": 2.5}, TypeError, "max_k: must be an integer"),
        ({"sample_labels": ["a"]}, ValueError, "sample_labels: needs one label per sample, 2, got 1"),
        ({"sample_labels": "ab"}, TypeError, "sample_labels: must be a list of strings"),
        ({"first_dimension_labels": ["a", None]}, TypeError, "first_dimension_labels[1]: must be a string"),
        ({"third_dimension_labels": ["a"]}, ValueError, "3, got 1"),
        ({"first_dimension_name": 3}, TypeError, "first_dimension_name: must be a string"),
        ({"min_value": 1}, ValueError, "min_value"),
        ({"positive_color": "gren"}, ValueError, "did you mean 'green'"),
    ],
)
def test_wrong_options_are_refused(options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as raised:
        topk_tokens(TOKENS, ACTIVATIONS, **options)
    assert text in str(raised.value)


def test_infinite_values_are_named() -> None:
    values = np.zeros((2, 3, 4))
    values[1, 2, 3] = -np.inf
    with pytest.raises(ValueError, match=r"activations\[0\]: layer 1, token 2, neuron 3: values must be NaN or finite"):
        topk_tokens([["a", "b", "c"]], [values])


def test_the_module_is_reached_as_in_circuitsvis_1() -> None:
    assert cv.topk_tokens.topk_tokens is topk_tokens

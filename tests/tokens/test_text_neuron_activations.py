"""text_neuron_activations: every value on the page is the one that was passed, whatever holds it."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._tokens import neuron_values
from circuitsvis.activations import text_neuron_activations
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.support import samples

torch = pytest.importorskip("torch")

Array = npt.NDArray[np.float32]
finite = st.floats(-(2.0**60), 2.0**60, width=32)


def values(*shape: int, seed: int = 0) -> Array:
    return (np.random.default_rng(seed).normal(size=shape) ** 3).astype(np.float32)


def words(n: int, mark: str = "t") -> list[str]:
    return [f" {mark}{i}" for i in range(n)]


def check(figure: cv.Figure, tokens: list[list[str]], arrays: list[Any]) -> None:
    """Loops over all that the page can show."""
    n_layers, n_neurons = np.shape(arrays[0])[1:]
    for layer in range(n_layers):
        for neuron in range(n_neurons):
            for shown, text, array in zip(samples.neuron(figure, layer, neuron), tokens, arrays, strict=True):
                assert shown.tokens == text
                samples.assert_close(shown.values, [row[layer][neuron] for row in array], shown.bound)


def test_each_neuron_shows_its_values_on_all_samples() -> None:
    tokens, arrays = [words(3), words(5, "u"), words(1)], [values(n, 2, 7, seed=n) for n in (3, 5, 1)]
    figure = text_neuron_activations(tokens, arrays)
    check(figure, tokens, arrays)
    props = samples.neuron_props(figure)
    assert (props.n_neurons, len(props.layers), props.color_range) == (7, 2, "all")
    assert props.value_range == (
        min(float(array.min()) for array in arrays),
        max(float(array.max()) for array in arrays),
    )
    assert (props.first.name, props.second.name, props.first.labels) == ("Layer", "Neuron", None)


@given(hnp.arrays(np.float32, st.tuples(*[st.integers(1, 4)] * 3), elements=finite | st.just(np.nan)))
def test_every_value_is_within_the_bound_that_is_stated_for_its_neuron(array: Array) -> None:
    figure = text_neuron_activations(words(len(array)), array)
    check(figure, [words(len(array))], [array])
    for layer in range(array.shape[1]):
        for neuron in range(array.shape[2]):
            largest = np.nanmax(np.abs(array[:, layer, neuron]), initial=0.0)
            assert (
                samples.neuron(figure, layer, neuron)[0].bound <= 0.51 * 1.0001 * largest / 32767 * (1 + 1e-9) + 5e-324
            )


def test_neurons_in_several_groups_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neuron_values, "_GROUP_VALUES", 9)
    array = values(4, 2, 5)
    figure = text_neuron_activations(words(4), array)
    assert samples.neuron_props(figure).group_size == 2
    assert [group.activations.shape for group in samples.neuron_props(figure).layers[1].groups] == [
        (2, 4),
        (2, 4),
        (1, 4),
    ]
    check(figure, [words(4)], [array])


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    array = values(6, 3, 10)
    alone = text_neuron_activations(words(6), array).data
    monkeypatch.setattr(neuron_values, "_WORTH_THREADS", 0)
    assert text_neuron_activations(words(6), array).data == alone


ARRAY = values(3, 2, 4)
FORMS: dict[str, Any] = {
    "nested lists": ARRAY.tolist(),
    "float64": ARRAY.astype(np.float64),
    "torch": torch.tensor(ARRAY),
    "a tensor that requires a gradient": torch.tensor(ARRAY, requires_grad=True),
    "a list of one array": [ARRAY],
    "a list of matrices": list(ARRAY),
    "an array with a sample axis": ARRAY[None],
    "nested lists of tensors": [[torch.tensor(row) for row in token] for token in ARRAY],
}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_of_the_activations_shows_the_same(form: str) -> None:
    check(text_neuron_activations(words(3), FORMS[form]), [words(3)], [ARRAY])


def test_half_precision_and_integers_are_shown_as_they_are() -> None:
    half = torch.tensor(ARRAY).bfloat16()
    check(text_neuron_activations(words(3), half), [words(3)], [half.float().numpy()])
    whole = np.arange(24).reshape(3, 2, 4)
    check(text_neuron_activations([words(3)], whole), [words(3)], [whole])


def test_samples_of_equal_length_may_be_one_array() -> None:
    array = values(2, 3, 2, 4)
    check(text_neuron_activations([words(3), words(3, "u")], array), [words(3), words(3, "u")], list(array))


def test_dead_neurons_negative_ones_and_nan() -> None:
    array = np.zeros((2, 1, 3), np.float32)
    array[:, 0, 1], array[1, 0, 2] = -2.0, np.nan
    figure = text_neuron_activations(words(2), array)
    check(figure, [words(2)], [array])
    assert samples.neuron_props(figure).value_range == (-2.0, 2.0)
    assert samples.neuron_props(text_neuron_activations(words(2), np.zeros((2, 1, 3)))).value_range == (0.0, 1.0)


def test_the_ends_of_the_scale_and_the_colors_are_as_given() -> None:
    figure = text_neuron_activations(
        words(3), ARRAY, min_value=-1, max_value=torch.tensor(5.0), positive_color="green", title="T", help=True
    )
    props = samples.neuron_props(figure)
    assert props.value_range == (-1.0, 5.0)
    assert props.colors is not None
    assert (props.colors.positive, props.colors.negative) == ("#008000", None)
    assert props.title == "T"
    assert len(props.help) == 2
    assert repr(figure) == "<circuitsvis TextNeuronActivations: Layer: 2, Neuron: 4, samples: 1>"


@pytest.mark.parametrize("precision", [8, 16])
def test_precision_is_kept(precision: Any) -> None:
    figure = text_neuron_activations(words(3), np.abs(ARRAY), precision=precision)
    check(figure, [words(3)], [np.abs(ARRAY)])
    tensor = samples.neuron_props(figure).layers[0].groups[0].activations
    assert (tensor.dtype, samples.neuron_props(figure).notes) == (f"uint{precision}", ())
    largest = float(np.abs(ARRAY[:, 0, 0]).max())
    assert samples.neuron(figure, 0, 0)[0].bound <= 0.52 * largest / (2**precision - 2)


def test_a_page_too_large_for_a_notebook_is_rounded_to_8_bits_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circuitsvis._tokens.neuron_figure.INLINE_LIMIT", 10)
    for array, share in ((ARRAY, "0.41 %"), (np.abs(ARRAY), "0.21 %")):
        figure = text_neuron_activations(words(3), array)
        check(figure, [words(3)], [array])
        (note,) = samples.neuron_props(figure).notes
        assert share in note
        assert "precision=16" in note
        largest = np.abs(array).max(axis=0)
        for layer, neuron in np.ndindex(largest.shape):
            assert samples.neuron(figure, layer, neuron)[0].bound <= float(share[:4]) / 100 * largest[layer, neuron]
    exact = text_neuron_activations(words(3), ARRAY, precision=16)
    assert samples.neuron_props(exact).notes == ()


def test_the_input_is_not_changed() -> None:
    array = values(3, 2, 4)
    before = array.copy()
    text_neuron_activations(words(3), array)
    assert np.array_equal(array, before)


def test_scales_are_short_numbers() -> None:
    """There is one for each neuron: 73,728 in a model of 24 layers."""
    figure = text_neuron_activations(words(3), values(3, 1, 500))
    scales = samples.neuron_props(figure).layers[0].groups[0].activations.scales
    assert len(scales) == 500
    assert max(len(repr(scale)) for scale in scales) <= 12


def test_a_notebook_that_refuses_the_figure_says_what_makes_it_lighter(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = text_neuron_activations(words(3), ARRAY)
    monkeypatch.setattr("circuitsvis._page.in_notebooks.INLINE_LIMIT", 1)
    shown = figure._repr_html_()
    for advice in ("precision=8", "activations[:, 4:8, :1000]", "anyway=True"):
        assert advice in shown
    assert "heads=" not in shown

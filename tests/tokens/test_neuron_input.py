"""Wrong arguments of text_neuron_activations: the error names the argument, what it got, and a fix that works."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from circuitsvis.activations import text_neuron_activations

from tests.support import samples

ARRAY = np.random.default_rng(0).normal(size=(3, 2, 4)).astype(np.float32)
TOKENS = ["a", " b", " c"]

WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"tokens": "a b c"}, TypeError, "tokens: must be a list of strings"),
    ({"tokens": []}, ValueError, "tokens: .* empty"),
    ({"tokens": [1, 2, 3]}, TypeError, "tokens: got token ids"),
    ({"tokens": TOKENS[:2]}, ValueError, r"activations: needs \[token, layer, neuron\], got shape \[3, 2, 4\] for 2 tokens; axis 1"),
    ({"tokens": ["a"]}, ValueError, "for 1 tokens; give the tokens of this forward pass"),
    ({"tokens": [TOKENS, TOKENS]}, ValueError, "same number of samples, got 2 lists of tokens and 1 arrays"),
    ({"activations": "x"}, TypeError, "activations: must be an array"),
    ({"activations": None}, TypeError, "activations: must be an array .* got NoneType"),
    ({"activations": ARRAY[:, 0]}, ValueError, r"got shape \[3, 4\]; for activations of one layer"),
    ({"activations": []}, ValueError, "lists nested 1 deep"),
    ({"activations": ARRAY[None, None]}, ValueError, r"remove axes of length 1, .* activations\[0\]"),
    ({"activations": ARRAY[:, :0]}, ValueError, "at least one layer and one neuron"),
    ({"activations": [[[1.0, 2.0], [3.0]], [[1.0], [2.0]]]}, ValueError, "ragged"),
    ({"activations": ARRAY.astype(str)}, TypeError, "needs numbers"),
    ({"activations": ARRAY * np.inf}, ValueError, "got .*inf in sample 0 at token 0, layer 0, neuron 0"),
    ({"first_dimension_labels": ["a"]}, ValueError, "first_dimension_labels: needs one label for each of 2, got 1"),
    ({"second_dimension_labels": "abcd"}, TypeError, "second_dimension_labels: must be a list of strings"),
    ({"sample_labels": ["a", "b"]}, ValueError, "sample_labels: needs one label for each of 1, got 2"),
    ({"sample_labels": [1.5]}, TypeError, "sample_labels: must be a list of strings, got float"),
    ({"first_dimension_name": 3}, TypeError, "first_dimension_name: must be a string"),
    ({"precision": 4}, ValueError, "precision: must be 16 or 8"),
    ({"max_value": -1}, ValueError, "max_value: must be a finite number above 0"),
    ({"positive_color": "no color"}, ValueError, "positive_color"),
    ({"title": 3}, TypeError, "title: must be a string"),
    ({"acts": ARRAY}, TypeError, "use activations="),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "error", "text"), WRONG, ids=[str(i) for i in range(len(WRONG))])
def test_wrong_arguments_are_named(wrong: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        text_neuron_activations(**{"tokens": TOKENS, "activations": ARRAY, **wrong})


def test_samples_with_other_numbers_of_neurons_are_refused_by_name() -> None:
    """A selector of neurons would offer some that a sample does not have."""
    with pytest.raises(
        ValueError, match=r"the same layers and neurons, got \[3, 2, 4\] for sample 0 and \[3, 2, 3\] for sample 1"
    ):
        text_neuron_activations([TOKENS, TOKENS], [ARRAY, ARRAY[:, :, :3]])
    with pytest.raises(ValueError, match=r"activations\[1\]: must be .* got 2 axes instead of 3"):
        text_neuron_activations([TOKENS, TOKENS], [ARRAY, ARRAY[:, 0]])


def test_the_advice_on_axes_in_another_order_works() -> None:
    """[layer, token, neuron] is the order of topk_tokens, and of stacked caches."""
    swapped = np.moveaxis(ARRAY, 0, 1)
    with pytest.raises(ValueError, match=r"axis 1 is as long as the tokens: pass numpy.moveaxis\(activations, 1, 0\)"):
        text_neuron_activations(TOKENS, swapped)
    right = text_neuron_activations(TOKENS, np.moveaxis(swapped, 1, 0))
    samples.assert_close(samples.neuron(right, 1, 2)[0].values, ARRAY[:, 1, 2], samples.neuron(right, 1, 2)[0].bound)


def test_the_advice_on_one_layer_works() -> None:
    figure = text_neuron_activations(TOKENS, ARRAY[:, 0][:, None, :])
    samples.assert_close(samples.neuron(figure, 0, 3)[0].values, ARRAY[:, 0, 3], samples.neuron(figure, 0, 3)[0].bound)


def test_an_infinite_value_is_found_in_any_sample_and_group() -> None:
    second = ARRAY.copy()
    second[2, 1, 3] = -np.inf
    with pytest.raises(ValueError, match="got -inf in sample 1 at token 2, layer 1, neuron 3"):
        text_neuron_activations([TOKENS, TOKENS], [ARRAY, second])


def test_labels_may_be_numbers_and_names_may_be_none() -> None:
    figure = text_neuron_activations(TOKENS, ARRAY, None, "Unit", [7, 9], np.arange(4), sample_labels=["x"])  # type: ignore[list-item, arg-type]  # the peer's users pass numbers
    props = samples.neuron_props(figure)
    assert (props.first.name, props.first.labels) == ("Layer", ("7", "9"))
    assert (props.second.name, props.second.labels) == ("Unit", ("0", "1", "2", "3"))
    assert props.samples[0].label == "x"

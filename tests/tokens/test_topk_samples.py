"""topk_samples: every sample of every neuron, sorted by its largest activation, with its tokens and values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from circuitsvis._tokens import sample_values
from circuitsvis.topk_samples import topk_samples
from hypothesis import given
from hypothesis import strategies as st

from tests.support import samples

torch = pytest.importorskip("torch")

VOCABULARY = ["a", " b", "", "\n", "</script>", "שלום"]
sample = st.lists(
    st.tuples(
        st.sampled_from(VOCABULARY), st.floats(-1e6, 1e6, width=32) | st.just(math.nan) | st.sampled_from([0.0, 1.0])
    ),
    max_size=4,
)
nested = st.lists(st.lists(st.lists(sample, max_size=3), min_size=1, max_size=3), min_size=1, max_size=2)


def split(data: Any) -> tuple[Any, Any]:
    """Tokens and activations of nested lists of pairs."""
    tokens, values = ([[[[pair[i] for pair in s] for s in n] for n in layer] for layer in data] for i in (0, 1))
    return tokens, values


def largest(values: list[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=-math.inf)


def check(tokens: Any, values: Any) -> None:
    """Against a loop: sorted by the largest value, equal ones as they were, samples without values last."""
    figure = topk_samples(tokens, values)
    for layer, (token_neurons, value_neurons) in enumerate(zip(tokens, values, strict=True)):
        for neuron, (texts, rows) in enumerate(zip(token_neurons, value_neurons, strict=True)):
            numbers = [np.asarray(row, np.float32).tolist() for row in rows]
            order = sorted(range(len(texts)), key=lambda i: -largest(numbers[i]))
            shown = samples.ranked(figure, layer, neuron)
            assert [one.index for one in shown] == order
            for one in shown:
                assert one.tokens == list(texts[one.index])
                samples.assert_close(one.values, numbers[one.index], one.bound)
                magnitude = max((abs(x) for row in numbers for x in row if not math.isnan(x)), default=0.0)
                assert one.bound <= 0.52 * magnitude / 32767 + 5e-324


@given(nested)
def test_samples_of_any_lengths_are_sorted_and_shown(data: Any) -> None:
    check(*split(data))


@given(nested, st.integers(1, 6))
def test_groups_of_any_size_show_the_same(data: Any, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_values, "_GROUP_TOKENS", size)
        check(*split(data))


def test_large_figures_are_encoded_in_threads_and_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    tokens = [[[[f"w{i}" for i in rng.integers(0, 50, 6)] for _ in range(3)] for _ in range(40)]]
    values = [[rng.normal(size=(3, 6)).tolist() for _ in range(40)]]
    alone = topk_samples(tokens, values).data
    monkeypatch.setattr(sample_values, "_WORTH_THREADS", 0)
    assert topk_samples(tokens, values).data == alone
    monkeypatch.setattr(sample_values, "_GROUP_TOKENS", 100)
    assert [len(group.counts) for group in samples.sample_props(topk_samples(tokens, values)).layers[0].groups] == [
        5
    ] * 8
    check(tokens, values)


TOKENS = [[[["a", " b"], [" c", "d"]], [["e", "f"], ["a", "a"]]]]
VALUES = np.random.default_rng(1).normal(size=(1, 2, 2, 2)).astype(np.float32)
FORMS: dict[str, Any] = {
    "one array": VALUES,
    "one tensor": torch.tensor(VALUES, requires_grad=True),
    "arrays of neurons": [[VALUES[0, 0], torch.tensor(VALUES[0, 1]).bfloat16()]],
    "arrays of samples": [[[VALUES[0, i, 0], torch.tensor(VALUES[0, i, 1])] for i in range(2)]],
    "tuples": tuple(tuple(tuple(tuple(row) for row in n) for n in layer) for layer in VALUES.tolist()),
    "integers": [[[[1, 2], [3, 4]], [[0, 0], [5, -6]]]],
    "numpy scalars": [[[list(row) for row in neuron] for neuron in VALUES[0]]],
}


@pytest.mark.parametrize("form", FORMS)
def test_any_form_of_the_activations_shows_the_same(form: str) -> None:
    detached = FORMS[form].detach() if form == "one tensor" else FORMS[form]
    numbers = [[[[float(x) for x in row] for row in n] for n in layer] for layer in detached]
    figure = topk_samples(TOKENS, FORMS[form])
    for neuron in range(2):
        for one in samples.ranked(figure, 0, neuron):
            samples.assert_close(one.values, numbers[0][neuron][one.index], one.bound)


def test_layers_may_have_different_numbers_of_neurons_and_samples() -> None:
    tokens: Any = [[[["a"]]], [[["b"], ["c"]], [], [[]]]]
    values = [[[[1.0]]], [[[1.0], [2.0]], [], [[]]]]
    figure = topk_samples(tokens, values, first_dimension_labels=["x", "y", "z"])
    assert [one.tokens for one in samples.ranked(figure, 1, 0)] == [["c"], ["b"]]
    assert samples.ranked(figure, 1, 1) == []
    assert samples.ranked(figure, 1, 2)[0].values == []
    assert repr(figure) == "<circuitsvis TopkSamples: Layer: 2, Neuron: 4, samples: 4>"


def test_the_vocabulary_has_each_token_once_and_pieces_as_text() -> None:
    figure = topk_samples([[[["Ġthe", "Ġcat", "Ġthe"], ["âĢľ", "Ċ"]]]], [[[[1, 2, 3], [4, 5]]]])
    assert samples.sample_props(figure).vocabulary == (" the", " cat", "“", "\n")


def test_the_color_range_is_that_of_the_neuron_unless_the_ends_are_given() -> None:
    props = samples.sample_props(topk_samples(TOKENS, VALUES))
    assert (props.color_range, props.value_range) == ("shown", (VALUES.min(), VALUES.max()))
    props = samples.sample_props(topk_samples(TOKENS, VALUES, max_value=9, negative_color="#800080"))
    assert (props.color_range, props.value_range) == ("all", (VALUES.min(), 9.0))
    assert props.colors is not None
    assert props.colors.negative == "#800080"


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"tokens": "text"}, TypeError, "tokens: must be a list, nested as"),
    ({"tokens": TOKENS[0]}, ValueError, "tokens and activations: need the same number of layers, got 2 and 1"),
    ({"tokens": [TOKENS[0][:1]]}, ValueError, r"tokens\[0\] and activations\[0\]: need the same number of neurons, got 1 and 2"),
    ({"tokens": [[TOKENS[0][0], TOKENS[0][1][:1]]]}, ValueError, r"tokens\[0\]\[1\] .* number of samples, got 1 and 2"),
    ({"tokens": [[TOKENS[0][0], [["e"], ["a", "a"]]]]}, ValueError, r"tokens\[0\]\[1\]\[0\] .* number of tokens, got 1 and 2"),
    ({"tokens": [[["a b", "c d"], TOKENS[0][1]]]}, TypeError, r"tokens\[0\]\[0\]\[0\]: must be a list of strings"),
    ({"tokens": [[[[1, 2], ["c", "d"]], TOKENS[0][1]]]}, TypeError, r"tokens: must be strings, got int 1"),
    ({"tokens": [[[[["a"], ["b"]], ["c", "d"]], TOKENS[0][1]]]}, TypeError, "tokens: must be strings, got lists"),
    ({"tokens": [], "activations": []}, ValueError, "tokens: needs at least one layer"),
    ({"tokens": [[]], "activations": [[]]}, ValueError, r"tokens\[0\]: needs at least one neuron"),
    ({"activations": VALUES.tolist()[0][0]}, ValueError, "number of layers, got 1 and 2"),
    ({"activations": [[[["x", "y"], [1, 2]], [[1, 2], [3, 4]]]]}, TypeError, r"activations\[0\]\[0\]\[0\]: needs numbers"),
    ({"activations": VALUES * np.inf}, ValueError, "NaN or finite in float32"),
    ({"activations": [[[[1e39, 2], [1, 2]], [[1, 2], [3, 4]]]]}, ValueError, "NaN or finite in float32"),
    ({"activations": None}, TypeError, "activations: must be a list"),
    ({"zeroth_dimension_labels": ["a", "b"]}, ValueError, "zeroth_dimension_labels: needs one label for each of 1"),
    ({"first_dimension_name": 1}, TypeError, "first_dimension_name: must be a string"),
    ({"min_value": 1}, ValueError, "min_value"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "error", "text"), WRONG, ids=[str(i) for i in range(len(WRONG))])
def test_wrong_arguments_are_named(wrong: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        topk_samples(**{"tokens": TOKENS, "activations": VALUES, **wrong})

"""Tables of token figures: their values are those that were passed, within the bounds that the figures state."""

from __future__ import annotations

import math
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps

from scripts.fixtures.catalogue import FIGURES
from tests.support import log_probs, reference, samples, topk
from tests.support.tables import Row, rows


@pytest.mark.parametrize("name", ["tokens-signed", "tokens-performance", "tokens-samples", "tokens-multi"])
def test_colored_tokens_have_a_row_for_each_kind_and_token(name: str) -> None:
    figure = FIGURES[name]()
    props = figure._props
    assert isinstance(props, ColoredTokensProps)
    expected = [
        {"sample": number, "kind": kind.name, "position": i, "token": token, "value": float(values[k, i])}
        for number, sample in enumerate(props.samples)
        for values in [reference.decode(sample.values)]
        for k, kind in enumerate(props.kinds)
        for i, token in enumerate(sample.tokens)
    ]
    np.testing.assert_equal(rows(figure), expected)


@pytest.mark.parametrize("name", ["activations-1-sample", "activations-7-samples", "activations-hostile"])
def test_activations_have_a_row_for_each_neuron_and_token(name: str) -> None:
    figure = FIGURES[name]()
    props = samples.neuron_props(figure)
    expected: list[Row] = []
    for layer in range(len(props.layers)):
        for neuron in range(props.n_neurons):
            labels: Row = {}
            if props.first.labels:
                labels["layer_label"] = props.first.labels[layer]
            if props.second.labels:
                labels["neuron_label"] = props.second.labels[neuron]
            for shown in samples.neuron(figure, layer, neuron):
                for i, (token, value) in enumerate(zip(shown.tokens, shown.values, strict=True)):
                    place = {"layer": layer, "neuron": neuron, **labels, "sample": shown.index, "position": i}
                    expected.append({**place, "token": token, "value": value})
    _equal(rows(figure), expected)


@pytest.mark.parametrize("name", ["topk-samples", "topk-samples-hostile"])
def test_ranked_samples_have_a_row_for_each_token_of_each_sample(name: str) -> None:
    figure = FIGURES[name]()
    props = samples.sample_props(figure)
    expected: list[Row] = []
    for layer, groups in enumerate(props.layers):
        for neuron in range(sum(len(group.counts) for group in groups.groups)):
            for place, shown in enumerate(samples.ranked(figure, layer, neuron)):
                for i, (token, value) in enumerate(zip(shown.tokens, shown.values, strict=True)):
                    row: Row = {"layer": layer, "neuron": neuron, "rank": place + 1, "sample": shown.index}
                    expected.append({**row, "position": i, "token": token, "value": value})
    found = [{key: value for key, value in row.items() if "label" not in key} for row in rows(figure)]
    _equal(found, expected)


@pytest.mark.parametrize(
    "name", ["topk-tokens-samples", "topk-tokens-missing", "topk-tokens-1-neuron", "topk-tokens-hostile"]
)
def test_top_and_bottom_tokens_have_a_row_for_each_rank_from_their_end(name: str) -> None:
    figure = FIGURES[name]()
    props = topk.props(figure)
    expected: list[Row] = []
    for number, sample in enumerate(props.samples):
        for layer in range(props.layers):
            for neuron in range(sample.neurons):
                column = topk.column(figure, number, layer, neuron)
                for end, entries in (("top", column.top), ("bottom", column.bottom[::-1])):
                    for place, entry in enumerate(entries):
                        row: Row = {"sample": number, "layer": layer, "neuron": neuron, "end": end, "rank": place + 1}
                        token = sample.tokens[entry.position]
                        expected.append({**row, "position": entry.position, "token": token, "value": entry.value})
    found = [{key: value for key, value in row.items() if "label" not in key} for row in rows(figure)]
    _equal(found, expected)


def test_log_probabilities_have_a_row_for_the_next_token_the_likeliest_and_those_asked_for() -> None:
    values = log_probs.random(6, 30, seed=3)
    values[2, 7] = -np.inf
    values[2] -= np.log(np.exp(values[2]).sum())
    ids = [4, 7, 7, 9, 0, 12]
    figure = cv.logits.token_log_probs(ids, values, lambda token: f"t{token}", top_k=4, also=[7])
    assert figure is not None
    found = rows(figure)
    bound = max(log_probs.props(figure).top_log_probs.error_bound, log_probs.props(figure).token_log_probs.error_bound)
    assert [(row["position"], row["candidate_id"]) for row in found if row["role"] == "next"] == list(
        enumerate(ids[1:])
    )
    for position in range(6):
        order = sorted(range(30), key=lambda token: (-values[position, token], token))[:4]
        top = [row for row in found if row["role"] == "top" and row["position"] == position]
        assert [row["candidate_id"] for row in top] == order
        assert [row["rank"] for row in top] == [1, 2, 3, 4]
    assert len(found) == 5 + 6 * 4 + 6
    for row in found:
        row_values, token = values[row["position"]], row["candidate_id"]
        assert row["candidate"] == f"t{token}" and row["token"] == f"t{ids[row['position']]}"
        assert row["log_prob"] == row_values[token] or abs(row["log_prob"] - float(row_values[token])) <= bound + 1e-6
        assert row["rank"] == 1 + sum(row_values > row_values[token])
        assert (
            math.isnan(row["ties"]) if row["role"] == "top" else row["ties"] == sum(row_values == row_values[token]) - 1
        )


def _equal(found: list[Row], expected: list[Any]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert list(one) == list(other)
        for key, value in other.items():
            same = one[key] == value or (isinstance(value, float) and math.isclose(one[key], value, rel_tol=1e-12))
            assert same or (math.isnan(one[key]) and math.isnan(value)), key

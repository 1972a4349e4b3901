"""Pages of the functions in `circuitsvis.topk_tokens`: the top and bottom tokens of each neuron, with their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call
from tests.circuitsvis1.shown.reader import Reader, Shown
from tests.support import page_data, topk


def ours(figure: Figure, call: Call) -> Shown:
    props = page_data.read(figure.data).props
    shown: dict[str, Any] = {
        "tokens": [sample["tokens"] for sample in props["samples"]],
        "names": [props["firstDimensionName"], props["thirdDimensionName"]],
        "labels": [[sample["label"] for sample in props["samples"]], props["firstDimensionLabels"]],
    }
    for i, sample in enumerate(props["samples"]):
        columns = [
            [topk.column(figure, i, layer, neuron) for neuron in range(sample["neurons"])]
            for layer in range(props["layers"])
        ]
        for end in ("top", "bottom"):
            entries = np.array([[getattr(column, end) for column in row] for row in columns]).swapaxes(1, 2)
            shown[f"{end} positions {i}"], shown[f"{end} values {i}"] = entries[..., 0], entries[..., 1]
    return shown


def theirs(props: Mapping[str, Any], call: Call) -> Shown:
    n_samples = len(props["tokens"])
    shown: dict[str, Any] = {
        "tokens": props["tokens"],
        "names": [props["firstDimensionName"], props["thirdDimensionName"]],
        "labels": [props.get("sampleLabels") or [None] * n_samples, props.get("firstDimensionLabels")],
    }
    for i in range(n_samples):
        for end in ("top", "bottom"):
            shown[f"{end} positions {i}"] = np.array(props[f"{end}kIdxs"][i], float)
            shown[f"{end} values {i}"] = np.array(props[f"{end}kVals"][i], float)
    return shown


def bound(figure: Figure) -> float:
    """The largest error bound of any column; positions are exact, and differ by more than this where they differ."""
    props = topk.props(figure)
    return max(
        topk.column(figure, i, layer, neuron).bound
        for i, sample in enumerate(props.samples)
        for layer in range(props.layers)
        for neuron in range(sample.neurons)
    )


READERS = {"topk_tokens.topk_tokens": Reader(ours=ours, theirs=theirs, bound=bound)}

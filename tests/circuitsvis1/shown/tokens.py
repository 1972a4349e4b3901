"""Pages of the functions in `circuitsvis.tokens`: tokens, names of the kinds of values, and every value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call
from tests.circuitsvis1.shown.reader import Reader, Shown
from tests.support import page_data

FLOAT32 = 1e-5
"""Error of a log softmax in float32, in which CircuitsVis 1 computes."""

SAME = {"logits": "logit", "log_probs": "log probability", "probs": "probability"}
"""Names of the values of a prediction on both pages."""


def ours(figure: Figure, call: Call) -> Shown:
    page = page_data.read(figure.data)
    (sample,) = page.props["samples"]
    values = page.tensors["samples.0.values"].T
    first = 0
    if call.function == "tokens.visualize_model_performance":
        first = 1  # the other page leaves out the first token, which has no value
        assert np.isnan(values[0]).all()
    shown = {
        "tokens": sample["tokens"][first:],
        "names": [kind["name"] for kind in page.props["kinds"]],
        "values": values[first:],
    }
    low, high = page.props["kinds"][0]["valueRange"]
    return shown | ({"min_value": low, "max_value": high} if len(call.args) > 3 else {})


def theirs(props: Mapping[str, Any], call: Call) -> Shown:
    values = np.array(props["values"], np.float64)
    names = [""]
    if values.ndim == 2:
        names = props.get("labels") or [str(i) for i in range(values.shape[1])]
    else:
        values = values[:, None]
    if call.function == "tokens.visualize_model_performance":
        names = [SAME[name] for name in names]
    shown = {"tokens": props["tokens"], "names": names, "values": values}
    return shown | ({"min_value": props["minValue"], "max_value": props["maxValue"]} if len(call.args) > 3 else {})


def bound(figure: Figure) -> float:
    assert isinstance(figure._props, ColoredTokensProps)
    return figure._props.samples[0].values.error_bound + FLOAT32


READERS = {
    f"tokens.{name}": Reader(ours=ours, theirs=theirs, bound=bound)
    for name in ("colored_tokens", "colored_tokens_multi", "visualize_model_performance")
}

"""Pages of the functions in `circuitsvis.attention`: tokens, names of heads, and the value of every cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call
from tests.circuitsvis1.shown.reader import Reader, Shown
from tests.support import page_data, reference

LARGEST = 1.0
"""The end of the color scale of CircuitsVis 1 without max_value."""


def ours(figure: Figure, call: Call) -> Shown:
    page = page_data.read(figure.data)
    (sequence,) = page.props["sequences"]
    low, high = page.props["valueRange"]
    return {
        "tokens": sequence["destTokens"],
        "names": [head["name"] for head in page.props["heads"]],
        "values": page.tensors["sequences.0.attention"],
        **_chosen(call, max_value=high, min_value=low),
    }


def theirs(props: Mapping[str, Any], call: Call) -> Shown:
    values = np.array(props["attention"], np.float64)
    single = values.ndim == 2
    if single:
        values = values[None]
    if call.function != "attention.attention_patterns" and props.get("maskUpperTri", True):
        values = np.where(np.tri(values.shape[1], dtype=bool), values, np.nan)
    default = ["Attention pattern"] if single else [f"Head {i}" for i in range(len(values))]
    return {
        "tokens": props["tokens"],
        "names": props.get("attentionHeadNames") or default,
        "values": values,
        **_chosen(call, max_value=props.get("maxValue", LARGEST), min_value=props.get("minValue", -LARGEST)),
    }


def _chosen(call: Call, **ends: float) -> dict[str, float]:
    """The ends of the color scale that the call sets; the defaults differ, and the docstrings say so."""
    names = ["tokens", "attention", "max_value", "min_value"]
    if call.function == "attention.attention_heads":
        names = ["attention", "tokens", "attention_head_names", "max_value", "min_value"]
    given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    return {name: value for name, value in ends.items() if name in given}


def unmasked(call: Call) -> frozenset[str]:
    """Values that CircuitsVis 1 hides without being asked to, or shows although they are those of a causal mask."""
    return frozenset() if "mask_upper_tri" in call.kwargs or len(call.args) > 7 else frozenset({"values"})


READERS = {
    f"attention.{name}": Reader(
        ours=ours, theirs=theirs, bound=lambda figure: reference.bound(figure) + 1e-7, unmasked=unmasked
    )
    for name in ("attention_heads", "attention_pattern", "attention_patterns")
}

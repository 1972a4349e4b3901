"""Every figure of a family against what the model computes, or the reason with which the figure is refused."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np

from tests.support import family_attribution, reference
from tests.support.case import Case, Verdict
from tests.support.oracle_run import mixes
from tests.support.probes import Float64


def every(case: Case) -> dict[str, Verdict]:
    """All checks. None of them changes the cache."""
    before = {name: np.array(tensor) for name, tensor in case.cache.items() if hasattr(tensor, "numpy")}
    verdicts = {
        "model": Verdict(case.different),
        "pattern": pattern(case),
        "value-weighted": weights(case, "value-weighted"),
        "info-weighted": weights(case, "info-weighted"),
        "lines": lines(case),
        **family_attribution.check(case),
    }
    for name, array in before.items():
        np.testing.assert_array_equal(np.array(case.cache[name]), array)
    return verdicts


def pattern(case: Case) -> Verdict:
    """The page's values against the attention of the Hugging Face model."""
    figure = _figure(case)
    if isinstance(figure, Verdict):
        return figure
    error = 0.0
    for index in range(len(case.tokens)):
        bound = reference.bound(figure, index)
        for values, (layer, head) in zip(reference.shown(figure, index), _heads(figure), strict=True):
            error = max(error, _beyond(np.nan_to_num(values), case.attention[layer].pattern[index, head], bound))
    return Verdict(error)


def weights(case: Case, attention_type: str) -> Verdict:
    """Norms of v, or of v W_O, against those of the v that the heads mix, if they mix v unchanged."""
    figure = _figure(case, attention_type=attention_type)
    if isinstance(figure, Verdict):
        _check_left_out(case, attention_type)
        return figure
    error = max(
        mixes(attention.pattern, attention.v, case.run.layers[layer].z) for layer, attention in case.attention.items()
    )
    for index in range(len(case.tokens)):
        tensor = _weights(figure, attention_type, index)
        assert tensor is not None
        for shown, (layer, head) in zip(reference.decode_rows(tensor), _heads(figure), strict=True):
            v = case.attention[layer].v[index, :, head]
            moved = v @ case.run.layers[layer].w_o[head] if attention_type == "info-weighted" else v
            norms = np.sqrt((moved**2).sum(-1))
            error = max(error, _beyond(shown, norms / norms.max(), tensor.error_bound))
    return Verdict(error)


def lines(case: Case) -> Verdict:
    """The softmax of what the page is given against the pattern, and the product against q · k times the model's scale."""
    figure = _figure(case, mode="lines")
    if isinstance(figure, Verdict):
        return figure
    error, kinds = 0.0, set()
    for index in range(len(case.tokens)):
        for position, (layer, head) in enumerate(_heads(figure)):
            computation = reference.computation(figure, position, index)
            kinds.add(
                computation.kind
                if computation.added_term_name in (None, "score")
                else f"{computation.kind} + {computation.added_term_name}"
            )
            if computation.kind == "pattern":
                assert computation.description, "a pattern without its computation says why"
                continue
            want = case.attention[layer].pattern[index, head]
            got = np.nan_to_num(reference.computed(figure, position, index))
            error = max(error, float(np.abs(got - want).max()))
            if computation.kind == "product":
                scores = case.attention[layer].scores
                error = max(error, _product(figure, index, position, None if scores is None else scores[index, head]))
    return Verdict(error, ", ".join(sorted(kinds)))


def _product(figure: Any, index: int, position: int, scores: Float64 | None) -> float:
    """Relative error of the decoded vectors' product against the shown one, and of that against q · k times the scale."""
    computation = reference.computation(figure, position, index)
    assert computation.dot is not None
    dot = reference.decode(computation.dot)[0]
    there = ~np.isnan(dot)
    multiplied, allowed = reference.multiplied(figure, position, index)
    largest = np.abs(dot[there]).max()
    error = float(np.maximum(np.abs(multiplied - dot) - allowed, 0.0)[there].max() / largest)
    if scores is None:
        return error
    # The divisor is fitted to the pattern, as exactly as the pattern needs it: 1e-3 of the score is then a right divisor.
    slope = float(np.vdot(dot[there], scores[there]) / np.vdot(dot[there], dot[there]))
    assert abs(slope - 1.0) < 1e-3, "the divisor is that of the model"
    return max(error, float(np.abs(slope * dot - scores)[there].max() / largest))


def _figure(case: Case, **options: Any) -> Any:
    """The figure, or a Verdict with the reason for which there is none."""
    try:
        return cv.attention.from_cache(case.cache, case.tokens, **options)
    except (ValueError, KeyError) as refusal:
        return Verdict(None, str(refusal))


def _check_left_out(case: Case, attention_type: str) -> None:
    """A refused type must not be on offer in the page that starts with another."""
    figure = _figure(case)
    if not isinstance(figure, Verdict):
        assert _weights(figure, attention_type, 0) is None


def _weights(figure: Any, attention_type: str, index: int) -> Any:
    return reference.weights(reference.props(figure).sequences[index], attention_type)


def _heads(figure: Any) -> list[tuple[int, int]]:
    names = [head.name.split(".") for head in reference.props(figure).heads]
    return [(int(layer), int(head)) for layer, head in names]


def _beyond(got: Float64, want: Float64, bound: float) -> float:
    return float(max(0.0, np.abs(got - want).max() - bound) / np.abs(want).max())

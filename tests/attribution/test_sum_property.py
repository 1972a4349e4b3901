"""Property test: whatever a model does between v and the residual stream, attribution adds up, and is right or has a note."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution
from hypothesis import given
from hypothesis import strategies as st

from tests.support import synthetic
from tests.support.synthetic import Run, Steps

TOKEN = 3
BOUND = 2e-5
"""Largest error for float32 caches, relative to the largest number in the sum."""

steps = st.builds(
    Steps,
    mask=st.sampled_from(synthetic.MASKS),
    on_heads=st.sampled_from(synthetic.ON_HEADS),
    after_w_o=st.sampled_from(synthetic.AFTER_W_O),
    before_stream=st.sampled_from(synthetic.BEFORE_STREAM),
    bias=st.booleans(),
    mlp=st.booleans(),
)


def attribution(run: Run, n: int) -> Attribution:
    tokens = [f"t{i}" for i in range(n)]
    [result] = cache_attribution.attributions(run.cache, run.model, tokens, np.eye(synthetic.N_VOCAB)[TOKEN])
    return result


def summed(result: Attribution) -> npt.NDArray[np.float64]:
    parts = [head.values.sum(-1, dtype=np.float64) for head in result.heads]
    return np.sum(parts + [part.values.astype(np.float64) for part in result.parts], axis=0)


def problems(run: Run, result: Attribution, n_layers: int) -> list[str]:
    """Errors in an attribution that no note on the page explains."""
    want = run.logits[:, TOKEN]
    magnitude = max(1.0, float(np.abs(want).max()), *(float(np.abs(part.values).max()) for part in result.parts))
    errors = []
    if np.abs(result.total - want).max() > BOUND * magnitude:
        errors.append(f"the total is {result.total}, the logit {want}")
    if np.abs(summed(result) - result.total).max() > BOUND * magnitude:
        errors.append("the parts do not add up to the total")
    missing = [float(np.abs(part.values).max()) for part in result.parts if part.kind == "unaccounted"]
    if missing and missing[0] > 2e-3 * magnitude and not any("unaccounted" in note for note in result.notes):
        errors.append(f"{missing[0]} is unaccounted for, without a note")
    for layer in range(n_layers):
        shown = np.stack([h.values.sum(-1, dtype=np.float64) for h in result.heads if h.layer == layer], axis=1)
        error = float(np.abs(shown - run.along(layer, TOKEN)).max())
        has_part = any(part.kind == "attention remainder" and part.layer == layer for part in result.parts)
        noted = any(note.startswith(f"Layer {layer}:") and f'"Attn remainder {layer}"' in note for note in result.notes)
        if error > BOUND * magnitude and not (has_part and noted):
            errors.append(f"heads of layer {layer} are {error:.3g} off, and no part and note show it")
    return errors


@given(st.lists(steps, min_size=1, max_size=2), st.integers(2, 7), st.integers(0, 10**6))
def test_an_attribution_adds_up_and_is_right_or_has_a_note(layers: list[Steps], n: int, seed: int) -> None:
    run = synthetic.run(layers, n, seed)
    if any(step.before_stream == "stream scaled" for step in layers):
        try:
            result = attribution(run, n)
        except ValueError as error:  # where a block scales the stream, the logit is no sum
            assert "multiplies the residual stream by 1.5" in str(error)  # noqa: PT017
            return
    else:
        result = attribution(run, n)
    assert not problems(run, result, len(layers)), layers


@pytest.mark.parametrize("mask", synthetic.MASKS)
@pytest.mark.parametrize("on_heads", ["nothing", "cached gate", "factor", "ablated head"])
@pytest.mark.parametrize("after_w_o", ["nothing", "factor", "norm", "norm with bias"])
@pytest.mark.parametrize("before_stream", ["nothing", "factor", "cached branch"])
def test_steps_that_the_data_determine_leave_no_remainder(
    mask: str, on_heads: str, after_w_o: str, before_stream: str
) -> None:
    layers = [Steps(mask, on_heads, after_w_o, before_stream), Steps(mask)]
    run = synthetic.run(layers, 7, 1)
    result = attribution(run, 7)
    assert not problems(run, result, 2)
    assert not [part.name for part in result.parts if part.kind == "attention remainder"]
    magnitude = float(np.abs(result.total).max())
    assert all(np.abs(part.values).max() < 1e-4 * magnitude for part in result.parts if part.kind == "unaccounted")

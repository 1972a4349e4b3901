"""Whatever a model does between v and the residual stream: what is shown adds up and is right, or says that it is not."""

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
"""Of float32 caches, relative to the largest number that was summed."""

steps = st.builds(
    Steps,
    mask=st.sampled_from(synthetic.MASKS),
    on_heads=st.sampled_from(synthetic.ON_HEADS),
    behind_w_o=st.sampled_from(synthetic.BEHIND_W_O),
    before_stream=st.sampled_from(synthetic.BEFORE_STREAM),
    bias=st.booleans(),
    mlp=st.booleans(),
)


def attribution(run: Run, n: int) -> Attribution:
    tokens = [f"t{i}" for i in range(n)]
    [found] = cache_attribution.attributions(run.cache, run.model, tokens, np.eye(synthetic.N_VOCAB)[TOKEN])
    return found


def summed(found: Attribution) -> npt.NDArray[np.float64]:
    parts = [head.values.sum(-1, dtype=np.float64) for head in found.heads]
    return np.sum(parts + [part.values.astype(np.float64) for part in found.parts], axis=0)


def problems(run: Run, found: Attribution, n_layers: int) -> list[str]:
    """What is wrong in what is shown, and not said on the page."""
    want = run.logits[:, TOKEN]
    size = max(1.0, float(np.abs(want).max()), *(float(np.abs(part.values).max()) for part in found.parts))
    wrong = []
    if np.abs(found.total - want).max() > BOUND * size:
        wrong.append(f"the total is {found.total}, the logit {want}")
    if np.abs(summed(found) - found.total).max() > BOUND * size:
        wrong.append("the parts do not add up to the total")
    missing = [float(np.abs(part.values).max()) for part in found.parts if part.kind == "unaccounted"]
    if missing and missing[0] > 2e-3 * size and not any("unaccounted" in note for note in found.notes):
        wrong.append(f"{missing[0]} is unaccounted for, without a note")
    for layer in range(n_layers):
        shown = np.stack([h.values.sum(-1, dtype=np.float64) for h in found.heads if h.layer == layer], axis=1)
        error = float(np.abs(shown - run.along(layer, TOKEN)).max())
        named = any(part.kind == "attention remainder" and part.layer == layer for part in found.parts)
        said = any(note.startswith(f"Layer {layer}:") and f'"Attn remainder {layer}"' in note for note in found.notes)
        if error > BOUND * size and not (named and said):
            wrong.append(f"heads of layer {layer} are {error:.3g} off, and no part and note say so")
    return wrong


@given(st.lists(steps, min_size=1, max_size=2), st.integers(2, 7), st.integers(0, 10**6))
def test_what_is_shown_adds_up_and_is_right_or_says_that_it_is_not(layers: list[Steps], n: int, seed: int) -> None:
    run = synthetic.run(layers, n, seed)
    if any(step.before_stream == "stream scaled" for step in layers):
        try:
            found = attribution(run, n)
        except ValueError as error:  # a block that scales the stream leaves no sum
            assert "multiplies the residual stream by 1.5" in str(error)  # noqa: PT017
            return
    else:
        found = attribution(run, n)
    assert not problems(run, found, len(layers)), layers


@pytest.mark.parametrize("mask", synthetic.MASKS)
@pytest.mark.parametrize("on_heads", ["nothing", "cached gate", "factor", "ablated head"])
@pytest.mark.parametrize("behind_w_o", ["nothing", "factor", "norm", "norm with bias"])
@pytest.mark.parametrize("before_stream", ["nothing", "factor", "cached branch"])
def test_what_the_data_determine_is_right_and_has_no_remainder(
    mask: str, on_heads: str, behind_w_o: str, before_stream: str
) -> None:
    layers = [Steps(mask, on_heads, behind_w_o, before_stream), Steps(mask)]
    run = synthetic.run(layers, 7, 1)
    found = attribution(run, 7)
    assert not problems(run, found, 2)
    assert not [part.name for part in found.parts if part.kind == "attention remainder"]
    size = float(np.abs(found.total).max())
    assert all(np.abs(part.values).max() < 1e-4 * size for part in found.parts if part.kind == "unaccounted")

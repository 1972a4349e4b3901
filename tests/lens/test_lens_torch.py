"""`logit_lens` on torch tensors: the same numbers as loops in float64, in every precision that a program may have set."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from circuitsvis._lens import readout, torch_backend
from circuitsvis.logits import logit_lens

from tests.support import lenses

TOKENS = ["1", "4", "7", "10", "2"]


def as_torch(run: lenses.Run, dtype: Any = None) -> lenses.Run:
    """The run with torch tensors that need gradients; rounded to `dtype`, streams and W_U are those numbers."""
    dtype = dtype or torch.float32
    cache = {name: torch.tensor(array, dtype=dtype, requires_grad=True) for name, array in run.cache.items()}
    run.model.W_U = torch.nn.Parameter(torch.tensor(run.model.W_U, dtype=dtype))
    streams = {name: torch.tensor(array).to(dtype).double().numpy() for name, array in run.streams.items()}
    w_u = run.model.W_U.detach().double().numpy()
    return dataclasses.replace(run, cache=cache, streams=streams, w_u=w_u)


@pytest.mark.parametrize("head", sorted(lenses.HEADS))
def test_each_cell_has_what_loops_over_the_vocabulary_find(head: str) -> None:
    run = as_torch(lenses.run(head))
    lenses.assert_shows(logit_lens(run.cache, run.model, TOKENS, top_k=3), run)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
def test_half_precision_is_read_and_computed_in_float32(dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_backend, "_COLUMNS", 4)
    run = as_torch(lenses.run(), getattr(torch, dtype))
    lenses.assert_shows(logit_lens(run.cache, run.model, TOKENS), run)


def test_fast_products_and_autocast_of_the_program_are_not_used_and_stay_as_they_were() -> None:
    run = as_torch(lenses.run())
    torch.set_float32_matmul_precision("medium")
    try:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            lenses.assert_shows(logit_lens(run.cache, run.model, TOKENS), run)
            assert torch.is_autocast_enabled("cpu")
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")


def test_streams_of_numpy_are_read_by_a_model_of_torch_and_the_other_way_round() -> None:
    run = lenses.run()
    arrays, weights = dict(run.cache), run.model.W_U
    tensors = {name: torch.tensor(array) for name, array in arrays.items()}
    lenses.assert_shows(logit_lens(tensors, run.model, TOKENS), run)
    run.model.W_U = torch.tensor(weights)
    lenses.assert_shows(logit_lens(arrays, run.model, TOKENS), run)


def test_a_lens_gets_a_copy_of_the_streams_as_cached_and_may_return_any_array(monkeypatch: pytest.MonkeyPatch) -> None:
    run = as_torch(lenses.run(), torch.bfloat16)
    before = {name: tensor.clone() for name, tensor in run.cache.items()}
    seen = []

    def lens(resid: Any, layer: int) -> Any:
        seen.append((resid.dtype, tuple(resid.shape)))
        logits = resid.float() @ run.model.W_U.float()
        resid.zero_()
        return logits if layer else logits.detach().numpy()

    def want(stage: str, sequence: int, position: int) -> list[float]:
        logits = run.streams[stage][sequence, position] @ run.w_u
        return [float(logit - np.log(np.exp(logits).sum())) for logit in logits]

    monkeypatch.setattr(readout, "BLOCK", 22)
    lenses.assert_shows(logit_lens(run.cache, run.model, TOKENS, lens=lens), run, lens=want, tolerance=2e-5)
    assert set(seen) == {(torch.bfloat16, (2, 8)), (torch.bfloat16, (1, 8))} and len(seen) == 9
    assert all(torch.equal(run.cache[name], tensor) for name, tensor in before.items())


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    run = as_torch(lenses.run(n=7))
    monkeypatch.setattr(readout, "BLOCK", 25)
    lenses.assert_shows(logit_lens(run.cache, run.model, [*TOKENS, "3", "6"], include_mid=True), run)


def test_no_graph_of_gradients_is_kept() -> None:
    run = as_torch(lenses.run())
    head = torch_backend.TorchBackend(run.model.W_U, None, None)
    assert not head.unembed(run.cache["blocks.0.hook_resid_post"]).requires_grad

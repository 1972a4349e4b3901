"""Calls on a cache of 144 heads x 128 tokens, with and without the checks of its numbers. Prints their times as JSON.

    python -m benchmarks.workers.verification

Without the checks, the comparisons in `_cache/` (head_outputs, after_attention, block_factors, logit_path) and in
`_alignment/token_evidence.py` are replaced by functions that accept any cache.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from types import SimpleNamespace
from typing import Any
from unittest import mock

import circuitsvis as cv
import numpy as np
from circuitsvis._alignment import token_evidence
from circuitsvis._cache import block_factors, head_outputs, logit_path
from circuitsvis._cache.after_attention import AfterAttention
from circuitsvis._cache.block_factors import BlockFactors

LAYERS, HEADS, TOKENS, D_HEAD, D_MODEL, VOCABULARY = 12, 12, 128, 64, 768, 1000
REPEATS = 15


def main() -> None:
    cache, model = _made()
    tokens = [f"t{i}" for i in range(TOKENS)]
    calls: dict[str, Callable[[], object]] = {
        "attention, v": lambda: cv.attention.from_cache(cache, tokens),
        "attention, v and W_O": lambda: cv.attention.from_cache(cache, tokens, model=model),  # type: ignore[call-overload]
        "attribution": lambda: cv.attribution.from_cache(cache, model, tokens, 5),
    }
    print(json.dumps({name: _times(call) for name, call in calls.items()}))


def _times(call: Callable[[], object]) -> dict[str, float]:
    call()
    checked, unchecked = [], []
    for _ in range(REPEATS):
        checked.append(_seconds(call))
        with _without_checks():
            unchecked.append(_seconds(call))
    return {"checked_s": median(checked), "unchecked_s": median(unchecked)}


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


@contextmanager
def _without_checks() -> Iterator[None]:
    with ExitStack() as stack:
        for owner, name, result in (
            (head_outputs, "agrees", True),
            (AfterAttention, "_from_data", None),
            (AfterAttention, "contradicts_weights", False),
            (token_evidence, "check", None),
            (block_factors, "find", BlockFactors()),
            (logit_path, "check", None),
        ):
            stack.enter_context(mock.patch.object(owner, name, mock.Mock(return_value=result)))
        yield


def _made() -> tuple[dict[str, Any], Any]:
    """A consistent cache of one sequence, and its model, in float32."""
    rng = np.random.default_rng(0)
    stream = rng.normal(size=(TOKENS, D_MODEL))
    cache: dict[str, Any] = {"hook_embed": stream}
    blocks = []
    for layer in range(LAYERS):
        block = f"blocks.{layer}"
        scores = np.where(np.tri(TOKENS, dtype=bool), rng.normal(0, 2, (HEADS, TOKENS, TOKENS)), -np.inf)
        pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        v, w_o = rng.normal(size=(TOKENS, HEADS, D_HEAD)), rng.normal(0, 0.05, (HEADS, D_HEAD, D_MODEL))
        z = np.einsum("hqk,khe->qhe", pattern, v, optimize=True)
        written, mlp = np.einsum("qhe,hed->qd", z, w_o, optimize=True), rng.normal(size=(TOKENS, D_MODEL))
        cache |= {
            f"{block}.hook_resid_pre": stream,
            f"{block}.attn.hook_pattern": pattern,
            f"{block}.attn.hook_v": v,
            f"{block}.attn.hook_z": z,
            f"{block}.hook_attn_out": written,
            f"{block}.hook_mlp_out": mlp,
        }
        stream = stream + written + mlp
        cache[f"{block}.hook_resid_post"] = stream
        attention = SimpleNamespace(W_O=w_o.astype(np.float32), b_O=np.zeros(D_MODEL, np.float32))
        blocks.append(SimpleNamespace(attn=attention, mlp=SimpleNamespace()))
    scale = np.sqrt((stream**2).mean(-1, keepdims=True) + 1e-5)
    cache |= {"ln_final.hook_scale": scale, "ln_final.hook_out": stream / scale}
    norm = SimpleNamespace(uses_rms_norm=True, w=np.ones(D_MODEL, np.float32), eps=1e-5)
    w_u = rng.normal(size=(D_MODEL, VOCABULARY)).astype(np.float32)
    config = SimpleNamespace(n_layers=LAYERS)
    model = SimpleNamespace(cfg=config, blocks=blocks, ln_final=norm, W_U=w_u, b_U=None, tokenizer=None)
    return {name: np.ascontiguousarray(array, np.float32) for name, array in cache.items()}, model


if __name__ == "__main__":
    main()

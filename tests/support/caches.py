"""Synthetic caches as plain dicts, small enough to check by loops."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def softmax_patterns(shape: tuple[int, ...], *, causal: bool = True, seed: int = 0) -> Array:
    """Random rows that sum to 1, [..., dest, src]."""
    scores = np.random.default_rng(seed).normal(size=shape) * 2
    if causal:
        dest, src = shape[-2:]
        scores = np.where(np.tri(dest, src, src - dest, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


def cache(
    n_layers: int = 2,
    n_heads: int = 4,
    n_kv: int | None = None,
    batch: int | None = None,
    n: int = 6,
    *,
    causal: bool = True,
) -> dict[str, Array]:
    """Pattern and v of every layer. batch=None: no batch dimension."""
    rng = np.random.default_rng(1)
    lead = () if batch is None else (batch,)
    tensors: dict[str, Array] = {}
    for layer in range(n_layers):
        tensors[f"blocks.{layer}.attn.hook_pattern"] = softmax_patterns(
            (*lead, n_heads, n, n), causal=causal, seed=layer
        )
        tensors[f"blocks.{layer}.attn.hook_v"] = rng.normal(size=(*lead, n, n_kv or n_heads, 8)).astype(np.float32)
    return tensors


def model(n_layers: int = 2, n_heads: int = 4, tokenizer: object = None) -> SimpleNamespace:
    """Something that has `blocks[l].attn.W_O`, `cfg.n_layers` and perhaps a tokenizer."""
    rng = np.random.default_rng(2)
    weights = [rng.normal(size=(n_heads, 8, 20)).astype(np.float32) for _ in range(n_layers)]
    blocks = [SimpleNamespace(attn=SimpleNamespace(W_O=w)) for w in weights]
    return SimpleNamespace(blocks=blocks, cfg=SimpleNamespace(n_layers=n_layers), tokenizer=tokenizer)


def words(n: int) -> list[str]:
    """`n` different tokens."""
    return [f" t{i}" for i in range(n)]

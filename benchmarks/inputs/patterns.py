"""Realistic causal patterns from a fixed seed, made once and saved, so that everyone is measured on the same values.

A head's scores are low-rank content (q . k of random vectors) plus what its kind adds; the pattern is their softmax over
the keys at or before the query. Three kinds in turn, as in trained models: most heads rest on the BOS token, some look at
the previous token, some are diffuse. Strength and temperature vary from head to head.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import Size

SEED = 20240611
CONTENT_RANK = 16
D_HEAD = 64
KINDS = ("bos sink", "previous token", "diffuse")
WORDS = ("<|endoftext|>", " the", " cat", "When", " Mary", ",", " John", "ing", " of", ".", " shops", " gave")

Floats = NDArray[np.float32]


def make_patterns(size: Size, seed: int = SEED) -> Floats:
    """Patterns as (sequence, layer, head, dest, src) float32: rows sum to 1, zero above the diagonal."""
    rng = np.random.default_rng(seed)
    heads = [_head(rng, KINDS[i % len(KINDS)], size.tokens) for i in range(size.sequences * size.n_heads)]
    return np.stack(heads).reshape(size.sequences, size.layers, size.heads, size.tokens, size.tokens)


def make_values(size: Size, seed: int = SEED) -> Floats:
    """Value vectors as (sequence, layer, src, head, d_head) float32; the BOS token's are short, as in trained models."""
    rng = np.random.default_rng(seed + 1)
    shape = (size.sequences, size.layers, size.tokens, size.heads, D_HEAD)
    values = rng.standard_normal(shape, dtype=np.float32)
    values *= rng.lognormal(0.0, 0.5, (*shape[:4], 1)).astype(np.float32)
    values[:, :, 0] *= 0.05
    return values


def make_tokens(size: Size) -> list[str]:
    """As many token texts as the sequence is long, BOS first, words repeating."""
    return [WORDS[0]] + [WORDS[1 + i % (len(WORDS) - 1)] for i in range(size.tokens - 1)]


def save_inputs(size: Size, folder: Path) -> Path:
    """Write one size's patterns and value vectors where every worker process reads them; returns the file."""
    path = folder / f"{size.slug}.npz"
    np.savez(path, patterns=make_patterns(size), values=make_values(size), tokens=np.array(make_tokens(size)))
    return path


def _head(rng: np.random.Generator, kind: str, tokens: int) -> Floats:
    query, key = rng.standard_normal((2, tokens, CONTENT_RANK))
    scores = rng.uniform(0.5, 2.0) * (query @ key.T) / np.sqrt(CONTENT_RANK)
    dest, src = np.indices((tokens, tokens))
    if kind == "bos sink":
        scores += np.where(src == 0, rng.uniform(4.0, 8.0), 0.0)
    elif kind == "previous token":
        scores += np.where(src == dest - 1, rng.uniform(3.0, 8.0), 0.0) - rng.uniform(0.0, 0.1) * (dest - src)
    scores = np.where(src <= dest, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    pattern: Floats = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    return pattern

"""Realistic causal patterns from a fixed seed, made once and saved, so that every tool draws the same values.

The scores of a head are products of random low-rank vectors, plus a term for its kind; the pattern is their softmax over
the sources at or before the destination. There are three kinds in turn, as in trained models: heads that attend to the BOS
token, to the previous token, or to nothing in particular. Strength and temperature vary from head to head.
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
    """Patterns [sequence, layer, head, dest, src] in float32: rows sum to 1, and values above the diagonal are zero."""
    rng = np.random.default_rng(seed)
    heads = [_head(rng, KINDS[i % len(KINDS)], size.tokens) for i in range(size.sequences * size.n_heads)]
    return np.stack(heads).reshape(size.sequences, size.layers, size.heads, size.tokens, size.tokens)


def make_values(size: Size, seed: int = SEED) -> Floats:
    """Value vectors [sequence, layer, src, head, d_head] in float32; those of the BOS token are short, as in trained models."""
    rng = np.random.default_rng(seed + 1)
    shape = (size.sequences, size.layers, size.tokens, size.heads, D_HEAD)
    values = rng.standard_normal(shape, dtype=np.float32)
    values *= rng.lognormal(0.0, 0.5, (*shape[:4], 1)).astype(np.float32)
    values[:, :, 0] *= 0.05
    return values


def make_tokens(size: Size) -> list[str]:
    """The token texts of a sequence: BOS, then words that repeat."""
    return [WORDS[0]] + [WORDS[1 + i % (len(WORDS) - 1)] for i in range(size.tokens - 1)]


def save_inputs(size: Size, folder: Path) -> Path:
    """Writes the patterns and value vectors of one size into a file for all worker processes, and returns it."""
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

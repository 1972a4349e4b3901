"""A small random unembedding and what resolves a direction with it, for tests of `resid_directions`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from circuitsvis._attribution import direction_input
from circuitsvis._attribution.directions import Destinations, ResolvedDirection
from circuitsvis._cache.unembedding import Unembedding

from tests.support import models

D_MODEL, D_VOCAB, N = 6, 20, 5
RNG = np.random.default_rng(0)
W_U, B_U = RNG.normal(size=(D_MODEL, D_VOCAB)).astype(np.float32), RNG.normal(size=D_VOCAB).astype(np.float32)
THE, CAT, DOG = 2, 3, 8
"""Ids of the models' tokenizer. It has 16 tokens, so W_U is padded."""


def small_model() -> Any:
    """The unembedding with a tokenizer; W_U and b_U are torch tensors."""
    import torch

    return SimpleNamespace(W_U=torch.tensor(W_U), b_U=torch.tensor(B_U), tokenizer=models.tokenizer())


def destinations(dest: tuple[int, ...] = (1, 3), n_tokens: int = N, n_positions: int = N) -> Destinations:
    """Destinations of a sequence that is padded on the left."""
    return Destinations(0, dest, np.arange(n_positions - n_tokens, n_positions), n_positions)


def resolve(
    value: Any, model: Any, at: Destinations | None = None, *, chosen: tuple[int, ...] = (0,), size: int = 1
) -> ResolvedDirection:
    """The direction that a `resid_directions` means for the last of the selected sequences."""
    unembedding, at = Unembedding(model), at or destinations()
    direction = direction_input.read(value, unembedding, chosen, size, model)[-1]
    direction.check(at, unembedding.d_vocab)
    return direction.resolve(at, unembedding, model)


def over_vocabulary(**tokens: float) -> Any:
    """A vector over the vocabulary from its entries, by word."""
    vector = np.zeros(D_VOCAB, np.float32)
    for name, value in tokens.items():
        vector[{"the": THE, "cat": CAT, "dog": DOG}[name]] = value
    return vector

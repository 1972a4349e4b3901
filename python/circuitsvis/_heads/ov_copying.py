"""Whether a head copies what it attends to: the eigenvalues of its OV circuit, from a matrix of size d_head."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuitsvis._cache import model_attributes
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common.arrays import Float64, shape_of, to_float64
from circuitsvis._heads.fractions import Fraction
from circuitsvis._heads.head_weights import HeadWeights

_CHUNK = 4096
"""Tokens whose rows and columns are converted to float64 at a time."""


def of_residual_stream(weights: HeadWeights) -> Fraction:
    """Of W_V W_O, [d_model, d_model], whose eigenvalues other than 0 are those of W_O W_V, [d_head, d_head]."""
    return _fraction(weights.output @ weights.value)


def of_full_circuit(weights: HeadWeights, embedding_of_unembedded: Float64) -> Fraction:
    """Of W_E W_V W_O W_U, [d_vocab, d_vocab], whose eigenvalues other than 0 are those of W_O W_U W_E W_V, [d_head, d_head].

    Args:
        weights: of the heads.
        embedding_of_unembedded: W_U W_E, [d_model, d_model].
    """
    return _fraction(weights.output @ embedding_of_unembedded @ weights.value)


def unembed_and_embed(model: Any) -> Float64:
    """W_U W_E, [d_model, d_model], added up over the vocabulary, a few thousand tokens at a time.

    Raises:
        ValueError: the model lacks one of them, or they do not fit each other.
    """
    w_e, w_u = attribute(model, "W_E"), attribute(model, "W_U")
    name = model_attributes.name(model)
    if w_e is None or w_u is None:
        raise ValueError(
            f"model: the full circuit needs W_E and W_U, but {name} has no {'W_E' if w_e is None else 'W_U'}"
        )
    embed, unembed = shape_of(w_e, "W_E"), shape_of(w_u, "W_U")
    if embed != unembed[::-1]:
        raise ValueError(
            f"model: the full circuit needs W_E [d_vocab, d_model] and W_U [d_model, d_vocab], but those of {name} have shapes "
            f"{list(embed)} and {list(unembed)}"
        )
    d_vocab, d_model = embed
    total = np.zeros((d_model, d_model))
    for start in range(0, d_vocab, _CHUNK):
        tokens = slice(start, start + _CHUNK)
        total += to_float64(w_u[:, tokens], "W_U") @ to_float64(w_e[tokens], "W_E")
    return total


def _fraction(circuits: Float64) -> Fraction:
    """The real part of the sum of the eigenvalues, and the sum of their magnitudes. `circuits`: [head, d_head, d_head]."""
    eigenvalues = np.linalg.eigvals(circuits)
    return Fraction(eigenvalues.sum(-1).real.astype(np.float64), np.abs(eigenvalues).sum(-1))

"""How much the output of each head moves along what later heads read: Q-, K- and V-composition, by products of size d_head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._heads.composition import Baseline, Composition
from circuitsvis._heads.head_weights import HeadWeights

_RANDOM_PAIRS = 32
"""Pairs of random heads for the baseline."""

KINDS = ("Q", "K", "V")


class _Factors(NamedTuple):
    """The factors of one layer's circuits, such that norms of products can be taken from matrices of size d_head.

    Attributes:
        written: [head, d_head, d_model], R_V W_O, whose norm with anything after it is that of W_V W_O with it.
        read: by kind, [head, d_model, d_head], of which the same holds with anything before it.
        written_norm: [head], norm of W_V W_O.
        read_norm: by kind, [head], norm of the later circuit.
    """

    written: Float64
    read: dict[str, Float64]
    written_norm: Float64
    read_norm: dict[str, Float64]


def all_pairs(weights: Sequence[HeadWeights], layers: Sequence[int], seed: int) -> Composition:
    """The composition of all pairs of heads of different layers.

    Args:
        weights: of each layer, in ascending order.
        layers: their numbers.
        seed: of the random heads of the baseline.
    """
    factors = [_factors(layer) for layer in weights]
    n_layers, n_heads = len(layers), len(weights[0].output)
    scores = {kind: np.full((n_layers, n_heads, n_layers, n_heads), np.nan) for kind in KINDS}
    for earlier in range(n_layers):
        for later in range(earlier + 1, n_layers):
            for kind in KINDS:
                scores[kind][earlier, :, later, :] = _between(factors[earlier], factors[later], kind)
    return Composition(tuple(layers), n_heads, scores["Q"], scores["K"], scores["V"], _baseline(weights[0], seed))


def _factors(weights: HeadWeights) -> _Factors:
    """A product A B has the norm of R B if A = Q R with orthonormal columns of Q, and of A R' if B = R' Q' with orthonormal rows."""
    written = _triangle(weights.value) @ weights.output
    read = {
        "Q": weights.query @ _triangle(weights.key).swapaxes(1, 2),
        "K": weights.key @ _triangle(weights.query).swapaxes(1, 2),
        "V": weights.value @ _triangle(weights.output.swapaxes(1, 2)).swapaxes(1, 2),
    }
    return _Factors(written, read, _norm(written), {kind: _norm(matrix) for kind, matrix in read.items()})


def _between(earlier: _Factors, later: _Factors, kind: str) -> Float64:
    """[earlier head, later head]: norm of the product divided by the product of the norms; NaN where a norm is 0."""
    n_earlier, d_earlier, d_model = earlier.written.shape
    read = later.read[kind]
    n_later, _, d_later = read.shape
    products = earlier.written.reshape(-1, d_model) @ read.swapaxes(0, 1).reshape(d_model, -1)
    blocks = products.reshape(n_earlier, d_earlier, n_later, d_later)
    norms = np.sqrt(np.einsum("aibj,aibj->ab", blocks, blocks))
    with np.errstate(invalid="ignore", divide="ignore"):
        scores: Float64 = norms / (earlier.written_norm[:, None] * later.read_norm[kind])
    return scores


def _baseline(weights: HeadWeights, seed: int) -> Baseline:
    """The composition of heads of the same shapes with independent normal weights."""
    random = np.random.RandomState(seed)
    d_model, d_value = weights.value.shape[1:]
    d_query = weights.query.shape[2]

    def drawn() -> _Factors:
        query, key, value = (random.standard_normal((1, d_model, d)) for d in (d_query, d_query, d_value))
        return _factors(HeadWeights(query, key, value, random.standard_normal((1, d_value, d_model))))

    pairs = [(drawn(), drawn()) for _ in range(_RANDOM_PAIRS)]
    scores = {kind: np.array([_between(a, b, kind)[0, 0] for a, b in pairs]) for kind in KINDS}
    return Baseline(
        {kind: float(values.mean()) for kind, values in scores.items()},
        {kind: float(values.std()) for kind, values in scores.items()},
    )


def _triangle(matrices: Float64) -> Float64:
    """[head, d_head, d_head]: R of the QR decomposition of each [d_model, d_head]."""
    _, triangles = np.linalg.qr(matrices)
    return np.asarray(triangles)


def _norm(matrices: Float64) -> Float64:
    """[head]: Frobenius norms."""
    norms: Float64 = np.sqrt(np.einsum("hij,hij->h", matrices, matrices))
    return norms

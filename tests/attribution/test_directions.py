"""Directions resolved for the destinations of a sequence: vectors, their names, and which row belongs to which destination."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis._attribution.directions import Destinations, NextToken
from circuitsvis._cache.unembedding import Unembedding

from tests.support import directions
from tests.support.directions import (
    CAT,
    D_MODEL,
    D_VOCAB,
    DOG,
    RNG,
    THE,
    W_U,
    N,
    destinations,
    over_vocabulary,
    resolve,
)


@pytest.fixture(scope="module")
def model() -> Any:
    return directions.small_model()


def test_other_combinations_of_logits_have_a_general_name(model: Any) -> None:
    got = resolve(over_vocabulary(cat=2, dog=-1, the=-1), model)
    np.testing.assert_allclose(got.vectors, (W_U @ over_vocabulary(cat=2, dog=-1, the=-1))[None], atol=1e-6)
    assert got.targets == ("given direction over the vocabulary",) * 2
    assert resolve(-over_vocabulary(cat=1), model).targets == got.targets


def test_a_vector_of_the_residual_stream_is_not_changed_and_does_not_determine_b_u(model: Any) -> None:
    vector = RNG.normal(size=D_MODEL).astype(np.float32)
    got = resolve(torch.tensor(vector).requires_grad_(), model)
    np.testing.assert_array_equal(got.vectors, vector[None])
    assert got.b_u is None
    assert got.targets == ("given residual direction",) * 2


@pytest.mark.parametrize("width", [D_MODEL, D_VOCAB])
def test_the_rows_of_a_matrix_belong_to_the_destinations_or_to_the_positions(width: int, model: Any) -> None:
    matrix = RNG.normal(size=(7, width)).astype(np.float32)
    rows = matrix if width == D_MODEL else matrix @ W_U.T
    cases: list[tuple[Any, Destinations, list[int]]] = [
        (matrix[:2], destinations((1, 3)), [0, 1]),  # one row per destination
        (matrix[:N], destinations((1, 3)), [1, 3]),  # one per position
        (matrix[:N], destinations((4, 3, 2, 1, 0)), [0, 1, 2, 3, 4]),  # as many: then per destination, in their order
        (
            matrix,
            destinations((1, 3), n_tokens=N, n_positions=7),
            [3, 5],
        ),  # one per position of a cache with padding left
        (matrix[:1], destinations((1, 3)), [0]),
    ]
    for given, at, want in cases:
        np.testing.assert_allclose(resolve(given, model, at).vectors, rows[want], rtol=0, atol=1e-5)


def test_large_vocabularies_are_combined_in_chunks(model: Any) -> None:
    w, vector = RNG.normal(size=(3, 10_000)).astype(np.float32), RNG.normal(size=(2, 10_000))
    got = Unembedding(SimpleNamespace(W_U=w)).combine(vector)
    np.testing.assert_allclose(got, vector @ w.T.astype(float), rtol=0, atol=1e-9)


def test_ids_of_a_padded_vocabulary_have_directions_though_the_tokenizer_has_no_text(model: Any) -> None:
    np.testing.assert_allclose(resolve(19, model).vectors, W_U[:, 19][None], rtol=0, atol=1e-12)


def test_the_next_token_of_each_destination(model: Any) -> None:
    ids, unembedding = (THE, CAT, 19, DOG, THE), Unembedding(model)
    got = NextToken(ids).resolve(destinations((0, 2)), unembedding, model)
    np.testing.assert_allclose(got.vectors, W_U[:, [CAT, DOG]].T, rtol=0, atol=1e-12)
    assert got.targets == ("cat", "dog")
    with pytest.raises(ValueError, match=r"tokens: sequence 0: token id 50 is out of range"):
        NextToken((THE, 50)).check(destinations((0,)), unembedding.d_vocab)

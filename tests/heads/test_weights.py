"""Scores of weights: those of whole matrices, TransformerLens's own composition scores, and heads whose answer is known."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

Array = np.ndarray[Any, np.dtype[np.float64]]


def synthetic(
    n_layers: int = 3, n_heads: int = 4, n_key_heads: int = 4, d_model: int = 12, d_head: int = 3, seed: int = 0
) -> Any:
    """What `heads.weights` reads of a model."""
    rng = np.random.default_rng(seed)
    blocks = [
        SimpleNamespace(
            attn=SimpleNamespace(
                W_Q=rng.normal(size=(n_heads, d_model, d_head)),
                W_K=rng.normal(size=(n_key_heads, d_model, d_head)),
                W_V=rng.normal(size=(n_key_heads, d_model, d_head)),
                W_O=rng.normal(size=(n_heads, d_head, d_model)),
            )
        )
        for _ in range(n_layers)
    ]
    return SimpleNamespace(blocks=blocks, W_E=rng.normal(size=(20, d_model)), W_U=rng.normal(size=(d_model, 20)))


def circuits(model: Any, layer: int, head: int) -> tuple[Array, Array]:
    """W_Q W_K^T and W_V W_O of one head, whole, in float64."""
    attention = model.blocks[layer].attn
    weights = {name: np.array(getattr(attention, f"W_{name}").tolist()) for name in "QKVO"}
    key_head = head // (len(weights["Q"]) // len(weights["K"]))
    return weights["Q"][head] @ weights["K"][key_head].T, weights["V"][key_head] @ weights["O"][head]


def check(model: Any, n_layers: int, n_heads: int) -> None:
    """Every score against whole matrices."""
    result = cv.heads.weights(model)
    w_e, w_u = np.array(model.W_E.tolist()), np.array(model.W_U.tolist())
    for layer in range(n_layers):
        for head in range(n_heads):
            _, ov = circuits(model, layer, head)
            for name, matrix in (("ov_copying", ov), ("full_ov_copying", w_e @ ov @ w_u)):
                eigenvalues = np.linalg.eigvals(matrix)
                score = result.scores[name]
                np.testing.assert_allclose(
                    score.values[layer, head], eigenvalues.sum().real / np.abs(eigenvalues).sum(), atol=1e-5
                )
                np.testing.assert_allclose(score.numerator[layer, head], np.trace(matrix), rtol=1e-9, atol=1e-9)
    for a in range(n_layers):
        for b in range(n_layers):
            for h in range(n_heads):
                for g in range(n_heads):
                    (_, earlier), (qk, ov) = circuits(model, a, h), circuits(model, b, g)
                    for kind, later in (("Q", qk), ("K", qk.T), ("V", ov)):
                        got = result.composition.of_kind(kind)[a, h, b, g]  # type: ignore[arg-type]
                        if a >= b:
                            assert np.isnan(got)
                            continue
                        norm = np.linalg.norm
                        np.testing.assert_allclose(
                            got, norm(earlier @ later) / (norm(earlier) * norm(later)), rtol=1e-9
                        )


@pytest.mark.parametrize("n_key_heads", [4, 2, 1])
def test_scores_are_those_of_whole_matrices(n_key_heads: int) -> None:
    check(synthetic(n_key_heads=n_key_heads), 3, 4)


def test_heads_wider_than_the_stream_are_right() -> None:
    check(synthetic(n_layers=2, n_heads=2, n_key_heads=2, d_model=4, d_head=6), 2, 2)


def test_a_head_that_writes_what_it_reads_copies_and_its_negative_does_the_opposite() -> None:
    model = synthetic(n_layers=1, n_heads=2, n_key_heads=2)
    attention = model.blocks[0].attn
    attention.W_O[0] = attention.W_V[0].T
    attention.W_O[1] = -attention.W_V[1].T
    np.testing.assert_allclose(cv.heads.weights(model).scores["ov_copying"].values, [[1.0, -1.0]])
    model.W_U = model.W_E.T
    np.testing.assert_allclose(cv.heads.weights(model).scores["full_ov_copying"].values, [[1.0, -1.0]])


def test_a_head_that_reads_exactly_what_another_writes_composes_most() -> None:
    model = synthetic(n_layers=2, d_model=40)
    model.blocks[1].attn.W_Q[3] = model.blocks[0].attn.W_O[1].T
    composition = cv.heads.weights(model).composition
    first, second, score = composition.sorted("Q")[0]
    assert (first, second) == ((0, 1), (1, 3)) and score > 2 * composition.baseline.mean["Q"]
    assert score == composition.q[0, 1, 1, 3]


def test_the_baseline_is_what_random_weights_give() -> None:
    composition = cv.heads.weights(synthetic(n_layers=4, n_heads=8, n_key_heads=8, d_model=30, d_head=5)).composition
    for kind in ("Q", "K", "V"):
        mean = np.nanmean(composition.of_kind(kind))  # type: ignore[arg-type]
        assert abs(mean - composition.baseline.mean[kind]) < 2 * composition.baseline.deviation[kind]


def test_the_baseline_is_the_same_each_time_and_another_for_another_seed() -> None:
    model = synthetic()
    means = [cv.heads.weights(model, seed=seed).composition.baseline.mean for seed in (0, 0, 1)]
    assert means[0] == means[1] != means[2]


def test_the_table_has_a_row_per_pair_and_kind() -> None:
    composition = cv.heads.weights(synthetic(), layers=[0, 2]).composition
    columns = composition.to_dict()
    assert composition.layers == (0, 2) and len(columns["kind"]) == 3 * 16
    for row in range(0, 48, 5):
        kind, *pair, score, baseline = (columns[name][row] for name in columns)
        assert score == composition.of_kind(kind)[pair[0] // 2, pair[1], pair[2] // 2, pair[3]]
        assert baseline == composition.baseline.mean[kind]
    assert "Q  strongest" in repr(composition) and "random weights" in repr(composition)


def test_a_data_frame_is_the_same_table() -> None:
    pytest.importorskip("pandas")
    composition = cv.heads.weights(synthetic()).composition
    assert composition.to_pandas()["score"].tolist() == composition.to_dict()["score"].tolist()


def test_large_vocabularies_are_added_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from circuitsvis._heads import ov_copying

    whole = cv.heads.weights(synthetic()).scores["full_ov_copying"].values
    monkeypatch.setattr(ov_copying, "_CHUNK", 7)
    np.testing.assert_allclose(cv.heads.weights(synthetic()).scores["full_ov_copying"].values, whole)


def test_a_model_without_w_e_has_the_rest() -> None:
    model = synthetic()
    del model.W_E
    scores = cv.heads.weights(model).scores
    assert scores.names == ("ov_copying",)
    assert (
        scores.missing["full_ov_copying"] == "model: the full circuit needs W_E and W_U, but SimpleNamespace has no W_E"
    )


def test_wrong_models_are_refused_by_what_they_lack() -> None:
    model = synthetic()
    model.blocks[1].attn.W_V = model.blocks[1].attn.W_V.reshape(12, 12)
    with pytest.raises(
        ValueError, match=r"need W_V per head, \[head, d_model, d_head\], but blocks.1.attn .* one of shape \[12, 12\]"
    ):
        cv.heads.weights(model)
    cv.heads.weights(model, layers=[0, 2])
    model = synthetic()
    model.blocks[0].attn.W_K = model.blocks[0].attn.W_K[:, :, :2]
    with pytest.raises(ValueError, match=r"blocks.0.attn do not fit each other"):
        cv.heads.weights(model)
    with pytest.raises(TypeError, match="must be a model of TransformerLens with blocks"):
        cv.heads.weights({})
    with pytest.raises(ValueError, match="no block of SimpleNamespace has attention"):
        cv.heads.weights(SimpleNamespace(blocks=[SimpleNamespace()]))
    with pytest.raises(ValueError, match="seed: must be 0 or more"):
        cv.heads.weights(synthetic(), seed=-1)


def test_layers_of_different_numbers_of_heads_are_not_one_table() -> None:
    model = synthetic()
    model.blocks[2] = synthetic(n_heads=2, n_key_heads=2).blocks[0]
    with pytest.raises(ValueError, match=r"the same number of heads, .* got layer 0: 4, layer 1: 4, layer 2: 2"):
        cv.heads.weights(model)

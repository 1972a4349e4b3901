"""Scores of patterns are those of loops over queries and keys: causal, with a window, bidirectional, padded, in batches."""

from __future__ import annotations

import copy
import math

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._heads import pattern_blocks
from circuitsvis.heads import HeadScores
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import caches, head_score_checks
from tests.support import head_score_loops as loops

N = 9
TOKENS = ["a", "b", "a", "c", "a", "b", "b", "d", "a"]


def windowed(patterns: np.ndarray, window: int) -> np.ndarray:
    """Causal patterns of which each query sees `window` sources."""
    n = patterns.shape[-1]
    kept = np.where(np.tri(n, n, -window, dtype=bool), 0, patterns)
    return (kept / kept.sum(-1, keepdims=True)).astype(np.float32)


def cache_of(*layers: np.ndarray) -> dict[str, np.ndarray]:
    return {f"blocks.{layer}.attn.hook_pattern": patterns for layer, patterns in enumerate(layers)}


def patterns_of(kind: str, n_heads: int = 3, n: int = N, seed: int = 0) -> np.ndarray:
    patterns = caches.softmax_patterns((n_heads, n, n), causal=kind != "bidirectional", seed=seed)
    return windowed(patterns, 3) if kind == "window" else patterns


def exact(patterns: np.ndarray) -> np.ndarray:
    return patterns.astype(np.float64)


@pytest.mark.parametrize("kind", ["causal", "window", "bidirectional"])
def test_every_score_of_a_pattern_is_that_of_a_loop(kind: str) -> None:
    layers = [patterns_of(kind, seed=seed) for seed in (0, 1)]
    scores = cv.heads.scores(cache_of(*layers), TOKENS)
    head_score_checks.assert_equal(scores, [head_score_checks.expected([(exact(p), TOKENS)]) for p in layers])


@settings(max_examples=20)
@given(
    st.sampled_from(["float16", "bfloat16", "float32", "float64"]),
    st.sampled_from(["causal", "window", "bidirectional"]),
    st.sampled_from(["left", "right"]),
    st.lists(st.integers(1, 37), min_size=1, max_size=3),
    st.sampled_from([5, 64, 1 << 16]),
    st.integers(0, 1000),
)
def test_a_padded_batch_of_any_float_type_is_that_of_loops_in_blocks_of_any_size(
    dtype: str, kind: str, side: str, lengths: list[int], cells: int, seed: int
) -> None:
    torch = pytest.importorskip("torch")
    n = max(lengths)
    patterns = np.zeros((len(lengths), 2, n, n))
    wanted, tokens = [], []
    for index, length in enumerate(lengths):
        at = slice(n - length, n) if side == "left" else slice(0, length)
        patterns[index, :, at, at] = patterns_of(kind if length > 3 else "causal", 2, length, seed + index)
        tokens.append([str(t) for t in np.random.default_rng(seed + index).integers(0, 5, length)])
    cached = torch.tensor(patterns).to(getattr(torch, dtype))
    values = cached.float().double().numpy()  # as they are cached; float64 is read as float32
    for index, length in enumerate(lengths):
        at = slice(n - length, n) if side == "left" else slice(0, length)
        wanted.append((values[index, :, at, at], tokens[index]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pattern_blocks, "CELLS", cells)
        scores = cv.heads.scores({"blocks.0.attn.hook_pattern": cached}, tokens, padding_side=side)  # type: ignore[arg-type]
    head_score_checks.assert_equal(scores, [head_score_checks.expected(wanted)])


def test_the_first_query_of_a_causal_model_is_left_out() -> None:
    patterns = np.array([[[1, 0, 0], [0.75, 0.25, 0], [0.5, 0.25, 0.25]]], np.float32)
    scores = cv.heads.scores(cache_of(patterns))
    assert scores["current_token"].values[0, 0] == 0.25
    assert scores["current_token"].denominator[0, 0] == 2
    assert scores["first_token"].values[0, 0] == 0.625
    assert scores["largest_column"].values[0, 0] == 0.625 and scores["largest_column_position"].values[0, 0] == 0


def test_a_perfect_induction_head_scores_one_however_little_of_the_text_repeats() -> None:
    """HeadVis would give 2 / 6, and TransformerLens's head_detector 2 / 6."""
    tokens = ["a", "b", "c", "d", "a", "b"]
    pattern = np.zeros((1, 6, 6), np.float32)
    for q, k in enumerate([0, 0, 0, 0, 1, 2]):
        pattern[0, q, k] = 1
    scores = cv.heads.scores(cache_of(pattern), tokens)
    assert scores["induction@text"].values[0, 0] == 1 and scores["duplicate_token@text"].values[0, 0] == 0


def test_a_token_that_directly_follows_itself_is_its_own_induction_source() -> None:
    pattern = np.array([[[1, 0], [0.25, 0.75]]], np.float32)
    scores = cv.heads.scores(cache_of(pattern), ["a", "a"])
    assert scores["induction@text"].values[0, 0] == 0.75 and scores["duplicate_token@text"].values[0, 0] == 0.25


def test_without_repeated_tokens_there_is_no_value() -> None:
    scores = cv.heads.scores(cache_of(patterns_of("causal")), caches.words(N))
    assert np.isnan(scores["induction@text"].values).all() and (scores["induction@text"].denominator == 0).all()


def test_a_sink_is_found_at_any_token() -> None:
    pattern = patterns_of("causal", n_heads=2)
    pattern[0] = 0
    pattern[0, np.arange(N), np.minimum(np.arange(N), 4)] = 1
    scores = cv.heads.scores(cache_of(pattern))
    assert scores["largest_column_position"].values[0, 0] == 4
    assert scores["largest_column"].values[0, 0] == 5 / 8 and scores["first_token"].values[0, 0] == 0


def test_a_head_that_attends_to_the_first_token_alone_has_no_rest() -> None:
    pattern = np.zeros((1, N, N), np.float32)
    pattern[0, :, 0] = 1
    scores = cv.heads.scores(cache_of(pattern))
    assert math.isnan(scores["entropy_without_first"].values[0, 0]) and math.isnan(
        scores["distance_without_first"].values[0, 0]
    )
    assert scores["entropy"].values[0, 0] == 0 and scores["effective_keys"].values[0, 0] == 1
    assert scores["distance"].values[0, 0] == np.arange(1, N).mean()


def test_uniform_attention_has_a_normalized_entropy_of_one() -> None:
    pattern = np.tri(N)[None] / np.arange(1, N + 1)[:, None]
    scores = cv.heads.scores(cache_of(pattern.astype(np.float32)))
    np.testing.assert_allclose(scores["normalized_entropy"].values, 1, atol=1e-6)
    np.testing.assert_allclose(scores["effective_keys"].values, np.arange(2, N + 1).mean(), rtol=1e-6)
    np.testing.assert_allclose(scores["normalized_entropy_without_first"].values, 1, atol=1e-6)


def test_a_source_that_underflows_in_one_head_is_still_visible() -> None:
    patterns = patterns_of("causal", n_heads=2)
    patterns[0, :, 0] = 0
    one = cv.heads.scores(cache_of(patterns))
    head_score_checks.assert_equal(one, [head_score_checks.expected([(exact(patterns), None)])])
    entropy = [
        -sum(a * math.log(a) for a in row if a > 0) / math.log(q + 2) for q, row in enumerate(exact(patterns)[0, 1:])
    ]
    np.testing.assert_allclose(one["normalized_entropy"].values[0, 0], np.mean(entropy), rtol=1e-6)


@pytest.mark.parametrize("kind", ["causal", "bidirectional"])
def test_a_source_that_underflows_in_all_heads_is_visible_if_another_query_shows_it(kind: str) -> None:
    patterns = patterns_of(kind, n_heads=2)
    patterns[:, 3:6, 0] = 0
    patterns[:, 3:6, -1] = 0
    scores = cv.heads.scores(cache_of(patterns))
    head_score_checks.assert_equal(scores, [head_score_checks.expected([(exact(patterns), None)])])
    counts = np.arange(2, N + 1) if kind == "causal" else np.full(N, N)
    rows = exact(patterns)[0, N - len(counts) :]
    entropy = [-sum(a * math.log(a) for a in row if a > 0) for row in rows]
    np.testing.assert_allclose(scores["normalized_entropy"].values[0, 0], np.mean(entropy / np.log(counts)), rtol=1e-6)


def test_cross_attention_has_scores_that_need_no_positions() -> None:
    patterns = caches.softmax_patterns((2, 4, 7), causal=False)
    cache = {"decoder.0.cross_attn.hook_pattern": patterns}
    scores = cv.heads.scores(cache, caches.words(4), module="decoder.{layer}.cross_attn", src_tokens=caches.words(7))
    sums = [[_cross(patterns[head].astype(np.float64)) for head in range(2)]]
    head_score_checks.assert_equal(scores, sums)
    for name in ("previous_token@text", "current_token", "distance", "induction@text", "attribution"):
        assert "decoder.{layer}.cross_attn are different sequences" in scores.missing[name]
    alone = cv.heads.scores(cache, module="decoder.{layer}.cross_attn")
    np.testing.assert_array_equal(alone["entropy"].values, scores["entropy"].values)


def _cross(pattern: np.ndarray) -> loops.Sums:
    seen = [range(pattern.shape[1])] * len(pattern)
    kept = (
        "entropy",
        "confidence",
        "effective_keys",
        "normalized_entropy",
        "entropy_without_first",
        "confidence_without_first",
    )
    sums = {name: value for name, value in loops.of_head(pattern, seen).items() if name in kept}
    columns = pattern.sum(0)
    return {
        **sums,
        "first_token": (float(columns[0]), len(pattern)),
        "largest_column": (float(columns.max()), len(pattern)),
        "largest_column_position": (float(columns.argmax()), 1),
    }


def test_the_cache_is_not_changed() -> None:
    cache = cache_of(patterns_of("causal"), patterns_of("window"))
    before = copy.deepcopy(cache)
    cv.heads.scores(cache, TOKENS)
    for name, array in before.items():
        np.testing.assert_array_equal(cache[name], array)


def test_chosen_layers_are_the_rows() -> None:
    layers = [patterns_of("causal", seed=seed) for seed in range(3)]
    scores = cv.heads.scores(cache_of(*layers), layers=[2, 0])
    assert scores.layers == (2, 0)
    every = cv.heads.scores(cache_of(*layers))
    np.testing.assert_array_equal(scores["entropy"].values, every["entropy"].values[[2, 0]])


sizes = st.tuples(st.integers(1, 3), st.integers(2, 8), st.integers(0, 1000))


@settings(max_examples=25)
@given(sizes, st.sampled_from(["causal", "window", "bidirectional"]))
def test_a_batch_is_the_sum_of_its_sequences(size: tuple[int, int, int], kind: str) -> None:
    n_heads, n, seed = size
    rows = [patterns_of(kind, n_heads, n, seed=seed + i) for i in range(3)]
    tokens = [[str(t) for t in np.random.default_rng(seed + i).integers(0, 3, n)] for i in range(3)]
    batch = cv.heads.scores(cache_of(np.stack(rows)), tokens)
    singles: HeadScores = sum(cv.heads.scores(cache_of(p), t) for p, t in zip(rows, tokens, strict=True))  # type: ignore[assignment]
    for name in batch:
        np.testing.assert_array_equal(batch[name].denominator, singles[name].denominator)
        np.testing.assert_allclose(batch[name].numerator, singles[name].numerator, rtol=1e-14, atol=1e-14)
    one = cv.heads.scores(cache_of(np.stack(rows)), tokens, batch_idx=1)
    np.testing.assert_array_equal(
        one["entropy"].values, cv.heads.scores(cache_of(rows[1]), tokens[1])["entropy"].values
    )


@settings(max_examples=25)
@given(st.integers(1, 7), st.integers(0, 100))
def test_padding_on_either_side_changes_nothing(n: int, seed: int) -> None:
    short, full = patterns_of("causal", 2, n, seed), patterns_of("causal", 2, N, seed + 1)
    tokens = [TOKENS[:n], TOKENS]
    want = cv.heads.scores(cache_of(short), tokens[0]) + cv.heads.scores(cache_of(full), tokens[1])
    left, right = np.zeros_like(full), np.zeros_like(full)
    left[:, N - n :, N - n :] = short
    right[:, :n, :n] = short
    right[:, n:] = full[:, n:]  # rows of padding attend to the tokens
    masks = {"left": [0] * (N - n) + [1] * n, "right": [1] * n + [0] * (N - n)}
    for padded, side in ((left, "left"), (right, "right")):
        cache = cache_of(np.stack([padded, full]))
        by_side = cv.heads.scores(cache, tokens, padding_side=side)  # type: ignore[arg-type]
        by_mask = cv.heads.scores(cache, attention_mask=[masks[side], [1] * N])
        for name in want:
            np.testing.assert_array_equal(by_side[name].values, want[name].values)
            if name in by_mask:
                np.testing.assert_array_equal(by_mask[name].values, want[name].values)

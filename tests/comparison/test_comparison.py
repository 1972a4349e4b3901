"""How much heads changed between two caches: distances equal those of loops, and what cannot be compared is refused."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
import pytest
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._comparison import change_scores, comparison, matched_tokens, pattern_change
from circuitsvis._comparison.comparison import Comparison, Side
from circuitsvis._comparison.matched_tokens import Align, Matched
from circuitsvis._input.options import Options
from circuitsvis._input.sequence_input import SequenceInput
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import caches

N = 7
TOKENS = [f"t{i}" for i in range(N)]


def cache_of(*layers: np.ndarray) -> dict[str, np.ndarray]:
    return {f"blocks.{layer}.attn.hook_pattern": patterns for layer, patterns in enumerate(layers)}


def patterns(seed: int, n: int = N, heads: int = 3, *, causal: bool = True) -> np.ndarray:
    return caches.softmax_patterns((heads, n, n), causal=causal, seed=seed)


def compared(
    a: object, b: object, tokens: object = TOKENS, tokens_b: object = None, *, align: Align = "positions"
) -> Comparison:
    def side(cache: object, of: object) -> Side:
        return Side(AttentionCache(cache, None, None), SequenceInput(of), "tokens_b")  # type: ignore[arg-type]  # any tokens

    options = Options(mode="large")
    return comparison.compare(
        side(a, tokens),
        side(b, tokens if tokens_b is None else tokens_b),
        options,
        layers=None,
        batch_idx=None,
        align=align,
    )


def distances(p: np.ndarray, q: np.ndarray, pairs: Sequence[tuple[int, int]]) -> tuple[float, float, int]:
    """Sums of total variation and Jensen-Shannon divergence over queries, and their number, by loops in float64."""
    variation = divergence = 0.0
    count = 0
    for i, j in pairs:
        if i == j == 0 and np.count_nonzero(p[0]) == np.count_nonzero(q[0]) == 1:
            continue
        x = [float(p[i, k]) / math.fsum(map(float, p[i])) for k, _ in pairs]
        y = [float(q[j, k]) / math.fsum(map(float, q[j])) for _, k in pairs]
        x.append(max(0.0, 1 - math.fsum(x)))
        y.append(max(0.0, 1 - math.fsum(y)))
        count += 1
        for u, v in zip(x, y, strict=True):
            variation += abs(u - v) / 2
            for w in (u, v):
                if w > 0:
                    divergence += w / 2 * math.log2(w / ((u + v) / 2))
    return variation, divergence, count


@pytest.mark.parametrize("causal", [True, False])
def test_changes_are_those_of_loops(causal: bool) -> None:
    a, b = ([patterns(seed, causal=causal) for seed in seeds] for seeds in ((0, 1), (2, 3)))
    scores = change_scores.scores(compared(cache_of(*a), cache_of(*b)))
    pairs = [(i, i) for i in range(N)]
    for layer in range(2):
        for head in range(3):
            variation, divergence, count = distances(a[layer][head], b[layer][head], pairs)
            assert count == (N - 1 if causal else N)
            assert scores["total variation"].numerator[layer, head] == pytest.approx(variation, abs=1e-12)
            assert scores["Jensen-Shannon"].numerator[layer, head] == pytest.approx(divergence, abs=1e-7)
            assert scores["total variation"].denominator[layer, head] == count


def test_a_cache_does_not_differ_from_itself() -> None:
    cache = cache_of(patterns(0), patterns(1))
    before = copy.deepcopy(cache)
    found = compared(cache, cache)
    scores = change_scores.scores(found)
    assert not scores["total variation"].values.any()
    assert not scores["Jensen-Shannon"].values.any()
    assert found.difference[0].causal is True
    assert all(np.nan_to_num(head).any() == 0 for head in found.difference[0].attention)
    assert all((cache[name] == before[name]).all() for name in cache)


def test_the_difference_is_b_minus_a_in_every_cell() -> None:
    a, b = patterns(0), patterns(1)
    (content,) = compared(cache_of(a), cache_of(b)).difference
    for head in range(3):
        for i in range(N):
            for j in range(N):
                if j <= i:
                    assert content.attention[head][i, j] == b[head, i, j] - a[head, i, j]
                else:
                    assert np.isnan(content.attention[head][i, j])


def test_opposite_heads_have_changed_by_1() -> None:
    a, b = np.zeros((1, 4, 4), np.float32), np.zeros((1, 4, 4), np.float32)
    a[0, range(4), range(4)] = 1
    b[0, range(4), [0, 0, 1, 2]] = 1
    scores = change_scores.scores(compared(cache_of(a), cache_of(b), TOKENS[:4]))
    assert scores["total variation"].values == pytest.approx(1)
    assert scores["Jensen-Shannon"].values == pytest.approx(1)


def test_a_batch_counts_as_its_sequences_together() -> None:
    a, b = (np.stack([patterns(seed), patterns(seed + 1)]) for seed in (0, 5))
    both = change_scores.scores(compared(cache_of(a), cache_of(b), [TOKENS, TOKENS]))
    alone = [change_scores.scores(compared(cache_of(a[i]), cache_of(b[i]))) for i in range(2)]
    together = alone[0] + alone[1]
    for name in both:
        assert both[name].values == pytest.approx(together[name].values)


def test_tokens_of_both_texts_are_compared_and_the_others_count_as_one_source() -> None:
    first = ["<s>", " The", " cat", " sat", " down"]
    second = ["<s>", " The", " old", " cat", " sat"]
    a, b = patterns(0, 5), patterns(1, 5)
    found = compared(cache_of(a), cache_of(b), first, second, align="tokens")
    pairs = [(0, 0), (1, 1), (2, 3), (3, 4)]
    assert found.matched[0].tokens == ("<s>", " The", " cat", " sat")
    for head in range(3):
        variation, divergence, count = distances(a[head], b[head], pairs)
        change = found.changes[0][head]
        assert change == pytest.approx((variation, divergence, count), abs=1e-7)
        assert found.difference[0].attention[head][2, 1] == b[head, 3, 1] - a[head, 2, 1]
    (note,) = found.notes(("clean", "new"))
    assert "1 of clean and 1 of new are left out" in note


def test_tokens_that_differ_at_one_position_are_named() -> None:
    second = [*TOKENS[:2], "X", *TOKENS[3:]]
    found = compared(cache_of(patterns(0)), cache_of(patterns(1)), TOKENS, second)
    assert found.difference[0].dest_tokens[2] == "t2 / X"
    assert found.notes(("A", "B")) == ("1 token differs and stands as “A / B” in the difference: “t2 / X”.",)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9))
def test_both_distances_are_symmetric_and_between_0_and_1(seed: int, n: int) -> None:
    a, b = patterns(seed, n, 1)[0], patterns(seed + 1, n, 1)[0]
    same = Matched(tuple(range(n)), tuple(range(n)), ("",) * n, ())
    there, back = pattern_change.change(a, b, same), pattern_change.change(b, a, same)
    assert there == pytest.approx(back)
    assert 0 <= there.jensen_shannon <= there.total_variation + 1e-9 <= there.queries + 2e-9


def test_rows_without_attention_are_left_out() -> None:
    a, b = patterns(0), patterns(1)
    a[:, 3] = np.nan
    b[:, 4] = 0
    changes = compared(cache_of(a), cache_of(b)).changes[0]
    assert {change.queries for change in changes} == {N - 3}


def test_texts_of_different_lengths_are_refused_with_the_way_that_works() -> None:
    caches_of = cache_of(patterns(0, 5)), cache_of(patterns(1, 6))
    texts = TOKENS[:5], TOKENS[:6]
    with pytest.raises(ValueError, match=r'tokens_b: sequence 0 has 5 tokens in A and 6 in B.*align="tokens"'):
        compared(*caches_of, *texts)
    assert compared(*caches_of, *texts, align="tokens").matched[0].a == (0, 1, 2, 3, 4)


def test_texts_without_a_common_token_are_refused() -> None:
    with pytest.raises(ValueError, match="no token that both texts have"):
        matched_tokens.match(["a", "b"], ["c", "d"], "tokens", "tokens_b: sequence 0")


def test_caches_of_other_heads_are_refused_with_the_layers_that_both_have() -> None:
    a = cache_of(patterns(0), patterns(1))
    fewer = cache_of(patterns(0))
    with pytest.raises(ValueError, match=r"head 1\.0 is in cache_a and not in cache_b; pass layers=\[0\]"):
        compared(a, fewer)
    with pytest.raises(ValueError, match="no layer has the same heads"):
        compared(cache_of(patterns(0)), cache_of(patterns(0, heads=2)))


def test_batches_of_different_sizes_are_refused() -> None:
    two = cache_of(np.stack([patterns(0), patterns(1)]))
    one = cache_of(np.stack([patterns(0)]))
    with pytest.raises(ValueError, match="A has 2 sequences and B has 1"):
        compared(two, one, [TOKENS, TOKENS], [TOKENS])

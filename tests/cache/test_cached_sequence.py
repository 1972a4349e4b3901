"""One sequence of a cache, with and without a batch axis, with as many key heads as heads and with fewer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.hook_names import GATES, HEAD_OUTPUTS, KEYS, PATTERN, QUERIES, SCORES, VALUES
from circuitsvis._cache.key_heads import key_head, key_heads

BATCH, HEADS, KEY_HEADS, POSITIONS, D_HEAD = 3, 4, 2, 5, 6
SHAPES = {
    PATTERN: (HEADS, POSITIONS, POSITIONS),
    SCORES: (HEADS, POSITIONS, POSITIONS),
    QUERIES: (POSITIONS, HEADS, D_HEAD),
    KEYS: (POSITIONS, KEY_HEADS, D_HEAD),
    VALUES: (POSITIONS, KEY_HEADS, D_HEAD),
    HEAD_OUTPUTS: (POSITIONS, HEADS, D_HEAD),
    GATES[0]: (POSITIONS, HEADS * D_HEAD),
}


def batched() -> dict[str, npt.NDArray[np.float32]]:
    rng = np.random.default_rng(0)
    return {hook.at(0): rng.random((BATCH, *shape), np.float32) for hook, shape in SHAPES.items()}


@pytest.mark.parametrize("index", range(BATCH))
def test_a_sequence_of_a_batch_is_the_same_as_the_cache_of_it_alone(index: int) -> None:
    tensors = batched()
    whole = CachedSequence(AttentionCache(tensors), index)
    alone = CachedSequence(AttentionCache({name: tensor[index] for name, tensor in tensors.items()}), 0)
    for sequence in (whole, alone):
        assert np.array_equal(sequence.patterns(0), tensors[PATTERN.at(0)][index])
        assert np.array_equal(sequence.pattern(0, 2), tensors[PATTERN.at(0)][index, 2])
        scores, values, outputs = sequence.scores(0, 3), sequence.values(0), sequence.head_outputs(0)
        assert scores is not None
        assert values is not None
        assert outputs is not None
        assert np.array_equal(scores, tensors[SCORES.at(0)][index, 3])
        assert np.array_equal(values, tensors[VALUES.at(0)][index])
        assert np.array_equal(outputs, tensors[HEAD_OUTPUTS.at(0)][index].reshape(POSITIONS, HEADS * D_HEAD))
        assert np.array_equal(sequence.gates(0)[0], tensors[GATES[0].at(0)][index])
        (pair,) = sequence.queries_and_keys(0)
        assert np.array_equal(pair.queries, tensors[QUERIES.at(0)][index])
        assert np.array_equal(pair.keys, tensors[KEYS.at(0)][index])


def test_what_is_not_cached_is_none() -> None:
    sequence = CachedSequence(AttentionCache({PATTERN.at(0): batched()[PATTERN.at(0)]}), 0)
    assert sequence.scores(0, 0) is None
    assert sequence.values(0) is None
    assert sequence.head_outputs(0) is None
    assert sequence.gates(0) == []
    assert list(sequence.queries_and_keys(0)) == []


def test_neighbouring_heads_read_one_key_head() -> None:
    assert key_heads(6, 2).tolist() == [0, 0, 0, 1, 1, 1]
    assert [key_head(head, 6, 3) for head in range(6)] == [0, 0, 1, 1, 2, 2]
    assert key_heads(3, 3).tolist() == [0, 1, 2]

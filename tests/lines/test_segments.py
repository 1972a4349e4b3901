"""`segments=`: named parts of the tokens by which mode="lines" filters its lines."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis.figure import Figure

from tests.support import reference
from tests.support.caches import softmax_patterns, words
from tests.support.computed import computed_cache

Parts = list[tuple[str, int, int]]


def parts(figure: Figure | None) -> list[Parts]:
    assert figure is not None
    sequences = reference.lines(figure).sequences
    return [[(part.name, part.start, part.end) for part in sequence.segments] for sequence in sequences]


def values(*shape: int) -> Any:
    return softmax_patterns(shape, seed=3)


def test_arrays_and_caches_take_the_forms_of_one_sequence_and_of_a_batch() -> None:
    cache = computed_cache(n_layers=1, n_kv=4, batch=2)
    tokens = [words(6)] * 2
    assert parts(cv.attention.from_cache(cache, tokens, mode="lines", segments=2)) == [[("A", 0, 2), ("B", 2, 6)]] * 2
    own = cv.attention.from_cache(cache, tokens, mode="lines", segments=[[2], {"end": (-2, None)}])
    assert parts(own) == [[("A", 0, 2), ("B", 2, 6)], [("end", 4, 6)]]
    second = cv.attention.from_cache(cache, tokens, mode="lines", batch_idx=1, segments=[[2], {"end": (-2, None)}])
    assert parts(second) == [[("end", 4, 6)]]
    pattern = cache["blocks.0.attn.hook_pattern"]
    assert parts(cv.attention.from_values(pattern, tokens, "lines", segments=-1)) == [[("A", 0, 5), ("B", 5, 6)]] * 2
    assert parts(cv.attention.from_values(pattern, tokens, "lines")) == [[], []]


def test_positions_count_the_tokens_that_are_left_without_padding() -> None:
    pattern = values(2, 3, 6, 6)
    mask = np.array([[0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1]])
    tokens = [words(6), words(6)]
    figure = cv.attention.from_values(pattern, tokens, "lines", attention_mask=mask, segments=[[1], [-2]])
    assert parts(figure) == [[("A", 0, 1), ("B", 1, 4)], [("A", 0, 4), ("B", 4, 6)]]
    with pytest.raises(ValueError, match=r"segments: sequence 0: .* begins at 5 in 4 tokens .* without padding"):
        cv.attention.from_values(pattern, tokens, "lines", attention_mask=mask, segments=5)


def test_positions_are_of_the_sources_where_the_destinations_are_others() -> None:
    figure = cv.attention.from_values(
        values(3, 2, 5), dest_tokens=words(2), src_tokens=words(5), mode="lines", segments=4
    )
    assert parts(figure) == [[("A", 0, 4), ("B", 4, 5)]]


@pytest.mark.parametrize("mode", ["small", "large"])
def test_other_modes_refuse_them_before_any_value_is_read(mode: Any) -> None:
    text = r'segments: only mode="lines" filters by them, got mode='
    with pytest.raises(ValueError, match=text):
        cv.attention.from_values(values(4, 4), words(4), mode, segments=2)
    with pytest.raises(ValueError, match=text):
        cv.attention.from_cache(computed_cache(n_layers=1, n_kv=4), words(6), mode=mode, segments=2)


def test_values_are_the_same_with_and_without_them() -> None:
    pattern = values(3, 5, 5)
    plain, split = (cv.attention.from_values(pattern, words(5), "lines", segments=parts) for parts in (None, 2))
    assert plain is not None and split is not None
    assert [s.attention for s in reference.lines(plain).sequences] == [
        s.attention for s in reference.lines(split).sequences
    ]

"""Previews: each cell is the strongest value of a block, and long patterns keep their few rows apart."""

from __future__ import annotations

import numpy as np
import pytest
from circuitsvis._wire import preview
from hypothesis import given
from hypothesis import strategies as st

from tests.support.caches import softmax_patterns


@given(st.integers(1, 90), st.integers(1, 90), st.booleans(), st.booleans())
def test_a_preview_cell_is_the_strongest_value_of_its_block(dest: int, src: int, signed: bool, gaps: bool) -> None:
    rng = np.random.default_rng(dest * 100 + src)
    array = rng.normal(size=(1, dest, src)).astype(np.float32)
    array = array if signed else np.abs(array)
    if gaps:
        array[rng.random(array.shape) < 0.5] = np.nan
    block = preview.block_size(dest, src, 1)
    pooled = preview.preview(list(array), block, causal=False, signed=signed, gaps=gaps)
    assert max(pooled.shape[1:]) <= preview.SIDE
    for row, col in np.ndindex(*pooled.shape[1:]):
        tall, wide = block
        cells = array[0, row * tall : (row + 1) * tall, col * wide : (col + 1) * wide].reshape(-1)
        values = [float(x) for x in cells if not np.isnan(x)]
        expected = max(values, key=abs) if values else np.nan
        np.testing.assert_equal(abs(float(pooled[0, row, col])), abs(expected))


@pytest.mark.parametrize("n", [5, 33, 70])
def test_a_preview_block_has_no_value_only_where_all_its_cells_are_masked(n: int) -> None:
    array = softmax_patterns((1, n, n))
    block = preview.block_size(n, n, 1)
    assert block[0] == block[1]
    pooled = preview.preview(list(array), block, causal=True, signed=False, gaps=False)
    for row, col in np.ndindex(*pooled.shape[1:]):
        visible = col * block[1] <= min((row + 1) * block[0], n) - 1
        assert np.isnan(pooled[0, row, col]) != visible


@pytest.mark.parametrize(("n_heads", "side"), [(64, preview.SIDE), (65, preview.SIDE_OF_MANY)])
def test_thumbnails_of_many_heads_have_fewer_cells(n_heads: int, side: int) -> None:
    for n in (1, side, side + 1, 500):
        assert -(-n // preview.block_size(n, 1, n_heads)[0]) <= side


@pytest.mark.parametrize("n_heads", [1, 144])
@pytest.mark.parametrize(("short", "shown"), [(1, 1), (2, 2), (8, 8), (20, 7), (60, 8)])
def test_a_long_pattern_keeps_its_few_rows_apart_in_thumbnails(n_heads: int, short: int, shown: int) -> None:
    for flip in (1, -1):
        dest, src = (short, 1500)[::flip]
        tall, wide = preview.block_size(dest, src, n_heads)[::flip]
        assert -(-short // tall) == shown
        assert -(-1500 // wide) in (32, 24)

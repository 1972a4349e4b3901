"""Any scores: masked cells lose their value, all others keep theirs."""

from __future__ import annotations

import math
from itertools import pairwise

import hypothesis.extra.numpy as arrays
import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._attention import score_masks
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from tests.support.masks import CONSTANTS, LOWEST, Array, causal, columns, scores, window

FLOATS = st.floats(-(2.0**126), 2.0**126, width=32)
SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5))


def far_below(values: Array) -> bool:
    """Whether the lowest values are far below the others."""
    flat = sorted(float(v) for v in values.reshape(-1))
    return any(
        low <= -9e3 and -low >= 10 * max(abs(v) for v in flat[number + 1 :]) for number, low in enumerate(flat[:-1])
    )


def shape_of_mask(cells: npt.NDArray[np.bool_]) -> bool:
    """Whether at least three of the [head, dest, src] cells are masked: all later ones, or all but runs that never move back."""
    heads, dest, src = cells.shape
    later = [(h, q, k) for h in range(heads) for q in range(dest) for k in range(src) if k > q + src - dest]
    if cells.sum() < 3 or dest == 1:
        return False
    if dest <= src and all(cells[cell] for cell in later):
        return True
    for head in cells:
        columns = [k for k in range(src) if not all(head[q, k] for q in range(dest))]
        runs = [[i for i, k in enumerate(columns) if not head[q, k]] for q in range(dest)]
        if not all(run and run == list(range(run[0], run[-1] + 1)) for run in runs):
            return False
        if any(run[0] < before[0] or run[-1] < before[-1] for before, run in pairwise(runs)):
            return False
    return True


@given(SHAPES.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=FLOATS)))
def test_values_without_a_constant_far_below_the_others_come_back_unchanged(values: Array) -> None:
    got = np.stack(score_masks.without_masks(list(values)))
    assert np.array_equal(got, values) or far_below(values)


@given(SHAPES.flatmap(lambda shape: arrays.arrays(bool, shape)), st.sampled_from([-1e4, -1e6, -1e30]))
def test_a_constant_in_cells_that_are_no_mask_is_kept(cells: npt.NDArray[np.bool_], constant: float) -> None:
    values = np.where(cells, np.float32(constant), scores(cells.shape))
    unchanged = np.array_equal(np.stack(score_masks.without_masks(list(values))), values)
    assert unchanged or shape_of_mask(cells)


@given(SHAPES.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=st.floats(-8192.0, 2.0**126, width=32))))
def test_values_above_any_masks_come_back_unchanged(values: Array) -> None:
    assert np.array_equal(np.stack(score_masks.without_masks(list(values))), values)


@given(st.integers(0, 2**32 - 1), st.floats(1, 8), st.integers(2, 6), st.integers(1, 3))
def test_values_of_many_sizes_come_back_unchanged(seed: int, decades: float, n: int, heads: int) -> None:
    rng = np.random.default_rng(seed)
    values = (rng.normal(size=(heads, n, n)) * 10 ** rng.uniform(0, decades, size=(heads, n, n))).astype(np.float32)
    assert np.array_equal(np.stack(score_masks.without_masks(list(values))), values)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(CONSTANTS),
    st.integers(2, 7),
    st.integers(1, 3),
    st.sampled_from([0.1, 10]),
)
def test_every_masked_cell_and_no_other_loses_its_value(
    seed: int, constant: float, n: int, heads: int, size: float
) -> None:
    rng = np.random.default_rng(seed)
    real = (rng.normal(size=(heads, n, n)) * size).astype(np.float32)
    first = rng.integers(0, 3)
    mask = causal(n) | window(n, int(first) + 1, 0) | columns(n, *([n - 1] if first == 0 and n > 2 else []))
    if np.count_nonzero(mask) * heads < 3 and constant not in (-math.inf, *LOWEST.values()):
        return
    got = np.stack(score_masks.without_masks(list(np.where(mask, np.float32(constant), real))))
    assert np.array_equal(got, np.where(mask, np.nan, real), equal_nan=True)

"""The cells of a causal mask."""

from __future__ import annotations

import numpy as np
import pytest
from circuitsvis._common.causal_mask import later_sources, sources_later_than, visible_cells, without_values

SHAPES = [(1, 1), (4, 4), (3, 7), (1, 5), (600, 600)]


@pytest.mark.parametrize(("n_dest", "n_src"), SHAPES)
def test_the_last_destination_sees_every_source_and_each_one_before_it_one_source_less(n_dest: int, n_src: int) -> None:
    visible = ~later_sources(n_dest, n_src)
    assert visible.sum(axis=1).tolist() == list(range(n_src - n_dest + 1, n_src + 1))
    assert np.all(np.diff(visible.astype(int), axis=1) <= 0)


@pytest.mark.parametrize(("n_dest", "n_src"), SHAPES)
def test_visible_cells_are_those_whose_source_is_not_later(n_dest: int, n_src: int) -> None:
    array = np.arange(n_dest * n_src).reshape(n_dest, n_src)
    assert np.array_equal(array.reshape(-1)[visible_cells(n_dest, n_src)], array[~later_sources(n_dest, n_src)])
    assert not visible_cells(n_dest, n_src).flags.writeable


def test_chosen_destinations_have_the_later_sources_of_their_own_positions() -> None:
    assert np.array_equal(sources_later_than((5, 0, 2), 6), later_sources(6, 6)[[5, 0, 2]])


def test_a_masked_cell_has_no_value_and_the_input_keeps_its_own() -> None:
    array = np.ones((2, 2), np.float32)
    masked = without_values(array, later_sources(2, 2))
    assert np.array_equal(np.isnan(masked), [[False, True], [False, False]])
    assert masked.dtype == np.float32
    assert np.all(array == 1.0)

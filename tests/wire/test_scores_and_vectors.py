"""Scores and vectors of mode="lines": the decoded values are those that were encoded, within the stated error bound."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from circuitsvis._wire import fixed_point
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.support import reference

Array = npt.NDArray[np.float32]
score = st.floats(-(2.0**300), 2.0**300)
score_matrices = hnp.arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=score)
component = st.floats(-(2.0**100), 2.0**100, width=32)
vector_rows = hnp.arrays(np.float32, st.tuples(st.integers(1, 7), st.integers(1, 9)), elements=component)


@given(score_matrices)
@example(np.array([[5e-324]]))
@example(np.array([[1e-320, -3e-322]]))
def test_a_score_comes_back_within_half_a_step_of_24_bits(array: npt.NDArray[np.float64]) -> None:
    tensor = fixed_point.scores(array, layout="full")
    error = np.abs(reference.decode(tensor)[0] - array)
    stated = 0.51 * np.abs(array).max() / 8388607 * (1 + 1e-12)
    assert error.max() <= tensor.error_bound <= max(stated, 5e-324)  # no number is smaller
    assert tensor.shape == (1, *array.shape) and len(tensor.chunks) == 1


@given(score_matrices, st.data())
def test_masked_scores_come_back_as_no_value(array: npt.NDArray[np.float64], data: st.DataObject) -> None:
    holes = data.draw(hnp.arrays(bool, array.shape))
    array[holes] = np.nan
    decoded = reference.decode(fixed_point.scores(array, layout="full"))[0]
    assert np.array_equal(np.isnan(decoded), holes)


def test_scores_above_a_causal_diagonal_are_not_encoded_and_do_not_set_the_scale() -> None:
    array = np.where(np.tri(4, 6, 2, dtype=bool), 2.0, 1e30)
    tensor = fixed_point.scores(array, layout="causal")
    assert tensor.error_bound < 1e-6
    np.testing.assert_array_equal(reference.decode(tensor)[0], np.where(np.tri(4, 6, 2, dtype=bool), 2.0, np.nan))


def test_a_float32_score_keeps_its_last_digits() -> None:
    """17.000001 is the float32 after 17: with 16 bits it would be 17.0003."""
    array = np.array([[np.nextafter(np.float32(17), np.float32(18)), 17.0, -3.25, 0.0]])
    np.testing.assert_allclose(reference.decode(fixed_point.scores(array, layout="full"))[0], array, atol=1.1e-6)


@given(vector_rows)
def test_each_vector_is_as_precise_as_its_own_largest_component_allows(array: Array) -> None:
    tensor = fixed_point.vectors(array)
    error = np.abs(reference.decode(tensor) - array.astype(np.float64))
    largest = np.abs(array.astype(np.float64)).max(axis=1, keepdims=True)
    assert np.all(error <= 0.51 * 1.0001 * largest / 32767)
    assert error.max() <= tensor.error_bound
    assert len(tensor.chunks) == 1 and len(tensor.scales) == len(array)


@given(vector_rows)
def test_no_component_of_a_vector_is_decoded_as_no_value_and_zero_is_exact(array: Array) -> None:
    array[0, 0] = 0.0
    decoded = reference.decode(fixed_point.vectors(array))
    assert not np.isnan(decoded).any()
    assert decoded[0, 0] == 0.0


@given(st.lists(st.floats(0, 2.0**100, width=32), min_size=1, max_size=9))
def test_scales_of_vectors_are_short_as_text_and_rounded_up(magnitudes: list[float]) -> None:
    scales = fixed_point.vectors(np.array(magnitudes, np.float32)[:, None]).scales
    for scale, magnitude in zip(scales, magnitudes, strict=True):
        assert scale >= magnitude / 32767 * (1 - 1e-15)
        if magnitude > 1e-12:
            assert len(repr(scale).replace(".", "").lstrip("0").split("e")[0].rstrip("0")) <= 5

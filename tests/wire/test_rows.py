"""Tensors with one scale per row, exact integers, and values relative to the largest of their owner."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.tensor import Dtype
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.support import reference

Array = npt.NDArray[np.float32]
finite = st.floats(-(2.0**100), 2.0**100, width=32)
with_gaps = hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=finite | st.just(np.nan))
STEPS = {"uint8": 254, "uint16": 65534}


@given(with_gaps, st.sampled_from(["uint8", "uint16"]))
def test_each_row_is_as_precise_as_its_own_largest_value_allows(array: Array, dtype: Dtype) -> None:
    signed = bool((array < 0).any())
    tensor = fixed_point.rows(array, dtype, signed=signed)
    decoded = reference.decode(tensor)
    for row, shown, scale in zip(array.astype(np.float64), decoded, tensor.scales, strict=True):
        assert np.array_equal(np.isnan(shown), np.isnan(row))
        assert np.nanmax(np.abs(shown - row), initial=0.0) <= tensor.error_steps * scale
        largest = np.nanmax(np.abs(row), initial=0.0)
        steps = STEPS[dtype] // (2 if signed else 1)
        assert tensor.error_steps * scale <= max(0.51 * 1.0001 * largest / steps * (1 + 1e-12), 5e-324)


@given(st.integers(-44, 38), st.sampled_from(["uint8", "uint16"]))
def test_tiny_and_huge_rows_keep_their_relative_precision(exponent: int, dtype: Dtype) -> None:
    """Rows below 1e-30 are divided in float64: the inverse of their scale would be too large for float32."""
    array = (np.linspace(-1, 1, 9) * 10.0**exponent).astype(np.float32)[None]
    tensor = fixed_point.rows(np.concatenate([array, np.ones_like(array)]), dtype, signed=True)
    assert np.abs(reference.decode(tensor)[0] - array[0]).max() <= tensor.error_steps * tensor.scales[0]


@pytest.mark.parametrize(
    ("largest", "dtype"), [(0, "uint8"), (254, "uint8"), (255, "uint16"), (65534, "uint16"), (65535, "uint24")]
)
def test_integers_are_exact_and_no_wider_than_they_need(largest: int, dtype: str) -> None:
    values = np.array([largest, 0, largest // 2])
    tensor = fixed_point.integers(values)
    assert (tensor.dtype, tensor.shape, tensor.error_bound) == (dtype, (1, 3), 0.0)
    assert reference.decode(tensor)[0].tolist() == values.tolist()


def test_no_integers_are_a_tensor_without_values() -> None:
    assert reference.decode(fixed_point.integers(np.zeros(0, np.int64))).shape == (1, 0)


@given(with_gaps)
def test_values_relative_to_their_owner_are_within_the_bound(array: Array) -> None:
    largest = np.fmax.reduce(np.abs(array).astype(np.float64), axis=-1, initial=0.0)
    owners = np.repeat(np.arange(len(array)), array.shape[1])
    signed = bool((array < 0).any())
    tensor, magnitudes = fixed_point.relative(array.reshape(-1), largest, owners, signed=signed)
    assert all(true <= shown <= 1.0001 * true for true, shown in zip(largest, magnitudes, strict=True))
    shown = reference.decode(tensor)[0].reshape(array.shape) * np.array(magnitudes)[:, None]
    assert np.array_equal(np.isnan(shown), np.isnan(array))
    bounds = tensor.error_bound * np.array(magnitudes)
    assert np.all(np.nanmax(np.abs(shown - array), axis=-1, initial=0.0) <= bounds)

"""Matrices in fixed point: the decoded values are those that were encoded, within the stated error bound."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.support import reference
from tests.support.caches import softmax_patterns

Array = npt.NDArray[np.float32]
finite = st.floats(-(2.0**100), 2.0**100, width=32)
stacks = hnp.arrays(np.float32, st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7)), elements=finite)


def encode(array: Array, *, layout: Layout = "full") -> Tensor:
    magnitudes = [float(np.nanmax(np.abs(part), initial=0.0)) for part in array]
    return fixed_point.matrices(list(array), magnitudes, layout=layout, signed=bool(np.nanmin(array, initial=0.0) < 0))


@given(stacks)
def test_every_value_is_decoded_within_the_stated_bound(array: Array) -> None:
    tensor = encode(array)
    assert np.all(np.abs(reference.decode(tensor) - array.astype(np.float64)) <= tensor.error_bound)


@given(
    hnp.arrays(np.float32, (3, 2, 3), elements=st.floats(-1, 1, width=32)),
    st.lists(st.integers(-30, 30), min_size=3, max_size=3),
    st.booleans(),
    st.sampled_from(["uint8", "uint16", "uint24"]),
)
def test_the_bound_of_a_head_does_not_depend_on_the_magnitude_of_other_heads(
    array: Array, exponents: list[int], signed: bool, dtype: Dtype
) -> None:
    values = (array if signed else np.abs(array)).astype(np.float64) * 10.0 ** np.array(exponents)[:, None, None]
    heads = [part.astype(np.float32) for part in values]
    largest = [float(np.abs(head).max()) for head in heads]
    tensor = fixed_point.matrices(heads, largest, dtype, layout="full", signed=signed)
    steps = {"uint8": 254, "uint16": 65534, "uint24": 16777214}[dtype] / (2 if signed else 1)
    for head, decoded, scale, magnitude in zip(heads, reference.decode(tensor), tensor.scales, largest, strict=True):
        bound = tensor.error_steps * scale
        assert np.all(np.abs(decoded - head.astype(np.float64)) <= bound)
        assert bound <= max(0.51 * magnitude / steps * (1 + 1e-12), 5e-324)
    assert tensor.error_bound == tensor.error_steps * max(tensor.scales)


@given(stacks)
def test_each_head_is_as_precise_as_its_own_largest_value_allows(array: Array) -> None:
    tensor = encode(array)
    steps = 32767 if array.min() < 0 else 65534
    for part, decoded in zip(array.astype(np.float64), reference.decode(tensor), strict=True):
        assert np.abs(decoded - part).max() <= 0.51 * np.abs(part).max() / steps


@given(stacks)
def test_zero_and_the_largest_magnitude_are_exact(array: Array) -> None:
    array[0, 0, 0] = 0.0
    decoded = reference.decode(encode(array))
    assert decoded[0, 0, 0] == 0.0
    np.testing.assert_allclose(np.abs(decoded).max((1, 2)), np.abs(array).max((1, 2)), rtol=1e-12)


@given(stacks, st.data())
def test_nan_is_decoded_as_no_value_and_changes_no_other_value(array: Array, data: st.DataObject) -> None:
    holes = data.draw(hnp.arrays(bool, array.shape))
    array[holes] = np.nan
    tensor = encode(array)
    decoded = reference.decode(tensor)
    assert np.array_equal(np.isnan(decoded), holes)
    assert np.all(np.abs(decoded - array)[~holes] <= tensor.error_bound)


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 5))
def test_the_causal_layout_keeps_exactly_the_cells_on_and_below_the_shifted_diagonal(
    heads: int, dest: int, more: int
) -> None:
    array = softmax_patterns((heads, dest, dest + more))
    decoded = reference.decode(encode(array, layout="causal"))
    visible = np.tri(dest, dest + more, more, dtype=bool)
    assert np.isnan(decoded[:, ~visible]).all()
    assert np.abs(decoded - array)[:, visible].max() <= 0.51 / 65534


def test_each_chunk_can_be_decoded_by_itself() -> None:
    array = softmax_patterns((3, 5, 5), causal=False)
    tensor = encode(array)
    for head in range(3):
        single = Tensor(
            **{
                **vars(tensor),
                "shape": (1, 5, 5),
                "scales": tensor.scales[head : head + 1],
                "chunks": tensor.chunks[head : head + 1],
            }
        )
        np.testing.assert_allclose(reference.decode(single)[0], array[head], atol=tensor.error_bound)


@pytest.mark.parametrize("magnitude", [1e-44, 1e-38, 1e-30, 1.0, 1e30, 3e38])
def test_tiny_and_huge_magnitudes_keep_their_relative_precision(magnitude: float) -> None:
    array = (np.linspace(-1, 1, 16).reshape(1, 4, 4) * magnitude).astype(np.float32)
    tensor = encode(array)
    assert np.all(np.abs(reference.decode(tensor) - array) <= tensor.error_bound)


def test_one_deflate_block_per_byte_plane_is_smaller_than_one_for_all_planes() -> None:
    codes = (np.random.default_rng(0).random(8_256) ** 8 * 65_534).astype(np.uint16)
    planes = (codes >> 8).astype(np.uint8).tobytes() + (codes & 255).astype(np.uint8).tobytes()
    packed = fixed_point.chunk(codes)
    assert zlib.decompress(packed) == planes
    isal_zlib = pytest.importorskip("isal.isal_zlib")
    assert len(packed) < 0.99 * len(isal_zlib.compress(planes, 2))

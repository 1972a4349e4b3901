"""What a store holds gives a page its codes back exactly, and a reader its values within the stated bound."""

from __future__ import annotations

import gzip
import math

import numpy as np
import numpy.typing as npt
from circuitsvis._store import zarr_codecs
from circuitsvis._store.head_arrays import HeadArray, Piece
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.support import reference

matrices = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(1, 5)), elements=st.floats(-1, 1, width=32)
)
exponents = st.lists(st.integers(-44, 38), min_size=3, max_size=3)
numbers = st.sampled_from(["uint8", "uint16", "int16", "int32", "float32", "float64"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(max_dims=3))
)


def unpacked(chunk: bytes, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[np.generic]:
    """A chunk as the codecs in the metadata say: gzip, then byte k of every number together, lowest byte first."""
    planes = gzip.decompress(chunk)
    count, size = math.prod(shape), np.dtype(dtype).itemsize
    assert len(planes) == count * size
    data = bytes(planes[byte * count + i] for i in range(count) for byte in range(size))
    return np.frombuffer(data, np.dtype(dtype).newbyteorder("<")).reshape(shape)


@given(numbers)
def test_a_chunk_is_read_by_its_codecs_as_it_was_written(values: npt.NDArray[np.generic]) -> None:
    read = unpacked(zarr_codecs.packed(values), str(values.dtype), values.shape)
    assert read.tobytes() == values.astype(values.dtype.newbyteorder("<")).tobytes()


@given(matrices, exponents, st.booleans(), st.sampled_from(["uint8", "uint16", "uint24"]), st.data())
def test_codes_come_back_exactly_and_values_within_the_bound(
    array: npt.NDArray[np.float32], powers: list[int], signed: bool, dtype: Dtype, data: st.DataObject
) -> None:
    heads = [
        (part if signed else np.abs(part)) * np.float32(10.0**power) for part, power in zip(array, powers, strict=False)
    ]
    layout: Layout = "causal" if array.shape[1] <= array.shape[2] and data.draw(st.booleans()) else "full"
    heads[0][data.draw(hnp.arrays(bool, heads[0].shape))] = np.nan
    largest = [float(np.fmax.reduce(np.abs(head), axis=None, initial=0.0)) for head in heads]
    tensor = fixed_point.matrices(heads, largest, dtype, layout=layout, signed=signed)
    stored = HeadArray.of_tensor(tensor)
    for head, decoded in enumerate(reference.decode(tensor)):
        numbers = stored.head(head)
        assert numbers is not None and numbers.dtype == stored.dtype
        values = as_values(numbers, stored)
        np.testing.assert_array_equal(np.isnan(values), np.isnan(decoded))
        seen = ~np.isnan(decoded)
        steps = codes(numbers, stored, tensor.scales[head])
        assert np.all(steps[seen] * tensor.scales[head] == decoded[seen])
        assert np.all(np.abs(values - heads[head].astype(float))[seen] <= stored.attributes["error_bound"])


def as_values(numbers: npt.NDArray[np.generic], stored: HeadArray) -> npt.NDArray[np.float64]:
    values = numbers.astype(np.float64)
    if stored.dtype.startswith("float"):
        return values
    return np.where(values == stored.attributes["_FillValue"], np.nan, values * stored.attributes["scale_factor"])


def codes(numbers: npt.NDArray[np.generic], stored: HeadArray, scale: float) -> npt.NDArray[np.float64]:
    """Codes minus zero, as the page finds them."""
    values = numbers.astype(np.float64)
    if not stored.dtype.startswith("float"):
        return values
    return np.rint(values / scale) if scale else values * 0.0


@given(hnp.arrays(np.float32, (4, 3), elements=st.floats(-10, 10, width=32)), st.integers(1, 3))
def test_vectors_with_a_scale_each_come_back_exactly_and_heads_without_any_have_no_chunk(
    vectors: npt.NDArray[np.float32], heads: int
) -> None:
    tensor: Tensor = fixed_point.vectors(vectors)
    stored = HeadArray([None, *[Piece(tensor, 0)] * heads])
    assert stored.shape == (heads + 1, 4, 3) and stored.head(0) is None
    numbers = stored.head(heads)
    assert numbers is not None
    decoded = reference.decode_rows(tensor)
    for position, scale in enumerate(tensor.scales):
        assert np.all(codes(numbers[position], stored, scale) * scale == decoded[position])
    assert np.all(np.abs(as_values(numbers, stored) - vectors) <= stored.attributes["error_bound"])


def test_heads_of_one_scale_are_integers_and_others_are_floats() -> None:
    one = np.full((2, 2), 0.5, np.float32)
    equal = fixed_point.matrices([one, one], [0.5, 0.5], layout="full", signed=False)
    signed = fixed_point.matrices([one, -one], [0.5, 0.5], layout="full", signed=True)
    unequal = fixed_point.matrices([one, one * 3], [0.5, 1.5], layout="full", signed=False)
    assert [HeadArray.of_tensor(tensor).dtype for tensor in (equal, signed, unequal)] == ["uint16", "int16", "float32"]
    assert HeadArray.of_tensor(signed).fill_value == -32768

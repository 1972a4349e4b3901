"""Fixed point, byte planes, deflate, base64: what comes back is what went in, within the stated bound."""

from __future__ import annotations

import json
import zlib

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._page.figure import to_json
from circuitsvis._wire import fixed_point, preview
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor
from hypothesis import example, given
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
def test_every_value_comes_back_within_the_stated_bound(array: Array) -> None:
    tensor = encode(array)
    assert np.all(np.abs(reference.decode(tensor) - array.astype(np.float64)) <= tensor.error_bound)


@given(
    hnp.arrays(np.float32, (3, 2, 3), elements=st.floats(-1, 1, width=32)),
    st.lists(st.integers(-30, 30), min_size=3, max_size=3),
    st.booleans(),
    st.sampled_from(["uint8", "uint16", "uint24"]),
)
def test_a_head_keeps_its_own_bound_beside_heads_of_any_other_magnitude(
    array: Array, exponents: list[int], signed: bool, dtype: Dtype
) -> None:
    values = (array if signed else np.abs(array)).astype(np.float64) * 10.0 ** np.array(exponents)[:, None, None]
    heads = [part.astype(np.float32) for part in values]
    largest = [float(np.abs(head).max()) for head in heads]
    tensor = fixed_point.matrices(heads, largest, dtype, layout="full", signed=signed)
    steps = {"uint8": 254, "uint16": 65534, "uint24": 16777214}[dtype] / (2 if signed else 1)
    for head, got, scale, top in zip(heads, reference.decode(tensor), tensor.scales, largest, strict=True):
        bound = tensor.error_steps * scale
        assert np.all(np.abs(got - head.astype(np.float64)) <= bound)
        assert bound <= max(0.51 * top / steps * (1 + 1e-12), 5e-324)
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
def test_nan_comes_back_as_no_value_and_disturbs_no_other(array: Array, data: st.DataObject) -> None:
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


def test_chunks_decode_one_by_one() -> None:
    array = softmax_patterns((3, 5, 5), causal=False)
    tensor = encode(array)
    for head in range(3):
        one = Tensor(
            **{
                **vars(tensor),
                "shape": (1, 5, 5),
                "scales": tensor.scales[head : head + 1],
                "chunks": tensor.chunks[head : head + 1],
            }
        )
        np.testing.assert_allclose(reference.decode(one)[0], array[head], atol=tensor.error_bound)


@pytest.mark.parametrize("magnitude", [1e-44, 1e-38, 1e-30, 1.0, 1e30, 3e38])
def test_tiny_and_huge_magnitudes_keep_their_relative_precision(magnitude: float) -> None:
    array = (np.linspace(-1, 1, 16).reshape(1, 4, 4) * magnitude).astype(np.float32)
    tensor = encode(array)
    assert np.all(np.abs(reference.decode(tensor) - array) <= tensor.error_bound)


wide = st.floats(-(2.0**300), 2.0**300)
grids = hnp.arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=wide)


@given(grids)
@example(np.array([[5e-324]]))
@example(np.array([[1e-320, -3e-322]]))
def test_a_score_comes_back_within_half_a_step_of_24_bits(array: npt.NDArray[np.float64]) -> None:
    tensor = fixed_point.scores(array, layout="full")
    error = np.abs(reference.decode(tensor)[0] - array)
    stated = 0.51 * np.abs(array).max() / 8388607 * (1 + 1e-12)
    assert error.max() <= tensor.error_bound <= max(stated, 5e-324)  # no number is smaller
    assert tensor.shape == (1, *array.shape) and len(tensor.chunks) == 1


@given(grids, st.data())
def test_masked_scores_come_back_as_no_value(array: npt.NDArray[np.float64], data: st.DataObject) -> None:
    holes = data.draw(hnp.arrays(bool, array.shape))
    array[holes] = np.nan
    decoded = reference.decode(fixed_point.scores(array, layout="full"))[0]
    assert np.array_equal(np.isnan(decoded), holes)


def test_scores_above_a_causal_diagonal_neither_travel_nor_set_the_scale() -> None:
    array = np.where(np.tri(4, 6, 2, dtype=bool), 2.0, 1e30)
    tensor = fixed_point.scores(array, layout="causal")
    assert tensor.error_bound < 1e-6
    np.testing.assert_array_equal(reference.decode(tensor)[0], np.where(np.tri(4, 6, 2, dtype=bool), 2.0, np.nan))


def test_a_float32_score_keeps_its_last_digits() -> None:
    """17.000001 is the float32 after 17: with 16 bits it would be 17.0003."""
    array = np.array([[np.nextafter(np.float32(17), np.float32(18)), 17.0, -3.25, 0.0]])
    np.testing.assert_allclose(reference.decode(fixed_point.scores(array, layout="full"))[0], array, atol=1.1e-6)


rows = hnp.arrays(np.float32, st.tuples(st.integers(1, 7), st.integers(1, 9)), elements=finite)


@given(rows)
def test_each_vector_is_as_precise_as_its_own_largest_component_allows(array: Array) -> None:
    tensor = fixed_point.vectors(array)
    error = np.abs(reference.decode(tensor) - array.astype(np.float64))
    own = np.abs(array.astype(np.float64)).max(axis=1, keepdims=True)
    assert np.all(error <= 0.51 * 1.0001 * own / 32767)
    assert error.max() <= tensor.error_bound
    assert len(tensor.chunks) == 1 and len(tensor.scales) == len(array)


@given(rows)
def test_a_vector_never_passes_for_no_value_and_zero_is_exact(array: Array) -> None:
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


def test_the_json_is_ascii_and_cannot_end_its_script_element() -> None:
    from circuitsvis import attention

    tokens = ["</script>", "<!--", "\udcc3", "\u2028", '"']
    figure = attention.from_values(softmax_patterns((1, 5, 5)), tokens, title="<script>")
    assert figure is not None
    text = to_json(figure)
    assert text.isascii()
    assert "<" not in text
    assert json.loads(text)["props"]["sequences"][0]["destTokens"] == tokens


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


def test_a_block_for_each_plane_is_smaller_than_one_for_all() -> None:
    codes = (np.random.default_rng(0).random(8_256) ** 8 * 65_534).astype(np.uint16)
    planes = (codes >> 8).astype(np.uint8).tobytes() + (codes & 255).astype(np.uint8).tobytes()
    packed = fixed_point.chunk(codes)
    assert zlib.decompress(packed) == planes
    isal_zlib = pytest.importorskip("isal.isal_zlib")
    assert len(packed) < 0.99 * len(isal_zlib.compress(planes, 2))


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

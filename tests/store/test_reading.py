"""zarr and xarray read the store of a figure, and find the values that the figure was made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from scripts.fixtures.catalogue import FIGURES
from tests.support import reference
from tests.support.caches import softmax_patterns, words
from tests.support.page_data import read_json
from tests.support.reference import Float64

zarr: Any = pytest.importorskip("zarr")  # neither is installed beside the oldest versions
xarray: Any = pytest.importorskip("xarray")

# numcodecs.shuffle, without which the files would be a quarter larger, is not in the specification, and zarr says so.
pytestmark = pytest.mark.filterwarnings("ignore:.*Zarr (version|format) 3 specification")


def saved(figure: cv.Figure | None, folder: Path) -> Path:
    """The store of the figure."""
    assert figure is not None
    return figure.save_site(folder / "site") / "data.zarr"


def opened(store: Path, group: str = "sequence_0") -> Any:
    return xarray.open_zarr(store, group=group, chunks=None, decode_times=False)


def test_zarr_reads_codes_that_times_their_scale_are_the_patterns_within_the_stated_bound(tmp_path: Path) -> None:
    patterns = softmax_patterns((6, 12, 12))
    store = saved(cv.attention.from_values(patterns, words(12)), tmp_path)
    array = zarr.open(store, mode="r")["sequence_0/attention"]
    assert (
        array.shape == (6, 12, 12)
        and array.chunks == (1, 12, 12)
        and array.metadata.dimension_names == ("head", "dest", "src")
    )
    seen = np.tri(12, dtype=bool)
    codes = array[:]
    assert np.all(codes[:, ~seen] == array.attrs["_FillValue"])
    errors = np.abs(codes * array.attrs["scale_factor"] - patterns.astype(np.float64))[:, seen]
    assert errors.max() <= array.attrs["error_bound"] < 1e-5


@pytest.mark.parametrize("precision", [8, 16])
def test_xarray_reads_values_of_any_magnitude_and_sign_within_the_stated_bound_and_gaps_as_nan(
    precision: Any, tmp_path: Path
) -> None:
    values = np.random.default_rng(1).normal(size=(3, 4, 7)) * np.array([1e-3, 1.0, 50.0])[:, None, None]
    values = values.astype(np.float32).astype(np.float64)
    values[1, 2, 3] = np.nan
    tokens = [f"s{i}" for i in range(7)]
    figure = cv.attention.from_values(values, dest_tokens=words(4), src_tokens=tokens, precision=precision)
    sequence = opened(saved(figure, tmp_path))
    shown = sequence.attention
    np.testing.assert_array_equal(np.isnan(shown), np.isnan(values))
    assert float(np.nanmax(np.abs(shown.astype(float) - values))) <= shown.attrs["error_bound"]
    weakest = shown.sel(head="Head 0").astype(float) - values[0]
    assert float(np.abs(weakest).max()) <= 1e-3 * 4 / (100 if precision == 8 else 30000)  # of its own largest value
    assert list(sequence.src_token.values) == tokens and "src_token" in shown.coords


def test_a_masked_cell_is_nan_for_xarray(tmp_path: Path) -> None:
    pattern = opened(saved(cv.attention.from_values(softmax_patterns((2, 5, 5)), words(5)), tmp_path)).attention
    np.testing.assert_array_equal(np.isnan(pattern[1]), ~np.tri(5, dtype=bool))


@pytest.mark.parametrize(
    "name",
    ["small-batch-dropdown", "large-12-heads", "lines-batch", "lines-alibi", "attribution-batch", "attribution-large"],
)
def test_a_store_holds_what_the_page_of_every_kind_of_figure_shows(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name]()
    store = saved(figure, tmp_path)
    props = reference.props(figure)
    for number, sequence in enumerate(props.sequences):
        read = opened(store, f"sequence_{number}")
        kind = "attribution" if name.startswith("attribution") else "attention"
        assert_close(read[kind], reference.decode(sequence.attention))
        assert list(read["head"].values) == [head.name for head in props.heads]
        assert read.attrs["label"] == sequence.label
        for weight, tensor in sequence.weights.items():
            np.testing.assert_allclose(
                read[weight.replace("weighted", "weight").replace("-", "_")], reference.decode(tensor), atol=1e-6
            )
    if name == "lines-alibi":
        computation = reference.lines(figure).sequences[0].computations[1]
        assert computation.queries and computation.dot and computation.added_term and computation.keys is not None
        assert_close(read["query"][1], reference.decode_rows(computation.queries), read["query"])
        assert_close(read["dot"][1], reference.decode(computation.dot)[0], read["dot"])
        assert_close(read["added_term"][1], reference.decode(computation.added_term)[0], read["added_term"])
        keys = reference.lines(figure).sequences[0].keys[computation.keys]
        assert_close(read["key"][int(read["key_head_of_head"][1])], reference.decode_rows(keys), read["key"])
    if kind == "attribution":  # all components but the unaccounted one, which is a part too, add up to the logit
        np.testing.assert_allclose(read.component_total.sum("component"), read.logit, atol=1e-4)


def assert_close(shown: Any, expected: Float64, of: Any = None) -> None:
    shown, bound = np.asarray(shown, np.float64), (shown if of is None else of).attrs["error_bound"]
    np.testing.assert_array_equal(np.isnan(shown), np.isnan(expected))
    assert np.nanmax(np.abs(shown - expected)) <= bound


def test_any_text_is_a_token_in_the_store(tmp_path: Path) -> None:
    tokens = ["", "ü", "😀 </script>", "\udcc3", "\0", "a\nb"]
    read = opened(saved(cv.attention.from_values(softmax_patterns((6, 6)), tokens), tmp_path))
    assert list(read.src_token.values) == ["", "ü", "😀 </script>", "\ufffd", "\0", "a\nb"]


def test_figures_inside_of_a_figure_have_groups_of_their_own(tmp_path: Path) -> None:
    store = saved(FIGURES["tabs-encoder-decoder"](), tmp_path)
    root = zarr.open_consolidated(store)
    assert sorted(root.group_keys()) == ["figure_0", "figure_1", "figure_2"]
    assert root["figure_1/sequence_0/attention"].shape == opened(store, "figure_1/sequence_0").attention.shape


def test_each_group_has_the_metadata_of_all_that_is_below_it(tmp_path: Path) -> None:
    store = saved(FIGURES["tabs-encoder-decoder"](), tmp_path)
    for file in store.rglob("zarr.json"):
        node = json.loads(file.read_text(encoding="utf-8"))
        if node["node_type"] == "group":
            below = {path.parent.relative_to(file.parent).as_posix() for path in file.parent.rglob("zarr.json")} - {"."}
            assert set(node["consolidated_metadata"]["metadata"]) == below
            for path, inner in node["consolidated_metadata"]["metadata"].items():
                own = json.loads((file.parent / path / "zarr.json").read_text(encoding="utf-8"))
                assert {**inner, "consolidated_metadata": 0} == {**own, "consolidated_metadata": 0}


@pytest.mark.parametrize(
    "name", ["small-batch-dropdown", "lines-batch", "topk-tokens-circuitsvis-1", "hello", "attribution-batch"]
)
def test_the_page_names_length_and_checksum_of_every_chunk_and_carries_what_is_in_no_store(
    name: str, tmp_path: Path
) -> None:
    figure = FIGURES[name]()
    site = figure.save_site(tmp_path / "site")
    page, blocks = read_json((site / "index.html").read_text(encoding="utf-8"))
    stored = list(stored_tensors(page["props"]))
    for tensor in stored:
        path, dtype = tensor["chunks"][0][3:]
        known = json.loads((site / path / "zarr.json").read_text(encoding="utf-8"))
        assert known["data_type"] == dtype
        for index, check, length, *_ in tensor["chunks"]:
            data = (site / path / ".".join(["c", str(index), *["0"] * (len(known["shape"]) - 1)])).read_bytes()
            assert (len(data), int.from_bytes(data[-8:-4], "little")) == (length, check)
    _, whole = read_json(figure.data)
    assert len(blocks) + sum(len(tensor["chunks"]) for tensor in stored) == len(whole)
    assert bool(stored) == (site / "data.zarr").exists() == (name not in ("topk-tokens-circuitsvis-1", "hello"))


def stored_tensors(value: Any) -> Any:
    if isinstance(value, dict) and len(value.get("chunks", [""])[0]) == 5 and isinstance(value["chunks"][0], list):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from stored_tensors(part)

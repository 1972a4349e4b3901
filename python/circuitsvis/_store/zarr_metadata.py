"""The metadata of a Zarr v3 store as JSON, written by hand: https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

FILE = "zarr.json"
"""The name of the file with a node's metadata, in the node's folder."""


def array(
    shape: Sequence[int],
    dtype: str,
    dimensions: Sequence[str],
    *,
    chunk_shape: Sequence[int] | None = None,
    fill_value: float = 0,
    attributes: Mapping[str, Any] | None = None,
) -> Json:
    """The metadata of an array.

    Args:
        shape: of the array, no length 0.
        dtype: "string", or the name of a numpy type of numbers.
        dimensions: the name of each axis.
        chunk_shape: None for one chunk.
        fill_value: of chunks that are not there; not of strings.
        attributes: of the array.
    """
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape),
        "data_type": dtype,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(chunk_shape or shape)}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "."}},
        "fill_value": "" if dtype == "string" else "NaN" if math.isnan(fill_value) else fill_value,
        "codecs": _codecs(dtype),
        "attributes": dict(attributes or {}),
        "dimension_names": list(dimensions),
        "storage_transformers": [],
    }


def group(attributes: Mapping[str, Any]) -> Json:
    """The metadata of a group."""
    return {"zarr_format": 3, "node_type": "group", "attributes": dict(attributes)}


def consolidated(root: Json, nodes: Mapping[str, Json]) -> Json:
    """The root's metadata with those of all nodes below it, by path, so that a reader opens the store with one request."""
    # zarr-python and xarray expect that a group in here has such a field of its own.
    inner = {"kind": "inline", "must_understand": False, "metadata": {}}
    below = {
        path: {**node, "consolidated_metadata": inner} if node["node_type"] == "group" else node
        for path, node in nodes.items()
    }
    return {**root, "consolidated_metadata": {"kind": "inline", "must_understand": False, "metadata": below}}


def chunk_key(index: int, axes: int) -> str:
    """The file of a chunk in the folder of its array, where only the first axis has several chunks."""
    return ".".join(["c", str(index), *["0"] * (axes - 1)])


def _codecs(dtype: str) -> list[Json]:
    if dtype == "string":
        return [{"name": "vlen-utf8", "configuration": {}}]
    size = {"8": 1, "16": 2, "32": 4, "64": 8}[dtype.lstrip("uintfloa")]
    gzip = {"name": "gzip", "configuration": {"level": 5}}
    if size == 1:
        return [{"name": "bytes"}, gzip]
    shuffle = {"name": "numcodecs.shuffle", "configuration": {"elementsize": size}}
    return [{"name": "bytes", "configuration": {"endian": "little"}}, shuffle, gzip]

"""Writes the groups of a figure as a Zarr store: a folder of metadata and chunks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from circuitsvis._common import parallel
from circuitsvis._store import zarr_codecs, zarr_metadata
from circuitsvis._store.arrays import Array, Group
from circuitsvis._store.head_arrays import HeadArray
from circuitsvis._store.zarr_metadata import Json
from circuitsvis._wire.stored import Stored, StoredChunk

_FORMAT = 1
"""Of what `docs/store.md` describes. It grows when a reader of the earlier one would be wrong."""

_WORTH_A_THREAD = 30_000
"""Smallest chunk, in numbers, for which packing and writing in threads saves time."""


def write(groups: Iterable[Group], store: Path) -> dict[int, Stored]:
    """Writes a store into a new folder.

    Args:
        groups: of the figure, from `contents.groups`.
        store: the folder.

    Returns:
        Where the chunks of each tensor of heads are, by `id()` of the tensor, relative to what holds the folder.
    """
    places: dict[int, Stored] = {}
    nodes: dict[str, Json] = {}
    for group in groups:
        *parents, _ = group.path.split("/")
        for depth in range(len(parents)):
            nodes.setdefault("/".join(parents[: depth + 1]), zarr_metadata.group({}))
        arrays = {array.name: _write_array(array, store / group.path, store.parent, places) for array in group.arrays}
        nodes[group.path] = zarr_metadata.group(group.attributes)
        nodes.update({f"{group.path}/{name}": node for name, node in arrays.items()})
    root = zarr_metadata.group({"circuitsvis_format": _FORMAT})
    for path in ("", *nodes):
        _write_metadata(path, nodes, root, store)
    return places


def _write_metadata(path: str, nodes: dict[str, Json], root: Json, store: Path) -> None:
    """A group's own file also has what is below it, so that one request opens it."""
    node = nodes[path] if path else root
    if node["node_type"] == "group":
        start = f"{path}/" if path else ""
        below = {name[len(start) :]: one for name, one in nodes.items() if name.startswith(start)}
        # A reader finds the nodes of a group only where they follow each other.
        node = zarr_metadata.consolidated(node, dict(sorted(below.items(), key=lambda item: item[0].split("/")[:-1])))
    folder = store / path
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(node, allow_nan=False, indent=1)
    (folder / zarr_metadata.FILE).write_text(text, encoding="utf-8")


def _write_array(array: Array, group: Path, root: Path, places: dict[int, Stored]) -> Json:
    """Writes the chunks of an array, and returns its metadata."""
    folder = group / array.name
    folder.mkdir(parents=True)
    content = array.content
    if isinstance(content, HeadArray):
        _write_heads(content, folder, folder.relative_to(root).as_posix(), places)
        return zarr_metadata.array(
            content.shape,
            content.dtype,
            array.dimensions,
            chunk_shape=(1, *content.shape[1:]),
            fill_value=content.fill_value,
            attributes={**array.attributes, **content.attributes},
        )
    shape = (len(content),) if isinstance(content, tuple) else content.shape
    chunk = zarr_codecs.packed_texts(content) if isinstance(content, tuple) else zarr_codecs.packed(content)
    (folder / zarr_metadata.chunk_key(0, len(shape))).write_bytes(chunk)
    is_float = not isinstance(content, tuple) and content.dtype.kind == "f"
    return zarr_metadata.array(
        shape,
        "string" if isinstance(content, tuple) else str(content.dtype),
        array.dimensions,
        fill_value=float("nan") if is_float else 0,
        attributes=array.attributes,
    )


def _write_heads(content: HeadArray, folder: Path, path: str, places: dict[int, Stored]) -> None:
    def write_head(head: int) -> StoredChunk | None:
        numbers = content.head(head)
        if numbers is None:
            return None
        chunk = zarr_codecs.packed(numbers)
        (folder / zarr_metadata.chunk_key(head, len(content.shape))).write_bytes(chunk)
        return StoredChunk(head, len(chunk), zarr_codecs.check_of(chunk))

    threads = int(np.prod(content.shape[1:])) >= _WORTH_A_THREAD
    written = parallel.staged(range(len(content.pieces)), write_head, threads=threads)
    chunks: dict[int, list[StoredChunk]] = {}
    for piece, chunk in zip(content.pieces, written, strict=True):
        if piece is not None and chunk is not None:
            chunks.setdefault(id(piece.tensor), []).append(chunk)
    places.update({tensor: Stored(path, content.dtype, tuple(of_tensor)) for tensor, of_tensor in chunks.items()})

"""The split of one score: arguments checked, q and k of one cell taken apart, the parts multiplied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._alignment.batch import Batch
from circuitsvis._cache import attention_module, logit_path, model_attributes
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence, QueriesAndKeys
from circuitsvis._cache.hook_names import FOR_COMPUTATIONS, KEYS, QUERIES
from circuitsvis._cache.key_heads import key_head
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike, Float64
from circuitsvis._heads import edge_tokens, id_texts, query_norms, rotation
from circuitsvis._heads.edge import Edge
from circuitsvis._heads.edge_parts import EdgePart
from circuitsvis._heads.projected_parts import ProjectedParts, projection
from circuitsvis._heads.rotation import Step, Vectors
from circuitsvis._heads.stream_parts import StreamParts
from circuitsvis._input import selection
from circuitsvis._input.padding_checks import Side
from circuitsvis._lines.cache_computations import CacheComputations
from circuitsvis._lines.computation import HeadComputation

_FEATURE = "edge"

_ROUNDING = 1e-4
"""Share of all pairs' magnitudes below which what is unaccounted needs no note."""


class _Cell(NamedTuple):
    """A cell of a head: index of the sequence, and positions of query and key in the cache."""

    layer: int
    head: int
    sequence: int
    dest: int
    src: int


def edge(
    cache: object,
    tokens: ArrayLike,
    head: tuple[int, int],
    dest: int,
    src: int,
    model: object | None,
    *,
    batch_idx: int | None,
    top_k: int,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
) -> Edge:
    """The split. Arguments and errors are those of `circuitsvis.heads.edge`."""
    model = model if model is not None else getattr(cache, "model", None)
    if model is None:
        raise ValueError("model: the parts of a score need the model's W_Q and W_K, but there is no model; pass model=")
    model_attributes.check_decoder(model)
    source = AttentionCache(cache, model=model)
    pairs = selection.heads(head, None, source.layers, source.n_layers, source.n_heads)
    if len(pairs) > 1:
        raise ValueError(f"head: must be one pair (layer, head), got {head!r}")
    ((layer, number),) = pairs
    top_k = checks.integer("top_k", top_k)
    if top_k < 0:
        raise ValueError(f"top_k: must be 0 or more, the number of tokens on each side, got {top_k}")
    shape = source.shape([layer])
    sequence = _sequence(batch_idx, shape[0])
    tokens = id_texts.without_tokenizer(tokens, model)
    (axis,) = Batch(tokens, None, attention_mask, padding_side, shape, source).axes([sequence])
    n = len(axis.dest_tokens)
    owner = f"sequence {sequence} with {n} tokens"
    query, key = checks.index("dest", dest, n, "position", owner), checks.index("src", src, n, "position", owner)
    positions = np.arange(shape[2])[axis.dest]
    cell = _Cell(layer, number, sequence, int(positions[query]), int(positions[key]))
    pattern = axis.crop(CachedSequence(source, sequence).pattern(layer, number))
    (computation,) = CacheComputations(source, [(layer, number)]).of_sequence(sequence, axis, [pattern])
    product = _product(computation, (layer, number), (query, key), int(pattern[query].argmax()))
    query_parts, key_parts, table, notes = _table(source, cell, computation)
    added = 0.0 if computation.added_term is None else float(computation.added_term[query, key])
    promoted, suppressed, why = edge_tokens.of_cell(source, cell, top_k)
    return Edge(
        head=(layer, number),
        dest=query,
        src=key,
        tokens=(axis.dest_tokens[query], axis.dest_tokens[key]),
        attention=float(pattern[query, key]),
        score=product + added,
        divisor=float(computation.divisor or 1.0),
        query_parts=query_parts,
        key_parts=key_parts,
        table=table,
        added=added,
        added_name=computation.added_term_name,
        promoted=promoted,
        suppressed=suppressed,
        notes=(*notes, *why),
    )


def _sequence(batch_idx: int | None, size: int) -> int:
    if batch_idx is None and size > 1:
        raise ValueError(f"batch_idx: the cache holds {size} sequences; choose one, e.g. batch_idx=0")
    return selection.batch(batch_idx if batch_idx is not None else 0, size)[0]


def _product(computation: HeadComputation, head: tuple[int, int], cell: tuple[int, int], strongest: int) -> float:
    """q·k / divisor at a cell. `strongest`: the key to which the query attends most, for the error.

    Raises:
        ValueError: q·k does not explain the pattern, or the cell is masked.
    """
    name = f"{head[0]}.{head[1]}"
    if computation.kind != "product" or computation.dot is None:
        raise ValueError(f"cache: the score of head {name} cannot be split into parts: {computation.description}")
    value = float(computation.dot[cell])
    if np.isnan(value):
        raise ValueError(
            f"src: the query at position {cell[0]} cannot see the key at position {cell[1]}; choose another, e.g. src={strongest}, "
            "to which it attends most"
        )
    return value


def _table(
    cache: AttentionCache, cell: _Cell, computation: HeadComputation
) -> tuple[tuple[EdgePart, ...], tuple[EdgePart, ...], Float64, list[str]]:
    """Parts of query and key, and what each pair adds to q·k / divisor."""
    stage = 0 if computation.key_array is None else computation.key_array[1]
    pair = list(CachedSequence(cache, cell.sequence).queries_and_keys(cell.layer))[stage]
    query_parts, q = _side(cache, cell, pair, "Q")
    key_parts, k = _side(cache, cell, pair, "K")
    table = q @ k.T / (computation.divisor or 1.0)
    notes = [] if not computation.description else [computation.description]
    unaccounted = float(table.sum() - table[:-1, :-1].sum())
    if abs(unaccounted) > _ROUNDING * np.abs(table).sum():
        notes.append(
            f"{unaccounted:+.3g} of the score is unaccounted, written by no component: a hook changed q or k, or the norms, projections "
            "and rotary embeddings that lead to them are known only approximately."
        )
    return tuple(query_parts), tuple(key_parts), table, notes


def _side(cache: AttentionCache, cell: _Cell, pair: QueriesAndKeys, letter: str) -> tuple[list[EdgePart], Float64]:
    """The parts of the query or the key as they are multiplied, [part, d_head]; the last is what remains of the cached vector."""
    layer, index = cell.layer, cell.sequence
    position = cell.dest if letter == "Q" else cell.src
    weights = projection(cache, layer, letter)
    after = (pair.queries[position].astype(np.float64), pair.keys[position].astype(np.float64))
    before = _raw(cache, layer, index, position, after)
    vectors = [Vectors(b, a) for b, a in zip(before, after, strict=True)]
    norms = query_norms.candidates(cache.model, attention_module.find(cache, layer), before[0], before[1])
    steps = rotation.find(vectors[0], vectors[1], norms)
    if steps is None:
        raise ValueError(
            f"cache: the score of head {layer}.{cell.head} cannot be split into parts: no norm and rotation leads from "
            f"{QUERIES.short} and {KEYS.short} of layer {layer} to the vectors that are multiplied"
        )
    side = "QK".index(letter)
    number = cell.head if letter == "Q" else key_head(cell.head, cache.n_heads(layer), len(after[1]))
    rows = np.array([position])
    residual = ResidualStream(cache)
    if layer > 0:
        logit_path.check_blocks_add(cache, index, residual.has_mlp)
    parts, stream = StreamParts(cache, residual).before(layer, index, rows)
    names, values = ProjectedParts(cache, layer, index, position).of_head(
        parts, stream, weights.of(len(before[side])), number, before[side]
    )
    step: Step = steps[side]
    multiplied = step.parts(values, number)
    constant = step.constant(number)
    if constant is not None and constant.any():
        if EdgePart("bias") not in names:
            names.insert(-1, EdgePart("bias"))
            multiplied = np.insert(multiplied, len(multiplied) - 1, 0.0, axis=0)
        multiplied[names.index(EdgePart("bias"))] += constant
    multiplied[-1] += after[side][number] - multiplied.sum(0)
    return names, multiplied


def _raw(cache: AttentionCache, layer: int, index: int, position: int, after: Sequence[Float64]) -> list[Float64]:
    """hook_q and hook_k of all heads at a position, [head, d_head], as `after` has them. Raises MissingActivationError.

    Qwen 3-Next caches an output gate behind each head's query, as if it were another head.
    """
    reader = CachedSequence(cache, index)
    vectors = []
    for hook, (n_heads, d_head) in zip((QUERIES, KEYS), (x.shape for x in after), strict=True):
        cached = reader.vectors(cache.require(layer, hook, _FEATURE, FOR_COMPUTATIONS))[position].astype(np.float64)
        vectors.append(cached.reshape(n_heads, -1)[:, :d_head] if cached.size % n_heads == 0 else cached)
    return vectors

"""Which cached queries and keys a layer may multiply, in which order of axes, and how to record those that are missing."""

from __future__ import annotations

from typing import NamedTuple

from circuitsvis._cache import hook_names
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import (
    FOR_COMPUTATIONS,
    HEAD_OUTPUTS,
    KEYS,
    QUERIES,
    ROTATED_KEYS,
    ROTATED_QUERIES,
)
from circuitsvis._common.arrays import TensorLike, shape_of

_STAGES = (
    (ROTATED_QUERIES, ROTATED_KEYS, "q and k are those after the rotary embedding."),
    (QUERIES, KEYS, ""),
)
"""The last stage before the product first, with a sentence for the page."""


class Candidate(NamedTuple):
    """q [(batch,) dest, head, d_head] and k [(batch,) src, key head, d_head] that may be multiplied, and a sentence about them."""

    queries: TensorLike
    keys: TensorLike
    description: str


def candidates(cache: AttentionCache, layer: int) -> list[Candidate]:
    """Pairs of q and k that the layer may multiply, the last stage before the product first; [] if none is cached.

    Pairs of other positions than the pattern (a cache made with pos_slice) are left out. Multi-head latent attention
    (DeepSeek) caches [batch, head, position, d_head]: both orders of axes are candidates where the sizes allow both.
    """
    pairs: list[Candidate] = []
    for q_hook, k_hook, description in _STAGES:
        q, k = cache.tensor(layer, q_hook), cache.tensor(layer, k_hook)
        if q is None or k is None or len(shape_of(q, "cache")) < 3 or len(shape_of(k, "cache")) < 3:
            continue
        pairs += [
            Candidate(queries, keys, description)
            for queries, keys in ((q, k), (q.swapaxes(-3, -2), k.swapaxes(-3, -2)))
            if _fit(cache.pattern_shape(layer), shape_of(queries, "cache"), shape_of(keys, "cache"))
        ]
        if pairs and q_hook is ROTATED_QUERIES and _are_whole(cache, layer, q):
            break
    return pairs


def how_to_record(cache: AttentionCache, layer: int) -> str:
    """A sentence on how to record more of the computation; "" if the cache seems to hold all that the model exposes.

    Without a model, hook_z decides: nobody records it to look at patterns, so a cache that has it was not filtered.
    """
    absent = [hook for hook in FOR_COMPUTATIONS if cache.tensor(layer, hook) is None]
    if cache.hooks:
        absent = [hook for hook in absent if cache.name(layer, hook) in cache.hooks]
        complete = cache.was_unfiltered
    else:
        complete = cache.tensor(layer, HEAD_OUTPUTS) is not None
    if complete or not absent:
        return ""
    return f"To see more, record the hooks of the computation that the model has: {hook_names.names_filter(FOR_COMPUTATIONS)}."


def _are_whole(cache: AttentionCache, layer: int, rotated: TensorLike) -> bool:
    """Whether all dimensions of the queries are rotated; latent attention rotates only some and caches those apart."""
    queries = cache.tensor(layer, QUERIES)
    return queries is None or shape_of(queries, "cache")[-1] == shape_of(rotated, "cache")[-1]


def _fit(pattern: tuple[int, ...], q: tuple[int, ...], k: tuple[int, ...]) -> bool:
    """Whether q and k of these shapes give one score for each cell of a pattern of this shape."""
    *batch, head, dest, src = pattern
    if len(q) != len(k) or len(q) != len(batch) + 3 or 0 in k:
        return False
    return q[:-1] == (*batch, dest, head) and k[:-2] == (*batch, src) and head % k[-2] == 0 and q[-1] == k[-1]

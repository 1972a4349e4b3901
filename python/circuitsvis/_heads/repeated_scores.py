"""Scores of the heads of a model on random repeated tokens: induction, copies, previous token, prefix matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common import checks
from circuitsvis._common.arrays import FloatArray
from circuitsvis._heads import pattern_run, random_tokens
from circuitsvis._heads import repeated_definitions as d
from circuitsvis._heads.definitions import Definition
from circuitsvis._heads.fractions import Fraction, Fractions, Totals
from circuitsvis._heads.head_scores import HeadScores
from circuitsvis._heads.random_tokens import Bos, Ids, RepeatedTokens
from circuitsvis._input import selection, token_ids
from circuitsvis._input.selection import Layers

_LENGTH = 50
"""Random tokens where the user passes no length, as in the field's demos."""

_SHORTEST = 2
"""Random tokens that are needed: of one alone, the token before is the earlier copy."""

_COPIES_FOR_PREFIX_MATCHING = 4
"""As Crosbie and Shutova write them."""


def head_scores(
    model: Any, *, length: int | None, repeats: int, n_sequences: int, seed: int, bos: Bos, layers: Layers
) -> HeadScores:
    """The scores. Arguments and errors are those of `circuitsvis.heads.scores_on_repeated`."""
    cached = pattern_run.pattern_layers(model)
    repeats = _at_least("repeats", repeats, 2, "so that there is an earlier copy")
    n_sequences = _at_least("n_sequences", n_sequences, 1)
    seed = _at_least("seed", seed, 0)
    first = random_tokens.bos_id(model, bos)
    vocabulary = random_tokens.vocabulary(model, first)
    room = _room(model, first)
    length = _length(length, repeats, room, vocabulary)
    chosen = list(
        dict.fromkeys(layer for layer, _ in selection.heads(None, layers, cached, max(cached) + 1, lambda _: 1))
    )
    for layer in chosen:
        if layer not in cached:
            raise ValueError(
                f"layers: layer {layer} has no attention pattern; the model has those of layers {_listed(cached)}"
            )

    def run(definitions: Sequence[Definition], length: int, copies: int) -> HeadScores:
        tokens = random_tokens.make(vocabulary, first, length, copies, n_sequences, seed)
        population = _population(model, tokens, first)
        return _run(model, tokens, chosen, [replace(score, population=population) for score in definitions])

    scores = run(d.ON_REPEATED, length, repeats)
    fitting = int(min(room // _COPIES_FOR_PREFIX_MATCHING, length))
    if fitting >= _SHORTEST:
        return scores | run([d.PREFIX_MATCHING], fitting, _COPIES_FOR_PREFIX_MATCHING)
    reason = f"needs room for {_COPIES_FOR_PREFIX_MATCHING} copies, but the model has {int(room)} positions for them"
    return replace(scores, missing={d.PREFIX_MATCHING.name: reason})


def _run(model: Any, tokens: RepeatedTokens, layers: Sequence[int], definitions: Sequence[Definition]) -> HeadScores:
    parts: list[tuple[int, Fractions]] = []
    pattern_run.run(
        model, tokens.ids, layers, lambda place, patterns: parts.append((place, _fractions(patterns, tokens)))
    )
    n_heads = {place: len(next(iter(fractions.values())).numerator) for place, fractions in parts}
    if len(set(n_heads.values())) > 1:
        listed = ", ".join(f"layer {layers[place]}: {n}" for place, n in n_heads.items())
        raise ValueError(f"layers: must have the same number of heads, to be the rows of one table, got {listed}")
    totals = Totals(definitions, layers, n_heads[0])
    for place, fractions in parts:
        totals.add(place, {score.name: fractions[score.name] for score in definitions})
    return totals.result({})


def _fractions(patterns: FloatArray, tokens: RepeatedTokens) -> Fractions:
    """The scores of one layer, [sequence, head, dest, src], of these sequences."""
    queries = tokens.later
    every = np.arange(1, patterns.shape[2])
    copies = (queries - tokens.start) // tokens.length
    prefix = np.zeros(patterns.shape[1])
    n_queries = float(len(patterns) * len(queries))
    for back in range(1, tokens.repeats):
        having = queries[copies >= back]
        prefix += _sum(patterns, having, back * tokens.length - 1)
    if not np.isfinite(prefix).all():
        raise ValueError(
            "model: its attention patterns must be finite, got NaN or infinity; run it in float32 or bfloat16"
        )
    return {
        d.PREVIOUS_TOKEN.name: Fraction(_sum(patterns, every, 1), float(len(patterns) * len(every))),
        d.DUPLICATE_TOKEN.name: Fraction(_sum(patterns, queries, tokens.length), n_queries),
        d.INDUCTION.name: Fraction(_sum(patterns, queries, tokens.length - 1), n_queries),
        d.PREFIX_MATCHING.name: Fraction(prefix, n_queries),
    }


def _sum(patterns: FloatArray, queries: Ids, back: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """[head]: the attention of these queries to the position `back` before them, over all sequences."""
    values = patterns[:, :, queries, queries - back].astype(np.float64)
    return np.asarray(values.sum((0, 2)))


def _population(model: Any, tokens: RepeatedTokens, bos: int | None) -> str:
    begin = "without BOS" if bos is None else f"after {token_ids.text(bos, model)!r}"
    return f"random tokens: {tokens.length} different ones, written {tokens.repeats} times, {begin}"


def _room(model: Any, bos: int | None) -> float:
    """Positions of the model for the random tokens; infinite if its configuration does not limit them."""
    n_ctx = attribute(attribute(model, "cfg"), "n_ctx")
    return n_ctx - (bos is not None) if isinstance(n_ctx, int) and n_ctx > 0 else np.inf


def _length(length: int | None, repeats: int, room: float, vocabulary: Ids) -> int:
    """The length as passed, else 50 or as many as fit. Raises ValueError if it does not fit."""
    largest = int(min(room // repeats, len(vocabulary)))
    if largest < _SHORTEST:
        raise ValueError(
            f"model: too small for {repeats} copies of random tokens: it has {room} positions for them and "
            f"{len(vocabulary)} ordinary tokens"
        )
    if length is None:
        return min(_LENGTH, largest)
    number = _at_least("length", length, _SHORTEST, "because of one token alone the token before is the earlier copy")
    if number > largest:
        limit = (
            f"the vocabulary has {len(vocabulary)} ordinary tokens, and none is drawn twice"
            if number > len(vocabulary)
            else f"the model has {int(room)} positions for {repeats} copies"
        )
        raise ValueError(f"length: {number} is too long, because {limit}; use length={largest} or less")
    return number


def _at_least(name: str, value: object, low: int, why: str = "") -> int:
    number = checks.integer(name, value)
    if number < low:
        raise ValueError(f"{name}: must be {low} or more{', ' * bool(why)}{why}, got {number}")
    return number


def _listed(layers: Sequence[int]) -> str:
    return ", ".join(map(str, layers))

"""All scores of the heads of a cache: arguments checked, sequences read one by one, numerators and denominators added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.hook_cache import MissingActivationError
from circuitsvis._cache.hook_names import PATTERN, SCORES
from circuitsvis._common.arrays import ArrayLike, FloatArray
from circuitsvis._common.parallel import staged
from circuitsvis._heads import (
    definitions,
    logit_scores,
    pattern_scores,
    scored_sequences,
    token_scores,
    visible_sources,
)
from circuitsvis._heads.attribution_scores import AttributionScores
from circuitsvis._heads.definitions import Definition
from circuitsvis._heads.fractions import Fractions, Totals
from circuitsvis._heads.head_scores import HeadScores
from circuitsvis._heads.scored_sequences import ScoredSequence
from circuitsvis._heads.token_scores import EarlierCopies
from circuitsvis._input import selection
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Layers

_MIN_CELLS_FOR_THREADS = 1_000_000
"""Cells of all patterns from which threads are faster."""


class _Input(NamedTuple):
    """One layer of one sequence.

    Attributes:
        row: place of the layer among those that are scored.
        name: hook and sequence, for errors.
        patterns, scores: [head, dest, src], without padding; scores None if they are not cached.
        copies: pairs of equal tokens; None without tokens.
    """

    row: int
    name: str
    patterns: FloatArray
    scores: FloatArray | None
    copies: EarlierCopies | None


class _Output(NamedTuple):
    """What one layer of one sequence gives, and why some of it is missing."""

    row: int
    fractions: Fractions
    missing: dict[str, str]


def head_scores(
    cache: object,
    tokens: ArrayLike | None,
    model: object | None,
    *,
    layers: Layers,
    batch_idx: BatchIdx,
    module: str | None,
    src_tokens: ArrayLike | None,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
) -> HeadScores:
    """The scores. Arguments and errors are those of `circuitsvis.heads.scores`."""
    source = AttentionCache(cache, module, model)
    chosen, n_heads = _layers(source, layers)
    size, n_dest, n_src = source.shape(chosen)
    indices = selection.batch(batch_idx, size)
    self_attention = src_tokens is None and "cross" not in source.module
    if self_attention and n_dest != n_src:
        raise ValueError(
            f"cache: scores need the patterns of a whole forward pass, [position, position], got {n_dest} destination and {n_src} source "
            "positions; run without pos_slice and without a key-value cache, or pass src_tokens= if it is cross-attention"
        )
    sequences = scored_sequences.read(
        source, chosen, indices, tokens, src_tokens, attention_mask, padding_side, self_attention=self_attention
    )
    totals = Totals(definitions.OF_TEXT, chosen, n_heads)
    missing = _without_scores(source, chosen)

    def work(layer: _Input) -> _Output:
        return _scored(layer, self_attention=self_attention)

    threads = len(sequences) * len(chosen) * n_heads * n_dest * n_src > _MIN_CELLS_FOR_THREADS
    for output in staged(_inputs(source, chosen, sequences), work, threads=threads):
        totals.add(output.row, output.fractions)
        missing = output.missing | missing  # of several layers the first is named
    if not self_attention:
        reason = f"destinations and sources of {source.module} are different sequences"
        missing |= _reasons((*definitions.OF_POSITIONS, *definitions.OF_TOKENS, *definitions.OF_OUTPUTS), reason)
    elif tokens is None:
        missing |= _reasons((*definitions.OF_TOKENS, *definitions.OF_OUTPUTS), "needs the tokens; pass tokens=")
    else:
        missing |= _add_attribution(source, chosen, sequences, totals)
    return totals.result(missing)


def _layers(cache: AttentionCache, layers: Layers) -> tuple[list[int], int]:
    """The chosen layers, and how many heads each has. Raises ValueError if they have different numbers."""
    chosen = list(
        dict.fromkeys(layer for layer, _ in selection.heads(None, layers, cache.layers, cache.n_layers, cache.n_heads))
    )
    n_heads = {layer: cache.n_heads(layer) for layer in chosen}
    if len(set(n_heads.values())) > 1:
        same = [layer for layer in chosen if n_heads[layer] == n_heads[chosen[0]]]
        listed = ", ".join(f"layer {layer}: {n}" for layer, n in n_heads.items())
        raise ValueError(
            f"layers: must have the same number of heads, to be the rows of one table, got {listed}; compute them one by one, e.g. "
            f"layers={same}"
        )
    return chosen, n_heads[chosen[0]]


def _inputs(cache: AttentionCache, layers: Sequence[int], sequences: Sequence[ScoredSequence]) -> Iterator[_Input]:
    for sequence in sequences:
        reader = CachedSequence(cache, sequence.index)
        copies = None if sequence.tokens is None else token_scores.earlier_copies(sequence.tokens)
        for row, layer in enumerate(layers):
            name = f"{cache.name(layer, PATTERN)} of sequence {sequence.index}"
            scores = reader.all_scores(layer)
            yield _Input(
                row,
                name,
                sequence.crop(reader.patterns(layer)),
                None if scores is None else sequence.crop(scores),
                copies,
            )


def _scored(layer: _Input, *, self_attention: bool) -> _Output:
    """The scores of one layer of one sequence. Raises ValueError if its pattern is not finite."""
    visible = visible_sources.of_layer(layer.patterns, self_attention=self_attention)
    fractions = pattern_scores.of_layer(
        layer.patterns,
        visible,
        layer.copies if self_attention else None,
        self_attention=self_attention,
        name=layer.name,
    )
    missing: dict[str, str] = {}
    if layer.scores is not None:
        if logit_scores.are_of(layer.patterns, layer.scores):
            fractions |= logit_scores.of_layer(layer.scores, visible)
        else:
            reason = f"the cached scores are not what the softmax read: {layer.name} is not their softmax"
            missing = _reasons(definitions.OF_LOGITS, reason)
    return _Output(layer.row, fractions, missing)


def _without_scores(cache: AttentionCache, layers: Sequence[int]) -> dict[str, str]:
    """Why scores before the softmax are missing, by the name of a score."""
    for layer in layers:
        if not CachedSequence(cache, 0).has_scores(layer):
            error = cache.missing(cache.name(layer, SCORES), "it", (PATTERN, SCORES))
            return _reasons(definitions.OF_LOGITS, str(error))
    return {}


def _add_attribution(
    cache: AttentionCache, layers: Sequence[int], sequences: Sequence[ScoredSequence], totals: Totals
) -> dict[str, str]:
    """Adds what heads write to `totals`. Returns why that is missing, by the name of a score."""
    length = cache.shape(layers)[1]
    try:
        attribution = AttributionScores(cache, layers)
        for sequence in sequences:
            ids = sequence.token_ids(cache.model)
            for row, fractions in enumerate(attribution.of_sequence(sequence.index, ids, sequence.positions(length))):
                totals.add(row, fractions)
    except (MissingActivationError, ValueError) as error:
        return _reasons(definitions.OF_OUTPUTS, str(error))
    return {}


def _reasons(scores: Sequence[Definition], reason: str) -> dict[str, str]:
    return {score.name: reason for score in scores}

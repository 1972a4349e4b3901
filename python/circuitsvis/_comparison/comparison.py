"""Two caches head by head: the patterns of both, their difference, and how much each head changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from circuitsvis._attention.cache_contents import CacheContents
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources, without_values
from circuitsvis._comparison import matched_tokens, pattern_change
from circuitsvis._comparison.matched_tokens import Align, Matched
from circuitsvis._comparison.pattern_change import Change
from circuitsvis._input import selection
from circuitsvis._input.options import Options
from circuitsvis._input.selection import BatchIdx, Layers
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._wire import causality
from circuitsvis._wire.encode_sequence import AttentionContent

_LISTED = 6
"""Pairs of tokens that a note names."""


@dataclass(frozen=True)
class Side:
    """One of the two: a cache with the arguments that describe its sequences.

    Attributes:
        cache: the activations.
        sequences: tokens, mask and labels.
        tokens_name: name of the argument of the tokens, for error messages.
    """

    cache: AttentionCache
    sequences: SequenceInput
    tokens_name: str


@dataclass(frozen=True)
class Comparison:
    """What a comparison shows; lists have an entry per sequence.

    Attributes:
        heads: (layer, head) pairs.
        a, b: the patterns of both.
        difference: B - A where tokens are matched.
        changes: [sequence][head].
        matched: the positions of each sequence.
    """

    heads: Sequence[tuple[int, int]]
    a: list[AttentionContent]
    b: list[AttentionContent]
    difference: list[AttentionContent]
    changes: list[list[Change]]
    matched: list[Matched]

    def notes(self, names: tuple[str, str]) -> tuple[str, ...]:
        """What a reader must know about the tokens of both sides, which are called by these names."""
        first, second = names
        notes = []
        pairs = [each.tokens[place] for each in self.matched for place in each.differing]
        if pairs:
            different = list(dict.fromkeys(pairs))
            listed = ", ".join(f"“{pair.strip()}”" for pair in different[:_LISTED]) + (
                ", …" if different[_LISTED:] else ""
            )
            noun = "token differs and stands" if len(pairs) == 1 else "tokens differ and stand"
            notes.append(f"{len(pairs)} {noun} as “{first} / {second}” in the difference: {listed}.")
        left_out = [
            sum(len(content.dest_tokens) - len(each.a) for content, each in zip(contents, self.matched, strict=True))
            for contents in (self.a, self.b)
        ]
        if any(left_out):
            notes.append(
                f"Compared are the tokens that both texts have: {left_out[0]} of {first} and {left_out[1]} of {second} are left out of "
                "the difference. Attention to them counts as attention to one further source."
            )
        return tuple(notes)


def compare(a: Side, b: Side, options: Options, *, layers: Layers, batch_idx: BatchIdx, align: Align) -> Comparison:
    """The comparison of the chosen heads and sequences.

    Args:
        a, b: both sides.
        options: of the public function.
        layers, batch_idx: as in `attention.compare`; they must be in both.
        align: as in `matched_tokens.match`.

    Raises:
        TypeError, ValueError, KeyError: as `attention.from_cache`; models, batches or tokens that do not fit each other.
    """
    pairs = _heads_of_both(a, b, layers)
    readers = [CacheContents(side.cache, pairs, side.sequences, options) for side in (a, b)]
    sizes = [reader.batch_size for reader in readers]
    if sizes[0] != sizes[1]:
        raise ValueError(
            f"cache_b: sequence i of A is compared with sequence i of B, but A has {sizes[0]} sequences and B has {sizes[1]}; "
            "cache both batches with the same sequences"
        )
    chosen = selection.batch(batch_idx, sizes[0])
    contents_a, contents_b = (
        _contents(reader, chosen, f"{name} ({side.tokens_name})")
        for reader, name, side in zip(readers, ("cache_a", "cache_b"), (a, b), strict=True)
    )
    matched = [
        matched_tokens.match(first.dest_tokens, second.dest_tokens, align, f"{b.tokens_name}: sequence {index}")
        for index, first, second in zip(chosen, contents_a, contents_b, strict=True)
    ]
    rows = list(zip(contents_a, contents_b, matched, strict=True))
    return Comparison(
        pairs,
        contents_a,
        contents_b,
        [_difference(*row) for row in rows],
        [
            [pattern_change.change(p, q, each) for p, q in zip(first.attention, second.attention, strict=True)]
            for first, second, each in rows
        ],
        matched,
    )


def _heads_of_both(a: Side, b: Side, layers: Layers) -> list[tuple[int, int]]:
    """The chosen heads, which both models have."""
    chosen = [
        selection.heads(
            None, layers, cached=side.cache.layers, n_layers=side.cache.n_layers, n_heads=side.cache.n_heads
        )
        for side in (a, b)
    ]
    if chosen[0] == chosen[1]:
        return chosen[0]
    layer, head = min(set(chosen[0]) ^ set(chosen[1]))
    side, other = ("cache_a", "cache_b") if (layer, head) in chosen[0] else ("cache_b", "cache_a")
    heads_of = [{layer: [pair for pair in pairs if pair[0] == layer] for layer, _ in pairs} for pairs in chosen]
    both = [layer for layer, pairs in heads_of[0].items() if heads_of[1].get(layer) == pairs]
    fix = (
        f"pass layers={both}, which both have"
        if both
        else "no layer has the same heads in both, so they cannot be compared"
    )
    raise ValueError(
        f"cache_b: both caches must have the same heads, but head {layer}.{head} is in {side} and not in {other}; {fix}"
    )


def _contents(reader: CacheContents, chosen: Sequence[int], where: str) -> list[AttentionContent]:
    """The contents of all sequences; NaN in the masked cells of causal ones, so that differences of 0 are not taken for a mask.

    Raises:
        ValueError: tokens that do not fit the patterns. The text begins with `where`, because both sides have tokens.
    """
    try:
        return [_masked(content) for content in reader.of_sequences(chosen) if isinstance(content, AttentionContent)]
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error


def _masked(content: AttentionContent) -> AttentionContent:
    n_dest, n_src = content.attention[0].shape
    if content.src_tokens is not None or n_dest != n_src or n_dest < 2:
        return content
    later = later_sources(n_dest, n_src)
    if not causality.is_causal(content.attention, forward=any((head[later] > 0).any() for head in content.attention)):
        return content
    return replace(content, attention=[without_values(head, later) for head in content.attention], causal=True)


def _difference(a: AttentionContent, b: AttentionContent, matched: Matched) -> AttentionContent:
    at, bt = np.ix_(matched.a, matched.a), np.ix_(matched.b, matched.b)
    heads: list[FloatArray] = [q[bt] - p[at] for p, q in zip(a.attention, b.attention, strict=True)]
    return AttentionContent(
        label=b.label,
        dest_tokens=matched.tokens,
        src_tokens=None,
        attention=heads,
        self_attention=True,
        causal=True if a.causal and b.causal and len(matched.a) > 1 else None,
    )

"""Attributions of the selected sequences of a cache: arguments checked, then one `Attribution` per sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from circuitsvis._alignment.batch import Batch
from circuitsvis._attribution import direction_input
from circuitsvis._attribution.decomposition import Decomposer
from circuitsvis._attribution.directions import Destinations, Direction, GivenVectors, NextToken
from circuitsvis._attribution.result import Attribution
from circuitsvis._cache import model_attributes
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.finite_check import check_finite
from circuitsvis._cache.unembedding import Unembedding
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import selection, token_ids
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Heads, Layers, SeqPos
from circuitsvis._input.token_axes import Axes


def attributions(
    cache: object,
    model: object | None,
    tokens: ArrayLike,
    resid_directions: object = None,
    seq_pos: SeqPos = None,
    layers: Layers = None,
    heads: Heads = None,
    batch_idx: BatchIdx = None,
    *,
    include_b_U_attribution: bool = False,
    batch_labels: BatchLabels = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
) -> Iterator[Attribution]:
    """The attribution of each selected sequence. All arguments are checked at the call; the sequences are computed one by one.

    Args:
        cache, model, tokens, resid_directions, seq_pos, layers, heads, batch_idx, include_b_U_attribution, batch_labels,
            attention_mask, padding_side: as in `circuitsvis.attribution.from_cache`.

    Raises:
        MissingActivationError, TypeError, ValueError: wrong arguments; a cache that lacks a needed activation; a model whose logits
            are not a sum over what its components write.
    """
    checks.boolean("include_b_U_attribution", include_b_U_attribution)
    model = model if model is not None else getattr(cache, "model", None)
    model_attributes.check_decoder(model)
    source = AttentionCache(cache, model=model)
    pairs = selection.heads(heads, layers, source.layers, source.n_layers, source.n_heads)
    decomposer = Decomposer(source, pairs)
    unembedding = Unembedding(model, decomposer.d_model)
    over_vocabulary = not direction_input.are_residual(resid_directions, unembedding.d_model)
    if over_vocabulary:
        unembedding.check_vocabulary()
    batch_size, _, n_positions = decomposer.shape
    sequences = selection.batch(batch_idx, batch_size)
    batch = Batch(tokens, None, attention_mask, padding_side, decomposer.shape, source)
    axes = batch.axes(sequences)
    directions = (
        _next_tokens(batch, sequences, axes, model)
        if resid_directions is None
        else direction_input.read(resid_directions, unembedding, sequences, batch_size, model)
    )
    destinations = [
        _destinations(sequence, axis, seq_pos, n_positions, next_token=resid_directions is None)
        for sequence, axis in zip(sequences, axes, strict=True)
    ]
    for dest, direction in zip(destinations, directions, strict=True):
        check_finite(source, dest.sequence, dest.cache_positions)
        direction.check(dest, unembedding.d_vocab)
        if include_b_U_attribution:
            _check_b_u(direction, unembedding)
        decomposer.check_logit_path(dest.sequence, over_vocabulary=over_vocabulary)
    labels = [
        batch_label(batch_labels, number, sequence, axis.dest_tokens, len(sequences), batch_size)
        for number, (sequence, axis) in enumerate(zip(sequences, axes, strict=True))
    ]
    cap = model_attributes.soft_cap(model)

    def attribution(label: str, dest: Destinations, axis: Axes, direction: Direction) -> Attribution:
        resolved = direction.resolve(dest, unembedding, model)
        decomposition = decomposer.decompose(dest, resolved, separate_b_u=include_b_U_attribution)
        return Attribution(
            label=label,
            dest=dest.dest,
            dest_tokens=tuple(axis.dest_tokens[i] for i in dest.dest),
            src_tokens=axis.dest_tokens,
            targets=resolved.targets,
            heads=decomposition.heads,
            parts=decomposition.parts,
            total=decomposition.total,
            soft_cap=cap,
            notes=decomposition.notes,
        )

    return map(attribution, labels, destinations, axes, directions)


def _next_tokens(batch: Batch, sequences: Sequence[int], axes: Sequence[Axes], model: object) -> list[Direction]:
    """The tokens of each selected sequence as ids: as the user passed them, else from their text."""
    return [
        NextToken(
            token_ids.of_sequence(axis.dest_tokens, f"tokens: sequence {sequence}", model) if ids is None else ids
        )
        for sequence, ids, axis in zip(sequences, batch.ids(sequences, axes), axes, strict=True)
    ]


def _destinations(sequence: int, axis: Axes, seq_pos: SeqPos, n_positions: int, *, next_token: bool) -> Destinations:
    dest = selection.positions(seq_pos, len(axis.dest_tokens), sequence, next_token=next_token)
    return Destinations(sequence, dest, np.arange(n_positions)[axis.dest], n_positions)


def _check_b_u(direction: Direction, unembedding: Unembedding) -> None:
    """Raises ValueError for a direction that does not determine b_U."""
    if isinstance(direction, GivenVectors) and not direction.over_vocabulary:
        raise ValueError(
            "include_b_U_attribution: needs directions over the vocabulary (tokens, or vectors of length d_vocab = "
            f"{unembedding.d_vocab}); a direction of length d_model = {unembedding.d_model} does not determine b_U"
        )

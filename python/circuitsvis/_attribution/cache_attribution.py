"""From a cache, a model, a selection and directions to one `Attribution` per sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from circuitsvis._alignment.batch import Batch
from circuitsvis._attribution import direction_input
from circuitsvis._attribution.components import Components
from circuitsvis._attribution.decompose import Attribution
from circuitsvis._attribution.projection import Direction, NextToken, Place, Vectors
from circuitsvis._cache import model_weights
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.model_weights import Unembedding
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike, shape_of
from circuitsvis._input import selection, token_ids
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Heads, Layers, SeqPos
from circuitsvis._input.token_axes import Axes


def contents(
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
    """The attribution of each chosen sequence, computed one by one; all is checked before this returns.

    Args:
        cache: ActivationCache or dict of full hook names.
        model: the model; None where `cache.model` is it.
        tokens: of each sequence, as in `attention.from_cache`.
        resid_directions: what to attribute. None: the logit of the next token, at every position but the last. A token
            (text or id): its logit. A tuple (a, b): the logit of a minus that of b. A vector or matrix of length d_vocab:
            that combination of logits; of length d_model: that direction at the output of the final norm (where both are
            the same number, it is d_model). A matrix has a row for each destination shown, or for each position. A list
            has one of these for each sequence of the batch.
        seq_pos: destinations, as positions among the sequence's own tokens; negative ones count from its end. None: all.
        layers: the layers whose heads, MLP and attention bias are shown. None with heads=None: every layer in the cache.
        heads: the heads that are shown, with MLP and attention bias of their layers. Embedding and final biases are always
            shown; everything else is one part, "other".
        batch_idx, batch_labels, attention_mask, padding_side: as in `attention.from_cache`.
        include_b_U_attribution: shows b_U as a part of its own and not in one with the final norm's bias. It is in the total
            either way, as it is in the logit; only a direction of length d_model has none.

    Raises:
        MissingActivationError, TypeError, ValueError: wrong arguments; a cache without what is shown; a model whose logits
            are not a sum over what its components write.
    """
    checks.boolean("include_b_U_attribution", include_b_U_attribution)
    model = model if model is not None else getattr(cache, "model", None)
    model_weights.check_decoder(model)
    source = AttentionCache(cache, model=model)
    pairs = selection.heads(
        heads, layers, source.layers, source.n_layers, lambda layer: shape_of(source.pattern(layer), "cache")[-3]
    )
    components = Components(source, pairs)
    unembedding = Unembedding(model, components.width)
    over_vocabulary = not direction_input.are_residual(resid_directions, unembedding.d_model)
    if over_vocabulary:
        unembedding.check_vocabulary()
    size, _, length = components.shape
    chosen = selection.batch(batch_idx, size)
    batch = Batch(tokens, None, attention_mask, padding_side, components.shape, source)
    axes = batch.axes(chosen)
    directions = (
        _next_tokens(batch, chosen, axes, model)
        if resid_directions is None
        else direction_input.read(resid_directions, unembedding, chosen, size, model)
    )
    places = [
        _place(index, axis, seq_pos, length, next_token=resid_directions is None)
        for index, axis in zip(chosen, axes, strict=True)
    ]
    for place, direction in zip(places, directions, strict=True):
        direction.check(place, unembedding.d_vocab)
        if include_b_U_attribution:
            _check_b_u(direction, unembedding)
        components.check_logit_path(place.index, over_vocabulary=over_vocabulary)
    labels = [
        batch_label(batch_labels, number, index, axis.dest_tokens, len(chosen), size)
        for number, (index, axis) in enumerate(zip(chosen, axes, strict=True))
    ]
    cap = model_weights.soft_cap(model)

    def attribute(label: str, place: Place, axis: Axes, direction: Direction) -> Attribution:
        projection = direction.project(place, unembedding, model)
        split = components.split(place, projection, separate_b_u=include_b_U_attribution)
        return Attribution(
            label=label,
            dest=place.dest,
            dest_tokens=tuple(axis.dest_tokens[i] for i in place.dest),
            src_tokens=axis.dest_tokens,
            targets=projection.targets,
            heads=split.heads,
            parts=split.parts,
            total=split.total,
            soft_cap=cap,
            notes=split.notes,
        )

    return (attribute(*job) for job in zip(labels, places, axes, directions, strict=True))


def _next_tokens(batch: Batch, chosen: Sequence[int], axes: Sequence[Axes], model: object) -> list[Direction]:
    """The ids of each chosen sequence: as they were given, else those of the text."""
    return [
        NextToken(token_ids.of_sequence(axis.dest_tokens, f"tokens: sequence {index}", model) if ids is None else ids)
        for index, ids, axis in zip(chosen, batch.ids(chosen, axes), axes, strict=True)
    ]


def _place(index: int, axis: Axes, seq_pos: SeqPos, length: int, *, next_token: bool) -> Place:
    dest = selection.positions(seq_pos, len(axis.dest_tokens), index, next_token=next_token)
    return Place(index, dest, np.arange(length)[axis.dest], length)


def _check_b_u(direction: Direction, unembedding: Unembedding) -> None:
    if isinstance(direction, Vectors) and not direction.over_vocabulary:
        raise ValueError(
            "include_b_U_attribution: needs directions over the vocabulary (tokens, or vectors of length d_vocab = "
            f"{unembedding.d_vocab}); one of length d_model = {unembedding.d_model} does not tell b_U's share"
        )

"""The logit lens of the selected sequences of a cache: arguments checked, then the numbers of each sequence."""

from __future__ import annotations

import numpy as np

from circuitsvis._alignment import stream_batch
from circuitsvis._cache.hook_names import FINAL_NORM_NORMALIZED, FINAL_NORM_OUTPUT, UNEMBED_INPUT, UNEMBED_OUTPUT
from circuitsvis._cache.stream_cache import Stage, StreamCache
from circuitsvis._common.arrays import ArrayLike, shape_of
from circuitsvis._input import selection
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, SeqPos
from circuitsvis._lens import lens_function, output_head, stages, targets
from circuitsvis._lens.lens_function import LensFunction
from circuitsvis._lens.output_head import OutputHead
from circuitsvis._lens.readout import Readout
from circuitsvis._lens.result import Lens, Lenses
from circuitsvis._lens.stages import Stages
from circuitsvis._lens.targets import Targets

_READS_HEAD = (FINAL_NORM_OUTPUT, FINAL_NORM_NORMALIZED, UNEMBED_INPUT, UNEMBED_OUTPUT)
"""Activations that show whether the output head of the run is the model's."""

_LISTED = 6
"""Names that a note lists."""


def lenses(
    cache: object,
    model: object | None,
    tokens: ArrayLike,
    *,
    layers: Stages = None,
    include_mid: bool = False,
    seq_pos: SeqPos = None,
    top_k: int = 5,
    targets_given: Targets = None,
    lens: LensFunction | None = None,
    batch_idx: BatchIdx = None,
    batch_labels: BatchLabels = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
) -> Lenses:
    """The logit lens of each selected sequence. Everything is checked before the first block is computed.

    Arguments as in `circuitsvis.logits.logit_lens`.

    Raises:
        MissingActivationError, TypeError, ValueError: wrong arguments; a cache that lacks a needed activation; a model whose logits are not
            the unembedding of a norm of its last stream.
    """
    lens_function.check(lens)
    source = StreamCache(cache, model)
    output_head.check_kind(source.model)
    chosen = stages.choose(layers, source, include_mid=include_mid)
    if lens is not None:
        lens_function.check_stages(chosen.shown)
    last = source.before(source.n_layers)
    shape = _shape(source, (*chosen.shown, last))
    head = OutputHead(source, shape[2])
    sequences = selection.batch(batch_idx, shape[0])
    aligned = stream_batch.align(source, shape[:2], sequences, tokens, attention_mask, padding_side)
    ids = targets.read(targets_given, sequences, shape[0], aligned, head.d_vocab, source.model)
    places = [
        selection.positions(seq_pos, len(axis.dest_tokens), index, next_token=False)
        for index, axis in zip(sequences, aligned.axes, strict=True)
    ]
    labels = [
        batch_label(batch_labels, number, index, axis.dest_tokens, len(sequences), shape[0])
        for number, (index, axis) in enumerate(zip(sequences, aligned.axes, strict=True))
    ]
    notes = _notes(source, chosen.missing)
    for index in sequences:
        found = head.check(index, source.hook_of(last) or "")
        notes += [found] if found and found not in notes else []
    readout = Readout(source, head, chosen.shown, lens, top_k)
    results = []
    for index, axis, shown, own, label in zip(sequences, aligned.axes, places, ids, labels, strict=True):
        in_cache = np.arange(shape[1])[axis.dest][list(shown)]
        chosen_ids = own[list(shown)]
        results.append(
            Lens(
                label=label,
                tokens=tuple(axis.dest_tokens[i] for i in shown),
                positions=shown,
                targets=chosen_ids,
                summary=readout.sequence(index, in_cache, chosen_ids),
            )
        )
    return Lenses(tuple(stage.name for stage in chosen.shown), head.d_vocab, tuple(results), tuple(notes))


def _shape(cache: StreamCache, shown: tuple[Stage, ...]) -> tuple[int, int, int]:
    """(batch, position, d_model) of the streams, which must agree; batch is 1 without a batch axis."""
    shapes = {}
    for hook in dict.fromkeys(cache.hook_of(stage) for stage in shown):
        tensor = None if hook is None else cache.activation(hook)
        if hook is None or tensor is None:
            continue
        shape = shape_of(tensor, "cache")
        if len(shape) not in (2, 3) or 0 in shape:
            raise ValueError(f"cache: {hook} must have shape [(batch,) position, d_model], got {shape}")
        shapes[hook] = (1, *shape)[-3:]
    if len(set(shapes.values())) > 1:
        listed = ", ".join(f"{hook} {shape}" for hook, shape in list(shapes.items())[:_LISTED])
        raise ValueError(f"cache: the streams must agree in batch, positions and width, got {listed}")
    size, length, width = next(iter(shapes.values()))
    return size, length, width


def _notes(cache: StreamCache, missing: tuple[str, ...]) -> list[str]:
    notes = []
    if missing:
        listed = ", ".join(missing[:_LISTED]) + (", ..." if len(missing) > _LISTED else "")
        notes.append(f"Not in the cache, and so not shown: {listed}.")
    if not any(cache.activation(hook.name) is not None for hook in _READS_HEAD):
        notes.append(
            "The cache holds nothing after the last block, so the model's final norm and unembedding could not be compared with the run."
        )
    return notes

"""An attribution of each sequence to props: heads as signed patterns, everything else as totals, one set of parts for all."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Seq

import numpy as np

from circuitsvis._attribution.result import Attribution
from circuitsvis._common.causal_mask import sources_later_than, without_values
from circuitsvis._input import display_names, help_texts
from circuitsvis._input.options import Options
from circuitsvis._page.figure import Figure
from circuitsvis._wire import encode_sequence, fixed_point
from circuitsvis._wire.encode_sequence import Content
from circuitsvis._wire.props.attribution import AttributionPart, AttributionSequence, AttributionViewProps, PartKind
from circuitsvis._wire.props.tensor import Tensor

_LAST: tuple[PartKind, ...] = ("other", "unaccounted")


def figure(found: Iterable[Attribution], options: Options, *, labels: bool, split_signs: bool) -> Figure:
    """The figure of an attribution.

    Args:
        found: one per sequence, with the same heads.
        options: checked; mode is "small" or "large".
        labels: whether the batch labels are the user's (for the help text).
        split_signs: two pictures, one per sign.
    """
    attributions = list(found)
    parts = _all_parts(attributions)
    encoded = [_sequence(attribution, parts) for attribution in attributions]
    end = max(max(-low, high) for _, low, high in encoded) or 1.0
    first = attributions[0]
    heads = tuple(display_names.head(part.layer, part.head, options.head_notation) for part in first.heads)
    text = (
        help_texts.attribution(len(encoded), radioitems=options.radioitems, labels=labels, split_signs=split_signs)
        if options.help
        else ()
    )
    return Figure(
        AttributionViewProps(
            title=options.title,
            help=text,
            notes=tuple(dict.fromkeys(note for attribution in attributions for note in attribution.notes)),
            heads=heads,
            sequences=tuple(sequence for sequence, _, _ in encoded),
            selector="radio" if options.radioitems else "dropdown",
            attention_type="standard",
            value_range=(-end, end),
            parts=parts,
            mode="large" if options.mode == "large" else "small",
            split_signs=split_signs,
            soft_cap=first.soft_cap,
        )
    )


def _all_parts(attributions: Seq[Attribution]) -> tuple[AttributionPart, ...]:
    """The parts of any sequence, in the model's order; "other" and "unaccounted" last."""
    parts = {
        part.name: AttributionPart(part.kind, part.name, part.layer)
        for attribution in attributions
        for part in attribution.parts
    }.values()
    last = [part for kind in _LAST for part in parts if part.kind == kind]
    return (*(part for part in parts if part.kind not in _LAST), *last)


def _sequence(attribution: Attribution, parts: Seq[AttributionPart]) -> tuple[AttributionSequence, float, float]:
    """The props of one sequence, with the lowest and the highest value of its heads."""
    later = sources_later_than(attribution.dest, len(attribution.src_tokens))
    # not in every model: an encoder reads from later sources, and then they are shown
    causal = not any(np.nan_to_num(head.values[later]).any() for head in attribution.heads)
    n_src = max(attribution.dest) + 1 if causal else len(attribution.src_tokens)
    whole = attribution.dest == tuple(range(n_src))
    heads = [head.values[:, :n_src] for head in attribution.heads]
    if causal and not whole:  # the encoder recognises a causal mask only where all destinations are shown
        heads = [without_values(values, later[:, :n_src]) for values in heads]
    content = Content(
        label=attribution.label,
        dest_tokens=attribution.dest_tokens,
        src_tokens=None if whole else attribution.src_tokens[:n_src],
        dest_positions=None if whole else attribution.dest,
        attention=heads,
    )
    sequence, facts = encode_sequence.encode(
        content, [f"attribution: head {head.layer}.{head.head}" for head in attribution.heads]
    )
    written = {part.name: part.values for part in attribution.parts}
    absent = np.zeros(len(attribution.dest), np.float32)
    totals = [head.values.sum(-1, dtype=np.float64) for head in attribution.heads]
    totals += [written.get(part.name, absent).astype(np.float64) for part in parts]
    props = AttributionSequence(
        label=sequence.label,
        dest_tokens=sequence.dest_tokens,
        src_tokens=sequence.src_tokens,
        dest_positions=sequence.dest_positions,
        attention=sequence.attention,
        preview=sequence.preview,
        preview_block=sequence.preview_block,
        weights=sequence.weights,
        targets=attribution.targets,
        component_totals=_totals(np.stack(totals)),
        total=_totals(attribution.total.astype(np.float64)[None]),
    )
    return props, facts.low, facts.high


def _totals(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Tensor:
    return fixed_point.stack(values, [float(m) for m in np.abs(values).max(axis=-1)], "uint24", signed=True)

"""The figure of attributions: heads as signed patterns, every component's total per destination, one list of parts for all sequences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._attribution import help_texts
from circuitsvis._attribution.result import Attribution
from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import sources_later_than, without_values
from circuitsvis._input import display_names, focus
from circuitsvis._input.options import Options
from circuitsvis._page.figure import Figure
from circuitsvis._wire import encode_sequence, fixed_point
from circuitsvis._wire.encode_sequence import AttentionContent
from circuitsvis._wire.props.attribution import AttributionPart, AttributionSequence, AttributionViewProps, PartKind
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.focus import Focus
from circuitsvis._wire.props.tensor import Tensor
from circuitsvis._wire.value_summary import ValueSummary

_LAST_PARTS: tuple[PartKind, ...] = ("other", "unaccounted")


class _Encoded(NamedTuple):
    props: AttributionSequence
    summary: ValueSummary


def figure(
    attributions: Iterable[Attribution],
    options: Options,
    *,
    labels: bool,
    split_signs: bool,
    end: float | None = None,
    colors: CustomColors | None = None,
) -> Figure:
    """The figure of an attribution.

    Args:
        attributions: one per sequence, with the same heads.
        options: of the public function; mode is "small" or "large".
        labels: whether the user passed batch labels (for the help text).
        split_signs: two heatmaps, one per sign.
        end: the magnitude with the full color; None for the largest.
        colors: of the user's own, or None.
    """
    sequences = list(attributions)
    parts = _parts_of_all(sequences)
    heads = tuple(display_names.head(head.layer, head.head, options.head_notation) for head in sequences[0].heads)
    component = focus.head_of(options.focus, heads, [part.name for part in parts])
    encoded = [_encode(attribution, parts) for attribution in sequences]
    largest = end or max(summary.magnitude for _, summary in encoded) or 1.0
    first = sequences[0]
    text = help_texts.paragraphs(options, len(encoded), labels=labels, split_signs=split_signs)
    return Figure(
        AttributionViewProps(
            title=options.title,
            help=text,
            notes=tuple(dict.fromkeys(note for attribution in sequences for note in attribution.notes)),
            display_mode=options.display_mode or "auto",
            heads=heads,
            sequences=tuple(props for props, _ in encoded),
            selector="radio" if options.radioitems else "dropdown",
            attention_type="standard",
            value_range=(-largest, largest),
            parts=parts,
            mode="large" if options.mode == "large" else "small",
            split_signs=split_signs,
            soft_cap=first.soft_cap,
            fixed_range=end is not None,
            colors=colors,
            focus=_focus(options, component, [props for props, _ in encoded], len(heads)),
            switches=options.switches,
        ),
        live=options.live,
    )


def _focus(
    options: Options, component: int | None, sequences: Sequence[AttributionSequence], n_heads: int
) -> Focus | None:
    start = focus.resolve(options.focus, component, sequences)
    if start is not None and start.src is not None:
        if start.dest is None:
            raise ValueError('focus: "src" chooses a cell together with "dest": give both, or "dest" alone')
        if component is not None and component >= n_heads:
            raise ValueError('focus: only heads have sources: leave "src" out, or name a head')
    return start


def _parts_of_all(attributions: Sequence[Attribution]) -> tuple[AttributionPart, ...]:
    """The parts of any sequence, in the model's order; "other" and "unaccounted" last."""
    parts = {
        part.name: AttributionPart(part.kind, part.name, part.layer)
        for attribution in attributions
        for part in attribution.parts
    }.values()
    last = [part for kind in _LAST_PARTS for part in parts if part.kind == kind]
    return (*(part for part in parts if part.kind not in _LAST_PARTS), *last)


def _encode(attribution: Attribution, parts: Sequence[AttributionPart]) -> _Encoded:
    """The props of one sequence, whose totals follow `parts`; the lowest and the highest value of its heads."""
    head_names = [f"head {head.layer}.{head.head}" for head in attribution.heads]
    values_of_part = {part.name: part.values for part in attribution.parts}
    absent = np.zeros(len(attribution.dest), np.float32)
    totals = [head.values.sum(-1, dtype=np.float64) for head in attribution.heads]
    totals += [values_of_part.get(part.name, absent).astype(np.float64) for part in parts]
    _check_finite(attribution, totals, [*head_names, *(part.name for part in parts)])
    sequence, summary = encode_sequence.encode(_content(attribution), head_names)
    props = AttributionSequence(
        label=sequence.label,
        dest_tokens=sequence.dest_tokens,
        src_tokens=sequence.src_tokens,
        dest_positions=sequence.dest_positions,
        attention=sequence.attention,
        preview=sequence.preview,
        preview_block=sequence.preview_block,
        weights=sequence.weights,
        spans=sequence.spans,
        targets=attribution.targets,
        component_totals=_encode_totals(np.stack(totals)),
        total=_encode_totals(attribution.total.astype(np.float64)[None]),
    )
    return _Encoded(props, summary)


def _check_finite(attribution: Attribution, totals: Sequence[Float64], names: Sequence[str]) -> None:
    """Raises ValueError for the first component whose sum over its sources is not finite."""
    sums = np.stack([*totals, attribution.total.astype(np.float64)])
    for name, values in zip((*names, "the logit"), sums, strict=True):
        for dest in np.flatnonzero(~np.isfinite(values)):
            raise ValueError(
                f"cache: attribution needs finite activations, but the sum over {name} at destination {attribution.dest[dest]} is "
                f"{values[dest]}; run the model in float32 or bfloat16 if float16 overflowed"
            )


def _content(attribution: Attribution) -> AttentionContent:
    """The heads' values, without the sources that no destination can see if the model is causal (an encoder is not)."""
    later = sources_later_than(attribution.dest, len(attribution.src_tokens))
    causal = not any(np.nan_to_num(head.values[later]).any() for head in attribution.heads)
    n_src = max(attribution.dest) + 1 if causal else len(attribution.src_tokens)
    all_positions = attribution.dest == tuple(range(n_src))
    values = [head.values[:, :n_src] for head in attribution.heads]
    if causal and not all_positions:  # the encoder recognises a causal mask only where all destinations are shown
        values = [without_values(array, later[:, :n_src]) for array in values]
    return AttentionContent(
        label=attribution.label,
        dest_tokens=attribution.dest_tokens,
        src_tokens=None if all_positions else attribution.src_tokens[:n_src],
        dest_positions=None if all_positions else attribution.dest,
        attention=values,
    )


def _encode_totals(values: Float64) -> Tensor:
    magnitudes = [float(magnitude) for magnitude in np.abs(values).max(axis=-1)]
    return fixed_point.stack(values, magnitudes, "uint24", signed=True)

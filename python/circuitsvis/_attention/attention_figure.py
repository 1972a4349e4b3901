"""The figure of an attention view: contents encoded, color range chosen, props filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from circuitsvis._attention import help_texts
from circuitsvis._input import focus
from circuitsvis._input.options import Options
from circuitsvis._lines import encode_lines
from circuitsvis._lines.encode_lines import LinesContent
from circuitsvis._page.figure import Figure
from circuitsvis._wire import encode_sequence
from circuitsvis._wire.encode_sequence import AttentionContent
from circuitsvis._wire.props.attention import (
    AttentionHeadsProps,
    AttentionPatternsProps,
    AttentionSequence,
    Head,
    HeadSelector,
)
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.lines import LinesSequence, LinesViewProps
from circuitsvis._wire.value_summary import ValueSummary

_LARGEST_PROBABILITY = 1.02
"""Probabilities in half precision may exceed 1 by their rounding. The color scale still ends at 1."""


def figure(
    contents: Iterable[AttentionContent | LinesContent],
    heads: Sequence[Head],
    options: Options,
    *,
    value_names: Sequence[str],
    labels: bool,
    limits: tuple[float | None, float | None] = (None, None),
    head_selector: HeadSelector = "head",
    notes: Sequence[str] = (),
    colors: CustomColors | None = None,
    axis_labels: bool = True,
) -> Figure:
    """The figure of the chosen view.

    Args:
        contents: one per sequence; read one by one, so that they are not in memory together.
        heads: in the order of the arrays of each content.
        options: of the public function.
        value_names: what error messages call the values of each head.
        labels: whether the user passed batch labels (for the help text).
        limits: (low, high) of the color scale; None where the user did not set them.
        head_selector: for mode="lines".
        notes: sentences that the page shows above the view.
        colors: of the user's own, or None.
        axis_labels: for mode="large", whether tokens stand beside the heatmap.
    """
    head = focus.head_of(options.focus, heads)
    encoded = [_encode(content, value_names, options) for content in contents]
    text = help_texts.paragraphs(
        options, len(encoded), labels=labels, one_head=len(heads) == 1, spans=any(row.spans for row, _ in encoded)
    )
    sequences = tuple(sequence for sequence, _ in encoded)
    start = focus.resolve(options.focus, head, sequences)
    summaries = [summary for _, summary in encoded]
    distributions = all(summary.distributions for summary in summaries)
    if options.renormalize and not distributions:
        raise ValueError(
            f"renormalize: only for attention whose rows sum to 1, and not all rows of {value_names[0]} and the other heads do; leave "
            "it out, or pass the probabilities after the softmax"
        )
    value_range = _value_range(summaries, limits)
    selector: Literal["dropdown", "radio"] = "radio" if options.radioitems else "dropdown"
    if options.mode == "lines":
        return Figure(
            LinesViewProps(
                title=options.title,
                help=text,
                notes=tuple(notes),
                display_mode=options.display_mode or "dark",
                heads=tuple(heads),
                sequences=tuple(_with_computations(sequence) for sequence in sequences),
                selector=selector,
                attention_type=options.attention_type,
                value_range=value_range,
                head_selector=head_selector,
                colors=colors,
                focus=start,
                switches=options.switches,
                distributions=distributions,
            ),
            live=options.live,
        )
    shown = AttentionPatternsProps(
        title=options.title,
        help=text,
        notes=tuple(notes),
        display_mode=options.display_mode or "auto",
        heads=tuple(heads),
        sequences=sequences,
        selector=selector,
        attention_type=options.attention_type,
        value_range=value_range,
        colors=colors,
        focus=start,
        switches=options.switches,
        distributions=distributions,
    )
    if options.mode == "large":
        return Figure(AttentionHeadsProps(**vars(shown), axis_labels=axis_labels), live=options.live)
    return Figure(shown, live=options.live)


def _encode(
    content: AttentionContent | LinesContent, value_names: Sequence[str], options: Options
) -> tuple[AttentionSequence, ValueSummary]:
    if isinstance(content, LinesContent):
        return encode_lines.encode(content, value_names, precision=options.precision, read_later=options.live)
    return encode_sequence.encode(content, value_names, precision=options.precision, read_later=options.live)


def _with_computations(sequence: AttentionSequence) -> LinesSequence:
    if not isinstance(sequence, LinesSequence):
        raise TypeError("mode='lines' draws sequences with computations: contents must be LinesContent")
    return sequence


def _value_range(summaries: Sequence[ValueSummary], limits: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = min(summary.low for summary in summaries), max(summary.high for summary in summaries)
    if all(summary.distributions for summary in summaries) and high <= _LARGEST_PROBABILITY:
        high = 1.0
    low = limits[0] if limits[0] is not None else low
    high = limits[1] if limits[1] is not None else high
    return (low, high) if high > 0 else (low, -low or 1.0)

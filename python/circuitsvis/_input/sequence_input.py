"""The arguments that describe the sequences of a batch: tokens, masks, labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import token_spans
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.token_axes import Axes
from circuitsvis._input.token_spans import Spans
from circuitsvis._wire.props.spans import Span


@dataclass(frozen=True)
class SequenceInput:
    """Arguments of the public functions, unchecked.

    Attributes:
        tokens: list of strings, list of lists of strings, or token ids, of the destinations (and sources, if there are no others).
        src_tokens: the same for the sources, if they are not the destinations.
        attention_mask: [batch, position], 1 where a token is real.
        batch_labels: labels of the sequences in the batch selector.
        dest_tokens: tokens of the destinations in `from_values`, instead of `tokens` and together with `src_tokens`.
        segments: where the source tokens of each sequence split into named parts, for mode="lines".
        spans: named runs of the source tokens of each sequence, for the other modes.
    """

    tokens: ArrayLike | None
    src_tokens: ArrayLike | None = None
    attention_mask: ArrayLike | None = None
    batch_labels: BatchLabels = None
    dest_tokens: ArrayLike | None = None
    segments: Spans = None
    spans: Spans = None

    def check_mode(self, mode: str) -> None:
        """Raises ValueError if there are segments or spans in a mode that does not show them."""
        if self.segments is not None and mode != "lines":
            raise ValueError(
                f'segments: only mode="lines" filters by them, got mode={mode!r}; leave segments out, or pass spans='
            )
        if self.spans is not None and mode == "lines":
            raise ValueError('spans: mode="lines" has no rows to collapse; leave spans out, or pass segments=')

    def segments_of(
        self, axes: Sequence[Axes], indices: Sequence[int] | None = None, batch_size: int | None = None
    ) -> list[tuple[Span, ...]]:
        """The segments of each sequence, of its source tokens without padding. Arguments and errors as `token_spans.of_sequences`."""
        return token_spans.of_sequences("segments", self.segments, _lengths(axes), indices, batch_size)

    def spans_of(
        self, axes: Sequence[Axes], indices: Sequence[int] | None = None, batch_size: int | None = None
    ) -> list[tuple[Span, ...]]:
        """The spans of each sequence, as `segments_of`. They are dicts: positions alone would leave them without names."""
        if isinstance(self.spans, (list, tuple)) and not self.spans:
            raise ValueError(
                "spans: needs at least one dict from names to (start, end), got an empty list; give None for none"
            )
        forms = self.spans if isinstance(self.spans, (list, tuple)) else [self.spans]
        if wrong := [form for form in forms if form is not None and not isinstance(form, Mapping)]:
            raise TypeError(
                f"spans: must be a dict from names to (start, end), or a list of such dicts, got {type(wrong[0]).__name__} {wrong[0]!r}"
            )
        return token_spans.of_sequences("spans", self.spans, _lengths(axes), indices, batch_size)


def _lengths(axes: Sequence[Axes]) -> list[int]:
    """Source tokens of each sequence."""
    return [len(axis.dest_tokens if axis.src_tokens is None else axis.src_tokens) for axis in axes]

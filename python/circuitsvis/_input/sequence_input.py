"""The arguments that describe the sequences of a batch: tokens, masks, labels."""

from __future__ import annotations

from collections.abc import Sequence
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
    """

    tokens: ArrayLike | None
    src_tokens: ArrayLike | None = None
    attention_mask: ArrayLike | None = None
    batch_labels: BatchLabels = None
    dest_tokens: ArrayLike | None = None
    segments: Spans = None

    def check_mode(self, mode: str) -> None:
        """Raises ValueError if there are segments in a mode that does not show them."""
        if self.segments is not None and mode != "lines":
            raise ValueError(f'segments: only mode="lines" filters by them, got mode={mode!r}; leave segments out')

    def segments_of(
        self, axes: Sequence[Axes], indices: Sequence[int] | None = None, batch_size: int | None = None
    ) -> list[tuple[Span, ...]]:
        """The segments of each sequence, of its source tokens without padding. Arguments and errors as `token_spans.of_sequences`."""
        lengths = [len(axis.dest_tokens if axis.src_tokens is None else axis.src_tokens) for axis in axes]
        return token_spans.of_sequences("segments", self.segments, lengths, indices, batch_size)

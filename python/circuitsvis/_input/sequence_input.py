"""The arguments that describe the sequences of a batch: tokens, masks, labels."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.display_names import BatchLabels


@dataclass(frozen=True)
class SequenceInput:
    """Arguments of the public functions, unchecked.

    Attributes:
        tokens: list of strings, list of lists of strings, or token ids, of the destinations (and sources, if there are no others).
        src_tokens: the same for the sources, if they are not the destinations.
        attention_mask: [batch, position], 1 where a token is real.
        batch_labels: labels of the sequences in the batch selector.
        dest_tokens: tokens of the destinations in `from_values`, instead of `tokens` and together with `src_tokens`.
    """

    tokens: ArrayLike | None
    src_tokens: ArrayLike | None = None
    attention_mask: ArrayLike | None = None
    batch_labels: BatchLabels = None
    dest_tokens: ArrayLike | None = None

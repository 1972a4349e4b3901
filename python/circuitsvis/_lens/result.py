"""The result of a logit lens: one sequence's tokens, targets and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._lens.summary import Int64, Summary


@dataclass(frozen=True)
class Lens:
    """One sequence.

    Attributes:
        label: what the batch selector shows.
        tokens: text of the token at each position shown.
        positions: number of each in the sequence, without padding.
        targets: [position] ids, negative where there is none.
        summary: the numbers, [stage, position].
    """

    label: str
    tokens: tuple[str, ...]
    positions: tuple[int, ...]
    targets: Int64
    summary: Summary


@dataclass(frozen=True)
class Lenses:
    """All sequences of a figure.

    Attributes:
        stages: names of the stages, from the embedding on.
        d_vocab: number of tokens of the unembedding.
        sequences: at least one.
        notes: sentences on the data that a reader must know.
    """

    stages: tuple[str, ...]
    d_vocab: int
    sequences: tuple[Lens, ...]
    notes: tuple[str, ...]

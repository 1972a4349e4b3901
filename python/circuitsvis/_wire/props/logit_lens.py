"""The logit lens: the next-token distribution that each stage of the residual stream gives, by position."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor

LensValue = Literal["top", "target", "rank", "entropy", "divergence"]
"""What cells are colored by: the probability of the likeliest token or of the target, the target's rank, the entropy, or D_KL."""


@dataclass(frozen=True)
class LensFocus:
    """What is pinned at first.

    Attributes:
        sequence: index of the sequence.
        stage: index among the stages.
        position: index among the positions shown.
    """

    sequence: int
    stage: int
    position: int


@dataclass(frozen=True)
class LensSequence:
    """One sequence of the batch, without its padding. Tensors are cut into blocks of consecutive positions, one chunk each.

    Entries of the last block behind the last position have no meaning.

    Attributes:
        label: what the batch selector shows, as HTML (the front end sanitises it).
        tokens: text of the token at each position shown.
        positions: number of each in the sequence.
        targets: index into the figure's `vocabulary` of the target of each, -1 where there is none.
        top: (block, stage, position * k) indices into `vocabulary` of the k likeliest tokens of each position, likeliest first.
        top_log_probs: (block, stage, position * k) uint24, natural logarithms.
        target_log_probs: (block, stage, position) uint24, `missing` without a target.
        target_ranks: (block, stage, position) integers: 1 plus the number of strictly likelier tokens, 0 without a target.
        entropies: (block, stage, position) uint24, in nats.
        divergences: (block, stage, position) uint24: D_KL(last stage || stage) in nats.
    """

    label: str
    tokens: tuple[str, ...]
    positions: tuple[int, ...]
    targets: tuple[int, ...]
    top: Tensor = field(metadata=SEPARATE_CHUNKS)
    top_log_probs: Tensor = field(metadata=SEPARATE_CHUNKS)
    target_log_probs: Tensor = field(metadata=SEPARATE_CHUNKS)
    target_ranks: Tensor = field(metadata=SEPARATE_CHUNKS)
    entropies: Tensor = field(metadata=SEPARATE_CHUNKS)
    divergences: Tensor = field(metadata=SEPARATE_CHUNKS)


@dataclass(frozen=True)
class LogitLensProps(FigureProps):
    """A grid of stages by positions; each cell is a distribution over the vocabulary.

    Attributes:
        vocabulary: the text of each token that occurs among the likeliest or the targets.
        ids: their ids.
        stages: names of the stages, from the embedding on: "0_pre", "1_pre", ..., "final_post".
        k: number of likeliest tokens of each cell.
        d_vocab: number of tokens of the whole vocabulary.
        largest_divergence: of the figure, the end of its color scale.
        value: what cells are colored by at first.
        sequences: at least one.
        selector: the batch selector's form.
        focus: None for nothing.
    """

    vocabulary: tuple[str, ...]
    ids: tuple[int, ...]
    stages: tuple[str, ...]
    k: int
    d_vocab: int
    largest_divergence: float
    value: LensValue
    sequences: tuple[LensSequence, ...]
    selector: Literal["dropdown", "radio"]
    focus: LensFocus | None

    def lighter(self) -> tuple[str, ...]:
        return ("fewer layers, with layers=, fewer positions, with seq_pos=, or fewer likeliest tokens, with top_k=",)

    def summary(self) -> str:
        positions = " + ".join(str(len(sequence.tokens)) for sequence in self.sequences)
        return f"{len(self.stages)} stages of the residual stream, {positions} positions"

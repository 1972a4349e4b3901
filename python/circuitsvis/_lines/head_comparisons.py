"""One head of a layer, compared with each form that its scores may have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._lines.cells import CellGroups, NoGroups
from circuitsvis._lines.comparison import Comparison, ScoreFunction
from circuitsvis._lines.layer_activations import HeadVectors, LayerActivations
from circuitsvis._lines.pattern_evidence import PatternEvidence

AddedTerm = Literal["nothing", "row constant", "bias by distance", "bias by source"]
"""What a model adds to the (capped) product. A row constant is unknown, but does not change a softmax."""


@dataclass(frozen=True)
class ScoreForm:
    """How the scores of a layer are computed.

    Attributes:
        stage: index into `LayerActivations.stages`.
        added_term: what is added to the product.
        function: divisor and soft cap.
    """

    stage: int
    added_term: AddedTerm
    function: ScoreFunction


class HeadComparisons:
    """The pattern of one head, and the comparisons of its scores with q·k.

    Attributes:
        index: index of the head in the layer.
        vectors: q and k by stage.
        evidence: what the pattern and the cached scores show.
    """

    def __init__(self, layer: LayerActivations, index: int, pattern: FloatArray) -> None:
        self.index = index
        self.vectors: dict[int, HeadVectors] = {vectors.stage: vectors for vectors in layer.of_head(index)}
        arrays = [array for vectors in self.vectors.values() for array in (vectors.queries, vectors.keys)]
        self.evidence = PatternEvidence(pattern, layer.scores.get(index), *arrays)
        self._has_probabilities = bool(self.evidence.visible.any()) and not bool(np.any(pattern < 0.0))
        self._comparisons: dict[tuple[int, AddedTerm], Comparison | None] = {}

    def comparison(self, stage: int, added_term: AddedTerm) -> Comparison | None:
        """The cells that test a form; None if no cell can."""
        if (stage, added_term) not in self._comparisons:
            self._comparisons[stage, added_term] = self._comparison(stage, added_term)
        return self._comparisons[stage, added_term]

    def has_divisor_of_its_own(self, stage: int) -> bool:
        """Whether a form with a divisor for this head alone explains it."""
        comparisons = (self.comparison(stage, added_term) for added_term in get_args(AddedTerm))
        return any(
            comparison is not None
            and comparison.head_divisor is not None
            and comparison.agreement(ScoreFunction(comparison.head_divisor)).fits
            for comparison in comparisons
        )

    def _comparison(self, stage: int, added_term: AddedTerm) -> Comparison | None:
        vectors, scores, cells = self.vectors.get(stage), self.evidence.scores, self.evidence.cells
        if vectors is None or not self._has_probabilities:
            return None
        dot = cells.values_of(vectors.dot)
        rounding = self.evidence.rounding.with_cancellation(vectors.cancellation)
        if added_term == ("nothing" if scores is None else "row constant"):
            return Comparison(cells.log, dot, self.evidence.rows, rounding)
        if scores is None:
            return None
        groups, n_untested = self._groups(added_term)
        n_tests = groups.freedom - n_untested
        return Comparison(cells.values_of(scores), dot, groups, rounding, n_tests, are_scores=True)

    def _groups(self, added_term: AddedTerm) -> tuple[CellGroups, int]:
        """The cells that share an unknown constant, and how many degrees of freedom a rotary embedding does not change.

        It does not change the product of a position with itself, so these cells do not show whether q and k are those after
        the embedding. With a single token there are no other cells, and rotation does not matter.
        """
        cells, (dest, src) = self.evidence.cells, self.evidence.pattern.shape
        if added_term == "bias by source":
            return CellGroups(cells.cols), 0
        distance = cells.rows + (src - dest) - cells.cols
        n_same_position = int(np.count_nonzero(distance == 0)) if dest > 1 else 0
        if added_term == "bias by distance":
            return CellGroups(distance), max(n_same_position - 1, 0)
        return NoGroups(distance.size), n_same_position

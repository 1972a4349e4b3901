"""Which tensors lead to a head's pattern: decided by the numbers, never by what a configuration says the model is.

Tried in this order, and kept only if its softmax is the pattern:
    q·k / divisor                             for each pair of vectors, e.g. after and before the rotary embedding
    q·k / divisor + position bias             where the scores are cached: ALiBi, relative positions
    q·k / divisor under a soft cap            of a known cap, or where the scores are cached
    q·k / divisor + a small rest              where the scores are cached
    the scores                                no product is shown
    nothing                                   the pattern alone is shown
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from circuitsvis import _fit, _soft_cap
from circuitsvis._arrays import FloatArray
from circuitsvis._evidence import Evidence
from circuitsvis._fit import Array, Groups, Precision
from circuitsvis._soft_cap import Cap
from circuitsvis._vectors import Layer, Pair

_SILENT_ERROR = 1e-5
"""Words say how far a product's softmax is from the pattern where it is farther than this."""

_SMALL = 0.02
"""A rest of unknown form is shown as such up to this part of the scores' spread; a larger one says the product is wrong."""


@dataclass(frozen=True)
class Explanation:
    """As `_props.Computation`, before encoding: dot and rest are [dest, src] with NaN where there is no score.

    `key_head` tells the keys of different heads apart: equal where they are the same array. `cap`: for a soft cap.
    """

    kind: Literal["product", "scores", "pattern"]
    words: str
    divisor: float | None = None
    queries: FloatArray | None = None
    keys: FloatArray | None = None
    key_head: tuple[int, int, int] | None = None
    dot: Array | None = None
    rest: Array | None = None
    rest_name: str | None = None
    cap: float | None = None


def explain(layer: Layer, heads: Sequence[int], patterns: Sequence[FloatArray]) -> list[Explanation]:
    """One explanation per head.

    Args:
        layer: what there is.
        heads: indices in the layer.
        patterns: [dest, src] of each, cropped; only read.
    """
    found: list[Explanation] = []
    for head, pattern in zip(heads, patterns, strict=True):
        found.append(_Head(layer, head, pattern).explanation())
        layer = _informed(layer, found[-1])
    # A head of small scores fits a plain product as well, within the tolerance: it is told by what the others have.
    doubtful = [place for place, one in enumerate(found) if one.kind == "product" and one.rest is None]
    if layer.biased or layer.cap is not None:
        for place in doubtful:
            found[place] = _Head(layer, heads[place], patterns[place]).explanation()
    return found


def _informed(layer: Layer, found: Explanation) -> Layer:
    """What one head tells about the others of its layer."""
    divisors = list(layer.divisors)
    if found.divisor is not None and found.divisor not in divisors:
        divisors.append(found.divisor)
    biased = layer.biased or found.rest_name == "position bias"
    return replace(layer, divisors=divisors, cap=found.cap or layer.cap, biased=biased)


class _Head:
    """The search for one head."""

    def __init__(self, layer: Layer, head: int, pattern: FloatArray) -> None:
        self._layer = layer
        self._pairs = list(layer.pairs(head))
        vectors = [array for pair in self._pairs for array in (pair.queries, pair.keys)]
        self._evidence = Evidence(pattern, layer.scores.get(head), *vectors)
        self._cells, self._rows = self._evidence.cells, self._evidence.rows
        self._scores = self._evidence.scores

    def explanation(self) -> Explanation:
        if np.any(self._evidence.pattern < 0.0):
            return Explanation("pattern", "Values below zero are no probabilities, so there are no scores to show.")
        if not self._evidence.visible.any():
            return Explanation("pattern", "No query here attends to anything.")
        for pair in self._pairs:
            if found := self._as_others(pair) or self._plain(pair):
                return found
        if self._scores is None:
            return Explanation("pattern", self._why_pattern())
        for search in (self._biased, self._capped, self._nearly):
            for pair in self._pairs:
                if found := search(pair, self._scores):
                    return found
        return self._scores_only(self._scores)

    def _as_others(self, pair: Pair) -> Explanation | None:
        """The product with what the configuration or other heads of the layer say that the model adds."""
        if self._layer.biased and self._scores is not None:
            return self._biased(pair, self._scores)
        if self._layer.cap is None:
            return None
        dot, cap = self._cells.of(pair.dot), self._layer.cap
        found = _soft_cap.divisor_under_cap(
            self._cells.log, dot, self._rows, pair.candidates, cap, self._precision(pair)
        )
        return self._under_cap(pair, Cap(found, cap)) if found is not None else None

    def _plain(self, pair: Pair) -> Explanation | None:
        """The product alone."""
        target, groups = self._cells.log, self._rows
        if self._rows.free < _fit.ENOUGH and self._scores is not None:
            # few queries weigh several sources, so the pattern says little; the scores say more
            target, groups = self._cells.of(self._scores), _fit.NoGroups(self._cells.rows.size)
        if groups.free == 0:
            words = "No query here weighs two sources, so nothing in the pattern tests this divisor."
            return self._product(pair, pair.candidates[0], words=words)
        found = _fit.divisor(target, self._cells.of(pair.dot), groups, pair.candidates, self._precision(pair))
        return self._product(pair, found) if found is not None else None

    def _biased(self, pair: Pair, scores: Array) -> Explanation | None:
        """Score - product is a function of the distance, or (the same to a softmax, where it is linear) of the source."""
        score, dot = self._cells.of(scores), self._cells.of(pair.dot)
        for labels in (self._cells.cols - self._cells.rows, self._cells.cols):
            groups = Groups(labels)
            if groups.free < _fit.ENOUGH:  # so few cells that a bias per distance explains them all
                continue
            found = _fit.divisor(score, dot, groups, pair.candidates, self._precision(pair))
            if found is not None:
                return self._product(pair, found, scores, "position bias")
        return None

    def _capped(self, pair: Pair, scores: Array) -> Explanation | None:
        """The product under a soft cap that no configuration tells. Only where the score rises with the product."""
        score, dot = self._cells.of(scores), self._cells.of(pair.dot)
        top = float(np.abs(score).max())
        falls = np.diff(score[np.argsort(dot)]).min(initial=0.0)
        if top == 0.0 or falls < -self._precision(pair).tolerance(top, top):
            return None
        cap = _soft_cap.soft_cap(score, dot, pair.candidates, self._precision(pair))
        return self._under_cap(pair, cap) if cap is not None else None

    def _under_cap(self, pair: Pair, cap: Cap) -> Explanation | None:
        total = cap.scores(pair.dot) if self._scores is None else self._scores
        words = f"The model caps what q·k / divisor gives: x becomes {cap.cap:g} · tanh(x / {cap.cap:g})."
        found = self._product(pair, cap.divisor, total, "soft cap", words)
        return replace(found, cap=cap.cap) if found is not None else None

    def _nearly(self, pair: Pair, scores: Array) -> Explanation | None:
        """Score - product is small, for example the rounding of a coarser arithmetic than the cache's."""
        if self._rows.free < _fit.ENOUGH:
            return None
        y = self._rows.centred(self._cells.of(scores))
        x = self._rows.centred(self._cells.of(pair.dot))
        slope = float(y @ x) / float(x @ x) if np.any(x) else 0.0
        size = float(np.abs(y - slope * x).max())
        if slope <= 0.0 or size > _SMALL * float(np.abs(y).max()):
            return None
        divisor = _fit.simplest(1.0 / slope, lambda s: float(np.abs(y - x / s).max()) <= 1.2 * size)
        words = "The model's scores differ a little from the product: its own arithmetic rounds, or adds a small term."
        return self._product(pair, divisor, scores, "rest", words)

    def _precision(self, pair: Pair) -> Precision:
        return self._evidence.precision.of_product(pair.cancellation)

    def _product(
        self, pair: Pair, divisor: float, total: Array | None = None, rest_name: str | None = None, words: str = ""
    ) -> Explanation | None:
        """The explanation, if its softmax really is the pattern. `total`: the scores where they are not the product."""
        product = pair.dot / divisor
        match = self._evidence.match(product if total is None else total, self._precision(pair))
        if match is None:
            return None
        if match.error > _SILENT_ERROR:
            words += f" The cached numbers are rounded: this softmax is within {_upwards(match.error)} of the pattern."
        return Explanation(
            kind="product",
            words=f"{pair.words} {words.strip()}".strip(),
            divisor=divisor,
            queries=pair.queries,
            keys=pair.keys,
            key_head=pair.key_head,
            dot=np.where(match.blank, np.nan, product),
            rest=np.where(match.blank, np.nan, total - product) if total is not None else None,
            rest_name=rest_name,
        )

    def _scores_only(self, scores: Array) -> Explanation:
        match = self._evidence.match(scores)
        blank = match.blank if match is not None else np.isnan(scores)
        words = "The cached scores lead to the pattern, but "
        if self._pairs:
            words += (
                "q·k in the cache does not lead to them: the model changes q, k or the scores in between, as a rotary "
                "embedding does."
            )
        else:
            words += "there are no q and k of these positions."
        rest = np.where(blank, np.nan, scores)
        return Explanation("scores", f"{words} {self._layer.advice}".strip(), rest=rest, rest_name="score")

    def _why_pattern(self) -> str:
        if not self._pairs:
            words = "There are no q and k of these positions, so only the pattern is shown."
        elif not self._evidence.row_sums_are_one():
            words = (
                "Rows do not all sum to 1 (attention may go to padding or a sink, which are not shown), so no scores of "
                "these positions lead to the pattern."
            )
        elif self._evidence.sharp:
            words = (
                "Almost every query attends to one source alone. Many vectors would lead to that, so it does not show "
                "that q and k do, and only the pattern is shown."
            )
        else:
            words = "q·k does not lead to this pattern, so only the pattern is shown: the model changes q, k or the scores in between."
        if self._evidence.scores_are_pattern:
            words += " What the cache holds as scores is the pattern itself."
        return f"{words} {self._layer.advice}".strip()


def _upwards(error: float) -> str:
    """`error` > 0 as one digit, rounded up."""
    unit = 10.0 ** math.floor(math.log10(error))
    return f"{math.ceil(error / unit) * unit:.0g}"

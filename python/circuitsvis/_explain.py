"""Which tensors lead to a head's pattern: decided by the numbers, never by what a configuration says the model is.

Tried in this order, and kept only if its softmax is the pattern:
    q·k / divisor                             for each pair of vectors, e.g. after and before the rotary embedding
    q·k / divisor, capped                     where a cap is known or the scores are cached
    q·k / divisor + position bias             where the scores are cached: ALiBi, relative positions
    q·k / divisor + a small rest              where the scores are cached
    the scores                                no product is shown
    nothing                                   the pattern alone is shown
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from circuitsvis import _fit
from circuitsvis._arrays import FloatArray
from circuitsvis._fit import Array, Bools, Cells, Groups, Precision

_MASKED_SCORE = -1e4
"""Below this a score of a cell without attention is a mask: -inf, or the lowest number of the float type."""

_SILENT_ERROR = 1e-5
"""Words say how far a product's softmax is from the pattern where it is farther than this."""

_ROUGHEST = 0.02
"""A product whose softmax is farther than this from the pattern is not shown, in any precision."""

_SMALL = 0.02
"""A rest of unknown form is shown as such up to this part of the scores' spread; a larger one says the product is wrong."""


@dataclass(frozen=True)
class Vectors:
    """q and k of a layer, cropped: queries [dest, head, d_head], keys [src, key head, d_head]; `words` about them."""

    queries: FloatArray
    keys: FloatArray
    words: str = ""


@dataclass(frozen=True)
class Layer:
    """What may explain the heads of one layer of one sequence.

    Attributes:
        name: tells keys of layers apart.
        n_heads: all heads of the layer; head h reads key head h // (n_heads / key heads).
        vectors: pairs to try, the most processed first.
        scores: [dest, src] by head, before the softmax, masked or not; empty where there are none.
        divisors: exact values to try first.
        cap: soft cap of the scores if the model has one.
        advice: what the user can do where something is missing; a sentence or empty.
    """

    name: int
    n_heads: int
    vectors: Sequence[Vectors]
    scores: Mapping[int, FloatArray] = field(default_factory=dict)
    divisors: Sequence[float] = ()
    cap: float | None = None
    advice: str = ""


@dataclass(frozen=True)
class Explanation:
    """As `_props.Computation`, before encoding: dot and rest are [dest, src] with NaN where there is no score.

    `key_head` tells the keys of different heads apart: equal where they are the same array.
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


def explain(layer: Layer, heads: Sequence[int], patterns: Sequence[FloatArray]) -> list[Explanation]:
    """One explanation per head.

    Args:
        layer: what there is.
        heads: indices in the layer.
        patterns: [dest, src] of each, cropped; only read.
    """
    found: list[Explanation] = []
    divisors = list(layer.divisors)
    for head, pattern in zip(heads, patterns, strict=True):
        explanation = _Head(replace(layer, divisors=divisors), head, pattern).explanation()
        if explanation.divisor is not None and explanation.divisor not in divisors:
            divisors.append(explanation.divisor)  # heads of a layer share it: the next one need not find it again
        found.append(explanation)
    return found


@dataclass(frozen=True)
class _Pair:
    """q and k of one head, and their product over all cells."""

    queries: FloatArray
    keys: FloatArray
    key_head: tuple[int, int, int]
    words: str
    dot: Array = field(repr=False)

    @property
    def candidates(self) -> tuple[float, ...]:
        return math.sqrt(self.queries.shape[-1]), 1.0


class _Head:
    """The search for one head."""

    def __init__(self, layer: Layer, head: int, pattern: FloatArray) -> None:
        self._layer = layer
        self._pattern = pattern
        self._visible: Bools = pattern > 0.0  # a masked cell holds 0 or NaN
        self._pairs = list(_pairs(layer, head))
        scores = layer.scores[head].astype(np.float64) if head in layer.scores else None
        self._precision = Precision(pattern, *(array for pair in self._pairs for array in (pair.queries, pair.keys)))
        self._cells = Cells(pattern, self._precision.lowest)
        self._rows = Groups(self._cells.rows)
        self._scores = scores if scores is not None and self._leads_to_pattern(scores) else None
        self._scores_are_pattern = scores is not None and _equal(scores, pattern)

    def explanation(self) -> Explanation:
        if np.any(self._pattern < 0.0):
            return Explanation("pattern", "Values below zero are no probabilities, so there are no scores to show.")
        if not self._visible.any():
            return Explanation("pattern", "No query here attends to anything.")
        known = [self._layer.cap] if self._layer.cap is not None else []
        for pair in self._pairs:
            if found := self._plain(pair) or self._capped(pair, known):
                return found
        if self._scores is None:
            return Explanation("pattern", self._why_pattern())
        for pair in self._pairs:
            if found := self._biased(pair, self._scores) or self._capped(pair, self._likely_caps(pair, self._scores)):
                return found
        for pair in self._pairs:
            if found := self._nearly(pair, self._scores):
                return found
        return self._scores_only(self._scores)

    def _plain(self, pair: _Pair) -> Explanation | None:
        """The product alone."""
        dot, candidates = self._cells.of(pair.dot), self._candidates(pair)
        if self._rows.free > 0:
            divisor = _fit.divisor(self._cells.log, dot, self._rows, candidates, self._precision)
            return self._product(pair, divisor, None, None, "") if divisor is not None else None
        # No query here has two sources to weigh, so the pattern says nothing; the scores may.
        words = "No query here weighs two sources, so nothing in the pattern tests this divisor."
        if self._scores is None:
            return self._product(pair, candidates[0], None, None, words)
        errors = {s: float(np.abs(self._cells.of(self._scores - pair.dot / s)).max(initial=0.0)) for s in candidates}
        best = min(errors, key=lambda s: errors[s])
        largest = float(np.abs(dot).max(initial=0.0)) / best
        return self._product(pair, best, None, None, "") if errors[best] <= self._precision.tolerance(largest) else None

    def _capped(self, pair: _Pair, caps: Sequence[float]) -> Explanation | None:
        """The product under a soft cap, searched from those given."""
        dot, candidates = self._cells.of(pair.dot), self._candidates(pair)
        found = _fit.soft_cap(self._cells.log, dot, self._rows, candidates, caps, self._precision)
        if found is None:
            return None
        total = found.scores(pair.dot) if self._scores is None else self._scores
        words = f"The model caps what q·k / divisor gives: x becomes {found.cap:g} · tanh(x / {found.cap:g})."
        return self._product(pair, found.divisor, total, "soft cap", words)

    def _likely_caps(self, pair: _Pair, scores: Array) -> Sequence[float]:
        """Where to search for a cap that no configuration tells: nowhere unless the score rises with the product."""
        score, dot = self._cells.of(scores), self._cells.of(pair.dot)
        top = float(np.abs(score).max(initial=0.0))
        falls = np.diff(score[np.argsort(dot)]).min(initial=0.0)
        rises = top > 0.0 and falls >= -self._precision.tolerance(top)
        return [top * factor for factor in (1.05, 2.0, 8.0)] if rises else []

    def _biased(self, pair: _Pair, scores: Array) -> Explanation | None:
        """Score - product is a function of the distance, or (the same to a softmax, where it is linear) of the source."""
        score, dot = self._cells.of(scores), self._cells.of(pair.dot)
        for labels in (self._cells.cols - self._cells.rows, self._cells.cols):
            found = _fit.divisor(score, dot, Groups(labels), self._candidates(pair), self._precision)
            if found is not None:
                return self._product(pair, found, scores, "position bias", "")
        return None

    def _nearly(self, pair: _Pair, scores: Array) -> Explanation | None:
        """Score - product is small, for example the rounding of a coarser arithmetic than the cache's."""
        if self._rows.free < _fit.ENOUGH:
            return None
        y = self._rows.centred(self._cells.of(scores))
        x = self._rows.centred(self._cells.of(pair.dot))
        slope = float(y @ x) / float(x @ x) if np.any(x) else 0.0
        allowed = _SMALL * float(np.abs(y).max())
        if slope <= 0.0 or np.abs(y - slope * x).max() > allowed:
            return None
        size = float(np.abs(y - slope * x).max())
        divisor = _fit.shortest(1.0 / slope, lambda s: float(np.abs(y - x / s).max()) <= 1.2 * size)
        words = "The model's scores differ a little from the product: its own arithmetic rounds, or adds a small term."
        return self._product(pair, divisor, scores, "rest", words)

    def _product(
        self, pair: _Pair, divisor: float, total: Array | None, rest_name: str | None, words: str
    ) -> Explanation | None:
        """The explanation, if its softmax really is the pattern. `total`: the scores where they are not the product."""
        product = pair.dot / divisor
        scores = product if total is None else total
        predicted = _fit.softmax(scores, self._visible)
        error = float(np.abs(predicted.probabilities - np.nan_to_num(self._pattern)).max())
        largest = float(np.abs(scores[self._visible]).max(initial=0.0))
        blank = self._blank(scores, predicted.log_sums)
        if error > min(self._precision.tolerance(largest), _ROUGHEST) or self._unexplained_zeros(blank):
            return None
        if error > _SILENT_ERROR:
            words = f"{words} The model computed in rounded numbers: the softmax is within {error:.1g} of the pattern."
        return Explanation(
            kind="product",
            words=" ".join([pair.words, words]).strip(),
            divisor=divisor,
            queries=pair.queries,
            keys=pair.keys,
            key_head=pair.key_head,
            dot=np.where(blank, np.nan, product),
            rest=np.where(blank, np.nan, total - product) if total is not None else None,
            rest_name=rest_name,
        )

    def _scores_only(self, scores: Array) -> Explanation:
        words = "The cached scores lead to the pattern, but "
        if self._pairs:
            words += "q·k in the cache does not lead to them: the model changes q and k in between, as a rotary embedding does."
        else:
            words += "there are no q and k of these positions."
        blank = self._blank(scores, _fit.softmax(scores, self._visible).log_sums)
        rest = np.where(blank, np.nan, scores)
        return Explanation("scores", f"{words} {self._layer.advice}".strip(), rest=rest, rest_name="score")

    def _why_pattern(self) -> str:
        sums = self._pattern.sum(axis=-1, where=self._visible)
        if not self._pairs:
            words = "There are no q and k of these positions, so only the pattern is shown."
        elif np.any((np.abs(sums - 1.0) > 0.02) & (sums > 0.0)):
            words = (
                "Rows do not all sum to 1 (attention may go to padding or a sink, which are not shown), so no scores of "
                "these positions lead to the pattern."
            )
        else:
            words = "q·k does not lead to this pattern, so only the pattern is shown: the model changes q, k or the scores in between."
        if self._scores_are_pattern:
            words += " What the cache holds as scores is the pattern itself."
        return f"{words} {self._layer.advice}".strip()

    def _candidates(self, pair: _Pair) -> tuple[float, ...]:
        return *self._layer.divisors, *pair.candidates

    def _leads_to_pattern(self, scores: Array) -> bool:
        """Whether the softmax of the scores is the pattern, and they are not the pattern themselves."""
        seen = scores[self._visible]
        if not np.isfinite(seen).all() or _equal(scores, self._pattern):
            return False
        error = np.abs(_fit.softmax(scores, self._visible).probabilities - np.nan_to_num(self._pattern)).max()
        return bool(error <= min(self._precision.tolerance(float(np.abs(seen).max(initial=0.0))), _ROUGHEST))

    def _blank(self, scores: Array, log_sums: Array) -> Bools:
        """Masked cells: no attention though these scores would give some, or a score that is a mask itself.

        Where the softmax would be too small for the pattern's number format, 0 attention is not a mask.
        """
        expected = scores - log_sums > self._precision.vanishes
        masked = ~self._visible & (expected | ~np.isfinite(scores))
        if self._scores is not None:
            masked |= ~self._visible & (self._scores < _MASKED_SCORE)
        blank: Bools = masked | np.isnan(self._pattern)
        return blank

    def _unexplained_zeros(self, blank: Bools) -> bool:
        """Whether calling zeros masked may only hide that the product is wrong: where little else tests it.

        A head that attends to one source per row alone fits any product if all other sources are called masked.
        """
        if self._rows.free >= _fit.ENOUGH:
            return False
        dest, src = blank.shape
        past = np.tri(dest, src, src - dest, dtype=bool)
        causal = dest <= src and not self._visible[~past].any()
        return bool(np.any(blank & past) if causal else np.any(blank))


def _pairs(layer: Layer, head: int) -> Iterator[_Pair]:
    for number, vectors in enumerate(layer.vectors):
        key_head = head // (layer.n_heads // vectors.keys.shape[1])
        queries, keys = vectors.queries[:, head], vectors.keys[:, key_head]
        if np.isfinite(queries).all() and np.isfinite(keys).all():
            dot = queries.astype(np.float64) @ keys.astype(np.float64).T
            yield _Pair(queries, keys, (layer.name, number, key_head), vectors.words, dot)


def _equal(scores: Array, pattern: FloatArray) -> bool:
    """Whether the scores are the pattern itself, as some bridges cache them."""
    return bool(np.nan_to_num(np.abs(scores - pattern), nan=np.inf).max() <= 1e-6)

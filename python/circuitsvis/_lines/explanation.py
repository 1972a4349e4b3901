"""Which tensors lead to a head's pattern: decided by the numbers, never by what a configuration says the model is.

A product is shown where q·k / divisor (under a soft cap, or with a position bias, where the model has one) gives the pattern
by its softmax, and enough numbers of the layer show that this is no chance (`_lines/forms.py`). Else, in this order:
    the product and a small difference        where the scores are cached and the product nearly gives them
    the scores                                where they are cached
    the pattern alone
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.rounding import FLOAT32
from circuitsvis._lines import fit
from circuitsvis._lines.candidates import Layer
from circuitsvis._lines.evidence import Match
from circuitsvis._lines.fit import Array
from circuitsvis._lines.forms import ENOUGH_BITS, Form, Head, Trial, best_trial
from circuitsvis._lines.samples import Curve, Sample

_SILENT_ERROR = 1e-5
"""The text of a computation names how far its softmax is from the pattern where it is farther than this."""

_SMALL = 0.02
"""A difference of unknown form is shown as such up to this part of the scores' spread; with a larger one the product is wrong."""


@dataclass(frozen=True)
class Explanation:
    """As `props.Computation`, before encoding: dot and added_term are [dest, src] with NaN where there is no score.

    `key_head` tells the keys of different heads apart: equal where they are the same array.
    """

    kind: Literal["product", "scores", "pattern"]
    description: str
    divisor: float | None = None
    queries: FloatArray | None = None
    keys: FloatArray | None = None
    key_head: tuple[int, int, int] | None = None
    dot: Array | None = None
    added_term: Array | None = None
    added_term_name: str | None = None


def explain(
    layer: Layer,
    heads: Sequence[int],
    patterns: Sequence[FloatArray],
    others: Mapping[int, FloatArray] | None = None,
) -> list[Explanation]:
    """One explanation per head.

    Args:
        layer: what there is.
        heads: indices in the layer; one may come twice.
        patterns: [dest, src] of each, cropped; only read.
        others: the patterns of other heads of the layer: not explained, but evidence of how the layer works.
    """
    given = {**(others or {}), **dict(zip(heads, patterns, strict=True))}
    return _Search(layer, {index: Head(layer, index, pattern) for index, pattern in given.items()}).explanations(heads)


class _Search:
    """The search for the heads of one layer."""

    def __init__(self, layer: Layer, heads: Mapping[int, Head]) -> None:
        self._layer = layer
        self._heads = heads
        self._trials: list[Trial] = []
        for stage in range(len(layer.vectors)):
            trial = best_trial(stage, layer, heads)
            if trial is not None:
                self._trials.append(trial)
                if trial.is_the_layers:
                    break

    def explanations(self, heads: Sequence[int]) -> list[Explanation]:
        """One per head."""
        known = {index: self._explanation(self._heads[index]) for index in dict.fromkeys(heads)}
        return [known[index] for index in heads]

    def _explanation(self, head: Head) -> Explanation:
        if np.any(head.evidence.pattern < 0.0):
            return Explanation("pattern", "Values below zero are no probabilities, so there are no scores to show.")
        if not head.evidence.visible.any():
            return Explanation("pattern", "No query here attends to anything.")
        for trial in self._trials:
            if trial.shows(head.index) and (found := self._of_form(head, trial.form)) is not None:
                return found
        scores = head.evidence.scores
        if head.evidence.precision.roundoff <= FLOAT32:  # rounded numbers of one head would agree with too many forms
            for stage in filter(head.has_own_divisor, head.pairs):
                alone = best_trial(stage, self._layer, {head.index: head})
                if alone is not None and alone.shows(head.index) and (found := self._of_form(head, alone.form)):
                    return found
        if scores is None:
            return Explanation("pattern", self._why_pattern(head))
        explained = any(head.index in trial.fitting for trial in self._trials)  # by rounding, though by too few numbers
        return (None if explained else self._nearly(head, scores)) or self._scores_only(head, scores)

    def _of_form(self, head: Head, form: Form) -> Explanation | None:
        scores, cap = head.evidence.scores, form.curve.cap
        if cap is not None:
            words = f"The model caps what q·k / divisor gives: x becomes {cap:g} · tanh(x / {cap:g})."
            total = form.curve.scores(head.pairs[form.stage].dot) if scores is None else scores
            return self._product(head, form, total, "soft cap", words)
        if form.added in ("nothing", "row constant"):
            return self._product(head, form)
        return self._product(head, form, scores, "position bias")

    def _nearly(self, head: Head, scores: Array) -> Explanation | None:
        """Score - product is small, for example the rounding of a coarser arithmetic than the cache's."""
        for stage, pair in head.pairs.items():
            sample = head.sample(stage, "row constant")
            if sample is None or sample.own is None:
                continue
            size = float(np.abs(sample.left(Curve(sample.own))).max())

            def as_small(value: float, sample: Sample = sample, size: float = size) -> bool:
                return float(np.abs(sample.left(Curve(value))).max()) <= 1.2 * size

            largest = float(np.abs(sample.y).max())
            if size > _SMALL * largest or sample.bits(_SMALL * largest) < ENOUGH_BITS:
                continue
            divisor = next((value for value in pair.candidates if as_small(value)), None)
            curve = Curve(divisor if divisor is not None else fit.simplest(sample.own, as_small))
            words = (
                "The model's scores differ a little from the product: its own arithmetic rounds, or adds a small term."
            )
            return self._product(head, Form(stage, "nothing", curve), scores, "difference", words)
        return None

    def _product(
        self, head: Head, form: Form, total: Array | None = None, added_term_name: str | None = None, words: str = ""
    ) -> Explanation | None:
        """The explanation, if its softmax really is the pattern. `total`: the scores where they are not the product."""
        pair, divisor = head.pairs[form.stage], form.curve.divisor
        product = pair.dot / divisor
        precision = head.evidence.precision.of_product(pair.cancellation)
        match = head.evidence.match(product if total is None else total, precision)
        if match is None:
            return None
        if divisor not in pair.candidates and (precision.roundoff > FLOAT32 or added_term_name == "difference"):
            words += " The divisor is fitted, so that its last digits are not sure."
        words = f"{pair.words} {words.strip()}".strip()
        return Explanation(
            kind="product",
            description=f"{words} {_rounding(match, 'this softmax')}".strip(),
            divisor=divisor,
            queries=pair.queries,
            keys=pair.keys,
            key_head=pair.key_head,
            dot=np.where(match.blank, np.nan, product),
            added_term=np.where(match.blank, np.nan, total - product) if total is not None else None,
            added_term_name=added_term_name,
        )

    def _scores_only(self, head: Head, scores: Array) -> Explanation:
        match = head.evidence.match(scores)
        blank = match.blank if match is not None else np.isnan(scores)
        doubt = self._doubt(head, "them")
        if not head.pairs:
            words = "The cached scores lead to the pattern, but there are no q and k of these positions."
        elif doubt:
            words = f"The cached scores lead to the pattern. {doubt}"
        else:
            words = (
                "The cached scores lead to the pattern, but q·k in the cache does not lead to them: the model changes q, k or "
                "the scores in between, as a rotary embedding does."
            )
        if head.evidence.scores_roundoff > FLOAT32:
            words += f" Each score is rounded by up to {_upwards(100.0 * head.evidence.scores_roundoff)} %."
        if match is not None:
            words = f"{words} {_rounding(match, 'the softmax of these scores')}".strip()
        added_term = np.where(blank, np.nan, scores)
        return Explanation(
            "scores", f"{words} {self._layer.advice}".strip(), added_term=added_term, added_term_name="score"
        )

    def _doubt(self, head: Head, what: str) -> str:
        """A sentence on why q·k is not shown though this head does not contradict it; empty where it does. `what`: it leads to."""
        trial = next((trial for trial in self._trials if trial.leaves_open(head.index)), None)
        if trial is None:
            return ""
        if head.index not in trial.fitting:
            why = "the difference is little more than rounding explains"
        elif trial.is_enough:
            why = "in other heads of this layer it does not, so that the agreement of this one may be chance"
        else:
            rounded = " for their rounding" if trial.is_rounded else ""
            why = f"only {trial.cells} numbers of this layer test it, too few{rounded}"
        biased = " with a position bias" if trial.form.added.startswith("bias") else ""
        return f"Whether q·k{biased} leads to {what} is not sure: {why}."

    def _why_pattern(self, head: Head) -> str:
        evidence, doubt = head.evidence, self._doubt(head, "it")
        if not head.pairs:
            words = "There are no q and k of these positions, so only the pattern is shown."
        elif not evidence.row_sums_are_one():
            words = (
                "Rows do not all sum to 1 (attention may go to padding or a sink, which are not shown), so no scores of "
                "these positions lead to the pattern."
            )
        elif evidence.rows.free == 0:
            words = (
                "No query here weighs two sources, so nothing in the pattern tests whether q·k leads to it, and only the "
                "pattern is shown."
            )
        elif evidence.sharp:
            words = (
                "Almost every query attends to one source alone. Many vectors would lead to that, so it does not show "
                "that q and k do, and only the pattern is shown."
            )
        elif doubt:
            words = f"Only the pattern is shown. {doubt}"
        else:
            words = "q·k does not lead to this pattern, so only the pattern is shown: the model changes q, k or the scores in between."
        if evidence.scores_are_pattern:
            words += " What the cache holds as scores is the pattern itself."
        return f"{words} {self._layer.advice}".strip()


def _rounding(match: Match, what: str) -> str:
    """A sentence on how far the softmax is from the pattern; empty where that cannot be seen."""
    if match.error <= _SILENT_ERROR:
        return ""
    return f"The cached numbers are rounded: {what} is within {_upwards(match.error)} of the pattern."


def _upwards(error: float) -> str:
    """`error` > 0 as one digit, rounded up."""
    unit = 10.0 ** math.floor(math.log10(error))
    return f"{math.ceil(error / unit) * unit:.0g}"

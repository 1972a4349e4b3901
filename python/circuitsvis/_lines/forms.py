"""How the heads of one layer come to their scores: one form is sought for all of them, since a model treats them alike.

A form names the vectors (their stage), the divisor, the soft cap and whether a position bias is added. A head that has few
cells, or whose numbers are rounded, agrees with wrong forms by chance; all heads of a layer together do not. So a form counts
where the heads that agree are enough evidence together and hardly any head contradicts it, or where one head alone is enough.
Evidence is in bits: log2 of the odds against agreeing so well by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.rounding import FLOAT32
from circuitsvis._lines import soft_cap
from circuitsvis._lines.candidates import Layer, Pair
from circuitsvis._lines.evidence import Evidence
from circuitsvis._lines.fit import Groups, NoGroups
from circuitsvis._lines.samples import Agreement, Curve, Sample, divisor

ENOUGH_BITS = 16.0
"""Evidence from which on a form is taken for the model's own. Some tens of forms are tried per layer, on many layers."""

_ENOUGH_ALONE_BITS, _ENOUGH_ALONE_ROUNDED_BITS = 32.0, 64.0
"""The same for one head that other heads of its layer do not support, of float32 and of half precision. A model has thousands of
heads, and in the rounding of half precision a small position bias may hide."""

_FITTED_BITS, _FITTED_TO_ROUNDED_BITS = 12.0, 64.0
"""What a number that was fitted, not known beforehand, takes off the evidence, at least: a fit makes one of the compared
numbers right. Fitted to rounded numbers, a slightly wrong divisor may hide that something small is added to the product."""

_FEW = 3
"""Heads that differ are few where so many times as many do not."""

Added = Literal["nothing", "row constant", "bias by distance", "bias by source"]
"""What the scores have beside the (capped) product. A row constant is unknown, but does not change a softmax."""


@dataclass(frozen=True)
class Form:
    """How scores follow from the vectors of one stage. `stage`: index into `Layer.vectors`."""

    stage: int
    added: Added
    curve: Curve


class Head:
    """The pattern of one head, and what may lead to it.

    Attributes:
        index: of the head in the layer.
        pairs: what the head may multiply, by stage.
        evidence: the pattern and what is cached as scores.
        usable: whether the pattern holds probabilities.
    """

    def __init__(self, layer: Layer, index: int, pattern: FloatArray) -> None:
        self.index = index
        self.pairs: dict[int, Pair] = {pair.key_head[1]: pair for pair in layer.pairs(index)}
        vectors = [array for pair in self.pairs.values() for array in (pair.queries, pair.keys)]
        self.evidence = Evidence(pattern, layer.scores.get(index), *vectors)
        self.usable = bool(self.evidence.visible.any()) and not bool(np.any(pattern < 0.0))
        self._samples: dict[tuple[int, Added], Sample | None] = {}

    def sample(self, stage: int, added: Added) -> Sample | None:
        """The cells that test a form; None where nothing does."""
        if (stage, added) not in self._samples:
            self._samples[stage, added] = self._sample(stage, added)
        return self._samples[stage, added]

    def has_own_divisor(self, stage: int) -> bool:
        """Whether some form with a divisor of this head alone explains it."""
        samples = (self.sample(stage, added) for added in get_args(Added))
        return any(one is not None and one.own is not None and one.agreement(Curve(one.own)).fits for one in samples)

    def _sample(self, stage: int, added: Added) -> Sample | None:
        pair, scores, cells = self.pairs.get(stage), self.evidence.scores, self.evidence.cells
        if pair is None or not self.usable:
            return None
        dot, precision = cells.of(pair.dot), self.evidence.precision.of_product(pair.cancellation)
        if added == ("nothing" if scores is None else "row constant"):
            return Sample(cells.log, dot, self.evidence.rows, precision)
        if scores is None:
            return None
        groups, unaffected = self._groups(added)
        n_tests = groups.free - unaffected
        return Sample(cells.of(scores), dot, groups, precision, n_tests, are_scores=True)

    def _groups(self, added: Added) -> tuple[Groups, int]:
        """The unknown constants of a form of the scores, and how many of the free numbers a rotary embedding does not change.

        It leaves the product of a position with itself as it is, so that such cells do not show whether q and k are those after
        it. Where there are no others, as of a single token, it does not matter.
        """
        cells, (dest, src) = self.evidence.cells, self.evidence.pattern.shape
        if added == "bias by source":
            return Groups(cells.cols), 0
        distance = cells.rows + (src - dest) - cells.cols
        same = int(np.count_nonzero(distance == 0)) if dest > 1 else 0
        return (Groups(distance), max(same - 1, 0)) if added == "bias by distance" else (NoGroups(distance.size), same)


class Trial:
    """One form, tried on all heads that can test it.

    Args:
        form: what is tried.
        heads: by index.
        fitted: how many of the form's numbers were fitted.

    Attributes:
        agreements: by head, of those that can test the form.
        cells: how many independent numbers test it.
        fitting, contradicting: heads that follow it, and that certainly do not.
    """

    def __init__(self, form: Form, heads: Mapping[int, Head], *, fitted: int) -> None:
        self.form = form
        self._heads = heads
        made = {index: head.sample(form.stage, form.added) for index, head in heads.items()}
        samples = {index: sample for index, sample in made.items() if sample is not None}
        self.agreements: dict[int, Agreement] = {
            index: sample.agreement(form.curve) for index, sample in samples.items()
        }
        self.cells = sum(sample.n_tests for sample in samples.values())
        self.fitting = {index for index, one in self.agreements.items() if one.fits}
        self.contradicting = {index for index, one in self.agreements.items() if one.contradicts}
        # Each head may be right within the error of the worst one by chance: errors of their own would add up to some evidence
        # where all of them are chance.
        worst = max((self.agreements[index].error for index in self.fitting), default=0.0)
        allowed = {index: samples[index].allowed(form.curve) for index in self.fitting}
        self._bits = sum(samples[index].bits(worst * allowed[index]) for index in self.fitting)
        self._own_bits = {
            index: samples[index].bits(self.agreements[index].error * allowed[index]) for index in self.fitting
        }
        least = _FITTED_TO_ROUNDED_BITS if self.is_rounded else _FITTED_BITS
        per_number = [bits / max(samples[index].n_tests, 1) for index, bits in self._own_bits.items()]
        self._price = fitted * max(least, *per_number, 0.0)

    @cached_property
    def is_rounded(self) -> bool:
        """Whether the numbers are of half precision."""
        return any(self._heads[index].evidence.precision.roundoff > FLOAT32 for index in self.agreements)

    @cached_property
    def is_the_layers(self) -> bool:
        """Whether the heads together show that this is how the layer works.

        Heads of changed patterns (ablated, patched) may differ, but they are few and their scores do not lead to them. In half
        precision a head that certainly differs may also be the one whose position bias is too large for its rounding to hide.
        """
        if len(self.agreements) == 1 or (self.is_rounded and self.contradicting):
            return False
        differing = set(self.agreements) - self.fitting
        unchanged = any(self._heads[index].evidence.scores is not None for index in differing)
        return self.is_enough and _FEW * len(differing) <= len(self.fitting) and not unchanged

    @cached_property
    def is_enough(self) -> bool:
        """Whether the heads that follow the form are too many, and too near to it, for chance."""
        return self._bits - self._price >= ENOUGH_BITS

    def shows(self, index: int) -> bool:
        """Whether a head can be said to follow the form."""
        if index not in self.fitting:
            return False
        if self.is_the_layers:
            return True
        bits = self._own_bits[index] - self._price
        if self._heads[index].evidence.precision.roundoff <= FLOAT32:
            return bits >= _ENOUGH_ALONE_BITS
        return bits >= _ENOUGH_ALONE_ROUNDED_BITS and _FEW * len(self.contradicting) <= len(self.fitting)

    def leaves_open(self, index: int) -> bool:
        """Whether a head does not contradict the form, but too little shows that it follows it."""
        one = self.agreements.get(index)
        return one is not None and not one.contradicts and not self.shows(index)


def best_trial(stage: int, layer: Layer, heads: Mapping[int, Head]) -> Trial | None:
    """The form of this stage that most heads agree with; of several, the simplest. None where no head can test any."""
    best: Trial | None = None
    for trial in _trials(stage, layer, heads):
        near = set(best.agreements) - best.contradicting if best is not None else set()
        if best is None or len(trial.fitting) > len(near) or (not best.fitting and trial.fitting):
            best = trial
        if len(best.fitting) == len(best.agreements):
            break
    return best


def _trials(stage: int, layer: Layer, heads: Mapping[int, Head]) -> Iterator[Trial]:
    """The simplest form first."""
    candidates = next((head.pairs[stage].candidates for head in heads.values() if stage in head.pairs), ())
    if not candidates:
        return
    tries: list[tuple[Added, float | None]] = [("nothing", layer.cap)] if layer.cap is not None else []
    tries += [("nothing", None)]
    for added, cap in tries:
        yield from _of_divisor(stage, added, cap, heads, candidates)
    scored = [
        sample
        for head in heads.values()
        if head.evidence.scores is not None and (sample := head.sample(stage, "nothing"))
    ]
    curve = soft_cap.soft_cap(scored, candidates)
    if curve is not None:
        yield Trial(Form(stage, "nothing", curve), heads, fitted=1 + (curve.divisor not in candidates))
    others: tuple[Added, ...] = ("bias by distance", "bias by source", "row constant")
    for other in others:
        yield from _of_divisor(stage, other, None, heads, candidates)


def _of_divisor(
    stage: int, added: Added, cap: float | None, heads: Mapping[int, Head], candidates: Sequence[float]
) -> Iterator[Trial]:
    samples = [sample for head in heads.values() if (sample := head.sample(stage, added)) is not None]
    if all(sample.n_tests <= 0 for sample in samples):  # so few cells that the unknown constants explain them all
        return
    best = divisor(samples, candidates, cap)
    if best is not None:
        yield Trial(Form(stage, added, Curve(best, cap)), heads, fitted=int(best not in candidates))

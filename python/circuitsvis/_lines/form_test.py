"""How much evidence the heads of a layer give that their scores have a certain form.

A head with few cells or rounded numbers agrees with wrong forms by chance; all heads of a layer together do not. A model treats
the heads of a layer alike, so a form counts if the agreeing heads together are enough evidence and hardly any head contradicts
it, or if one head alone is enough evidence. Evidence is in bits: log2 of the odds against agreeing so well by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from circuitsvis._common.rounding import FLOAT32
from circuitsvis._lines.comparison import Agreement, Comparison
from circuitsvis._lines.head_comparisons import HeadComparisons, ScoreForm

ENOUGH_BITS = 16.0
"""Evidence needed to show a form as that of the model. Some tens of forms are tried per layer, on many layers."""

_ENOUGH_ALONE_BITS, _ENOUGH_ALONE_ROUNDED_BITS = 32.0, 64.0
"""Evidence needed of one head that the other heads do not support, in float32 and in half precision. A model has thousands of
heads, and a position bias may be smaller than the rounding of half precision."""

_FITTED_BITS, _FITTED_TO_ROUNDED_BITS = 12.0, 64.0
"""Evidence subtracted, at least, for a number that was fitted, in float32 and in half precision. A fit makes one of the compared
numbers right. With rounded numbers a slightly wrong divisor may also hide a small added term."""

_MAJORITY = 3
"""Few heads differ if at least this many times as many agree."""


class FormTest:
    """One form, tested on all heads of a layer that can test it.

    Args:
        form: the form to test.
        heads: the heads by index.
        n_fitted: how many numbers of the form were fitted.

    Attributes:
        agreements: agreement of each head with the form, by head.
        n_tests: independent numbers that test the form.
        fitting: heads that follow the form.
        contradicting: heads that certainly do not.
    """

    def __init__(self, form: ScoreForm, heads: Mapping[int, HeadComparisons], *, n_fitted: int) -> None:
        self.form = form
        self._heads = heads
        comparisons: dict[int, Comparison] = {}
        for index, head in heads.items():
            comparison = head.comparison(form.stage, form.added_term)
            if comparison is not None:
                comparisons[index] = comparison
        self.agreements: dict[int, Agreement] = {
            index: comparison.agreement(form.function) for index, comparison in comparisons.items()
        }
        self.n_tests = sum(comparison.n_tests for comparison in comparisons.values())
        self.fitting = {index for index, agreement in self.agreements.items() if agreement.fits}
        self.contradicting = {index for index, agreement in self.agreements.items() if agreement.contradicts}
        # All heads count with the error of the worst head. If each counted with its own error, chance agreements would add up.
        worst = max((self.agreements[index].error for index in self.fitting), default=0.0)
        tolerances = {index: comparisons[index].tolerance(form.function) for index in self.fitting}
        self._bits_together = sum(comparisons[index].bits(worst * tolerances[index]) for index in self.fitting)
        self._bits_alone = {
            index: comparisons[index].bits(self.agreements[index].error * tolerances[index]) for index in self.fitting
        }
        smallest = _FITTED_TO_ROUNDED_BITS if self.is_rounded else _FITTED_BITS
        per_number = [bits / max(comparisons[index].n_tests, 1) for index, bits in self._bits_alone.items()]
        self._bits_of_fit = n_fitted * max(smallest, *per_number, 0.0)

    @cached_property
    def is_rounded(self) -> bool:
        """Whether the numbers are of half precision."""
        return any(self._heads[index].evidence.rounding.roundoff > FLOAT32 for index in self.agreements)

    @cached_property
    def is_enough(self) -> bool:
        """Whether the heads that follow the form are too many, and agree too well, for chance."""
        return self._bits_together - self._bits_of_fit >= ENOUGH_BITS

    @cached_property
    def is_form_of_layer(self) -> bool:
        """Whether the heads together show that the layer works like this.

        Heads whose pattern was changed (ablated, patched) may differ, but they are few, and their cached scores do not lead to
        the pattern. In half precision a single head that certainly differs may be the one whose position bias is visible.
        """
        if len(self.agreements) == 1 or (self.is_rounded and self.contradicting):
            return False
        differing = set(self.agreements) - self.fitting
        unchanged = any(self._heads[index].evidence.scores is not None for index in differing)
        return self.is_enough and _MAJORITY * len(differing) <= len(self.fitting) and not unchanged

    def shows(self, head: int) -> bool:
        """Whether there is enough evidence that this head follows the form."""
        if head not in self.fitting:
            return False
        if self.is_form_of_layer:
            return True
        bits = self._bits_alone[head] - self._bits_of_fit
        if self._heads[head].evidence.rounding.roundoff <= FLOAT32:
            return bits >= _ENOUGH_ALONE_BITS
        return bits >= _ENOUGH_ALONE_ROUNDED_BITS and _MAJORITY * len(self.contradicting) <= len(self.fitting)

    def leaves_open(self, head: int) -> bool:
        """Whether this head does not contradict the form, but there is not enough evidence that it follows it."""
        agreement = self.agreements.get(head)
        return agreement is not None and not agreement.contradicts and not self.shows(head)

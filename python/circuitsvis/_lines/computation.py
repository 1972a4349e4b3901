"""How the pattern of each head of a layer is computed, decided from the numbers and not from a configuration.

A product is shown if the softmax of q·k / divisor (under a soft cap or with a position bias, if the model has one) is the pattern,
and enough numbers of the layer show that this is not chance. Otherwise the first of these is shown:
    the product and a small difference        if scores are cached and the product is nearly equal to them
    the scores                                if they are cached
    the pattern alone
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._common.rounding import FLOAT32
from circuitsvis._lines import descriptions
from circuitsvis._lines.comparison import Comparison, ScoreFunction
from circuitsvis._lines.form_search import best_form
from circuitsvis._lines.form_test import ENOUGH_BITS, FormTest
from circuitsvis._lines.head_comparisons import HeadComparisons, ScoreForm
from circuitsvis._lines.layer_activations import KeyArray, LayerActivations
from circuitsvis._lines.simple_numbers import simplest

_SMALL_DIFFERENCE = 0.02
"""A difference of unknown form is shown if it is at most this part of the largest score. If it is larger, the product is wrong."""

_AS_SMALL = 1.2
"""A simpler divisor is preferred if the largest difference grows by at most this factor."""


@dataclass(frozen=True)
class HeadComputation:
    """`props.Computation` before encoding: dot and added_term are [dest, src], NaN in masked cells.

    `key_array` identifies the keys: heads that read the same keys have the same.
    """

    kind: Literal["product", "scores", "pattern"]
    description: str
    divisor: float | None = None
    queries: FloatArray | None = None
    keys: FloatArray | None = None
    key_array: KeyArray | None = None
    dot: Float64 | None = None
    added_term: Float64 | None = None
    added_term_name: str | None = None


def computations(
    layer: LayerActivations,
    heads: Sequence[int],
    patterns: Sequence[FloatArray],
    others: Mapping[int, FloatArray] | None = None,
) -> list[HeadComputation]:
    """One computation per head.

    Args:
        layer: what the patterns may be computed from.
        heads: indices in the layer; an index may occur twice.
        patterns: [dest, src] of each head, cropped; only read.
        others: patterns of other heads of the layer, as evidence of how the layer works.
    """
    by_head = {**(others or {}), **dict(zip(heads, patterns, strict=True))}
    search = _Search(layer, {index: HeadComparisons(layer, index, pattern) for index, pattern in by_head.items()})
    result = {index: search.computation(index) for index in dict.fromkeys(heads)}
    return [result[index] for index in heads]


class _Search:
    """The search for the computations of one layer."""

    def __init__(self, layer: LayerActivations, heads: Mapping[int, HeadComparisons]) -> None:
        self._layer = layer
        self._heads = heads
        self._tests: list[FormTest] = []
        for stage in range(len(layer.stages)):
            test = best_form(stage, layer, heads)
            if test is not None:
                self._tests.append(test)
                if test.is_form_of_layer:
                    break

    def computation(self, index: int) -> HeadComputation:
        head = self._heads[index]
        if np.any(head.evidence.pattern < 0.0):
            return HeadComputation("pattern", descriptions.NEGATIVE)
        if not head.evidence.visible.any():
            return HeadComputation("pattern", descriptions.NO_ATTENTION)
        product = self._confirmed_product(head)
        if product is not None:
            return product
        scores = head.evidence.scores
        if scores is None:
            description = descriptions.pattern_only(head, self._tests)
            return HeadComputation("pattern", descriptions.joined(description, self._layer.advice))
        # If a test fits this head, its product agrees, but too few numbers test it.
        if not any(index in test.fitting for test in self._tests):
            product = _nearly_product(head, scores)
        return product or self._scores_only(head, scores)

    def _confirmed_product(self, head: HeadComparisons) -> HeadComputation | None:
        for test in self._tests:
            if test.shows(head.index) and (product := _product_of_form(head, test.form)) is not None:
                return product
        if head.evidence.rounding.roundoff > FLOAT32:  # the rounded numbers of one head would agree with too many forms
            return None
        for stage in filter(head.has_divisor_of_its_own, head.vectors):
            alone = best_form(stage, self._layer, {head.index: head})
            if alone is not None and alone.shows(head.index):
                product = _product_of_form(head, alone.form)
                if product is not None:
                    return product
        return None

    def _scores_only(self, head: HeadComparisons, scores: Float64) -> HeadComputation:
        match = head.evidence.match(scores)
        description = descriptions.scores_only(head, self._tests, match)
        masked = match.masked if match is not None else np.isnan(scores)
        return HeadComputation(
            "scores",
            descriptions.joined(description, self._layer.advice),
            added_term=np.where(masked, np.nan, scores),
            added_term_name="score",
        )


def _product_of_form(head: HeadComparisons, form: ScoreForm) -> HeadComputation | None:
    scores, cap = head.evidence.scores, form.function.cap
    if cap is not None:
        total = form.function.scores(head.vectors[form.stage].dot) if scores is None else scores
        return _product(head, form, total, "soft cap", descriptions.soft_cap(cap))
    if form.added_term in ("nothing", "row constant"):
        return _product(head, form)
    return _product(head, form, scores, "position bias")


def _nearly_product(head: HeadComparisons, scores: Float64) -> HeadComputation | None:
    """The product with a small difference, for example the rounding of a model whose arithmetic is coarser than the cache."""
    for stage, vectors in head.vectors.items():
        comparison = head.comparison(stage, "row constant")
        if comparison is None or comparison.head_divisor is None:
            continue
        smallest, limit = _largest_residual(comparison, comparison.head_divisor), _SMALL_DIFFERENCE * comparison.spread
        if smallest > limit or comparison.bits(limit) < ENOUGH_BITS:
            continue

        def as_small(divisor: float, comparison: Comparison = comparison, smallest: float = smallest) -> bool:
            return _largest_residual(comparison, divisor) <= _AS_SMALL * smallest

        candidate = next(filter(as_small, vectors.candidates), None)
        divisor = candidate if candidate is not None else simplest(comparison.head_divisor, as_small)
        form = ScoreForm(stage, "nothing", ScoreFunction(divisor))
        return _product(head, form, scores, "difference", descriptions.SMALL_DIFFERENCE)
    return None


def _largest_residual(comparison: Comparison, divisor: float) -> float:
    return float(np.abs(comparison.residuals(ScoreFunction(divisor))).max())


def _product(
    head: HeadComparisons,
    form: ScoreForm,
    scores: Float64 | None = None,
    added_term_name: str | None = None,
    description: str = "",
) -> HeadComputation | None:
    """The computation, if its softmax really is the pattern. `scores`: only if they are not the product itself."""
    vectors, divisor = head.vectors[form.stage], form.function.divisor
    product = vectors.dot / divisor
    rounding = head.evidence.rounding.with_cancellation(vectors.cancellation)
    match = head.evidence.match(product if scores is None else scores, rounding)
    if match is None:
        return None
    is_fitted = divisor not in vectors.candidates and (rounding.roundoff > FLOAT32 or added_term_name == "difference")
    return HeadComputation(
        kind="product",
        description=descriptions.joined(
            vectors.description,
            description,
            descriptions.FITTED_DIVISOR if is_fitted else "",
            descriptions.rounding(match, "this softmax"),
        ),
        divisor=divisor,
        queries=vectors.queries,
        keys=vectors.keys,
        key_array=vectors.key_array,
        dot=np.where(match.masked, np.nan, product),
        added_term=np.where(match.masked, np.nan, scores - product) if scores is not None else None,
        added_term_name=added_term_name,
    )

"""The search for the form of the scores of a layer: which divisor, which soft cap, which added term."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from circuitsvis._lines.comparison import Comparison, ScoreFunction
from circuitsvis._lines.divisor import shared_divisor
from circuitsvis._lines.form_test import FormTest
from circuitsvis._lines.head_comparisons import AddedTerm, HeadComparisons, ScoreForm
from circuitsvis._lines.layer_activations import LayerActivations
from circuitsvis._lines.soft_cap import fitted_soft_cap


def best_form(stage: int, layer: LayerActivations, heads: Mapping[int, HeadComparisons]) -> FormTest | None:
    """The form with the vectors of this stage that most heads follow; of several, the simplest. None if no head can test any."""
    best: FormTest | None = None
    for test in _tests(stage, layer, heads):
        possible = set(best.agreements) - best.contradicting if best is not None else set()
        if best is None or len(test.fitting) > len(possible) or (not best.fitting and test.fitting):
            best = test
        if len(best.fitting) == len(best.agreements):
            break
    return best


def _tests(stage: int, layer: LayerActivations, heads: Mapping[int, HeadComparisons]) -> Iterator[FormTest]:
    """The tests of all forms, the simplest form first."""
    candidates = next((head.vectors[stage].candidates for head in heads.values() if stage in head.vectors), ())
    if not candidates:
        return
    for cap in (layer.cap, None) if layer.cap is not None else (None,):
        yield from _with_divisor(stage, "nothing", cap, heads, candidates)
    scored = {index: head for index, head in heads.items() if head.evidence.scores is not None}
    function = fitted_soft_cap(_comparisons(stage, "nothing", scored), candidates)
    if function is not None:
        form = ScoreForm(stage, "nothing", function)
        yield FormTest(form, heads, n_fitted=1 + (function.divisor not in candidates))
    added_terms: tuple[AddedTerm, ...] = ("bias by distance", "bias by source", "row constant")
    for added_term in added_terms:
        yield from _with_divisor(stage, added_term, None, heads, candidates)


def _with_divisor(
    stage: int,
    added_term: AddedTerm,
    cap: float | None,
    heads: Mapping[int, HeadComparisons],
    candidates: Sequence[float],
) -> Iterator[FormTest]:
    """The test of a form with the divisor that fits best; none if the unknown constants alone explain all cells."""
    comparisons = _comparisons(stage, added_term, heads)
    if all(comparison.n_tests <= 0 for comparison in comparisons):
        return
    divisor = shared_divisor(comparisons, candidates, cap)
    if divisor is not None:
        form = ScoreForm(stage, added_term, ScoreFunction(divisor, cap))
        yield FormTest(form, heads, n_fitted=int(divisor not in candidates))


def _comparisons(stage: int, added_term: AddedTerm, heads: Mapping[int, HeadComparisons]) -> list[Comparison]:
    comparisons = (head.comparison(stage, added_term) for head in heads.values())
    return [comparison for comparison in comparisons if comparison is not None]

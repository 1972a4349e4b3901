"""Sentences for the page about how the scores of a head are computed, or why that is not shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from circuitsvis._common.rounding import FLOAT32
from circuitsvis._lines.form_test import FormTest
from circuitsvis._lines.head_comparisons import HeadComparisons
from circuitsvis._lines.pattern_evidence import SoftmaxMatch

_SILENT_ERROR = 1e-5
"""A description names the difference between softmax and pattern only if it is larger than this."""

NEGATIVE = "Values below zero are not probabilities, so there are no scores to show."
NO_ATTENTION = "No query here attends to anything."
SMALL_DIFFERENCE = (
    "The model's scores differ a little from the product: its arithmetic rounds, or it adds a small term."
)
FITTED_DIVISOR = "The divisor is fitted, so its last digits are uncertain."


def soft_cap(cap: float) -> str:
    """The formula of a soft cap."""
    return f"The model caps q·k / divisor: x becomes {cap:g} · tanh(x / {cap:g})."


def joined(*sentences: str) -> str:
    """The sentences that are not empty, separated by spaces."""
    return " ".join(sentence for sentence in sentences if sentence)


def rounding(match: SoftmaxMatch, subject: str) -> str:
    """How far the softmax is from the pattern; empty if that is not visible."""
    if match.error <= _SILENT_ERROR:
        return ""
    return f"The cached numbers are rounded: {subject} is within {_rounded_up(match.error)} of the pattern."


def scores_only(head: HeadComparisons, tests: Sequence[FormTest], match: SoftmaxMatch | None) -> str:
    """Why only the scores are shown, not the product."""
    doubt = _doubt(head, tests, "them")
    if not head.vectors:
        reason = "The cached scores lead to the pattern, but there are no q and k of these positions."
    elif doubt:
        reason = f"The cached scores lead to the pattern. {doubt}"
    else:
        reason = (
            "The cached scores lead to the pattern, but q·k in the cache does not lead to them: the model changes q, k or the "
            "scores in between, as a rotary embedding does."
        )
    roundoff = head.evidence.scores_roundoff
    return joined(
        reason,
        f"Each score is rounded by up to {_rounded_up(100.0 * roundoff)} %." if roundoff > FLOAT32 else "",
        rounding(match, "the softmax of these scores") if match is not None else "",
    )


def pattern_only(head: HeadComparisons, tests: Sequence[FormTest]) -> str:
    """Why only the pattern is shown."""
    evidence, doubt = head.evidence, _doubt(head, tests, "it")
    if not head.vectors:
        reason = "There are no q and k of these positions, so only the pattern is shown."
    elif not evidence.row_sums_are_one():
        reason = (
            "Rows do not all sum to 1 (attention may go to padding or a sink, which are not shown), so no scores of these "
            "positions lead to the pattern."
        )
    elif evidence.rows.freedom == 0:
        reason = (
            "No query here attends to two sources, so nothing in the pattern tests whether q·k leads to it, and only the pattern "
            "is shown."
        )
    elif evidence.too_sharp:
        reason = (
            "Almost every query attends to one source alone. Many vectors would lead to that, so it does not show that q and "
            "k do, and only the pattern is shown."
        )
    elif doubt:
        reason = f"Only the pattern is shown. {doubt}"
    else:
        reason = "q·k does not lead to this pattern, so only the pattern is shown: the model changes q, k or the scores in between."
    cached = "The cached scores are the pattern itself." if evidence.scores_are_pattern else ""
    return joined(reason, cached)


def _doubt(head: HeadComparisons, tests: Sequence[FormTest], result: str) -> str:
    """Why q·k is not shown although this head does not contradict it; empty if it does. `result`: "it" or "them"."""
    test = next((test for test in tests if test.leaves_open(head.index)), None)
    if test is None:
        return ""
    if head.index not in test.fitting:
        reason = "the difference is little more than rounding explains"
    elif test.is_enough:
        reason = "in other heads of this layer it does not, so the agreement in this head may be chance"
    else:
        rounded = " for their rounding" if test.is_rounded else ""
        reason = f"only {test.n_tests} numbers of this layer test it, too few{rounded}"
    bias = " with a position bias" if test.form.added_term.startswith("bias") else ""
    return f"Whether q·k{bias} leads to {result} is uncertain: {reason}."


def _rounded_up(error: float) -> str:
    """`error` > 0 with one digit, rounded up."""
    unit = 10.0 ** math.floor(math.log10(error))
    return f"{math.ceil(error / unit) * unit:.0g}"

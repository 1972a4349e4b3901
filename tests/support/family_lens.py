"""The logit lens of a family: its last row against the logits that the model computes."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
from circuitsvis._cache import model_attributes

from tests.support import lenses
from tests.support.case import BOUND, Case, Verdict
from tests.support.family_verdicts import Reason

REASONS = {
    "bert_lm": Reason(r"the final norm does not read the residual stream: another layer lies between", lambda case: case.run.norm is None),
    "modernbert_decoder": Reason(
        r"the unembedding does not read what the final norm writes: another layer lies between \(prediction_head\)",
        lambda case: len(case.run.logits) > 0,
    ),
    "opt_projected": Reason(
        r"W_U of OPTForCausalLM has shape \[16, 40\], and its residual stream has width 32: a projection lies between",
        lambda case: len(case.run.w_u) < case.run.stream.shape[-1],
    ),
}  # fmt: skip
"""Families that are refused, and why. Every other one is right."""


def check(case: Case) -> Verdict:
    """The largest error of a log probability in the last row, relative to the largest logit, beyond the page's own bound."""
    try:
        figure = cv.logits.logit_lens(case.cache, case.model, case.tokens)
    except (ValueError, KeyError) as refusal:
        return Verdict(None, str(refusal))
    cap = model_attributes.soft_cap(case.model)
    logits = case.run.logits if cap is None else cap * np.tanh(case.run.logits / cap)
    log_probs = logits - logits.max(-1, keepdims=True)
    log_probs -= np.log(np.exp(log_probs).sum(-1, keepdims=True))
    error = 0.0
    for index in range(len(case.tokens)):
        found = lenses.shown(figure, index)
        want = np.take_along_axis(log_probs[index], found.top[-1], axis=-1)
        error = max(error, float(np.abs(found.top_log_probs[-1] - want).max()) - found.bound)
        known = [i for i, target in enumerate(found.targets) if target is not None]
        wanted = [log_probs[index, i, found.targets[i]] for i in known]
        error = max(error, float(np.abs(found.target_log_probs[-1, known] - wanted).max()) - found.bound)
        assert found.props.stages[-1] == "final_post" and not found.divergences[-1].any()
    return Verdict(max(error, 0.0) / float(np.abs(logits).max()))


def problem(case: Case, name: str) -> str | None:
    """A sentence if the outcome is not the expected one."""
    verdict, reason = check(case), REASONS.get(name)
    if verdict.error is not None:
        return None if verdict.error <= BOUND and reason is None else f"logit lens: {verdict}"
    if reason is None or not reason.fits(verdict.text) or not reason.true_of(case):
        return f"logit lens: refused without a true reason: {verdict.text}"
    return None

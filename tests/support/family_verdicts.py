"""Families that are not simply right: which do not boot, which are refused and why, and which compute another model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.support.case import BOUND, CHECKS, Case
from tests.support.family_attribution import ATTRIBUTION, TARGETS
from tests.support.oracle_run import mixes

WEIGHTS = ("value-weighted", "info-weighted")
SHOWN = CHECKS[1:]


@dataclass(frozen=True)
class Reason:
    """A reason for a refusal: the text of its error, and whether it is true of a case."""

    text: str
    true_of: Callable[[Case], bool]

    def fits(self, error: str) -> bool:
        """Whether an error gives this reason."""
        return re.search(self.text, error) is not None


def _has_no_hook(case: Case, ending: str) -> bool:
    return not any(name.endswith(ending) for name in case.model.hook_dict)


def _does_not_mix(case: Case) -> bool:
    return any(
        mixes(attention.pattern, attention.v, case.run.layers[i].z) > 100 * BOUND
        for i, attention in case.attention.items()
    )


def _no_final_norm(case: Case) -> bool:
    return case.run.norm is None


def _not_the_norms_output(case: Case) -> bool:
    """Whether a logit differs from the final norm's output times W_U by more than a constant (a bias)."""
    token = TARGETS[0][0]
    difference = case.run.logits[..., token] - case.run.along(case.run.stream, token, None)
    return bool(np.ptp(difference) > 100 * BOUND * np.abs(difference).max())


def _narrower_unembedding(case: Case) -> bool:
    return len(case.run.w_u) < case.run.stream.shape[-1]


REASONS = {
    "no hook for patterns": Reason(
        r"no layer of this TransformerBridge has a hook for one", lambda case: _has_no_hook(case, "attn.hook_pattern")
    ),
    "no hook for v": Reason(
        r"no '?blocks\.\d\.attn\.hook_v'?.* TransformerBridge has no hook of that name",
        lambda case: _has_no_hook(case, "attn.hook_v"),
    ),
    "output gate": Reason(r"multiplies each dimension of the heads' outputs in layer \d by a gate", _does_not_mix),
    "output is not pattern · v": Reason(r"\(hook_z\) is not pattern · v", _does_not_mix),
    "post-norm blocks": Reason(r"logits that are a sum .*\(post-norm blocks\)", _no_final_norm),
    "layers before the unembedding": Reason(
        r"the unembedding does not read what the final norm writes: another layer lies between \(prediction_head\)",
        _not_the_norms_output,
    ),
    "projection before the unembedding": Reason(
        r"W_U of OPTForCausalLM has shape \[16, 40\], but its residual stream has width 32", _narrower_unembedding
    ),
}

REFUSED: dict[str, dict[tuple[str, ...], str]] = {
    "afmoe": {WEIGHTS: "output gate"},
    "bert_lm": {ATTRIBUTION: "post-norm blocks"},
    "bitnet": {WEIGHTS: "output is not pattern · v"},
    "jetmoe": {WEIGHTS + ATTRIBUTION: "no hook for v"},
    "modernbert_decoder": {ATTRIBUTION: "layers before the unembedding"},
    "nemotronh": {SHOWN: "no hook for patterns"},
    "openaigpt": {ATTRIBUTION: "post-norm blocks"},
    "opt_projected": {ATTRIBUTION: "projection before the unembedding"},
    "qwen35": {WEIGHTS: "output gate"},
    "qwen35moe": {WEIGHTS: "output gate"},
    "qwen3next": {WEIGHTS: "output gate"},
    "qwen3next_full": {WEIGHTS: "output gate"},
    "recurrentgemma": {SHOWN: "no hook for patterns"},
    "zamba2": {SHOWN: "no hook for patterns"},
}
"""The checks in which a family's bridge is refused, and why. Everything else is right."""

_UNFOLDED, _FOLDED = (False,), (True,)
_BOTH = _UNFOLDED + _FOLDED

OTHER_MODEL: dict[int, dict[str, tuple[bool, ...]]] = {
    4: {
        "bitnet": _FOLDED,
        "ernie45moe": _FOLDED,
        "falcon_multi_query": _BOTH,
        "glm4moe": _FOLDED,
        "gpt2_unscaled": _BOTH,
        "gptoss": _FOLDED,
        "opt_projected": _FOLDED,
        "qwen2moe": _FOLDED,
    },
    3: {
        "bitnet": _FOLDED,
        "cohere2": _BOTH,
        "falcon_multi_query": _BOTH,
        "glm4moe": _FOLDED,
        "gpt2_unscaled": _BOTH,
        "gptoss": _FOLDED,
        "hunyuan": _BOTH,
        "opt_projected": _FOLDED,
        "qwen2moe": _FOLDED,
    },
}
"""By major version of TransformerLens: bridges, unfolded and folded, whose logits are not those of the Hugging Face model.

Their figures are checked against what they compute.
"""

NOT_BOOTING: dict[int, dict[tuple[str, bool], str]] = {
    4: {
        ("falconh1", True): r"size of tensor a .* must match",
        ("phi_grouped", True): r"size of tensor a .* must match",
        ("vaultgemma", True): r"VaultGemmaArchitectureAdapter does not support compatibility mode",
    },
    3: {
        ("cohere_qknorm", False): r"HF module has 'q_norm' but adapter did not declare",
        ("cohere_qknorm", True): r"HF module has 'q_norm' but adapter did not declare",
        ("ernie45moe", True): r"MLP W_in not found",
        ("falconh1", True): r"size of tensor a .* must match",
        ("phi_grouped", True): r"size of tensor a .* must match",
        ("vaultgemma", True): r"VaultGemmaArchitectureAdapter does not support compatibility mode",
    },
}
"""By major version: families, and whether folded, that TransformerLens cannot make a bridge of, with its error."""


def refusal(family: str, check: str) -> str | None:
    """Why a check of a family is refused; None if it is not."""
    return next((reason for checks, reason in REFUSED.get(family, {}).items() if check in checks), None)

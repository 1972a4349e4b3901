"""What the tests of attribution share: sums over a result, the model's own logits, and the formula as loops in float64."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("torch")
import torch
from circuitsvis._attribution.result import Attribution

from tests.support import model_families, models

Float64 = npt.NDArray[np.float64]

TOLERANCE = 1e-5
"""Allowed error of a sum of float32 values against a float32 model's logits of up to 6."""


def summed(attribution: Attribution, *, without: tuple[str, ...] = ("unaccounted",)) -> Float64:
    """[dest]: the sum of all heads, and of all parts but those of some kinds."""
    total = np.zeros(len(attribution.dest))
    for head in attribution.heads:
        total += head.values.sum(-1, dtype=np.float64)
    for part in attribution.parts:
        if part.kind not in without:
            total += part.values
    return total


def logits(model: Any, tokens: Any) -> Float64:
    """[batch, position, vocabulary] as the model computes them, before a soft cap."""
    out: Float64 = model(tokens).double().numpy()
    cap = getattr(model.cfg, "output_logits_soft_cap", None) or -1
    return cap * np.arctanh(out / cap) if cap > 0 else out


def random_gpt2(n: int) -> Any:
    """Model, cache of one sequence of `n` tokens, its logits [position, vocabulary]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            model = model_families.bridge("gpt2", folded=False)
            _, cache = model.run_with_cache(models.ids(1, n))
            return model, cache, logits(model, models.ids(1, n))[0]


def words(n: int, batch: int | None = None) -> Any:
    """Tokens for `models.ids(batch, n)`, from the vocabulary of the models' tokenizer."""
    vocabulary = ["<|endoftext|>", "[UNK]", *models.WORDS]
    rows = [[vocabulary[i] for i in row] for row in models.ids(batch or 1, n).tolist()]
    return rows if batch else rows[0]


def by_loops(
    pattern: Float64, v: Float64, w_o: Float64, direction: Float64, gain: Float64, scale: Float64, *, centre: bool
) -> Float64:
    """One head's attribution by source: the vector that it writes from each source, normalised, along the direction.

    Args:
        pattern: [dest, src].
        v: [src, d_head].
        w_o: [d_head, d_model].
        direction: [d_model], at the final norm's output.
        gain: [d_model].
        scale: [dest].
    """
    n_dest, n_src = pattern.shape
    out = np.zeros((n_dest, n_src))
    for q in range(n_dest):
        for k in range(n_src):
            written = [sum(v[k, e] * w_o[e, d] for e in range(len(w_o))) * pattern[q, k] for d in range(len(direction))]
            mean = sum(written) / len(written) if centre else 0.0
            out[q, k] = sum((x - mean) / scale[q] * gain[d] * direction[d] for d, x in enumerate(written))
    return out

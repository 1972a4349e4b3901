"""Runs a family on the installed TransformerLens, for its cache and the truth about it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.support import families, hugging_face_oracle, model_families, models, probes
from tests.support.case import BOUND, Case
from tests.support.hooked_oracle import HookedRecorder
from tests.support.hugging_face_oracle import HuggingFace, Recorder
from tests.support.oracle_run import Attention, Run
from tests.support.probes import Float64


class DoesNotBootError(Exception):
    """TransformerLens cannot make a bridge of the family, or cannot fold it."""


def bridged(name: str, *, folded: bool) -> Case:
    """A TransformerBridge of a family.

    Raises:
        DoesNotBootError: with the first line of the error.
    """
    truth = hugging_face_oracle.run(families.make(name), name, families.IDS)
    wrapped = families.make(name)
    recorder = Recorder(wrapped, name)
    try:
        model = families.bridge(wrapped, folded=folded)
    except (RuntimeError, AssertionError, ValueError, AttributeError) as error:
        raise DoesNotBootError(str(error).split("\n")[0]) from error
    recorder.watch()
    logits, cache = model.run_with_cache(families.IDS)
    run = recorder.run(truth.patterns[0].shape[1], probes.array(logits))
    different = _different(run.logits, truth.run.logits, folded=folded)
    attention = _moved(truth, run) if different <= BOUND else _cached(cache, run)
    return Case(cache, model, families.TOKENS, attention, run, different)


def hooked(name: str, *, folded: bool) -> Case:
    """A HookedTransformer of `model_families.HOOKED`."""
    model = model_families.hooked(name, folded=folded)
    recorder = HookedRecorder(model)
    ids = models.ids(2, families.N_TOKENS)
    _, cache = model.run_with_cache(ids)
    attention, run = recorder.result()
    return Case(cache, model, [[str(i) for i in row] for row in ids.tolist()], attention, run)


def _different(got: Float64, want: Float64, *, folded: bool) -> float:
    """Relative difference of logits; folding may subtract their mean over the vocabulary."""
    references = [want, want - want.mean(-1, keepdims=True)] if folded else [want]
    return float(min(np.abs(got - reference).max() / np.abs(reference).max() for reference in references))


def _moved(truth: HuggingFace, run: Run) -> dict[int, Attention]:
    """The truth about a model whose weights were folded: v lost its bias, by which the outputs of all heads differ."""
    moved = {}
    for layer, attention in truth.attention.items():
        if layer not in run.layers:
            moved[layer] = attention
            continue
        row_sums = attention.pattern.sum(-1).swapaxes(1, 2)[..., None]
        lost = truth.run.layers[layer].z - run.layers[layer].z
        bias = (lost / row_sums).mean((0, 1), keepdims=True)
        assert np.abs(lost - row_sums * bias).max() < BOUND * np.abs(truth.run.layers[layer].z).max()
        moved[layer] = Attention(attention.pattern, attention.v - bias, attention.scores)
    return moved


def _cached(cache: Any, run: Run) -> dict[int, Attention]:
    """The cached pattern and v of a bridge that computes something else than its model: there is no other truth about them.

    The checks of weights compare the heads' outputs with these.
    """
    attention = {}
    for layer in run.layers:
        pattern = probes.array(cache[f"blocks.{layer}.attn.hook_pattern"])
        v = probes.array(cache[f"blocks.{layer}.attn.hook_v"])
        attention[layer] = Attention(pattern, np.repeat(v, pattern.shape[1] // v.shape[2], axis=2), None)
    return attention

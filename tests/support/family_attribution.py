"""The attribution of a family against what its components really write, or the reason with which it is refused."""

from __future__ import annotations

import numpy as np
from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution
from circuitsvis._common.arrays import FloatArray

from tests.support.case import BOUND, Case, Verdict
from tests.support.probes import Float64

ATTRIBUTION = ("heads", "total", "sum", "blocks")
OUTPUT, MIXED, BEFORE_NORM = "output", "pattern · v, difference named", "before the norm, difference named"
"""What is shown of a head: what it adds to the stream, or something else, with the difference as a part of its own."""
TARGETS: tuple[tuple[int, int | None], ...] = ((5, None), (5, 9))
"""A token, and a pair of tokens."""


def check(case: Case) -> dict[str, Verdict]:
    """Heads, totals, sums and blocks of a token's logit and of a difference, at every position."""
    errors: dict[str, list[float]] = {name: [] for name in ATTRIBUTION}
    kinds: set[str] = set()
    definitions: set[str] = set()
    for token, minus in TARGETS:
        try:
            direction = token if minus is None else (token, minus)
            attributions = list(cache_attribution.attributions(case.cache, case.model, case.tokens, direction))
        except (ValueError, KeyError) as refusal:
            return dict.fromkeys(ATTRIBUTION, Verdict(None, str(refusal)))
        logits = case.run.logits[..., token] - (0.0 if minus is None else case.run.logits[..., minus])
        written = _written(case, token, minus)
        changes = [case.run.along(after - before, token, minus) for before, after in case.run.blocks]
        embedded = case.run.along(case.run.blocks[0][0], token, minus)
        for index, attribution in enumerate(attributions):
            shown, error = _best(attribution, index, written)
            errors["heads"].append(error)
            definitions.add(shown)
            errors["total"].append(relative(attribution.total, logits[index]))
            errors["sum"] += [relative(_sum(attribution), attribution.total), _unaccounted(attribution)]
            want = np.stack([embedded[index], *(change[index] for change in changes)])
            errors["blocks"].append(_blocks(attribution, want))
            kinds |= {part.kind for part in attribution.parts} & {"attention remainder", "branch", "other"}
    texts = {"heads": ", ".join(sorted(definitions - {OUTPUT})), "sum": ", ".join(sorted(kinds))}
    return {name: Verdict(max(values), texts.get(name, "")) for name, values in errors.items()}


def _written(case: Case, token: int, minus: int | None) -> dict[str, dict[int, Float64]]:
    """What the heads of each layer add to a logit or difference, [batch, dest, head], by what is shown of them.

    A page may show something else than what the heads write if a note names the difference.
    """
    written: dict[str, dict[int, Float64]] = {OUTPUT: {}, MIXED: {}, BEFORE_NORM: {}}
    for number, layer in case.run.layers.items():
        mixed = np.einsum("bhqk,bkhe->bqhe", case.attention[number].pattern, case.attention[number].v)
        written[OUTPUT][number] = case.run.along(layer.written(layer.z), token, minus)
        written[MIXED][number] = case.run.along(layer.written(mixed), token, minus)
        written[BEFORE_NORM][number] = case.run.along(layer.before_norm(layer.z), token, minus)
    return written


def _best(attribution: Attribution, index: int, written: dict[str, dict[int, Float64]]) -> tuple[str, float]:
    """What is shown of the heads, and its relative error."""
    got = np.stack([part.values.sum(-1, dtype=np.float64) for part in attribution.heads])
    errors = {
        name: relative(got, np.stack([layers[part.layer][index, :, part.head] for part in attribution.heads]))
        for name, layers in written.items()
    }
    is_named = all(
        any(f'"Attn remainder {layer}"' in note for note in attribution.notes)
        for layer in {h.layer for h in attribution.heads}
    )
    if errors[OUTPUT] <= BOUND or not is_named:
        return OUTPUT, errors[OUTPUT]
    return min(errors.items(), key=lambda item: item[1])


def _blocks(attribution: Attribution, want: Float64) -> float:
    """Relative error of the embedding, of each layer, and of all other layers together, against the change of the stream.

    Args:
        attribution: the attribution of one sequence.
        want: [1 + layer, dest]: the stream before the first layer, and what each layer adds to it.
    """
    got = np.zeros((len(want) + 1, len(attribution.dest)))
    for head in attribution.heads:
        got[1 + head.layer] += head.values.sum(-1, dtype=np.float64)
    for part in attribution.parts:
        if part.kind in ("embed", "pos_embed"):
            got[0] += part.values
        elif part.layer is not None:
            got[1 + part.layer] += part.values
        elif part.kind == "other":
            got[-1] += part.values
    shown = {head.layer for head in attribution.heads}
    hidden = [1 + layer for layer in range(len(want) - 1) if layer not in shown]
    return relative(got, np.stack([*(row * (i not in hidden) for i, row in enumerate(want)), want[hidden].sum(0)]))


def _sum(attribution: Attribution) -> Float64:
    total = np.zeros(len(attribution.dest))
    for head in attribution.heads:
        total += head.values.sum(-1, dtype=np.float64)
    for part in attribution.parts:
        total += part.values
    return total


def _unaccounted(attribution: Attribution) -> float:
    """Relative to the total. Infinite without such a part: then nothing compared the sum with the logit."""
    values = attribution.part("unaccounted")
    return np.inf if values is None else float(np.abs(values).max() / np.abs(attribution.total).max())


def relative(got: Float64 | FloatArray, want: Float64 | FloatArray) -> float:
    """Largest difference, relative to the largest wanted value."""
    return float(np.abs(got - want).max() / np.abs(want).max())

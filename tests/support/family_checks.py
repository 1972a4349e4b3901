"""Each check of a family: what the package shows, against what the model computes; or the reason with which it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import circuitsvis as cv
import numpy as np
from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution

from tests.support import reference
from tests.support.family_oracle import Attention, Float64, Run, mixes

CHECKS = ("model", "pattern", "value-weighted", "info-weighted", "lines", "heads", "total", "sum", "blocks")
ATTRIBUTION = ("heads", "total", "sum", "blocks")
BOUND = 1e-5
"""Allowed error of every check, relative to the largest value, beyond the rounding that the page states."""
OUTPUT, MIXED, BEFORE_NORM = "output", "pattern · v, difference named", "before the norm, difference named"
"""What the values of heads may be: what the heads add to the stream, or something whose difference from it is a part."""
TARGETS: tuple[tuple[int, int | None], ...] = ((5, None), (5, 9))
"""A token, and a pair of tokens."""


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        error: relative to the largest value; None where the package refused.
        text: what is shown, e.g. names of parts; or the reason of the refusal.
    """

    error: float | None
    text: str = ""


@dataclass(frozen=True)
class Case:
    """A cache with the truth about it.

    Attributes:
        cache, model: as the user has them.
        tokens: of every sequence.
        attention: what the heads multiply, by layer; layers with a cached pattern only.
        run: the forward pass that made the cache.
        different: relative difference of the model's logits from those of the model that it was made of.
    """

    cache: Any
    model: Any
    tokens: list[list[str]]
    attention: dict[int, Attention]
    run: Run
    different: float = 0.0


def every(case: Case) -> dict[str, Verdict]:
    """All checks. None of them changes the cache."""
    before = {name: np.array(tensor) for name, tensor in case.cache.items() if hasattr(tensor, "numpy")}
    found = {
        "model": Verdict(case.different),
        "pattern": pattern(case),
        "value-weighted": weights(case, "value-weighted"),
        "info-weighted": weights(case, "info-weighted"),
        "lines": lines(case),
        **attribution(case),
    }
    for name, array in before.items():
        np.testing.assert_array_equal(np.array(case.cache[name]), array)
    return found


def pattern(case: Case) -> Verdict:
    """The page's values against the model's own attention."""
    figure = _figure(case)
    if isinstance(figure, Verdict):
        return figure
    error = 0.0
    for index in range(len(case.tokens)):
        bound = reference.bound(figure, index)
        for values, (layer, head) in zip(reference.shown(figure, index), _heads(figure), strict=True):
            error = max(error, _beyond(np.nan_to_num(values), case.attention[layer].pattern[index, head], bound))
    return Verdict(error)


def weights(case: Case, attention_type: str) -> Verdict:
    """Norms of v, or of v W_O, against those of the v that the heads mix, where they mix one."""
    figure = _figure(case, attention_type=attention_type)
    if isinstance(figure, Verdict):
        _check_left_out(case, attention_type)
        return figure
    error = max(mixes(one.pattern, one.v, case.run.layers[layer].z) for layer, one in case.attention.items())
    for index in range(len(case.tokens)):
        tensor = _weights(figure, attention_type, index)
        assert tensor is not None
        for shown, (layer, head) in zip(reference.decode_rows(tensor), _heads(figure), strict=True):
            v = case.attention[layer].v[index, :, head]
            moved = v @ case.run.layers[layer].w_o[head] if attention_type == "info-weighted" else v
            norms = np.sqrt((moved**2).sum(-1))
            error = max(error, _beyond(shown, norms / norms.max(), tensor.error_bound))
    return Verdict(error)


def lines(case: Case) -> Verdict:
    """The softmax of what the page is given against the pattern, and the product against q · k times the model's scale."""
    figure = _figure(case, mode="lines")
    if isinstance(figure, Verdict):
        return figure
    error, kinds = 0.0, set()
    for index in range(len(case.tokens)):
        for position, (layer, head) in enumerate(_heads(figure)):
            one = reference.computation(figure, position, index)
            kinds.add(one.kind if one.added_term_name in (None, "score") else f"{one.kind} + {one.added_term_name}")
            if one.kind == "pattern":
                assert one.description, "a pattern without its computation says why"
                continue
            want = case.attention[layer].pattern[index, head]
            got = np.nan_to_num(reference.computed(figure, position, index))
            error = max(error, float(np.abs(got - want).max()))
            if one.kind == "product":
                scores = case.attention[layer].scores
                error = max(error, _product(figure, index, position, None if scores is None else scores[index, head]))
    return Verdict(error, ", ".join(sorted(kinds)))


def attribution(case: Case) -> dict[str, Verdict]:
    """Heads, totals, sums and blocks of a token's logit and of a difference, at every position."""
    errors: dict[str, list[float]] = {name: [] for name in ATTRIBUTION}
    kinds: set[str] = set()
    definitions: set[str] = set()
    for token, minus in TARGETS:
        try:
            direction = token if minus is None else (token, minus)
            found = list(cache_attribution.attributions(case.cache, case.model, case.tokens, direction))
        except (ValueError, KeyError) as refusal:
            return dict.fromkeys(ATTRIBUTION, Verdict(None, str(refusal)))
        logits = case.run.logits[..., token] - (0.0 if minus is None else case.run.logits[..., minus])
        written = _written(case, token, minus)
        changes = [case.run.along(after - before, token, minus) for before, after in case.run.blocks]
        embedded = case.run.along(case.run.blocks[0][0], token, minus)
        for index, one in enumerate(found):
            shown, error = _best(one, index, written)
            errors["heads"].append(error)
            definitions.add(shown)
            errors["total"].append(_relative(one.total, logits[index]))
            errors["sum"] += [_relative(_sum(one), one.total), _unaccounted(one)]
            want = np.stack([embedded[index], *(change[index] for change in changes)])
            errors["blocks"].append(_blocks(one, want))
            kinds |= {part.kind for part in one.parts} & {"attention remainder", "branch", "other"}
    texts = {"heads": ", ".join(sorted(definitions - {OUTPUT})), "sum": ", ".join(sorted(kinds))}
    return {name: Verdict(max(values), texts.get(name, "")) for name, values in errors.items()}


def _written(case: Case, token: int, minus: int | None) -> dict[str, dict[int, Float64]]:
    """What the heads of each layer write along a direction, [batch, dest, head], by what is taken for it.

    A page may show something else than what the heads write if it says so and names the difference.
    """
    found: dict[str, dict[int, Float64]] = {OUTPUT: {}, MIXED: {}, BEFORE_NORM: {}}
    for layer, one in case.run.layers.items():
        mixed = np.einsum("bhqk,bkhe->bqhe", case.attention[layer].pattern, case.attention[layer].v)
        found[OUTPUT][layer] = case.run.along(one.written(one.z), token, minus)
        found[MIXED][layer] = case.run.along(one.written(mixed), token, minus)
        found[BEFORE_NORM][layer] = case.run.along(one.before_norm(one.z), token, minus)
    return found


def _best(found: Attribution, index: int, written: dict[str, dict[int, Float64]]) -> tuple[str, float]:
    """What the values of the heads are, and their relative error."""
    got = np.stack([part.values.sum(-1, dtype=np.float64) for part in found.heads])
    errors = {
        name: _relative(got, np.stack([layers[part.layer][index, :, part.head] for part in found.heads]))
        for name, layers in written.items()
    }
    said = all(
        any(f'"Attn remainder {layer}"' in note for note in found.notes) for layer in {h.layer for h in found.heads}
    )
    if errors[OUTPUT] <= BOUND or not said:
        return OUTPUT, errors[OUTPUT]
    return min(errors.items(), key=lambda item: item[1])


def _blocks(found: Attribution, want: Float64) -> float:
    """What is shown of the embedding, of each layer and of all other layers together, against the change of the stream.

    Args:
        found: of one sequence.
        want: [1 + layer, dest]: the stream before the first layer, and what each layer adds to it.
    """
    got = np.zeros((len(want) + 1, len(found.dest)))
    for head in found.heads:
        got[1 + head.layer] += head.values.sum(-1, dtype=np.float64)
    for part in found.parts:
        if part.kind in ("embed", "pos_embed"):
            got[0] += part.values
        elif part.layer is not None:
            got[1 + part.layer] += part.values
        elif part.kind == "other":
            got[-1] += part.values
    shown = {head.layer for head in found.heads}
    hidden = [1 + layer for layer in range(len(want) - 1) if layer not in shown]
    return _relative(got, np.stack([*(row * (i not in hidden) for i, row in enumerate(want)), want[hidden].sum(0)]))


def _sum(found: Attribution) -> Float64:
    total = np.zeros(len(found.dest))
    for head in found.heads:
        total += head.values.sum(-1, dtype=np.float64)
    for part in found.parts:
        total += part.values
    return total


def _unaccounted(found: Attribution) -> float:
    """Relative to the total. Infinite without such a part: then nothing compared the sum with the logit."""
    values = found.part("unaccounted")
    return np.inf if values is None else float(np.abs(values).max() / np.abs(found.total).max())


def _product(figure: Any, index: int, position: int, scores: Float64 | None) -> float:
    """Relative error of the decoded vectors' product against the shown one, and of that against q · k times the scale."""
    one = reference.computation(figure, position, index)
    assert one.dot is not None
    dot = reference.decode(one.dot)[0]
    there = ~np.isnan(dot)
    multiplied, allowed = reference.multiplied(figure, position, index)
    largest = np.abs(dot[there]).max()
    error = float(np.maximum(np.abs(multiplied - dot) - allowed, 0.0)[there].max() / largest)
    if scores is None:
        return error
    # The divisor is fitted to the pattern, as exactly as the pattern needs it: 1e-3 of the score is then a right divisor.
    slope = float(np.vdot(dot[there], scores[there]) / np.vdot(dot[there], dot[there]))
    assert abs(slope - 1.0) < 1e-3, "the divisor is that of the model"
    return max(error, float(np.abs(slope * dot - scores)[there].max() / largest))


def _figure(case: Case, **options: Any) -> Any:
    """The figure, or a Verdict with the reason for which there is none."""
    try:
        return cv.attention.from_cache(case.cache, case.tokens, **options)
    except (ValueError, KeyError) as refusal:
        return Verdict(None, str(refusal))


def _check_left_out(case: Case, attention_type: str) -> None:
    """A refused type must not be on offer in the page that starts with another."""
    figure = _figure(case)
    if not isinstance(figure, Verdict):
        assert _weights(figure, attention_type, 0) is None


def _weights(figure: Any, attention_type: str, index: int) -> Any:
    return reference.weights(reference.props(figure).sequences[index], attention_type)


def _heads(figure: Any) -> list[tuple[int, int]]:
    names = [head.name.split(".") for head in reference.props(figure).heads]
    return [(int(layer), int(head)) for layer, head in names]


def _relative(got: Any, want: Any) -> float:
    return float(np.abs(got - want).max() / np.abs(want).max())


def _beyond(got: Float64, want: Float64, bound: float) -> float:
    return float(max(0.0, np.abs(got - want).max() - bound) / np.abs(want).max())

"""`heads.patching` after its arguments: both runs, their denominators, and a forward pass for each patch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from circuitsvis._cache import model_attributes
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common.arrays import Float64
from circuitsvis._heads import model_run
from circuitsvis._input import selection
from circuitsvis._input.selection import Layers, SeqPos
from circuitsvis._patching import kinds, metric, progress, prompts
from circuitsvis._patching.kinds import Kind
from circuitsvis._patching.metric import Metric
from circuitsvis._patching.result import Direction, Patching
from circuitsvis._patching.runs import Runs

_ROUNDINGS = 8.0
"""Rounding errors of the metric that a difference of both runs must exceed, to be a denominator."""


def patching(
    model: Any,
    clean: object,
    corrupted: object,
    *,
    answer_tokens: object,
    function: object,
    metric_name: str | None,
    direction: Direction,
    what: object,
    layers: Layers,
    seq_pos: SeqPos,
    with_progress: bool,
) -> Patching:
    """The result. Arguments and errors are those of `circuitsvis.heads.patching`; all are checked before the model runs."""
    _check_model(model)
    chosen, missing = kinds.read(what, model)
    rows = _layers(layers, int(model.cfg.n_layers))
    pairs = prompts.read(clean, corrupted, model)
    positions = selection.positions(seq_pos, pairs.clean.shape[1], 0, next_token=False)
    measured = metric.read(answer_tokens, function, metric_name, len(pairs.clean), model)
    ids = (pairs.corrupted, pairs.clean) if direction == "denoise" else (pairs.clean, pairs.corrupted)
    grids: dict[str, Float64] = {}
    with model_run.evaluation(model):
        runs = Runs(model, *ids, measured)
        base, other, epsilon = runs.unpatched()
        clean_metric, corrupted_metric = (other, base) if direction == "denoise" else (base, other)
        _check_scale(clean_metric, corrupted_metric, measured, epsilon)
        total = sum(len(rows) * _width(kind, positions, model) for kind in chosen)
        with progress.bar(total, "patching", shown=with_progress) as done:
            for kind in chosen:
                columns = positions if kind.columns == "position" else None
                grids[kind.name] = runs.grid(kind, rows, columns, done, base)
    unreached = [kind for kind in chosen if np.isnan(grids[kind.name]).all()]
    if unreached and (what is not None or len(unreached) == len(chosen)):
        raise ValueError(f"what: {_unreached(unreached[0], rows)}; leave {unreached[0].name!r} out")
    missing |= {kind.name: _unreached(kind, rows) for kind in unreached}
    return Patching(
        direction,
        measured.name,
        rows,
        positions,
        pairs.clean_tokens,
        pairs.corrupted_tokens,
        clean_metric,
        corrupted_metric,
        {name: grid for name, grid in grids.items() if name not in missing},
        missing,
    )


def _check_model(model: Any) -> None:
    hooks = HookCache({}, model).hooks
    if not callable(getattr(model, "run_with_hooks", None)) or not hooks:
        raise TypeError(
            "model: must be a model of TransformerLens with run_with_hooks and hook_dict, such as a TransformerBridge or a "
            f"HookedTransformer, got {type(model).__name__}; heads.patching_map shows results that are computed already"
        )
    if model_attributes.kind(model) == "encoder-decoder" or not isinstance(
        attribute(attribute(model, "cfg"), "n_layers"), int
    ):
        raise ValueError(
            f"model: patching needs one stack of blocks, which {model_attributes.name(model)} (encoder-decoder) does not have; pass your "
            "own results to heads.patching_map"
        )


def _layers(layers: Layers, n_layers: int) -> tuple[int, ...]:
    """The rows: layers in the order of the argument."""
    chosen = selection.heads(None, layers, range(n_layers), n_layers, lambda _: 1)
    return tuple(dict.fromkeys(layer for layer, _ in chosen))


def _width(kind: Kind, positions: Sequence[int], model: Any) -> int:
    """Columns of a grid, for the progress bar."""
    return len(positions) if kind.columns == "position" else int(attribute(model.cfg, "n_heads") or 1)


def _check_scale(clean: Float64, corrupted: Float64, measured: Metric, epsilon: float) -> None:
    """Raises ValueError where both runs have the same metric, so that effects have no scale."""
    first, second = float(clean.mean()), float(corrupted.mean())
    if abs(first - second) <= _ROUNDINGS * epsilon * max(abs(first), abs(second)):
        mean = "its mean over the pairs " if len(clean) > 1 else ""
        raise ValueError(
            f"metric: {mean}is {first:.6g} for clean and {second:.6g} for corrupted prompts, which are the same up to rounding, so that "
            f"effects have no scale ({measured.name}); choose prompts whose answers differ, or a metric in which they do"
        )


def _unreached(kind: Kind, layers: Sequence[int]) -> str:
    return f"the forward pass does not reach {kind.hook.at(layers[0])}, so that it cannot be patched"

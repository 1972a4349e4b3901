"""Scores of the heads of a model from its weights alone: OV copying, and Q-, K- and V-composition."""

from __future__ import annotations

from typing import Any

from circuitsvis._common import checks
from circuitsvis._heads import composition_scores, head_weights, ov_copying
from circuitsvis._heads import weight_definitions as d
from circuitsvis._heads.composition import WeightScores
from circuitsvis._heads.fractions import Totals
from circuitsvis._input import selection
from circuitsvis._input.selection import Layers


def weight_scores(model: Any, *, layers: Layers, seed: int) -> WeightScores:
    """The scores. Arguments and errors are those of `circuitsvis.heads.weights`."""
    seed = checks.integer("seed", seed)
    if seed < 0:
        raise ValueError(f"seed: must be 0 or more, got {seed}")
    with_attention = head_weights.layers(model)
    chosen = sorted(
        {layer for layer, _ in selection.heads(None, layers, with_attention, max(with_attention) + 1, lambda _: 1)}
    )
    for layer in chosen:
        if layer not in with_attention:
            listed = ", ".join(map(str, with_attention))
            raise ValueError(f"layers: layer {layer} has no attention; the layers with attention are {listed}")
    weights = [head_weights.read(model, layer) for layer in chosen]
    n_heads = {layer: len(of_layer.output) for layer, of_layer in zip(chosen, weights, strict=True)}
    if len(set(n_heads.values())) > 1:
        listed = ", ".join(f"layer {layer}: {n}" for layer, n in n_heads.items())
        raise ValueError(f"layers: must have the same number of heads, to be the rows of one table, got {listed}")
    totals = Totals(d.OF_WEIGHTS, chosen, n_heads[chosen[0]])
    for row, of_layer in enumerate(weights):
        totals.add(row, {d.OV_COPYING.name: ov_copying.of_residual_stream(of_layer)})
    missing = {}
    try:
        product = ov_copying.unembed_and_embed(model)
    except ValueError as error:
        missing[d.FULL_OV_COPYING.name] = str(error)
    else:
        for row, of_layer in enumerate(weights):
            totals.add(row, {d.FULL_OV_COPYING.name: ov_copying.of_full_circuit(of_layer, product)})
    return WeightScores(totals.result(missing), composition_scores.all_pairs(weights, chosen, seed))

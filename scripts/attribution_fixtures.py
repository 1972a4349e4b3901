"""Synthetic attributions for the fixtures: a model's logit taken apart, without a model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from circuitsvis._attribution import attribution_figure
from circuitsvis._attribution.decompose import Attribution, HeadPart, Part
from circuitsvis._common.arrays import FloatArray
from circuitsvis._input.options import Options
from circuitsvis.figure import Figure


def attribution(
    tokens: Sequence[str],
    n_layers: int,
    n_heads: int,
    seed: int,
    *,
    dest: Sequence[int] | None = None,
    rest: bool = False,
) -> Attribution:
    """A few strong heads among many weak ones; parts that a GPT-2 has; `rest` adds what a selection leaves out."""
    rng = np.random.default_rng(seed)
    n = len(tokens)
    positions = tuple(range(n)) if dest is None else tuple(dest)
    shape = (len(positions), n)
    masked = np.arange(n) <= np.array(positions)[:, None]
    heads = tuple(
        HeadPart(
            layer, head, np.where(masked, rng.normal(size=shape) ** 3 * rng.exponential(0.1), 0.0).astype(np.float32)
        )
        for layer in range(n_layers)
        for head in range(n_heads)
    )

    def row(scale: float) -> FloatArray:
        return rng.normal(0.0, scale, len(positions)).astype(np.float32)

    parts = [Part("embed", None, row(0.3)), Part("pos_embed", None, row(0.1))]
    for layer in range(n_layers):
        parts += [Part("mlp", layer, row(0.6)), Part("attention bias", layer, row(0.05))]
    parts.append(Part("bias", None, row(0.2)))
    if rest:
        parts += [Part("other", None, row(0.5)), Part("unaccounted", None, row(1e-6))]
    total = sum(head.values.sum(-1, dtype=np.float64) for head in heads) + sum(part.values for part in parts)
    targets = tuple(" Mary − John" if dest is not None else tokens[min(i + 1, n - 1)] for i in positions)
    return Attribution(
        label=f"{seed}: {''.join(tokens[1:])}",
        dest=positions,
        dest_tokens=tuple(tokens[i] for i in positions),
        src_tokens=tuple(tokens),
        targets=targets,
        heads=heads,
        parts=tuple(parts),
        total=np.asarray(total, np.float32),
        soft_cap=None,
    )


def figure(
    *found: Attribution, mode: str = "small", split_signs: bool = False, title: str | None = None, help: bool = False
) -> Figure:
    """The figure of those attributions."""
    options = Options(mode=mode, title=title, help=help)
    return attribution_figure.figure(found, options, labels=False, split_signs=split_signs)

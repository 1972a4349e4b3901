"""One figure of every kind with hostile text in every place that takes text."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from circuitsvis import attention, examples, heads, tokens
from circuitsvis._page import figure_tabs
from circuitsvis.activations import text_neuron_activations
from circuitsvis.figure import Figure
from circuitsvis.logits import token_log_probs
from circuitsvis.topk_samples import topk_samples
from circuitsvis.topk_tokens import topk_tokens

N = 12
"""Texts that a set of figures is made of."""


def figures(texts: Sequence[str]) -> dict[str, Figure]:
    """The figures by name. Batch labels are HTML: the second is escaped, the others are taken as they are."""
    rng = np.random.default_rng(0)
    names, title = list(texts), texts[0]
    patterns = np.tril(rng.random((3, N, N, N)))
    batch = [names, names[::-1], names]
    labels = [texts[1], html.escape(texts[2]), texts[3]]
    values = rng.normal(size=(N, 3))

    def attended(mode: str, **options: object) -> Figure:
        return attention.from_values(  # type: ignore[call-overload, no-any-return]  # options are fixed below
            patterns, batch, head_names=names, mode=mode, title=title, batch_labels=labels, help=True, **options
        )

    return {
        "small": attended("small"),
        "large": attended("large", radioitems=True),
        "spans": attention.from_values(
            patterns[0, :1], names, mode="large",
            spans={name if name.strip() else "empty": (2 * i, 2 * i + 2) for i, name in enumerate(names[:3])},
        ),
        "lines": attended("lines"),
        "tokens": tokens.colored_tokens_multi(
            [names, names[::-1]], [values, values], names[:3], title=title, sample_labels=labels[:2], hover_html=[names, names]
        ),
        "activations": text_neuron_activations(
            [names, names[::-1]], [rng.normal(size=(N, 2, N))] * 2, texts[4], texts[5], names[:2], names,
            sample_labels=names[:2], title=title,
        ),
        "topk samples": topk_samples(
            [[[names, names[::-1]]] * 2], [[rng.random((2, N)).tolist()] * 2], texts[4], texts[5], names[:1], names[:2], title=title
        ),
        "topk tokens": topk_tokens(
            [names, names[::-1]], [rng.normal(size=(2, N, 5))] * 2, 3, texts[4], texts[5], names[:2], names[:2],
            third_dimension_labels=names[:5], title=title,
        ),
        "log probs": token_log_probs(
            list(range(N)), np.log(rng.dirichlet(np.ones(N), N)), lambda token: names[token], 4, title=title
        ),
        "map": heads.score_map({name: rng.normal(size=(2, 3)) for name in names[:5]}, title=title),
        "patching": heads.patching_map(
            {name: rng.normal(size=(2, N)) for name in names[:6]}, names, names[::-1], columns="position", metric=texts[3], title=title
        ),
        "tabs": figure_tabs.figure(
            [(names[6], examples.hello(names[7])), (names[8], examples.hello(names[9]))], label=names[10], title=title, help=(texts[4],)
        ),
    }  # fmt: skip

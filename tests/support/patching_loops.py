"""Activation patching as a slow loop: one run for each cell, patched by plain torch hooks on the modules of the hooks."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from tests.support.probes import array

HOOKS = {
    "resid_pre": "blocks.{}.hook_resid_pre",
    "attn_out": "blocks.{}.hook_attn_out",
    "mlp_out": "blocks.{}.hook_mlp_out",
    "z": "blocks.{}.attn.hook_z",
}


def metric(model: Any, ids: Any, correct: int, wrong: int) -> float:
    """Logit of the correct answer minus that of the wrong one at the last position of one prompt."""
    logits = array(model(ids[None]))[0, -1]
    return float(logits[correct]) - float(logits[wrong])


def grid(model: Any, base: Any, source: Any, kind: str, correct: int, wrong: int) -> np.ndarray[Any, Any]:
    """[layer, column]: the metric of `base`, each time with one activation of `source`. Both are ids of one prompt."""
    rows = []
    for layer in range(model.cfg.n_layers):
        point = model.hook_dict[HOOKS[kind].format(layer)]
        kept: list[Any] = []
        handle = point.register_forward_hook(lambda module, inputs, output, kept=kept: kept.append(output.clone()))
        model(source[None])
        handle.remove()
        n = len(base) if kind != "z" else model.cfg.n_heads
        row = []
        for column in range(n):

            def replaced(module: Any, inputs: Any, output: Any, column: int = column, kept: Any = kept[0]) -> Any:
                changed = output.clone()
                if kind != "z":  # some models join the batch and the positions
                    changed.view(len(base), -1)[column] = kept.reshape(len(base), -1)[column]
                else:
                    shape = (len(base), model.cfg.n_heads, -1)
                    changed.view(shape)[:, column] = kept.reshape(shape)[:, column]
                return changed

            handle = point.register_forward_hook(replaced)
            try:
                row.append(metric(model, base, correct, wrong))
            finally:
                handle.remove()
        rows.append(row)
    return np.array(rows)


def random_ids(n_vocab: int, pairs: int, n: int, seed: int = 5) -> tuple[Any, Any]:
    """Clean and corrupted ids, [pair, position], which differ in two tokens."""
    generator = torch.Generator().manual_seed(seed)
    clean = torch.randint(2, n_vocab, (pairs, n), generator=generator)
    corrupted = clean.clone()
    for position in (1, 3):
        corrupted[:, position] = (clean[:, position] - 2 + 1 + seed) % (n_vocab - 2) + 2
    return clean, corrupted

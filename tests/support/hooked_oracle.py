"""The truth about a HookedTransformer: the tensors that pass through its hook points, and its own weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.support import probes
from tests.support.oracle_run import Attention, Layer, Run
from tests.support.probes import Float64


class HookedRecorder:
    """Records the tensors that pass through the hook points of a HookedTransformer.

    Args:
        model: the HookedTransformer.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._seen: dict[object, Float64] = {}
        for layer, block in enumerate(model.blocks):
            for name in ("hook_pattern", "hook_v", "hook_z", "hook_q", "hook_k", "hook_rot_q", "hook_rot_k"):
                if hasattr(block.attn, name):
                    getattr(block.attn, name).register_forward_hook(self._keep((name, layer)))
            block.register_forward_pre_hook(lambda _, inputs, i=layer: self._store(("before", i), inputs[0]))
            block.register_forward_hook(self._keep(("after", layer)))
        model.unembed.register_forward_hook(self._keep("logits"))

    def result(self) -> tuple[dict[int, Attention], Run]:
        """The tensors of the last forward pass."""
        model, seen = self._model, self._seen
        n_layers, width = len(model.blocks), model.cfg.d_model
        attention, layers = {}, {}
        for i, block in enumerate(model.blocks):
            pattern, v = seen["hook_pattern", i], seen["hook_v", i]
            stage = "hook_rot_" if ("hook_rot_q", i) in seen else "hook_"
            q, k = seen[f"{stage}q", i], seen[f"{stage}k", i]
            group = pattern.shape[1] // v.shape[2]
            divisor = float(model.cfg.attn_scale) if model.cfg.use_attn_scale else 1.0
            scores = np.einsum("bqhe,bkhe->bhqk", q, np.repeat(k, group, 2)) / divisor
            attention[i] = Attention(pattern, np.repeat(v, group, 2), scores)
            post = probes.norm(block.ln1_post, width) if hasattr(block, "ln1_post") else None
            layers[i] = Layer(seen["hook_z", i], probes.array(block.attn.W_O), probes.array(block.attn.b_O), post)
        named = type(getattr(model, "ln_final", None)).__name__
        norm = probes.identity(width) if named in ("Identity", "NoneType") else probes.norm(model.ln_final, width)
        blocks = [(seen["before", i], seen["after", i]) for i in range(n_layers)]
        return attention, Run(layers, blocks[-1][1], norm, probes.array(model.unembed.W_U), seen["logits"], blocks)

    def _keep(self, key: object) -> Callable[..., None]:
        return lambda module, inputs, output: self._store(key, output)

    def _store(self, key: object, tensor: Any) -> None:
        self._seen[key] = probes.array(tensor)

"""Value vectors and scores of a Hugging Face model, read where its attention receives them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from tests.support import probes
from tests.support.probes import Float64

VALUES = {
    "bloom": ("self_attention.query_key_value", "thirds of each head"),
    "codegen": ("attn.qkv_proj", "second of three, of each quarter"),
    "falcon_alibi": ("self_attention.query_key_value", "thirds of each head"),
    "falcon_multi_query": ("self_attention.query_key_value", "last"),
    "gptj": ("attn.v_proj", "all"),
    "gptneo": ("attn.attention.v_proj", "all"),
    "mpt": ("attn.Wqkv", "thirds"),
    "openaigpt": ("attn.c_attn", "thirds"),
    "xglm": ("self_attn.v_proj", "all"),
}
"""Families without the interface that shows queries, keys and values: the module that computes v, and where v is in it."""


def values_and_scores(model: Any, family: str, ids: torch.Tensor) -> list[tuple[Float64, Float64 | None]]:
    """V [batch, src, key head, d_head] and scaled q · k of each attention layer, in order."""
    if family in VALUES:
        return [(v, None) for v in _projected_values(model, family, ids)]
    recorded_pairs: list[tuple[Float64, Float64 | None]] = []

    def recorded(eager: Callable[..., Any]) -> Callable[..., Any]:
        def attend(module: Any, query: Any, key: Any, value: Any, *args: Any, **options: Any) -> Any:
            q, k = probes.array(query), probes.array(key)
            k_of_head = np.repeat(k, q.shape[1] // k.shape[1], axis=1)
            scaling = options.get("scaling") or q.shape[-1] ** -0.5
            recorded_pairs.append(
                (probes.array(value).swapaxes(1, 2), float(scaling) * np.einsum("bhqe,bhke->bhqk", q, k_of_head))
            )
            return eager(module, query, key, value, *args, **options)

        return attend

    name = "eager_attention_forward"
    sources = {type(module).__module__: sys.modules[type(module).__module__] for module in model.modules()}
    originals = {source: getattr(source, name) for source in sources.values() if hasattr(source, name)}
    try:
        for source, eager in originals.items():
            setattr(source, name, recorded(eager))
        model(ids, output_attentions=True)
    finally:
        for source, eager in originals.items():
            setattr(source, name, eager)
    return recorded_pairs


def _projected_values(model: Any, family: str, ids: torch.Tensor) -> list[Float64]:
    name, layout = VALUES[family]
    config = model.config
    n_heads = getattr(config, "num_attention_heads", None) or getattr(config, "n_head", None) or config.n_heads
    recorded_pairs: list[Float64] = []

    def hook(module: Any, inputs: Any, output: Any) -> None:
        x = probes.array(output)
        batch, n, width = x.shape
        if layout == "thirds of each head":
            recorded_pairs.append(x.reshape(batch, n, n_heads, 3, -1)[..., 2, :])
        elif layout == "second of three, of each quarter":
            recorded_pairs.append(x.reshape(batch, n, 4, 3, -1)[..., 1, :].reshape(batch, n, n_heads, -1))
        elif layout == "last":
            d_head = width // (n_heads + 2)
            recorded_pairs.append(x[:, :, None, -d_head:])
        else:
            recorded_pairs.append((x[..., -width // 3 :] if layout == "thirds" else x).reshape(batch, n, n_heads, -1))

    hooks = [m.register_forward_hook(hook) for path, m in model.named_modules() if path.endswith(f".{name}")]
    model(ids, output_attentions=True)
    for handle in hooks:
        handle.remove()
    return recorded_pairs

"""W_Q, W_K, W_V and W_O of the heads of one layer of a model, in float64, with the key head of each head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from circuitsvis._cache import model_attributes
from circuitsvis._cache.key_heads import key_heads
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common.arrays import Float64, shape_of, to_float64


@dataclass(frozen=True)
class HeadWeights:
    """The weights of one layer.

    Attributes:
        query, key, value: [head, d_model, d_head]. Heads that share a key head have the same key and value.
        output: [head, d_head, d_model].
    """

    query: Float64
    key: Float64
    value: Float64
    output: Float64


def layers(model: Any) -> list[int]:
    """The numbers of the layers with attention. Raises TypeError or ValueError if the model has none."""
    blocks = attribute(model, "blocks")
    try:
        n_blocks = len(blocks)
    except TypeError:
        raise TypeError(
            f"model: must be a model of TransformerLens with blocks, such as a TransformerBridge or a HookedTransformer, got "
            f"{type(model).__name__}"
        ) from None
    found = [layer for layer in range(n_blocks) if attribute(model_attributes.block(model, layer), "attn") is not None]
    if not found:
        raise ValueError(f"model: no block of {model_attributes.name(model)} has attention")
    return found


def read(model: Any, layer: int) -> HeadWeights:
    """The weights of one layer.

    Raises:
        ValueError: the attention of the layer does not have them per head.
    """
    module = attribute(model_attributes.block(model, layer), "attn")
    tensors = {name: attribute(module, name) for name in ("W_Q", "W_K", "W_V", "W_O")}
    shapes = {name: None if tensor is None else shape_of(tensor, name) for name, tensor in tensors.items()}
    for name, shape in shapes.items():
        if shape is None or len(shape) != 3:
            got = "has none" if shape is None else f"has one of shape {list(shape)}"
            axes = "[head, d_head, d_model]" if name == "W_O" else "[head, d_model, d_head]"
            raise ValueError(
                f"model: scores of weights need {name} per head, {axes}, but blocks.{layer}.attn of {model_attributes.name(model)} {got}"
            )
    query, key, value, output = (to_float64(tensor, name) for name, tensor in tensors.items())
    n_heads = len(output)
    fits = query.shape == (n_heads, *query.shape[1:]) and all(n_heads % len(shared) == 0 for shared in (key, value))
    if not fits or key.shape[1:] != query.shape[1:] or value.shape[2] != output.shape[1]:
        listed = ", ".join(f"{name} {list(shape or ())}" for name, shape in shapes.items())
        raise ValueError(f"model: the weights of blocks.{layer}.attn do not fit each other: {listed}")
    return HeadWeights(query, key[key_heads(n_heads, len(key))], value[key_heads(n_heads, len(value))], output)

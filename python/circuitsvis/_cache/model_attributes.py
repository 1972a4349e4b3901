"""Attributes of a TransformerLens model that some classes or versions lack, and the check that attribution supports the class of model.

Works on HookedTransformer (TransformerLens 2, 3) and TransformerBridge (3, 4). Configurations are read only if nothing else has
the information, because several describe the model before its weights were processed.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from circuitsvis._common.arrays import Float64, shape_of, to_float32


def attribute(owner: Any, name: str) -> Any:
    """`owner.name`; None if it is missing. A bridge raises AttributeError or TypeError for parameters that the checkpoint lacks."""
    try:
        return getattr(owner, name)
    except (AttributeError, TypeError, KeyError, IndexError, RuntimeError):
        return None


def vector(owner: Any, name: str) -> Float64 | None:
    """A parameter with one axis; None if it is missing or has other axes."""
    value = attribute(owner, name)
    if value is None or len(shape_of(value, name)) != 1:
        return None
    return to_float32(value, name).astype(np.float64)


def block(model: Any, layer: int) -> Any:
    """The module of one layer; None without a model that has it."""
    blocks = attribute(model, "blocks")
    try:
        return blocks[layer]
    except (TypeError, IndexError, KeyError):
        return None


def name(model: Any) -> str:
    """The architecture as Hugging Face names it, else the class."""
    return str(attribute(attribute(model, "cfg"), "architecture") or type(model).__name__)


def soft_cap(model: Any) -> float | None:
    """The c of a model whose logits are capped, c * tanh(logit / c); None for others."""
    cap = attribute(attribute(model, "cfg"), "output_logits_soft_cap")
    return float(cap) if cap is not None and float(cap) > 0 else None


def block_factor(model: Any) -> float:
    """The configured factor of each attention output before it is added to the residual stream; 1 except for Granite."""
    return number_or_one(attribute(attribute(attribute(model, "original_model"), "config"), "residual_multiplier"))


def number_or_one(value: object) -> float:
    """A factor from a configuration: 1 if it is missing, None or 0."""
    return float(value) if isinstance(value, (int, float)) and value else 1.0


def kind(model: Any) -> Literal["decoder", "encoder", "encoder-decoder"]:
    """What the model is, recognised by class or configuration."""
    config = attribute(attribute(model, "original_model"), "config")
    classes = {cls.__name__ for cls in type(model).__mro__}
    if "HookedEncoderDecoder" in classes or attribute(config, "is_encoder_decoder"):
        return "encoder-decoder"
    if "HookedEncoder" in classes or name(model).endswith("ForMaskedLM"):
        return "encoder"
    return "decoder"


def check_decoder(model: Any) -> None:
    """Raises ValueError for encoders and encoder-decoders."""
    reasons = {
        "encoder-decoder": "cross-attention reads another stream, which has no source tokens in this one (encoder-decoder)",
        "encoder": "blocks normalise the stream itself, or a head transforms it after the last block (encoder)",
    }
    reason = reasons.get(kind(model))
    if reason is not None:
        raise ValueError(
            "model: attribution needs logits that are a sum over what the components write, "
            f"but in {name(model)} {reason}; circuitsvis.attention shows its patterns"
        )

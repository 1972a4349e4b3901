"""How a TransformerLens model turns its residual stream into logits: norms, W_U, b_U, biases, whatever the class.

Works on HookedTransformer (TransformerLens 2, 3) and TransformerBridge (3, 4) by what they have. Configurations are asked only
for what nothing else tells: several describe the model before its weights were processed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._arrays import ArrayLike, shape_of, to_float32
from circuitsvis._decompose import Float64

_CHUNK = 4096
"""Columns of W_U that are converted at a time: 50 MB at d_model 1536."""
_EPSILON = 1e-5


@dataclass(frozen=True)
class NormWeights:
    """gain, bias: [d_model] or None; centre: subtracts the mean; epsilon: added to the variance."""

    gain: Float64 | None
    bias: Float64 | None
    centre: bool
    epsilon: float


def norm(model: Any, owner: Any, name: str) -> NormWeights | None:
    """The norm `owner.name`; None where there is none, or one that does nothing.

    A bridge's norm says itself whether it centres and whether its gain is 1 + weight (Gemma). A HookedTransformer's is told
    by its class; both forget gain and bias when they are folded into the weights behind.
    """
    module, config = attribute(owner, name), attribute(model, "cfg")
    inner = attribute(module, "original_component")
    if module is None or "Identity" in (type(module).__name__, type(inner).__name__):
        return None
    is_rms = attribute(module, "uses_rms_norm")
    if is_rms is None:
        is_rms = "RMS" in type(module).__name__
    gain, bias = vector(module, "w"), None if is_rms else vector(module, "b")
    offset = attribute(module, "uses_weight_offset")
    if offset is None:
        offset = attribute(config, "rmsnorm_uses_offset")
    if gain is not None and offset:
        gain = gain + 1.0
    found = (
        attribute(o, n) for o, n in ((inner, "eps"), (inner, "variance_epsilon"), (module, "eps"), (config, "eps"))
    )
    epsilon = next((float(e) for e in found if e is not None), _EPSILON)
    return NormWeights(gain, bias, not is_rms, epsilon)


class Unembedding:
    """W_U and b_U, with what the model multiplies its logits by (Cohere, Granite) already in both.

    Raises:
        ValueError: the model has no W_U.
    """

    def __init__(self, model: Any) -> None:
        self._w: ArrayLike = attribute(model, "W_U")
        if self._w is None or len(shape_of(self._w, "W_U")) != 2:
            raise ValueError(
                "model: attribution needs the model's W_U, [d_model, d_vocab], "
                + ("but there is no model; pass model=" if model is None else f"which {type(model).__name__} has not")
            )
        self.d_model, self.d_vocab = shape_of(self._w, "W_U")
        self._factor = _logit_factor(model)
        b = vector(model, "b_U")
        self.bias: Float64 = np.zeros(self.d_vocab) if b is None else b * self._factor

    def columns(self, ids: Sequence[int]) -> Float64:
        """The directions of tokens, [token, d_model]."""
        picked = to_float32(self._w[:, list(ids)], "W_U")
        return picked.T.astype(np.float64) * self._factor

    def combine(self, vectors: Float64) -> Float64:
        """Directions over the vocabulary, [n, d_vocab], as directions of the norm's output, [n, d_model]."""
        out = np.zeros((len(vectors), self.d_model))
        used = np.flatnonzero(vectors.any(0))  # a logit difference needs two columns only
        for start in range(0, len(used), _CHUNK):
            ids = used[start : start + _CHUNK]
            out += vectors[:, ids] @ self.columns(ids.tolist())
        return out


def check_decoder(model: Any) -> None:
    """Raises ValueError for encoders and encoder-decoders, told by their class or configuration."""
    inner = attribute(attribute(model, "original_model"), "config")
    classes = {cls.__name__ for cls in type(model).__mro__}
    if "HookedEncoderDecoder" in classes or attribute(inner, "is_encoder_decoder"):
        reason = "cross-attention reads another stream, which has no source tokens in this one (encoder-decoder)"
    elif "HookedEncoder" in classes or name(model).endswith("ForMaskedLM"):
        reason = "blocks normalise the stream itself, or a head transforms it behind the last one (encoder)"
    else:
        return
    raise ValueError(
        "model: attribution needs logits that are a sum over what the components write, "
        f"but in {name(model)} {reason}; circuitsvis.attention shows its patterns"
    )


def name(model: Any) -> str:
    """The architecture as Hugging Face names it, else the class."""
    return str(attribute(attribute(model, "cfg"), "architecture") or type(model).__name__)


def soft_cap(model: Any) -> float | None:
    """The c of a model that caps its logits, c * tanh(logit / c); None for others."""
    cap = attribute(attribute(model, "cfg"), "output_logits_soft_cap")
    return float(cap) if cap is not None and float(cap) > 0 else None


def block_factor(model: Any) -> float:
    """What a block multiplies its attention's output by before it adds it to the stream: 1 but for Granite."""
    return _number(attribute(attribute(attribute(model, "original_model"), "config"), "residual_multiplier"))


def attribute(owner: Any, name: str) -> Any:
    """`owner.name`, None where it is missing.

    A bridge raises AttributeError or TypeError for a parameter that the checkpoint lacks.
    """
    try:
        return getattr(owner, name)
    except (AttributeError, TypeError, KeyError, IndexError, RuntimeError):
        return None


def vector(owner: Any, name: str) -> Float64 | None:
    """A parameter of one axis; None where it is missing."""
    value = attribute(owner, name)
    if value is None or len(shape_of(value, name)) != 1:
        return None
    return to_float32(value, name).astype(np.float64)


def _logit_factor(model: Any) -> float:
    # Live values: folding weights sets Cohere's to 1.
    inner = attribute(model, "original_model")
    return _number(attribute(inner, "logit_scale")) / _number(attribute(attribute(inner, "config"), "logits_scaling"))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and value else 1.0

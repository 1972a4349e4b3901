"""How a TransformerLens model turns its residual stream into logits: norms, W_U, b_U, biases, whatever the class.

Works on HookedTransformer (TransformerLens 2, 3) and TransformerBridge (3, 4) by what they have. Configurations are asked only
for what nothing else tells: several describe the model before its weights were processed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64, TensorLike, shape_of, to_float32

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

    def divisors(self, x: Float64) -> Float64:
        """[row]: what each row of x [row, d_model] is divided by."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        found: Float64 = np.sqrt((centred * centred).mean(-1) + self.epsilon)
        return found

    def at(self, scale: Float64) -> Norm:
        """The norm where it divides by `scale`, [row]."""
        return Norm(self.gain, self.bias, self.centre, scale)

    def variants(self) -> list[NormWeights]:
        """This norm, then what it may be where its module describes it wrongly: gain 1 + weight, or the other centring.

        Nemotron's gain is 1 + weight, which TransformerLens 3.9 does not say.
        """
        gains = [self.gain] if self.gain is None else [self.gain, self.gain + 1.0, self.gain - 1.0]
        return [replace(self, gain=gain, centre=centre) for centre in (self.centre, not self.centre) for gain in gains]


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
        is_rms = any("RMS" in type(part).__name__ for part in (module, inner))
    gain, bias = vector(module, "w"), None if is_rms else vector(module, "b")
    if gain is None and inner is not None:  # a bridge without a class of its own for this norm (Gemma 4)
        gain, bias = vector(inner, "weight"), None if is_rms else vector(inner, "bias")
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

    Args:
        model: has them, or not: then only directions of length d_model can be used.
        width: of the residual stream, d_model; None to take W_U's.

    Attributes:
        d_model, d_vocab: d_vocab is 0 without a W_U that reads the residual stream.
        bias: b_U, [d_vocab].
        factor: what the model multiplies the unembedding's output by.
    """

    def __init__(self, model: Any, width: int | None = None) -> None:
        self._model = model
        self._w: TensorLike = attribute(model, "W_U")
        self._shape = shape_of(self._w, "W_U") if self._w is not None else ()
        fits = len(self._shape) == 2 and width in (None, self._shape[0])
        self.d_model = self._shape[0] if width is None and fits else width or 0
        self.d_vocab = self._shape[1] if fits else 0
        self.factor = _logit_factor(model)
        b = vector(model, "b_U")
        self.bias: Float64 = b * self.factor if b is not None and len(b) == self.d_vocab else np.zeros(self.d_vocab)

    def check_vocabulary(self) -> None:
        """Raises ValueError where no direction over the vocabulary can be read: no W_U, or not one of the stream."""
        if self.d_vocab:
            return
        fix = f"; a direction of length d_model = {self.d_model} needs no W_U"
        if len(self._shape) == 2:
            raise ValueError(
                f"model: W_U of {name(self._model)} has shape {list(self._shape)}, but its residual stream has width "
                f"{self.d_model}: a projection lies between them, which attribution does not support{fix}"
            )
        missing = "but there is no model; pass model=" if self._model is None else f"but {name(self._model)} has none"
        raise ValueError(f"model: attribution to a logit needs the model's W_U, [d_model, d_vocab], {missing}{fix}")

    def columns(self, ids: Sequence[int]) -> Float64:
        """The directions of tokens, [token, d_model]."""
        picked = to_float32(self._w[:, list(ids)], "W_U")
        return picked.T.astype(np.float64) * self.factor

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
    """What the model multiplies the unembedding's output by: behind every hook, so only its configuration shows it."""
    inner = attribute(model, "original_model")
    factor = _number(attribute(inner, "logit_scale"))  # the live value: folding weights sets Cohere's to 1
    for config in (attribute(inner, "config"), attribute(attribute(inner, "config"), "text_config")):
        factor /= _number(attribute(config, "logits_scaling"))  # Granite
        factor *= _number(attribute(config, "lm_head_multiplier"))  # Falcon-H1
        factor *= _number(attribute(config, "output_multiplier"))  # Muse
    return factor


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and value else 1.0

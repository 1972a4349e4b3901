"""The parameters of a norm, read from its module, whatever the class of the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circuitsvis._cache.model_attributes import attribute, vector
from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64

_DEFAULT_EPSILON = 1e-5


@dataclass(frozen=True)
class NormWeights:
    """The parameters of a LayerNorm or RMSNorm.

    Attributes:
        gain, bias: [d_model], or None for 1 and 0.
        centre: whether it subtracts the mean over d_model.
        epsilon: added to the variance.
    """

    gain: Float64 | None
    bias: Float64 | None
    centre: bool
    epsilon: float

    def divisors(self, x: Float64) -> Float64:
        """[row]: the divisor of each row of x, [row, d_model]."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        divisors: Float64 = np.sqrt((centred * centred).mean(-1) + self.epsilon)
        return divisors

    def at(self, scale: Float64) -> Norm:
        """The norm with the divisors `scale`, [row]."""
        return Norm(self.gain, self.bias, self.centre, scale)

    def variants(self) -> list[NormWeights]:
        """This norm, then norms that its module may be instead: with a gain of 1 + weight, or the other centring.

        Nemotron's gain is 1 + weight, but its module in TransformerLens 3.9 does not state that.
        """
        gains = [self.gain] if self.gain is None else [self.gain, self.gain + 1.0, self.gain - 1.0]
        return [replace(self, gain=gain, centre=centre) for centre in (self.centre, not self.centre) for gain in gains]


def read(model: Any, owner: Any, name: str) -> NormWeights | None:
    """The parameters of the norm `owner.name`; None if there is none, or it does nothing.

    A bridge's norm states whether it centres and whether its gain is 1 + weight (Gemma). A HookedTransformer's norm is recognised
    by its class. Both lack gain and bias if these are folded into the following weights.
    """
    module, config = attribute(owner, name), attribute(model, "cfg")
    wrapped = attribute(module, "original_component")
    if module is None or "Identity" in (type(module).__name__, type(wrapped).__name__):
        return None
    is_rms = attribute(module, "uses_rms_norm")
    if is_rms is None:
        is_rms = any("RMS" in type(part).__name__ for part in (module, wrapped))
    gain, bias = vector(module, "w"), None if is_rms else vector(module, "b")
    if gain is None and wrapped is not None:  # a bridge that has no class for this norm (Gemma 4)
        gain, bias = vector(wrapped, "weight"), None if is_rms else vector(wrapped, "bias")
    has_offset = attribute(module, "uses_weight_offset")
    if has_offset is None:
        has_offset = attribute(config, "rmsnorm_uses_offset")
    if gain is not None and has_offset:
        gain = gain + 1.0
    sources = ((wrapped, "eps"), (wrapped, "variance_epsilon"), (module, "eps"), (config, "eps"))
    values = (attribute(source, key) for source, key in sources)
    epsilon = next((float(value) for value in values if value is not None), _DEFAULT_EPSILON)
    return NormWeights(gain, bias, not is_rms, epsilon)

"""A LayerNorm or RMSNorm as one forward pass applied it, with its divisor at each position."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._common.arrays import Float64


@dataclass(frozen=True)
class Norm:
    """y = w * C(x) / scale + b at the chosen destinations.

    Attributes:
        gain: w, [d_model], or None for 1.
        bias: b, [d_model], or None for 0.
        centre: whether C subtracts the mean over d_model (LayerNorm) or does nothing (RMSNorm, no norm).
        scale: [dest], the divisor.
    """

    gain: Float64 | None
    bias: Float64 | None
    centre: bool
    scale: Float64

    def apply(self, x: Float64) -> Float64:
        """The output y for the input x, both [dest, d_model]."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        y = centred / self.scale[:, None]
        y = y if self.gain is None else y * self.gain
        return y if self.bias is None else y + self.bias

    def pull_back(self, direction: Float64) -> Float64:
        """The d' with y . d = x . d' / scale + b . d. Both are [1 or dest, d_model].

        C is symmetric, so the direction is centred instead of x.
        """
        weighted = direction if self.gain is None else direction * self.gain
        return weighted - weighted.mean(-1, keepdims=True) if self.centre else weighted

    def constant(self, direction: Float64) -> Float64 | None:
        """The product b . d, [1 or dest]; None if the norm has no bias."""
        return None if self.bias is None else direction @ self.bias

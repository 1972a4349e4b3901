"""Exact weights of linear modules and norms, measured by applying them to test vectors.

This reads folded weights, transposed layouts and gains of 1 + w alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Norm:
    """y = gain * C(x) / sqrt(mean(C(x)^2) + epsilon) + bias, where C subtracts the mean or does nothing.

    epsilon None: there is no norm, and nothing is divided.
    """

    gain: Float64
    bias: Float64
    centre: bool
    epsilon: float | None

    def divisor(self, x: Float64) -> Float64:
        """[...]: the number that each vector of `x`, [..., d_model], is divided by."""
        if self.epsilon is None:
            return np.ones(x.shape[:-1])
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        return np.sqrt((centred**2).mean(-1) + self.epsilon)

    def linear(self, x: Float64, divisor: Float64) -> Float64:
        """What a part of the norm's input becomes in its output: the divisor is that of the whole input."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        return self.gain * centred / divisor[..., None]


def linear(module: Any, width: int) -> tuple[Float64, Float64]:
    """Bias [out] and weights [in, out] of a linear module."""
    dtype = next(module.parameters()).dtype
    zero = array(module(torch.zeros(1, width, dtype=dtype)))[0]
    weight = module.weight.detach().double().numpy()
    # The weight is [out, in] in Linear and [in, out] in Conv1D. Applying the module shows which, and the weight has exact numbers.
    probe = torch.linspace(-1, 1, width, dtype=dtype)
    output = array(module(probe[None]))[0] - zero
    for matrix in (weight.T, weight):
        if matrix.shape[0] == width and np.allclose(probe.double().numpy() @ matrix, output, rtol=0, atol=1e-4):
            return zero, matrix
    raise ValueError(f"{type(module).__name__} does not multiply by its weight")


def norm(module: Any, width: int) -> Norm:
    """A norm's gain, bias and centring, from its outputs for random vectors."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 16, width, generator=generator)
    y, shifted, zero = array(module(x))[0], array(module(x + 3.0))[0], array(module(0 * x))[0, 0]
    centre = bool(np.allclose(y, shifted, rtol=0, atol=1e-3))
    trial = Norm(np.ones(width), zero, centre, _epsilon(module))
    vectors = array(x)[0]
    plain = trial.linear(vectors, trial.divisor(vectors))
    gain = ((y - zero) * plain).sum(0) / (plain**2).sum(0)
    candidate = Norm(gain, zero, centre, trial.epsilon)
    again = candidate.linear(vectors, candidate.divisor(vectors)) + zero
    if not np.allclose(again, y, rtol=0, atol=1e-4):
        raise ValueError(f"{type(module).__name__} is neither a LayerNorm nor an RMSNorm")
    return candidate


def array(tensor: Any) -> Float64:
    """A copy of a tensor as a float64 numpy array."""
    return np.array(tensor.detach().double().cpu().numpy())


def identity(width: int) -> Norm:
    return Norm(np.ones(width), np.zeros(width), centre=False, epsilon=None)


def _epsilon(module: Any) -> float:
    for owner in (module, *(child for child in (getattr(module, "original_component", None),) if child is not None)):
        for name in ("eps", "variance_epsilon"):
            value = getattr(owner, name, None)
            if isinstance(value, float):
                return value
    return 1e-5

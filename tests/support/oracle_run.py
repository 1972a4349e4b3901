"""What one forward pass of a model computes, in float64: the truth that figures are compared with. Nothing here uses circuitsvis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.support.probes import Float64, Norm


@dataclass(frozen=True)
class Layer:
    """One attention layer in one forward pass.

    Attributes:
        z: [batch, dest, head, d_head], the input of the output projection.
        w_o: [head, d_head, d_model].
        b_o: [d_model].
        post_norm: the norm between the output and the residual stream, or None.
        factor: constant factor of the output.
    """

    z: Float64
    w_o: Float64
    b_o: Float64
    post_norm: Norm | None
    factor: float = 1.0

    def before_norm(self, z: Float64) -> Float64:
        """[batch, dest, head, d_model]: each head's share of the output projection."""
        return np.einsum("bqhe,hed->bqhd", z, self.w_o)

    def written(self, z: Float64) -> Float64:
        """[batch, dest, head, d_model]: what each head adds to the residual stream. A norm divides by its true divisor."""
        heads = self.before_norm(z)
        if self.post_norm is None:
            return self.factor * heads
        divisor = self.post_norm.divisor(self.before_norm(self.z).sum(2) + self.b_o)
        return self.factor * self.post_norm.linear(heads, np.repeat(divisor[:, :, None], heads.shape[2], 2))


@dataclass(frozen=True)
class Run:
    """One forward pass.

    Attributes:
        layers: by number; attention layers only.
        stream: [batch, position, d_model], the input of the final norm.
        norm: the final norm; None if the logits do not read its output.
        w_u: [d_model, vocabulary], with the factor of the logits.
        logits: [batch, position, vocabulary], before a soft cap.
        blocks: input and output of each decoder layer, [batch, position, d_model].
    """

    layers: dict[int, Layer]
    stream: Float64
    norm: Norm | None
    w_u: Float64
    logits: Float64
    blocks: list[tuple[Float64, Float64]]

    def along(self, x: Float64, token: int, minus: int | None) -> Float64:
        """[batch, position, ...]: what parts of the stream, [batch, position, ..., d_model], contribute to a logit or a difference."""
        direction = self.w_u[:, token] - (0.0 if minus is None else self.w_u[:, minus])
        assert self.norm is not None
        divisor = self.norm.divisor(self.stream)
        shape = divisor.shape + (1,) * (x.ndim - 3)
        return self.norm.linear(x, np.broadcast_to(divisor.reshape(shape), x.shape[:-1])) @ direction


@dataclass(frozen=True)
class Attention:
    """The operands of one attention layer of the model as Hugging Face runs it.

    Attributes:
        pattern: [batch, head, dest, src].
        v: [batch, src, head, d_head].
        scores: [batch, head, dest, src], q · k times the scale, before bias, cap and mask; None if the model does not show them.
    """

    pattern: Float64
    v: Float64
    scores: Float64 | None


def mixes(pattern: Float64, v: Float64, z: Float64) -> float:
    """Largest relative difference of z, [batch, dest, head, d_head], from the sum over sources of pattern times v."""
    mixed = np.einsum("bhqk,bkhe->bqhe", pattern, v)
    return float(np.abs(mixed - z).max() / np.abs(mixed).max())

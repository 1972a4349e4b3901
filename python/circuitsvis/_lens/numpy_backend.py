"""The arithmetic of a logit lens on numpy arrays, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64, TensorLike, to_float32
from circuitsvis._lens.summary import Int64, Summary


class NumpyBackend:
    """Final norm and unembedding.

    Args:
        weights: W_U, [d_model, d_vocab].
        norm: the final norm, or None.
        bias: b_U, [d_vocab], or None.
    """

    def __init__(self, weights: TensorLike, norm: NormWeights | None, bias: Float64 | None) -> None:
        self._weights = to_float32(weights, "W_U").astype(np.float64)
        self._norm = norm
        self._bias = bias

    def unembed(self, streams: Any) -> Float64:
        """[..., d_vocab] of the unembedding's output for streams [..., d_model]."""
        x = self.array(streams, "cache")
        rows = x.reshape(-1, x.shape[-1])
        if self._norm is not None:
            rows = self._norm.at(self._norm.divisors(rows)).apply(rows)
        product: Float64 = rows @ self._weights
        product = product if self._bias is None else product + self._bias
        return product.reshape(*x.shape[:-1], -1)

    def array(self, values: Any, name: str) -> Float64:
        """Values of any library as those of this one."""
        return to_float32(values, name).astype(np.float64)

    def stacked(self, arrays: list[Any]) -> Float64:
        """Arrays of equal shape along a new first axis."""
        return np.stack([self.array(array, "cache") for array in arrays])

    def finite_rows(self, array: Any) -> npt.NDArray[np.bool_]:
        """[row]: whether all numbers of a row are finite."""
        return np.asarray(np.isfinite(to_float32(array, "cache")).all(-1))

    def capped(self, logits: Any, factor: float, cap: float | None) -> Any:
        """The model's logits: times a factor, then c * tanh(logit / c)."""
        logits = logits if factor == 1.0 else logits * factor
        return logits if cap is None else cap * np.tanh(logits / cap)

    def log_probs(self, logits: Any) -> Any:
        """Log softmax over the last axis."""
        shifted = logits - logits.max(-1, keepdims=True)
        return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))

    def summary(self, logits: Any, final: Any, targets: Int64, k: int) -> Summary:
        """Of logits [stage, position, d_vocab].

        Args:
            logits: of the stages.
            final: log probabilities of the final stage, [position, d_vocab].
            targets: [position] ids.
            k: likeliest tokens to keep.
        """
        log_probs = self.log_probs(logits)
        part = np.argpartition(-logits, k - 1, axis=-1)[..., :k] if k < logits.shape[-1] else _every(logits.shape)
        top = np.sort(part, axis=-1)  # equally likely tokens in the order of their ids
        order = np.argsort(-np.take_along_axis(logits, top, -1), axis=-1, kind="stable")
        top = np.take_along_axis(top, order, -1)
        index = np.broadcast_to(targets[None, :, None], (*logits.shape[:2], 1))
        target_logits = np.take_along_axis(logits, index, -1)
        return Summary(
            top.astype(np.int64),
            np.take_along_axis(log_probs, top, -1),
            np.take_along_axis(log_probs, index, -1)[..., 0],
            (logits > target_logits).sum(-1).astype(np.int64) + 1,
            np.maximum(-(np.exp(log_probs) * log_probs).sum(-1), 0.0),
            np.maximum((np.exp(final) * (final - log_probs)).sum(-1), 0.0),
        )


def _every(shape: tuple[int, ...]) -> Int64:
    return np.broadcast_to(np.arange(shape[-1]), shape)

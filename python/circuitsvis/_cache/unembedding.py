"""W_U and b_U of a model, which turn the final norm's output into logits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from circuitsvis._cache import model_attributes
from circuitsvis._cache.model_attributes import attribute, number_or_one, vector
from circuitsvis._common.arrays import Float64, TensorLike, shape_of, to_float32

_CHUNK = 4096
"""Columns of W_U that are converted to float64 at a time: 50 MB at d_model 1536."""


class Unembedding:
    """W_U and b_U times the constant factor that some models apply to their logits (Cohere, Granite).

    Args:
        model: the model. Without its W_U, only directions of length d_model can be used.
        width: d_model of the residual stream; None takes it from W_U.

    Attributes:
        d_model: width of the residual stream.
        d_vocab: columns of W_U; 0 without a W_U that reads the residual stream.
        bias: b_U, [d_vocab].
        factor: the constant factor of the logits.
    """

    def __init__(self, model: Any, width: int | None = None) -> None:
        self._model = model
        self._w_u: TensorLike | None = attribute(model, "W_U")
        self._shape = shape_of(self._w_u, "W_U") if self._w_u is not None else ()
        fits = len(self._shape) == 2 and width in (None, self._shape[0])
        self.d_model = self._shape[0] if width is None and fits else width or 0
        self.d_vocab = self._shape[1] if fits else 0
        self.factor = logit_factor(model)
        b_u = vector(model, "b_U")
        has_bias = b_u is not None and len(b_u) == self.d_vocab
        self.bias: Float64 = b_u * self.factor if b_u is not None and has_bias else np.zeros(self.d_vocab)

    def check_vocabulary(self) -> None:
        """Raises ValueError without a W_U that reads the residual stream."""
        if self.d_vocab:
            return
        fix = f"; a direction of length d_model = {self.d_model} needs no W_U"
        name = model_attributes.name(self._model)
        if len(self._shape) == 2:
            raise ValueError(
                f"model: W_U of {name} has shape {list(self._shape)}, but its residual stream has width "
                f"{self.d_model}: a projection lies between them, which attribution does not support{fix}"
            )
        missing = "but there is no model; pass model=" if self._model is None else f"but {name} has none"
        raise ValueError(f"model: attribution to a logit needs the model's W_U, [d_model, d_vocab], {missing}{fix}")

    def columns(self, ids: Sequence[int]) -> Float64:
        """The directions of tokens at the final norm's output, [token, d_model]."""
        if self._w_u is None:
            return np.zeros((len(ids), self.d_model))
        return to_float32(self._w_u[:, list(ids)], "W_U").T.astype(np.float64) * self.factor

    def combine(self, vectors: Float64) -> Float64:
        """Directions over the vocabulary, [n, d_vocab], as directions at the final norm's output, [n, d_model]."""
        directions = np.zeros((len(vectors), self.d_model))
        used = np.flatnonzero(vectors.any(0))  # two columns for a logit difference
        for start in range(0, len(used), _CHUNK):
            ids = used[start : start + _CHUNK]
            directions += vectors[:, ids] @ self.columns(ids.tolist())
        return directions


def logit_factor(model: Any) -> float:
    """The constant factor of the logits, from the configuration: it is applied after the last hook."""
    wrapped = attribute(model, "original_model")
    factor = number_or_one(attribute(wrapped, "logit_scale"))  # Cohere; folding weights sets this to 1
    for config in (attribute(wrapped, "config"), attribute(attribute(wrapped, "config"), "text_config")):
        factor /= number_or_one(attribute(config, "logits_scaling"))  # Granite
        factor *= number_or_one(attribute(config, "lm_head_multiplier"))  # Falcon-H1
        factor *= number_or_one(attribute(config, "output_multiplier"))  # Muse
    return factor

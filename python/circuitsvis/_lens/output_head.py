"""The output head of a model, which a logit lens applies to every stage: final norm, unembedding, factor and soft cap of the logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuitsvis._cache import final_norm, logit_path, model_attributes, unembedding
from circuitsvis._cache.activations import Activations
from circuitsvis._cache.hook_names import UNEMBED_OUTPUT
from circuitsvis._cache.model_attributes import attribute, vector
from circuitsvis._cache.stream_cache import StreamCache
from circuitsvis._common.arrays import is_torch_tensor, shape_of
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._lens.numpy_backend import NumpyBackend
from circuitsvis._lens.torch_backend import TorchBackend

_WHY = "model: the logit lens applies the final norm and the unembedding to every layer, but"

_NOT_A_DECODER = {
    "encoder": "a prediction head with weights of its own lies between the last block and the unembedding (encoder)",
    "encoder-decoder": "there is no single residual stream that they read: encoder and decoder have one each, under other hook names "
    "(encoder-decoder)",
}

_TOLERANCE, _ROUNDINGS = 1e-5, 8.0
"""Relative difference from the cached logits that is not worth a note: this, or so many rounding errors of the cached numbers."""


def check_kind(model: Any) -> None:
    """Raises ValueError for encoders and encoder-decoders."""
    reason = _NOT_A_DECODER.get(model_attributes.kind(model))
    if reason is not None:
        name = model_attributes.name(model)
        raise ValueError(f"{_WHY} in {name} {reason}; circuitsvis.attention shows its patterns")


class OutputHead:
    """Turns stages of the residual stream into the model's logits.

    Args:
        cache: the activations, with the model.
        width: d_model of the residual stream.

    Attributes:
        d_vocab: columns of W_U.
        backend: the arithmetic, in the library of W_U.

    Raises:
        ValueError: no model, no W_U that reads the stream, or a model whose head is not a norm and an unembedding.
    """

    def __init__(self, cache: StreamCache, width: int) -> None:
        model = cache.model
        name = model_attributes.name(model)
        weights = attribute(model, "W_U")
        if weights is None:
            missing = "there is no model; pass model=" if model is None else f"{name} has no W_U"
            raise ValueError(f"{_WHY} {missing}")
        shape = shape_of(weights, "W_U")
        if len(shape) != 2 or shape[0] != width:
            raise ValueError(
                f"{_WHY} W_U of {name} has shape {list(shape)}, and its residual stream has width {width}: a projection lies between "
                "them, or the cache is of another model"
            )
        self.d_vocab = shape[1]
        self._cache = cache
        self._norm = final_norm.fitted(cache)
        self._factor, self._cap = unembedding.logit_factor(model), model_attributes.soft_cap(model)
        b_u = vector(model, "b_U")
        bias = b_u if b_u is not None and len(b_u) == self.d_vocab and b_u.any() else None
        kind = TorchBackend if is_torch_tensor(weights) else NumpyBackend
        self.backend: Any = kind(weights, self._norm, bias)

    def logits(self, streams: Any) -> Any:
        """[..., d_vocab] of streams [..., d_model]."""
        return self.backend.capped(self.backend.unembed(streams), self._factor, self._cap)

    def check(self, index: int, hook: str) -> str | None:
        """Compares the head with what one sequence of the cache holds of it; a sentence if they differ by more than rounding.

        Args:
            index: index of the sequence in the batch.
            hook: full name of the stream after the last block.

        Raises:
            ValueError: the cached run has another head, or a hook changed its output.
        """
        cache = self._cache
        reason = logit_path.other_readout(cache, index, self._norm)
        name = model_attributes.name(cache.model)
        if reason is not None:
            raise ValueError(f"{_WHY} in {name} {reason}")
        activations = Activations(cache)
        if not activations.has(UNEMBED_OUTPUT.name):
            return None
        rows = activations.sample(activations.length(UNEMBED_OUTPUT.name))
        want = activations.rows(UNEMBED_OUTPUT.name, index, rows)
        got = np.asarray(self.backend.unembed(activations.rows(hook, index, rows)).tolist())
        difference = np.inf if got.shape != want.shape else float(np.abs(got - want).max() / np.abs(want).max())
        if not difference <= final_norm.DIFFERENT:
            raise ValueError(
                f"{_WHY} in {name} the cached {UNEMBED_OUTPUT.name} is not W_U times what the final norm makes of the last stream: a "
                "hook changed it, or the model is not the one that made the cache"
            )
        if difference <= max(_TOLERANCE, _ROUNDINGS * unit_roundoff(want.astype(np.float32))):
            return None
        return f"The logits of the last layer differ from the cached ones by up to {difference:.1g} of the largest."

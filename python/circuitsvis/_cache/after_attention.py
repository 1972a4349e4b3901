"""The step between the outputs of a layer's heads and the residual stream: nothing, a constant factor, or a norm.

It is found by comparing the heads' outputs with hook_attn_out, if both are cached. Granite multiplies by a factor, Gemma 2 and
OLMo 2 normalise, and TransformerLens 3.9 gives OLMo 2's norm the name of the one before attention (docs/decisions/0027).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circuitsvis._cache import attention_module, model_attributes, norm_weights, output_path, value_vectors
from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.head_outputs import LayerOutputs
from circuitsvis._cache.hook_names import ATTN_OUT, BLOCK_NORM_SCALE, PROJECTED_OUTPUTS
from circuitsvis._cache.norm import Norm
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64, shape_of, to_float32
from circuitsvis._common.rounding import unit_roundoff

_FIRST_COLUMNS = slice(0, 64)
"""Columns of the residual stream that are compared to find a factor. Reading all of W_O would take longer than all other checks."""

_NORMS = ("ln1_post", "ln1", "ln2")
"""Names of norms in a block that may come after its attention."""

_MIN_TOLERANCE = 1e-4
"""Relative difference that a comparison allows for float32, where products of a whole layer add up."""

_ROUNDINGS = 8.0
"""Rounding errors that a comparison allows in half precision."""


@dataclass(frozen=True)
class _Step:
    """A factor, then a norm. `module` is the name of the norm's module in the block."""

    factor: float = 1.0
    weights: NormWeights | None = None
    module: str = ""

    @property
    def divisor(self) -> float:
        """1 / factor; infinite if a hook has set the output to 0."""
        return 1.0 / self.factor if self.factor else np.inf


class AfterAttention:
    """The step after one layer's attention, by sequence: a hook may have changed a single sequence of the batch.

    Args:
        cache: the activations, with the model.
        layer: number of the layer.
        block_factor: the factor by which the block multiplies hook_attn_out, as a function of the index of the sequence.
    """

    def __init__(self, cache: AttentionCache, layer: int, block_factor: Callable[[int], float] = lambda _: 1.0) -> None:
        self._cache, self._layer = cache, layer
        self._activations = Activations(cache)
        self._block_factor = block_factor
        self._steps: dict[int, _Step] = {}

    def norm(self, index: int, rows: Rows) -> Norm | None:
        """The norm that is applied to the heads' outputs and b_O at these positions, or the factor as a norm; None if there is neither."""
        step = self._step(index)
        if step.weights is None:
            return None if step.factor == 1 else Norm(None, None, centre=False, scale=np.full(len(rows), step.divisor))
        scale = self._divisors(step, index, rows) * step.divisor
        bias = None if step.weights.bias is None else step.weights.bias * step.factor
        return Norm(step.weights.gain, bias, step.weights.centre, scale)

    def unusual_factor(self, index: int) -> float | None:
        """The factor of the heads' outputs; None if it is 1 or the configured one."""
        factor = self._step(index).factor
        return None if factor in (1.0, model_attributes.block_factor(self._cache.model)) else factor

    def contradicts_weights(self, index: int) -> bool:
        """Whether W_O does not turn hook_z into the cached output: the cache is of another model, or a hook changed the output.

        A bridge caches the output of W_O itself. There, more than a factor or a norm may follow before hook_attn_out (BERT).
        """
        if output_path.head_outputs(self._cache, self._layer) is None:
            return False
        projected = self._cache.name(self._layer, PROJECTED_OUTPUTS)
        if projected not in self._cache.hooks:
            return self._activations.has(ATTN_OUT.at(self._layer)) and self._from_data(index) is None
        rows = self._sample()
        output = self._activations.rows_if_cached(projected, index, rows)
        written = self._written(index, rows, _FIRST_COLUMNS)
        if output is None or written is None or written.shape != output[:, _FIRST_COLUMNS].shape:
            return False
        return not _close(written, output[:, _FIRST_COLUMNS], _tolerance(output))

    def bias(self) -> Float64 | None:
        """b_O, [d_model]; None if there is none, or it is zero."""
        bias = model_attributes.vector(model_attributes.attribute(self._block(), "attn"), "b_O")
        return bias if bias is not None and bias.any() else None

    def _block(self) -> Any:
        return model_attributes.block(self._cache.model, self._layer)

    def _sample(self) -> Rows:
        return self._activations.sample(self._cache.shape([self._layer])[1])

    def _step(self, index: int) -> _Step:
        if index not in self._steps:
            step = self._from_data(index) or self._configured()
            self._steps[index] = replace(step, factor=step.factor * self._block_factor(index))
        return self._steps[index]

    def _configured(self) -> _Step:
        weights = norm_weights.read(self._cache.model, self._block(), "ln1_post")
        return _Step(model_attributes.block_factor(self._cache.model), weights, "ln1_post")

    def _from_data(self, index: int) -> _Step | None:
        """The step that turns the heads' outputs into hook_attn_out; None if the cache does not show one."""
        hook = ATTN_OUT.at(self._layer)
        if not self._activations.has(hook):
            return None
        rows = self._sample()
        output = self._activations.rows(hook, index, rows)
        columns = output[:, _FIRST_COLUMNS]
        factor = self._factor(self._written(index, rows, _FIRST_COLUMNS), columns, _tolerance(columns))
        if factor is not None:
            return _Step(factor)
        written = self._written(index, rows)
        if written is None or written.shape != output.shape or not np.any(written):
            return None
        for name in _NORMS:
            configured = norm_weights.read(self._cache.model, self._block(), name)
            for weights in configured.variants() if configured is not None else ():
                if _close(weights.at(weights.divisors(written)).apply(written), output, _tolerance(columns)):
                    return _Step(1.0, weights, name)
        return None

    def _factor(self, written: Float64 | None, output: Float64, tolerance: float) -> float | None:
        """The factor that turns the heads' outputs into hook_attn_out; None if none does."""
        if written is None or written.shape != output.shape or not np.any(written):
            return None
        factor = float(np.vdot(written, output) / np.vdot(written, written))
        if not _close(factor * written, output, tolerance):
            return None
        exact = (1.0, model_attributes.block_factor(self._cache.model))
        return next((value for value in exact if abs(factor - value) <= tolerance * abs(value)), factor)

    def _divisors(self, step: _Step, index: int, rows: Rows) -> Float64:
        """[row]: the norm's divisors as cached, else computed from the heads' outputs."""
        hook = BLOCK_NORM_SCALE.at(self._layer, module=step.module)
        tensor = self._cache.activation(hook)
        n_positions = self._cache.shape([self._layer])[1]
        if tensor is not None and shape_of(tensor, hook)[-2:] == (n_positions, 1):
            return self._activations.rows(hook, index, rows)[:, 0]
        written = self._written(index, rows)
        if step.weights is None or written is None:
            return self._activations.rows(hook, index, rows)[:, 0]
        return step.weights.divisors(written)

    def _written(self, index: int, rows: Rows, columns: slice = slice(None)) -> Float64 | None:
        """[row, column]: the sum of all heads' outputs times W_O, with b_O; None without W_O.

        From hook_z, else from pattern · v.
        """
        w_o = attention_module.output_weights(self._cache, self._layer)
        if w_o is None:
            return None
        matrix = to_float32(w_o[..., columns], "W_O").astype(np.float64)
        matrix = matrix.reshape(-1, matrix.shape[-1])
        z = CachedSequence(self._cache, index).head_outputs(self._layer)
        if z is not None:
            outputs = z[rows]
        elif value_vectors.most_likely(self._cache, self._layer) is not None:
            heads = LayerOutputs(self._cache, self._layer, "attribution").read(index)
            mixed = [heads.pattern[head][rows] @ heads.values_of(head) for head in range(len(heads.pattern))]
            outputs = np.concatenate(mixed, axis=-1)
        else:
            return None
        if outputs.shape[-1] != len(matrix):
            return None
        bias = self.bias()
        written: Float64 = outputs.astype(np.float64) @ matrix
        return written if bias is None else written + bias[columns]


def _tolerance(array: Float64) -> float:
    """The relative difference from `array` that rounding explains."""
    return max(_MIN_TOLERANCE, _ROUNDINGS * unit_roundoff(array.astype(np.float32)))


def _close(a: Float64, b: Float64, tolerance: float) -> bool:
    return bool(np.linalg.norm(a - b) <= tolerance * np.linalg.norm(b))

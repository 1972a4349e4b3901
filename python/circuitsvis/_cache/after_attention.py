"""What the outputs of a layer's heads go through on their way into the residual stream: nothing, a factor, or a norm.

Found from the cache where hook_attn_out and the heads' outputs are in it: Granite multiplies by a factor, Gemma 2 and OLMo 2
normalise, and TransformerLens 3.9 calls the norm of OLMo 2 as it calls the one before attention elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from circuitsvis._cache import attention_module, model_weights, output_path, value_vectors
from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.head_outputs import LayerOutputs
from circuitsvis._cache.hook_names import ATTN_OUT, BLOCK_NORM_SCALE, PROJECTED_OUTPUTS
from circuitsvis._cache.model_weights import NormWeights
from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64, shape_of, to_float32
from circuitsvis._common.rounding import unit_roundoff

_FEW = slice(0, 64)
"""Columns of the residual stream in which a factor is looked for: reading W_O whole would take longer than all other checks."""

_NORMS = ("ln1_post", "ln1", "ln2")
"""Names of norms in a block that may stand behind its attention."""


@dataclass(frozen=True)
class _Step:
    """A factor, or a norm with the name of its module in the block."""

    factor: float = 1.0
    weights: NormWeights | None = None
    module: str = ""

    @property
    def divisor(self) -> float:
        """1 / factor; infinite where a hook has set the output to 0."""
        return 1.0 / self.factor if self.factor else np.inf


class AfterAttention:
    """The step behind one layer's attention; hooks may make it another one for each sequence.

    Args:
        cache: with the model.
        layer: its number.
        factor: of a sequence (its index), what the block multiplies hook_attn_out by.
    """

    def __init__(self, cache: AttentionCache, layer: int, factor: Callable[[int], float] = lambda _: 1.0) -> None:
        self._cache, self._layer = cache, layer
        self._activations = Activations(cache)
        self._factor = factor
        self._steps: dict[int, _Step] = {}

    def norm(self, index: int, rows: Rows) -> Norm | None:
        """What the heads' outputs and b_O go through at these positions; None where that is nothing."""
        step = self._found(index)
        if step.weights is None:
            return None if step.factor == 1 else Norm(None, None, centre=False, scale=np.full(len(rows), step.divisor))
        scale = self._divisors(step, index, rows) * step.divisor
        bias = None if step.weights.bias is None else step.weights.bias * step.factor
        return Norm(step.weights.gain, bias, step.weights.centre, scale)

    def unusual_factor(self, index: int) -> float | None:
        """What the heads' outputs are multiplied by, where it is not what the model is configured to."""
        factor = self._found(index).factor
        return None if factor in (1.0, model_weights.block_factor(self._cache.model)) else factor

    def contradicts_weights(self, index: int) -> bool:
        """Whether what W_O wrote is nothing that this W_O can make of hook_z: the model is another one, or a hook changed it.

        A bridge caches what W_O writes; hook_attn_out may be behind more than a factor or a norm there (BERT).
        """
        if output_path.head_outputs(self._cache, self._layer) is None:
            return False
        direct = self._cache.name(self._layer, PROJECTED_OUTPUTS)
        if direct not in self._cache.hooks:
            return self._activations.has(ATTN_OUT.at(self._layer)) and self._from_data(index) is None
        rows = self._activations.sample(self._cache.shape([self._layer])[1])
        output, written = self._activations.rows_if_cached(direct, index, rows), self._written(index, rows, _FEW)
        if output is None or written is None or written.shape != output[:, _FEW].shape:
            return False
        return not _close(written, output[:, _FEW], max(1e-4, 8.0 * unit_roundoff(output.astype(np.float32))))

    def bias(self) -> Float64 | None:
        """b_O, [d_model]; None where there is none, or it is zero."""
        bias = model_weights.vector(model_weights.attribute(self._module(), "attn"), "b_O")
        return bias if bias is not None and bias.any() else None

    def _module(self) -> Any:
        try:
            return self._cache.model.blocks[self._layer]
        except (AttributeError, TypeError, IndexError, KeyError):
            return None

    def _found(self, index: int) -> _Step:
        if index not in self._steps:
            step = self._from_data(index) or self._configured()
            self._steps[index] = replace(step, factor=step.factor * self._factor(index))
        return self._steps[index]

    def _configured(self) -> _Step:
        weights = model_weights.norm(self._cache.model, self._module(), "ln1_post")
        return _Step(model_weights.block_factor(self._cache.model), weights, "ln1_post")

    def _from_data(self, index: int) -> _Step | None:
        """The step that turns the heads' outputs into hook_attn_out, None where the cache cannot show it."""
        hook = ATTN_OUT.at(self._layer)
        if not self._activations.has(hook):
            return None
        rows = self._activations.sample(self._cache.shape([self._layer])[1])
        added = self._activations.rows(hook, index, rows)
        tolerance = max(1e-4, 8.0 * unit_roundoff(added[:, _FEW].astype(np.float32)))
        factor = self._factor_of(self._written(index, rows, _FEW), added[:, _FEW], tolerance)
        if factor is not None:
            return _Step(factor)
        written = self._written(index, rows)
        if written is None or written.shape != added.shape or not np.any(written):
            return None
        for name in _NORMS:
            configured = model_weights.norm(self._cache.model, self._module(), name)
            for weights in configured.variants() if configured is not None else ():
                if _close(weights.at(weights.divisors(written)).apply(written), added, tolerance):
                    return _Step(1.0, weights, name)
        return None

    def _factor_of(self, written: Float64 | None, added: Float64, tolerance: float) -> float | None:
        """The factor that turns what the heads wrote into hook_attn_out, None where none does."""
        if written is None or written.shape != added.shape or not np.any(written):
            return None
        factor = float(np.vdot(written, added) / np.vdot(written, written))
        if not _close(factor * written, added, tolerance):
            return None
        exact = (1.0, model_weights.block_factor(self._cache.model))
        return next((value for value in exact if abs(factor - value) <= tolerance * abs(value)), factor)

    def _divisors(self, step: _Step, index: int, rows: Rows) -> Float64:
        """[row]: as cached, else computed from what the heads wrote."""
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
        """[row, column]: what all heads wrote together, with b_O. From hook_z, else from pattern · v; None without W_O."""
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


def _close(a: Float64, b: Float64, tolerance: float) -> bool:
    return bool(np.linalg.norm(a - b) <= tolerance * np.linalg.norm(b))

"""Value- and info-weights of the selected heads of a cache, one sequence at a time, for heads whose output is pattern · v.

Otherwise the norm of v is not how much a source moves, and there are no weights: if hook_z, when cached, differs from pattern · v,
or if the model has a step between them that the cache does not show, such as an output gate (docs/decisions/0029).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from circuitsvis._attention import weighting
from circuitsvis._cache import attention_module, output_path, value_vectors
from circuitsvis._cache.after_attention import AfterAttention
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.head_outputs import HeadOutputs, LayerOutputs, largest_difference, names, scaled
from circuitsvis._cache.hook_names import ATTN_OUT, DEFAULT_MODULE, FOR_CHECKED_WEIGHTS, HEAD_OUTPUTS
from circuitsvis._common.arrays import Float64, FloatArray, TensorLike, gram, shape_of, to_float32
from circuitsvis._input.padding_checks import Positions
from circuitsvis._wire.props.attention import AttentionType, WeightedType

_MAX_DIFFERENCE = 2e-3
"""Largest relative difference of hook_z and pattern · v for weights to be shown; products in TF32 are off by up to half of it."""


Weights: TypeAlias = dict[WeightedType, FloatArray]
"""Relative norms [head, src] of one sequence by attention type, without types that cannot be shown."""


@dataclass
class ValueWeights:
    """Reads the weights of the selected heads.

    Args:
        cache: the activations, with the model for info-weights.
        heads: (layer, head) pairs in the order they are shown.
        attention_type: the type that the view starts with. With "standard", weights that cannot be shown are left out.

    Attributes:
        notes: sentences for the page on weights that are left out.

    Raises:
        MissingActivationError, ValueError: the cache or the model lacks the weights of `attention_type`.
    """

    cache: AttentionCache
    heads: Sequence[tuple[int, int]]
    attention_type: AttentionType
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._layers = sorted({layer for layer, _ in self.heads})
        self._needed = f"attention_type={self.attention_type!r}"
        if self.attention_type != "standard":
            for layer in self._layers:
                self._require(layer)
        is_available = all(
            value_vectors.most_likely(self.cache, layer) is not None
            and output_path.unseen_step(self.cache, layer) is None
            for layer in self._layers
        )
        self._outputs = (
            {layer: LayerOutputs(self.cache, layer, self._needed) for layer in self._layers} if is_available else {}
        )
        is_decoder = self.cache.module == DEFAULT_MODULE
        self._steps = {layer: AfterAttention(self.cache, layer) for layer in self._layers if is_decoder}
        self._grams: dict[int, Float64] = {}

    def all_of(self, sequences: Sequence[tuple[int, Positions]]) -> list[Weights]:
        """The weights of each sequence, given its index in the batch and its real source positions.

        Raises:
            ValueError: the heads' outputs are not pattern · v, and `attention_type` needs weights.
        """
        if not self._outputs:
            return [{} for _ in sequences]
        weights = [self._of_sequence(index, src) for index, src in sequences]
        present = [by_type for by_type in weights if by_type is not None]
        # The page offers a type only if all sequences have it.
        return present if len(present) == len(weights) else [{} for _ in sequences]

    def _of_sequence(self, index: int, src: Positions) -> Weights | None:
        """The weights of one sequence; None, with a note, if the norms of v are not what the heads move."""
        outputs = {layer: reader.read(index) for layer, reader in self._outputs.items()}
        for layer, layer_outputs in outputs.items():
            reason = self._why_not(layer, layer_outputs, index)
            if reason is not None:
                self._refuse(reason)
                return None
            factor = scaled(layer, layer_outputs)
            if factor is not None:
                self._note(f"{factor}. Value- and info-weighted attention do not include it.")
        vectors = [outputs[layer].values_of(head)[src] for layer, head in self.heads]
        value = weighting.relative(np.stack([weighting.value_norms(v) for v in vectors]))
        output_weights = {layer: w for layer in self._layers if (w := self._output_weights(layer)) is not None}
        if len(output_weights) < len(self._layers) or not self._trusts_output_weights(index):
            return {"value-weighted": value}
        written = [
            self._written(layer, head, v, output_weights[layer])
            for (layer, head), v in zip(self.heads, vectors, strict=True)
        ]
        return {"value-weighted": value, "info-weighted": weighting.relative(np.stack(written))}

    def _written(self, layer: int, head: int, v: FloatArray, weights: TensorLike) -> Float64:
        """|v W_O|, [src], through W_O W_O^T or from the vectors v W_O, whichever is faster."""
        on_gpu = getattr(getattr(weights, "device", None), "type", "cpu") != "cpu"
        if layer in self._grams or on_gpu or len(v) >= v.shape[1]:
            if layer not in self._grams:
                self._grams[layer] = gram(weights, "W_O")
            norms = weighting.info_norms(v, self._grams[layer][head])
            if norms is not None:
                return norms
        return weighting.written_norms(v, to_float32(weights[head], "W_O"))

    def _why_not(self, layer: int, outputs: HeadOutputs, index: int) -> str | None:
        """Why the norms of v are not how much the heads move; None if they are."""
        has_gate = outputs.gate is not None and outputs.gate.shape[-1] > 1
        if not has_gate and not outputs.differing:
            return None
        z = CachedSequence(self.cache, index).head_outputs(layer)
        if z is not None and largest_difference(outputs.pattern, outputs.values, z) <= _MAX_DIFFERENCE:
            return None
        if has_gate:
            return f"the model multiplies each dimension of the heads' outputs in layer {layer} by a gate of the destination"
        heads = names(layer, outputs.differing)
        return f"the output of {heads} that W_O reads ({HEAD_OUTPUTS.short}) is not pattern · v"

    def _refuse(self, reason: str) -> None:
        if self.attention_type != "standard":
            raise ValueError(
                f"{self._needed}: needs heads whose output is pattern · v, but {reason}, so norms of v are not how much "
                'a source moves; use attention_type="standard"'
            )
        self._note(f"Value- and info-weighted attention are left out: {reason}.")

    def _note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def _trusts_output_weights(self, index: int) -> bool:
        """Whether W_O turns hook_z into hook_attn_out in all shown layers, as far as the cache shows.

        Raises:
            ValueError: it does not, and `attention_type` is "info-weighted".
        """
        wrong = [layer for layer, step in self._steps.items() if step.contradicts_weights(index)]
        if not wrong:
            return True
        reason = (
            f"W_O of layer {', '.join(map(str, wrong))} does not turn {HEAD_OUTPUTS.short} into {ATTN_OUT.short}: the cache is of "
            "another model, or a hook changed what the attention wrote"
        )
        if self.attention_type == "info-weighted":
            raise ValueError(f"{self._needed}: {reason}; pass the model that made the cache, or use value-weighted")
        self._note(f"Info-weighted attention is left out: {reason}.")
        return False

    def _require(self, layer: int) -> None:
        value_vectors.require(self.cache, layer, self._needed)
        unseen = output_path.unseen_step(self.cache, layer)
        if unseen is not None:
            raise self.cache.missing(unseen, self._needed, FOR_CHECKED_WEIGHTS)
        if self.attention_type == "info-weighted" and self._output_weights(layer) is None:
            model = self.cache.model
            module = self.cache.module.format(layer=layer)
            name = type(model).__name__
            reason = "the cache has no model" if model is None else f"{module} of {name} has no W_O that reads v"
            raise ValueError(f"{self._needed}: needs W_O of {module}, but {reason}; pass model=, or use value-weighted")

    def _output_weights(self, layer: int) -> TensorLike | None:
        """W_O of the layer, [head, d_head, d_model]; None if the model has none that reads vectors as long as v."""
        weights = attention_module.output_weights(self.cache, layer)
        values = value_vectors.most_likely(self.cache, layer)
        if weights is None or values is None or shape_of(weights, "W_O")[1] != shape_of(values, "cache")[-1]:
            return None
        return weights

"""The logit of each sequence of a cache, decomposed into selected heads, the other components of their layers, and "other"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from circuitsvis._attribution import notes
from circuitsvis._attribution.contraction import head_by_source, value_directions
from circuitsvis._attribution.contributions import Contributions
from circuitsvis._attribution.directions import Destinations, ResolvedDirection
from circuitsvis._attribution.residual_sum import ResidualSum
from circuitsvis._attribution.result import HeadAttribution, Part
from circuitsvis._cache import attention_module, output_path, value_vectors
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.head_outputs import HeadOutputs, LayerOutputs
from circuitsvis._cache.hook_names import FOR_ATTRIBUTION
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._common.arrays import Float64, FloatArray, shape_of, to_float32
from circuitsvis._common.rounding import sum_tolerance

_FEATURE = "attribution"
"""The feature that needs an activation, in error texts."""


class Decomposition(NamedTuple):
    """One sequence's heads, parts, total [dest] and notes, as `Attribution` holds them."""

    heads: tuple[HeadAttribution, ...]
    parts: tuple[Part, ...]
    total: FloatArray
    notes: tuple[str, ...]


@dataclass
class _Sequence:
    """One sequence while it is decomposed."""

    destinations: Destinations
    contributions: Contributions
    parts: ResidualSum
    notes: list[str] = field(default_factory=list)
    rounding: float = 0.0
    """Relative rounding error of a sum of the cached numbers, the largest of the shown layers."""


class Decomposer:
    """Decomposes logits, one sequence at a time.

    Args:
        cache: the activations, with the model.
        pairs: the (layer, head) pairs that are shown; MLP and attention bias of their layers are shown too.

    Attributes:
        shape: (batch, dest, src) of the patterns.
        d_model: width of the residual stream.

    Raises:
        MissingActivationError, ValueError: the cache lacks something that is shown, or the logit itself.
    """

    def __init__(self, cache: AttentionCache, pairs: Sequence[tuple[int, int]]) -> None:
        self._cache = cache
        self._pairs = pairs
        self._layers = sorted({layer for layer, _ in pairs})
        self.shape = cache.shape(self._layers)
        if self.shape[1] != self.shape[2]:
            raise ValueError(
                f"cache: {_FEATURE} needs the patterns of a whole forward pass, [position, position], got {self.shape[1]} "
                f"destination and {self.shape[2]} source positions; run without pos_slice and without a key-value cache"
            )
        self._outputs = {layer: LayerOutputs(cache, layer, _FEATURE) for layer in self._layers}
        for layer in self._layers:
            self._check_weights(layer)
        self._stream = ResidualStream(cache)
        self._stream.require(self._layers)
        self.d_model = self._stream.width

    def check_logit_path(self, sequence: int, *, over_vocabulary: bool) -> None:
        """Raises ValueError where the model's logits are not a sum over its components."""
        self._stream.check_logit_path(sequence, over_vocabulary=over_vocabulary)

    def decompose(
        self, destinations: Destinations, direction: ResolvedDirection, *, separate_b_u: bool
    ) -> Decomposition:
        """The decomposition of one sequence.

        Args:
            destinations: the destinations of the sequence.
            direction: what is attributed.
            separate_b_u: whether b_U is a part of its own.
        """
        contributions = Contributions(self._stream, destinations, direction)
        sequence = _Sequence(destinations, contributions, ResidualSum(len(contributions.rows)))
        heads: dict[tuple[int, int], HeadAttribution] = {}
        sequence.parts.add_part("embed", None, contributions.embed())
        sequence.parts.add_part("pos_embed", None, contributions.pos_embed())
        for layer in range(self._stream.n_layers):
            if layer in self._layers:
                heads |= self._add_shown_layer(layer, sequence)
            elif self._stream.can_read(layer):
                self._add_hidden_layer(layer, sequence)
            else:
                sequence.parts.add_uncached()
        _add_final_biases(contributions, sequence.parts, separate_b_u=separate_b_u)
        logit = contributions.total()
        total = sequence.parts.close(logit).astype(np.float32)
        parts = tuple(sequence.parts.parts)
        sequence.notes += notes.factors(self._unusual_factors(destinations.sequence))
        sequence.notes += [notes.NO_LOGIT] if logit is None else notes.unaccounted(parts, total, sequence.rounding)
        return Decomposition(tuple(heads[pair] for pair in self._pairs), parts, total, tuple(sequence.notes))

    def _add_shown_layer(self, layer: int, sequence: _Sequence) -> dict[tuple[int, int], HeadAttribution]:
        """Adds a layer's heads, parts and notes; returns the selected heads."""
        destinations, contributions, parts = sequence.destinations, sequence.contributions, sequence.parts
        outputs = self._outputs[layer].read(destinations.sequence)
        rounding = sum_tolerance(outputs.pattern, outputs.values)
        sequence.rounding = max(sequence.rounding, rounding)
        explained, magnitude = np.zeros(len(contributions.rows)), np.zeros(len(contributions.rows))
        selected = {}
        for head, values in enumerate(self._heads(layer, outputs, contributions)):
            explained += values.sum(-1)
            magnitude += np.abs(values).sum(-1)
            if (layer, head) not in self._pairs:
                parts.add_other(values.sum(-1))
                continue
            over_tokens = values[:, destinations.token_positions]
            selected[layer, head] = HeadAttribution(layer, head, over_tokens.astype(np.float32))
            parts.add_head(over_tokens.sum(-1))
            over_padding = values.sum(-1) - over_tokens.sum(-1)
            if len(destinations.token_positions) < destinations.n_positions and over_padding.any():
                parts.add_other(over_padding)  # the model attended to padding, because it was run without a mask
        bias = contributions.attention_bias(layer)
        parts.add_part("attention bias", layer, bias)
        if bias is not None:
            explained += bias
            magnitude += np.abs(bias)
        # Where hook_z differs from pattern · v, the remainder is shown however small it is.
        tolerance = 0.0 if outputs.differing else rounding
        remainder = contributions.attention_remainder(layer, explained, magnitude, tolerance)
        parts.add_part("attention remainder", layer, remainder)
        sequence.notes += notes.layer(layer, outputs, has_remainder=remainder is not None)
        parts.add_part("mlp", layer, contributions.mlp(layer))
        branch = contributions.branch(layer, rounding)
        if branch is not None:
            parts.add_part("branch", layer, branch.values, branch.module)
        return selected

    def _add_hidden_layer(self, layer: int, sequence: _Sequence) -> None:
        """Adds everything that a layer wrote to "other"."""
        contributions, parts = sequence.contributions, sequence.parts
        block = contributions.block(layer)
        if block is not None:
            parts.add_other(block)
            return
        attention = contributions.attention(layer)
        if attention is not None:
            parts.add_other(attention)
        else:
            outputs = LayerOutputs(self._cache, layer, _FEATURE).read(sequence.destinations.sequence)
            for values in self._heads(layer, outputs, contributions):
                parts.add_other(values.sum(-1))
            parts.add_other(contributions.attention_bias(layer))
        parts.add_other(contributions.mlp(layer))

    def _heads(self, layer: int, outputs: HeadOutputs, contributions: Contributions) -> Iterator[Float64]:
        """What each head of a layer wrote, [dest, position of the cache]."""
        direction, divisor = contributions.head_direction(layer)
        output_weights = attention_module.require_output_weights(self._cache, layer)
        directions = value_directions(to_float32(output_weights, "W_O"), direction)
        for head, pattern in enumerate(outputs.pattern):
            gate = 1.0 if outputs.gate is None else outputs.gate[contributions.rows, head]
            yield head_by_source(pattern[contributions.rows], outputs.values_of(head), directions[head] * gate, divisor)

    def _unusual_factors(self, sequence: int) -> dict[int, float]:
        """Factors of the attention outputs of shown layers on their way into the stream, unless they are 1 or as configured."""
        factors = {layer: self._stream.after_attention(layer).unusual_factor(sequence) for layer in self._layers}
        return {layer: factor for layer, factor in factors.items() if factor is not None}

    def _check_weights(self, layer: int) -> None:
        """Raises ValueError where the heads' outputs cannot be projected, or an activation between them and W_O is missing."""
        cache, name = self._cache, type(self._cache.model).__name__
        module = cache.module.format(layer=layer)
        weights, values = attention_module.output_weights(cache, layer), value_vectors.most_likely(cache, layer)
        if weights is None or values is None:
            reason = "there is no model" if cache.model is None else f"{name} has none"
            raise ValueError(
                f"model: {_FEATURE} needs W_O of {module}, but {reason}; pass the model that made the cache"
            )
        d_head, width = shape_of(weights, "W_O")[1], shape_of(values, "cache")[-1]
        if d_head != width:
            raise ValueError(
                f"model: W_O of {module} reads vectors of length {d_head}, but the values in the cache have length {width}; "
                "pass the model that made the cache"
            )
        unseen = output_path.unseen_step(cache, layer)
        if unseen is not None:
            raise cache.missing(unseen, _FEATURE, FOR_ATTRIBUTION)


def _add_final_biases(contributions: Contributions, parts: ResidualSum, *, separate_b_u: bool) -> None:
    """Adds the final norm's bias and b_U, in one part or two."""
    bias, b_u = contributions.final_norm_bias(), contributions.unembedding_bias()
    if b_u is not None and not separate_b_u:
        bias = bias + b_u
    if bias.any():
        parts.add_part("bias", None, bias)
    if b_u is not None and separate_b_u:
        parts.add_part("b_U", None, b_u)

"""What each component wrote into the residual stream before a layer, as vectors at a few positions of one sequence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._cache import attention_module, output_path, value_vectors
from circuitsvis._cache.activations import Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.head_outputs import LayerOutputs
from circuitsvis._cache.norm import Norm
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._common.arrays import Float64, to_float32
from circuitsvis._common.rounding import sum_tolerance
from circuitsvis._heads.edge_parts import EdgePart


class StreamPart(NamedTuple):
    """A component and its vectors, [row, d_model]."""

    part: EdgePart
    vectors: Float64


class StreamParts:
    """Reads the components.

    Args:
        cache: the activations, with the model.
        stream: their residual stream.
    """

    def __init__(self, cache: AttentionCache, stream: ResidualStream) -> None:
        self._cache, self._stream = cache, stream

    def before(self, layer: int, index: int, rows: Rows) -> tuple[list[StreamPart], Float64]:
        """All components before a layer, and the stream there, [row, d_model].

        The stream is the cached one, else the sum of the components.

        Raises:
            MissingActivationError: an output is not cached.
        """
        parts = [StreamPart(EdgePart("embed"), self._stream.embed(index, rows))]
        positions = self._stream.pos_embed(index, rows)
        if positions is not None:
            parts.append(StreamPart(EdgePart("pos_embed"), np.broadcast_to(positions, parts[0].vectors.shape)))
        for earlier in range(layer):
            parts += self._of_block(earlier, index, rows)
        stream = self._stream.before(layer, index, rows)
        return parts, np.sum([part.vectors for part in parts], axis=0) if stream is None else stream

    def _of_block(self, layer: int, index: int, rows: Rows) -> list[StreamPart]:
        parts = self._of_attention(layer, index, rows)
        mlp = self._stream.mlp_output(layer, index, rows)
        change = self._stream.block_change(layer, index, rows)
        if parts is None or (mlp is None and self._stream.has_mlp(layer)):
            if change is None:
                self._stream.require([layer])  # names what is missing
                return []
            return [StreamPart(EdgePart("block", layer), change)]
        if mlp is not None:
            parts.append(StreamPart(EdgePart("mlp", layer), mlp))
        branch = self._stream.branch(layer, index, rows)
        if branch is not None and change is not None and not _is_rounding(branch.written, change):
            parts.append(StreamPart(EdgePart("branch", layer), branch.written))
        return parts

    def _of_attention(self, layer: int, index: int, rows: Rows) -> list[StreamPart] | None:
        """The heads of a layer, its bias, and what its cached output has beyond them; None if nothing of it is cached."""
        written = self._stream.attention_output(layer, index, rows)
        outputs = self._head_outputs(layer, index, rows)
        weights = attention_module.output_weights(self._cache, layer) if layer in self._cache.layers else None
        if outputs is None or weights is None:
            return None if written is None else [StreamPart(EdgePart("attention", layer), written)]
        step = self._stream.after_attention(layer)
        norm, bias = step.norm(index, rows), step.bias()
        projection = to_float32(weights, "W_O").astype(np.float64)
        parts = [
            StreamPart(EdgePart("head", layer, head), linear(norm, outputs[:, head] @ projection[head]))
            for head in range(len(projection))
        ]
        constant = np.zeros(parts[0].vectors.shape)
        if bias is not None:
            constant = constant + linear(norm, np.broadcast_to(bias, constant.shape))
        if norm is not None and norm.bias is not None:
            constant = constant + norm.bias
        if constant.any():
            parts.append(StreamPart(EdgePart("attention bias", layer), constant))
        if written is not None:
            remainder = written - np.sum([part.vectors for part in parts], axis=0)
            if not _is_rounding(remainder, written):
                parts.append(StreamPart(EdgePart("attention remainder", layer), remainder))
        return parts

    def _head_outputs(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, head, d_head]: hook_z, else pattern · v; None if neither is cached, or a step between is not."""
        if layer not in self._cache.layers:
            return None
        n_heads = self._cache.n_heads(layer)
        z = CachedSequence(self._cache, index).head_outputs(layer)
        if z is not None and z.shape[1] % n_heads == 0:
            return z[rows].reshape(len(rows), n_heads, -1).astype(np.float64)
        if value_vectors.most_likely(self._cache, layer) is None or output_path.unseen_step(self._cache, layer):
            return None
        heads = LayerOutputs(self._cache, layer, "edge").read(index)
        mixed = [heads.pattern[h][rows].astype(np.float64) @ heads.values_of(h) for h in range(n_heads)]
        return np.stack(mixed, axis=1)


def linear(norm: Norm | None, vectors: Float64) -> Float64:
    """A norm without its bias on parts of its input, [row, d_model]; the divisor is that of the whole input."""
    if norm is None:
        return vectors
    return Norm(norm.gain, None, norm.centre, norm.scale).apply(vectors)


def _is_rounding(remainder: Float64, whole: Float64) -> bool:
    """Whether the remainder of a sum is not more than its rounding."""
    return bool(np.linalg.norm(remainder) <= sum_tolerance(whole.astype(np.float32)) * np.linalg.norm(whole))

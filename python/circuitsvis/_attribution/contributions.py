"""What each component of one sequence wrote into the residual stream, along one direction per destination."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._attribution.contraction import along_direction
from circuitsvis._attribution.directions import Destinations, ResolvedDirection
from circuitsvis._cache.norm import Norm
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._common.arrays import Float64
from circuitsvis._common.rounding import sum_tolerance


class BranchContribution(NamedTuple):
    """What a block wrote beyond its attention and MLP: [dest], and the module that wrote it where the cache shows which."""

    values: Float64
    module: str | None


class Contributions:
    """Reads components from the residual stream. All values are [dest], float64, and terms of the same sum: the logit.

    Args:
        stream: the residual stream of the cache.
        destinations: the destinations of one sequence.
        direction: the direction at the output of the final norm.

    Attributes:
        rows: the destinations as positions of the cache.
    """

    def __init__(self, stream: ResidualStream, destinations: Destinations, direction: ResolvedDirection) -> None:
        self.rows = destinations.cache_positions
        self._stream, self._index, self._at_output = stream, destinations.sequence, direction
        self._norm = stream.final_norm(self._index, self.rows)
        self._direction = self._norm.pull_back(direction.vectors)

    def embed(self) -> Float64:
        """The token embedding."""
        return self._along(self._stream.embed(self._index, self.rows))

    def pos_embed(self) -> Float64 | None:
        """The position embedding, None where none is added."""
        return self._along_if_cached(self._stream.pos_embed(self._index, self.rows))

    def mlp(self, layer: int) -> Float64 | None:
        """The MLP's output, None where the layer has none."""
        return self._along_if_cached(self._stream.mlp_output(layer, self._index, self.rows))

    def attention(self, layer: int) -> Float64 | None:
        """Everything that the attention wrote, None where it is not cached."""
        return self._along_if_cached(self._stream.attention_output(layer, self._index, self.rows))

    def block(self, layer: int) -> Float64 | None:
        """Everything that the block wrote, None where the stream before or after it is not cached."""
        return self._along_if_cached(self._stream.block_change(layer, self._index, self.rows))

    def attention_remainder(
        self, layer: int, explained: Float64, magnitude: Float64, tolerance: float
    ) -> Float64 | None:
        """What the attention wrote beyond its heads and bias. None where that is rounding, or the output is not cached.

        Args:
            layer: number of the layer.
            explained: [dest], heads and bias together.
            magnitude: [dest], the sum of the magnitudes of the terms of `explained`.
            tolerance: relative rounding error of a sum of the cached numbers.
        """
        written = self._stream.attention_output(layer, self._index, self.rows)
        if written is None:
            return None
        remainder = self._along(written) - explained
        differs = np.any(np.abs(remainder) > tolerance * (magnitude + self._magnitude_along(written)))
        return remainder if differs else None

    def branch(self, layer: int, tolerance: float) -> BranchContribution | None:
        """What the block wrote beyond its attention and MLP. None where that is rounding, or the cache does not show it.

        Args:
            layer: number of the layer.
            tolerance: relative rounding error of a sum of the cached numbers.
        """
        branch = self._stream.branch(layer, self._index, self.rows)
        after = self._stream.after(layer, self._index, self.rows)
        if branch is None or after is None:
            return None
        values = self._along(branch.written)
        magnitude = self._magnitude_along(after) + self._magnitude_along(after - branch.written)
        if branch.module is None and not np.any(np.abs(values) > tolerance * magnitude):
            return None
        return BranchContribution(values, branch.module)

    def attention_bias(self, layer: int) -> Float64 | None:
        """b_O and the bias of a norm after the attention; None where the layer has neither."""
        bias, norm = self._stream.after_attention(layer).bias(), self._attention_norm(layer)
        constant = None if norm is None else norm.constant(self._direction)
        if bias is None and constant is None:
            return None
        values = np.zeros(len(self.rows))
        if bias is not None:
            values += along_direction(bias, *self.head_direction(layer))
        if constant is not None:
            values += constant / self._norm.scale
        return values

    def head_direction(self, layer: int) -> tuple[Float64, Float64]:
        """Direction [1 or dest, d_model] and divisor [dest] for W_O's output in a layer, before a norm after its attention."""
        norm = self._attention_norm(layer)
        if norm is None:
            return self._direction, self._norm.scale
        return norm.pull_back(self._direction), self._norm.scale * norm.scale

    def final_norm_bias(self) -> Float64:
        """The final norm's bias, 0 where it has none."""
        constant = self._norm.constant(self._at_output.vectors)
        values = np.zeros(len(self.rows))
        return values if constant is None else values + constant

    def unembedding_bias(self) -> Float64 | None:
        """b_U, None for a direction of length d_model."""
        b_u = self._at_output.b_u
        return None if b_u is None else np.zeros(len(self.rows)) + b_u

    def total(self) -> Float64 | None:
        """The logit, from the last activation that is cached; None without any.

        That is the output or the input of the unembedding, the final norm's output, or the last residual stream. The output of the
        unembedding is rounded, so it replaces the others only where it differs by more.
        """
        b_u = self._at_output.b_u
        output = self._stream.normalized(self._index, self.rows)
        if output is not None:
            total = along_direction(output, self._at_output.vectors)
        else:
            last = self._stream.last(self._index, self.rows)
            if last is None:
                return None
            constant = self._norm.constant(self._at_output.vectors)
            total = self._along(last) + (0.0 if constant is None else constant)
        total = total if b_u is None else total + b_u
        return total if output is None else self._with_cached_logits(total, output)

    def _with_cached_logits(self, total: Float64, output: Float64) -> Float64:
        """The total, replaced by the cached logits where those differ by more than rounding.

        Args:
            total: [dest], the output of the final norm along the direction, with b_U.
            output: [dest, d_model], that output.
        """
        combination = self._at_output.logits
        logits = None if combination is None else self._stream.unembedded(self._index, self.rows, combination.token_ids)
        if combination is None or logits is None:
            return total
        cached: Float64 = (logits * combination.factors).sum(-1)
        magnitude = along_direction(np.abs(output), np.abs(self._at_output.vectors))
        magnitude = magnitude + (np.abs(logits) * np.abs(combination.factors)).sum(-1)
        tolerance = sum_tolerance(output.astype(np.float32), logits.astype(np.float32)) * magnitude
        return np.where(np.abs(cached - total) > tolerance, cached, total)

    def _along(self, written: Float64) -> Float64:
        return along_direction(written, self._direction, self._norm.scale)

    def _along_if_cached(self, written: Float64 | None) -> Float64 | None:
        return None if written is None else self._along(written)

    def _magnitude_along(self, written: Float64) -> Float64:
        """The sum of the magnitudes of the terms of `_along`."""
        return along_direction(np.abs(written), np.abs(self._direction), self._norm.scale)

    def _attention_norm(self, layer: int) -> Norm | None:
        return self._stream.after_attention(layer).norm(self._index, self.rows)

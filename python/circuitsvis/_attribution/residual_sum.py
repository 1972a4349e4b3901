"""Everything that one sequence's residual stream is known to hold, along one direction per destination, entry by entry."""

from __future__ import annotations

import numpy as np

from circuitsvis._attribution.decompose import Kind, Part, position_values
from circuitsvis._attribution.projection import Place, Projection
from circuitsvis._cache.norm import Norm
from circuitsvis._cache.residual_stream import Residual
from circuitsvis._common.arrays import Float64
from circuitsvis._common.rounding import sum_tolerance


class Ledger:
    """Reads what was written at the destinations of one sequence and keeps the sums. All values are [dest], float64.

    Attributes:
        rows: the destinations as positions of the cache.
        parts: what was shown, in that order.
        precision: relative rounding error of a sum of the cached numbers, the largest of the shown layers.
        compared: whether the parts were compared with a logit of the cache; known once `close` has run.
    """

    def __init__(self, stream: Residual, place: Place, projection: Projection) -> None:
        self.rows = place.kept[list(place.dest)]
        self.parts: list[Part] = []
        self._stream, self._index, self._projection = stream, place.index, projection
        self._norm = stream.final_norm(place.index, self.rows)
        self._direction = self._norm.pull_back(projection.residual)
        self._shown, self._rest = np.zeros(len(self.rows)), np.zeros(len(self.rows))
        self._hidden, self._known = False, True
        self.precision, self.compared = 0.0, False

    def count(self, values: Float64) -> None:
        """Adds what is shown elsewhere (a head) to the sum."""
        self._shown += values

    def show(self, kind: Kind, layer: int | None, values: Float64 | None) -> None:
        """Shows a part; None shows nothing."""
        if values is not None:
            self._shown += values
            self._enter(kind, layer, values)

    def hide(self, values: Float64 | None) -> None:
        """Adds to what is not shown, the part "other"; None adds nothing."""
        self._hidden = True
        if values is not None:
            self._rest += values

    def miss(self) -> None:
        """Notes that something was written that the cache does not hold: "other" is then what is left of the total."""
        self._hidden, self._known = True, False

    def embed(self) -> Float64:
        """The token embedding."""
        return self._along(self._stream.embed(self._index, self.rows))

    def pos_embed(self) -> Float64 | None:
        """The position embedding, None where none is added."""
        written = self._stream.pos_embed(self._index, self.rows)
        return None if written is None else self._along(written)

    def mlp(self, layer: int) -> Float64 | None:
        """The MLP's output, None where the layer has none."""
        written = self._stream.mlp_output(layer, self._index, self.rows)
        return None if written is None else self._along(written)

    def attention_output(self, layer: int) -> Float64 | None:
        """All that the attention wrote, None where it is not cached."""
        written = self._stream.attention_output(layer, self._index, self.rows)
        return None if written is None else self._along(written)

    def block_change(self, layer: int) -> Float64 | None:
        """All that the block wrote, None where the stream before or behind it is not cached."""
        written = self._stream.block_change(layer, self._index, self.rows)
        return None if written is None else self._along(written)

    def show_attention_remainder(self, layer: int, explained: Float64, reach: Float64, precision: float) -> bool:
        """Shows what the attention wrote beyond its heads and bias, where that is more than rounding; whether it did.

        Args:
            layer: its number.
            explained: [dest], heads and bias together.
            reach: [dest], the sum of the magnitudes that `explained` is a sum of.
            precision: relative rounding error of a sum of the cached numbers.
        """
        written = self._stream.attention_output(layer, self._index, self.rows)
        if written is None:
            return False
        remainder = self._along(written) - explained
        shows = bool(np.any(np.abs(remainder) > precision * (reach + self._reach_along(written))))
        if shows:
            self.show("attention remainder", layer, remainder)
        return shows

    def show_branch(self, layer: int, precision: float) -> None:
        """Shows what the block wrote beyond its attention and MLP, where that is more than rounding."""
        branch = self._stream.branch(layer, self._index, self.rows)
        after = self._stream.after(layer, self._index, self.rows)
        if branch is None or after is None:
            return
        values = self._along(branch.written)
        if branch.module is not None or np.any(
            np.abs(values) > precision * (self._reach_along(after) + self._reach_along(after - branch.written))
        ):
            self._shown += values
            self._enter("branch", layer, values, branch.module)

    def attention_bias(self, layer: int) -> Float64 | None:
        """What the attention writes whatever it reads: b_O and the bias of a norm behind it. None for neither."""
        bias, norm = self._stream.after_attention(layer).bias(), self._attention_norm(layer)
        constant = None if norm is None else norm.constant(self._direction)
        if bias is None and constant is None:
            return None
        values = np.zeros(len(self.rows))
        if bias is not None:
            values += position_values(bias, *self.before_attention_norm(layer))
        if constant is not None:
            values += constant / self._norm.scale
        return values

    def before_attention_norm(self, layer: int) -> tuple[Float64, Float64]:
        """Direction [1 or dest, d_model] and divisor [dest] for what the layer's heads write."""
        norm = self._attention_norm(layer)
        if norm is None:
            return self._direction, self._norm.scale
        return norm.pull_back(self._direction), self._norm.scale * norm.scale

    def show_constants(self, *, separate_b_u: bool) -> None:
        """Shows what is behind the final norm's division: its bias and b_U, in one part or two."""
        constant, b_u = self._norm.constant(self._projection.residual), self._projection.bias
        values = np.zeros(len(self.rows))
        if constant is not None:
            values += constant
        if b_u is not None and not separate_b_u:
            values += b_u
        if values.any():
            self.show("bias", None, values)
        if b_u is not None and separate_b_u:
            self.show("b_U", None, values * 0 + b_u)

    def close(self) -> Float64:
        """Enters "other" and "unaccounted" where there is something to say; gives back the total."""
        total = self._total()
        self.compared = total is not None
        if total is None:  # nothing to compare with, so everything is known
            total = self._shown + self._rest
            unaccounted = None
        elif self._known:
            unaccounted = total - self._shown - self._rest
        else:
            unaccounted, self._rest = None, total - self._shown
        if self._hidden:
            self._enter("other", None, self._rest)
        if unaccounted is not None:
            self._enter("unaccounted", None, unaccounted)
        return total

    def _total(self) -> Float64 | None:
        """The logit from the last thing that is cached: what the unembedding wrote or read, the norm's output, the stream.

        None without any. What the unembedding wrote is rounded, so it counts only where it differs by more.
        """
        direction, b_u = self._projection.residual, self._projection.bias
        output = self._stream.normalized(self._index, self.rows)
        if output is not None:
            total = position_values(output, direction)
        else:
            last = self._stream.last(self._index, self.rows)
            if last is None:
                return None
            constant = self._norm.constant(direction)
            total = self._along(last) + (0.0 if constant is None else constant)
        total = total if b_u is None else total + b_u
        return total if output is None else self._as_cached(total, output)

    def _as_cached(self, total: Float64, output: Float64) -> Float64:
        """The total, replaced by the cached logits where those differ by more than rounding.

        Args:
            total: [dest], the output of the final norm along the direction, with b_U.
            output: that output, [dest, d_model].
        """
        logits = self._projection.logits
        written = None if logits is None else self._stream.unembedded(self._index, self.rows, logits.ids)
        if logits is None or written is None:
            return total
        cached: Float64 = (written * logits.factors).sum(-1)
        magnitude = position_values(np.abs(output), np.abs(self._projection.residual))
        magnitude = magnitude + (np.abs(written) * np.abs(logits.factors)).sum(-1)
        allowed = sum_tolerance(output.astype(np.float32), written.astype(np.float32)) * magnitude
        return np.where(np.abs(cached - total) > allowed, cached, total)

    def _along(self, written: Float64) -> Float64:
        return position_values(written, self._direction, self._norm.scale)

    def _reach_along(self, written: Float64) -> Float64:
        """[dest]: the sum of the magnitudes that `_along` sums."""
        return position_values(np.abs(written), np.abs(self._direction), self._norm.scale)

    def _attention_norm(self, layer: int) -> Norm | None:
        return self._stream.after_attention(layer).norm(self._index, self.rows)

    def _enter(self, kind: Kind, layer: int | None, values: Float64, module: str | None = None) -> None:
        self.parts.append(Part(kind, layer, values.astype(np.float32), module))

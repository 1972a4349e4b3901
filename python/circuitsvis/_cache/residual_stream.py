"""The residual stream of one cache: who wrote what into it, and what reads it at the end.

Only this room knows hook names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import block_factors, logit_path, model_weights
from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.after_attention import AfterAttention
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.block_factors import BlockFactors
from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64

_FIRST = "blocks.0.hook_resid_pre"
"""The stream before the first block."""


class Branch(NamedTuple):
    """What a block wrote beyond its attention and MLP, [row, d_model]; `module`: who wrote it, None where nothing shows that."""

    written: Float64
    module: str | None


class Residual:
    """Vectors of the residual stream, read row by row.

    Args:
        cache: where they are; `cache.model` must be there.
    """

    def __init__(self, cache: AttentionCache) -> None:
        self._cache = cache
        self._model: Any = cache.model
        self._activations = Activations(cache)
        self._after: dict[int, AfterAttention] = {}
        self._factors: dict[tuple[int, int], BlockFactors] = {}
        self.n_layers = cache.n_layers

    def require(self, layers: Sequence[int]) -> None:
        """Raises MissingActivationError unless everything shown of these layers, and the logit itself, can be read."""
        require = self._activations.require
        if not self._has_first():
            require("hook_embed")
            if self._positions() == "standard" and model_weights.attribute(self._model, "pos_embed") is not None:
                require("hook_pos_embed")
        for layer in layers:
            if self.has_mlp(layer):
                require(f"blocks.{layer}.hook_mlp_out")
        if self._activations.has(self._last_hook):
            return
        complete = all(self.knows(layer) for layer in range(self.n_layers))
        if not self._activations.has("ln_final.hook_out"):
            if model_weights.norm(self._model, self._model, "ln_final") is not None:
                require("ln_final.hook_scale")
            if not complete:
                require(self._last_hook)

    def check_logit_path(self, index: int, *, over_vocabulary: bool) -> None:
        """Raises ValueError where the logits are not a linear function of what the components write, as far as the cache shows."""
        logit_path.check(self._cache, index, self._final_weights, self.has_mlp, over_vocabulary=over_vocabulary)

    @property
    def width(self) -> int:
        """d_model: the width of the residual stream."""
        hooks = (self._last_hook, "ln_final.hook_out", _FIRST, "hook_embed")
        return self._activations.width(next((hook for hook in hooks if self._activations.has(hook)), self._last_hook))

    def embed(self, index: int, rows: Rows) -> Float64:
        """[row, d_model]: what the stream begins with, apart from positions.

        Read from the stream, since some models scale or normalise the embedding behind its hook.
        """
        first = self._first(index, rows)
        if first is None:
            return self._activations.rows("hook_embed", index, rows)
        positions = self.pos_embed(index, rows)
        return first if positions is None else first - positions

    def pos_embed(self, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]; None where no positions are added to the stream."""
        positions = self._activations.rows_if_cached("hook_pos_embed", index, rows)
        first, embed = self._first(index, rows), self._activations.rows_if_cached("hook_embed", index, rows)
        # Shortformer caches them too, but adds them to queries and keys only.
        if positions is None or first is None or embed is None or embed.shape != first.shape:
            return None if self._positions() == "shortformer" else positions
        added = np.linalg.norm(embed + positions - first) <= np.linalg.norm(embed - first)
        return positions if added else None

    def attention_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream, with its bias; None where it is not cached."""
        output = self._activations.rows_if_cached(f"blocks.{layer}.hook_attn_out", index, rows)
        return None if output is None else output * self._block_factors(layer, index).attention

    def mlp_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream; None where it is not cached."""
        output = self._activations.rows_if_cached(f"blocks.{layer}.hook_mlp_out", index, rows)
        return None if output is None else output * self._block_factors(layer, index).mlp

    def before(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]: the stream that the block reads; None where it is not cached."""
        before = self._activations.rows_if_cached(f"blocks.{layer}.hook_resid_pre", index, rows)
        if before is None and layer > 0:
            return self.after(layer - 1, index, rows)
        return before

    def after(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]: the stream behind the block; None where it is not cached."""
        return self._activations.rows_if_cached(f"blocks.{layer}.hook_resid_post", index, rows)

    def block_change(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]: everything that the block wrote; None where the stream before or behind it is not cached."""
        before, after = self.before(layer, index, rows), self.after(layer, index, rows)
        return None if before is None or after is None else after - before

    def branch(self, layer: int, index: int, rows: Rows) -> Branch | None:
        """What the block wrote beyond attention and MLP; None where the cache cannot show that."""
        change = self.block_change(layer, index, rows)
        attention, mlp = self.attention_output(layer, index, rows), self.mlp_output(layer, index, rows)
        if change is None or attention is None or (mlp is None and self.has_mlp(layer)):
            return None
        written = change - attention - (0.0 if mlp is None else mlp)
        return Branch(written, self._block_factors(layer, index).branch)

    def has_mlp(self, layer: int) -> bool:
        """Whether the layer has an MLP at all, cached or not."""
        if self._activations.has(f"blocks.{layer}.hook_mlp_out"):
            return True
        if model_weights.attribute(model_weights.attribute(self._model, "cfg"), "attn_only"):
            return False
        return model_weights.attribute(self._block(layer), "mlp") is not None

    def knows(self, layer: int) -> bool:
        """Whether everything that a layer wrote can be read."""
        has = self._activations.has
        before = has(f"blocks.{layer}.hook_resid_pre") or (layer > 0 and has(f"blocks.{layer - 1}.hook_resid_post"))
        if before and has(f"blocks.{layer}.hook_resid_post"):
            return True
        attention = has(f"blocks.{layer}.hook_attn_out") or (
            layer in self._cache.layers
            and self._cache.values(layer) is not None
            and self._cache.output_weights(layer) is not None
        )
        return attention and (has(f"blocks.{layer}.hook_mlp_out") or not self.has_mlp(layer))

    def after_attention(self, layer: int) -> AfterAttention:
        """What the layer's heads' outputs go through before they are added to the stream."""
        if layer not in self._after:
            self._after[layer] = AfterAttention(
                self._cache, layer, lambda index: self._block_factors(layer, index).attention
            )
        return self._after[layer]

    def final_norm(self, index: int, rows: Rows) -> Norm:
        """The final norm; its divisor as cached, else computed from the last residual stream."""
        weights = self._final_weights
        if weights is None:
            return Norm(None, None, centre=False, scale=np.ones(len(rows)))
        scale = self._activations.rows_if_cached("ln_final.hook_scale", index, rows)
        if scale is not None:
            return weights.at(scale[:, 0])
        reads = "ln_final.hook_in" if self._activations.has("ln_final.hook_in") else self._last_hook
        return weights.at(weights.divisors(self._activations.rows(reads, index, rows)))

    def normalized(self, index: int, rows: Rows) -> Float64 | None:
        """What the unembedding reads, else the final norm's output, which a bridge caches; [row, d_model]."""
        reads = self._activations.rows_if_cached("unembed.hook_in", index, rows)
        if reads is not None and reads.shape[-1] == self.width:
            return reads
        if self._activations.has("ln_final.hook_out"):
            return self._activations.rows("ln_final.hook_out", index, rows)
        output = logit_path.normalized(self._cache, index, self._final_weights)
        return None if output is None else output[rows]

    def unembedded(self, index: int, rows: Rows, ids: npt.NDArray[np.intp]) -> Float64 | None:
        """What the unembedding writes for the tokens `ids` [1 or row, n], before the model's factor or soft cap; [row, n].

        None where it is not cached.
        """
        return self._activations.cells("unembed.hook_out", index, rows, ids)

    def last(self, index: int, rows: Rows) -> Float64 | None:
        """The residual stream behind the last block, [row, d_model]."""
        return self._activations.rows_if_cached(self._last_hook, index, rows)

    @cached_property
    def _final_weights(self) -> model_weights.NormWeights | None:
        return logit_path.final_norm(self._cache)

    def _has_first(self) -> bool:
        return self._activations.has(_FIRST) or (
            all(self._activations.has(f"blocks.0.{name}") for name in ("hook_resid_post", "hook_attn_out"))
            and (self._activations.has("blocks.0.hook_mlp_out") or not self.has_mlp(0))
        )

    def _first(self, index: int, rows: Rows) -> Float64 | None:
        """The stream before the first block: as cached, else what is left of the stream behind that block."""
        first = self._activations.rows_if_cached(_FIRST, index, rows)
        if first is not None or not self._has_first():
            return first
        after, attention = self.after(0, index, rows), self.attention_output(0, index, rows)
        mlp = self.mlp_output(0, index, rows)
        if after is None or attention is None:
            return None
        return after - attention - (0.0 if mlp is None else mlp)

    def _block_factors(self, layer: int, index: int) -> BlockFactors:
        """What the block multiplies its outputs by in one sequence: a hook may have changed a single one."""
        if (layer, index) not in self._factors:
            self._factors[layer, index] = (
                BlockFactors()
            )  # where the cache does not hold all, and while they are looked for
            hooks = [f"blocks.{layer}.hook_attn_out"] + [f"blocks.{layer}.hook_mlp_out"] * self.has_mlp(layer)
            if all(self._activations.has(hook) for hook in hooks):
                rows = self._activations.sample(self._activations.length(hooks[0]))
                parts = [self._activations.rows(hook, index, rows) for hook in hooks]
                before, after = self.before(layer, index, rows), self.after(layer, index, rows)
                if before is not None and after is not None and before.shape == parts[0].shape:
                    found = block_factors.find(self._cache, layer, index, rows, (before, after), parts)
                    self._factors[layer, index] = found
        return self._factors[layer, index]

    def _positions(self) -> object:
        return model_weights.attribute(model_weights.attribute(self._model, "cfg"), "positional_embedding_type")

    def _block(self, layer: int) -> Any:
        blocks = model_weights.attribute(self._model, "blocks")
        try:
            return blocks[layer]
        except (TypeError, IndexError, KeyError):
            return None

    @property
    def _last_hook(self) -> str:
        return f"blocks.{self.n_layers - 1}.hook_resid_post"

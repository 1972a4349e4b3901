"""The residual stream of one cache: what each component writes to it, and what reads it at the end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import attention_module, block_factors, logit_path, model_weights, value_vectors
from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.after_attention import AfterAttention
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.block_factors import BlockFactors
from circuitsvis._cache.hook_names import (
    ATTN_OUT,
    EMBED,
    FINAL_NORM_INPUT,
    FINAL_NORM_OUTPUT,
    FINAL_NORM_SCALE,
    FIRST_RESID,
    MLP_OUT,
    POS_EMBED,
    RESID_POST,
    RESID_PRE,
    UNEMBED_INPUT,
    UNEMBED_OUTPUT,
)
from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64


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
            require(EMBED.name)
            if self._positions() == "standard" and model_weights.attribute(self._model, "pos_embed") is not None:
                require(POS_EMBED.name)
        for layer in layers:
            if self.has_mlp(layer):
                require(MLP_OUT.at(layer))
        if self._activations.has(self._last_hook):
            return
        complete = all(self.knows(layer) for layer in range(self.n_layers))
        if not self._activations.has(FINAL_NORM_OUTPUT.name):
            if model_weights.norm(self._model, self._model, "ln_final") is not None:
                require(FINAL_NORM_SCALE.name)
            if not complete:
                require(self._last_hook)

    def check_logit_path(self, index: int, *, over_vocabulary: bool) -> None:
        """Raises ValueError where the logits are not a linear function of what the components write, as far as the cache shows."""
        logit_path.check(self._cache, index, self._final_weights, self.has_mlp, over_vocabulary=over_vocabulary)

    @property
    def width(self) -> int:
        """d_model: the width of the residual stream."""
        hooks = (self._last_hook, FINAL_NORM_OUTPUT.name, FIRST_RESID.name, EMBED.name)
        return self._activations.width(next((hook for hook in hooks if self._activations.has(hook)), self._last_hook))

    def embed(self, index: int, rows: Rows) -> Float64:
        """[row, d_model]: what the stream begins with, apart from positions.

        Read from the stream, since some models scale or normalise the embedding behind its hook.
        """
        first = self._first(index, rows)
        if first is None:
            return self._activations.rows(EMBED.name, index, rows)
        positions = self.pos_embed(index, rows)
        return first if positions is None else first - positions

    def pos_embed(self, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]; None where no positions are added to the stream."""
        positions = self._activations.rows_if_cached(POS_EMBED.name, index, rows)
        first, embed = self._first(index, rows), self._activations.rows_if_cached(EMBED.name, index, rows)
        # Shortformer caches them too, but adds them to queries and keys only.
        if positions is None or first is None or embed is None or embed.shape != first.shape:
            return None if self._positions() == "shortformer" else positions
        added = np.linalg.norm(embed + positions - first) <= np.linalg.norm(embed - first)
        return positions if added else None

    def attention_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream, with its bias; None where it is not cached."""
        output = self._activations.rows_if_cached(ATTN_OUT.at(layer), index, rows)
        return None if output is None else output * self._block_factors(layer, index).attention

    def mlp_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream; None where it is not cached."""
        output = self._activations.rows_if_cached(MLP_OUT.at(layer), index, rows)
        return None if output is None else output * self._block_factors(layer, index).mlp

    def before(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]: the stream that the block reads; None where it is not cached."""
        before = self._activations.rows_if_cached(RESID_PRE.at(layer), index, rows)
        if before is None and layer > 0:
            return self.after(layer - 1, index, rows)
        return before

    def after(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]: the stream behind the block; None where it is not cached."""
        return self._activations.rows_if_cached(RESID_POST.at(layer), index, rows)

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
        if self._activations.has(MLP_OUT.at(layer)):
            return True
        if model_weights.attribute(model_weights.attribute(self._model, "cfg"), "attn_only"):
            return False
        return model_weights.attribute(self._block(layer), "mlp") is not None

    def knows(self, layer: int) -> bool:
        """Whether everything that a layer wrote can be read."""
        has = self._activations.has
        before = has(RESID_PRE.at(layer)) or (layer > 0 and has(RESID_POST.at(layer - 1)))
        if before and has(RESID_POST.at(layer)):
            return True
        attention = has(ATTN_OUT.at(layer)) or (
            layer in self._cache.layers
            and value_vectors.most_likely(self._cache, layer) is not None
            and attention_module.output_weights(self._cache, layer) is not None
        )
        return attention and (has(MLP_OUT.at(layer)) or not self.has_mlp(layer))

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
        scale = self._activations.rows_if_cached(FINAL_NORM_SCALE.name, index, rows)
        if scale is not None:
            return weights.at(scale[:, 0])
        reads = FINAL_NORM_INPUT.name if self._activations.has(FINAL_NORM_INPUT.name) else self._last_hook
        return weights.at(weights.divisors(self._activations.rows(reads, index, rows)))

    def normalized(self, index: int, rows: Rows) -> Float64 | None:
        """What the unembedding reads, else the final norm's output, which a bridge caches; [row, d_model]."""
        reads = self._activations.rows_if_cached(UNEMBED_INPUT.name, index, rows)
        if reads is not None and reads.shape[-1] == self.width:
            return reads
        if self._activations.has(FINAL_NORM_OUTPUT.name):
            return self._activations.rows(FINAL_NORM_OUTPUT.name, index, rows)
        output = logit_path.normalized(self._cache, index, self._final_weights)
        return None if output is None else output[rows]

    def unembedded(self, index: int, rows: Rows, ids: npt.NDArray[np.intp]) -> Float64 | None:
        """What the unembedding writes for the tokens `ids` [1 or row, n], before the model's factor or soft cap; [row, n].

        None where it is not cached.
        """
        return self._activations.cells(UNEMBED_OUTPUT.name, index, rows, ids)

    def last(self, index: int, rows: Rows) -> Float64 | None:
        """The residual stream behind the last block, [row, d_model]."""
        return self._activations.rows_if_cached(self._last_hook, index, rows)

    @cached_property
    def _final_weights(self) -> model_weights.NormWeights | None:
        return logit_path.final_norm(self._cache)

    def _has_first(self) -> bool:
        return self._activations.has(FIRST_RESID.name) or (
            all(self._activations.has(hook.at(0)) for hook in (RESID_POST, ATTN_OUT))
            and (self._activations.has(MLP_OUT.at(0)) or not self.has_mlp(0))
        )

    def _first(self, index: int, rows: Rows) -> Float64 | None:
        """The stream before the first block: as cached, else what is left of the stream behind that block."""
        first = self._activations.rows_if_cached(FIRST_RESID.name, index, rows)
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
            hooks = [ATTN_OUT.at(layer)] + [MLP_OUT.at(layer)] * self.has_mlp(layer)
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
        return RESID_POST.at(self.n_layers - 1)

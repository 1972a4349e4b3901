"""The residual stream of one cache: what each component writes to it, and the final norm and unembedding that read it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import (
    attention_module,
    block_factors,
    final_norm,
    logit_path,
    model_attributes,
    value_vectors,
)
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
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._cache.norm import Norm
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64


class Branch(NamedTuple):
    """What a block wrote beside its attention and MLP, [row, d_model], and the name of the module that wrote it, if known."""

    written: Float64
    module: str | None


class ResidualStream:
    """Reads vectors of the residual stream, [row, d_model], at given positions (`rows`) of one sequence (`index` in the batch).

    Args:
        cache: the activations, with the model.

    Attributes:
        n_layers: layers of the model.
    """

    def __init__(self, cache: AttentionCache) -> None:
        self._cache = cache
        self._activations = Activations(cache)
        self._after_attention: dict[int, AfterAttention] = {}
        self._factors: dict[tuple[int, int], BlockFactors] = {}
        self.n_layers = cache.n_layers

    def require(self, layers: Sequence[int]) -> None:
        """Raises MissingActivationError if the cache lacks an output of these layers, the embeddings, or the logit itself."""
        require = self._activations.require
        if not self._has_first():
            require(EMBED.name)
            if self._position_type() == "standard" and attribute(self._cache.model, "pos_embed") is not None:
                require(POS_EMBED.name)
        for layer in layers:
            if self.has_mlp(layer):
                require(MLP_OUT.at(layer))
        if self._activations.has(self._last_hook):
            return
        is_complete = all(self.can_read(layer) for layer in range(self.n_layers))
        if not self._activations.has(FINAL_NORM_OUTPUT.name):
            if final_norm.configured(self._cache) is not None:
                require(FINAL_NORM_SCALE.name)
            if not is_complete:
                require(self._last_hook)

    def check_logit_path(self, index: int, *, over_vocabulary: bool) -> None:
        """Raises ValueError if the cache shows that the logits are not a linear function of what the components write."""
        logit_path.check(self._cache, index, self._norm_weights, self.has_mlp, over_vocabulary=over_vocabulary)

    @property
    def width(self) -> int:
        """d_model."""
        hooks = (self._last_hook, FINAL_NORM_OUTPUT.name, FIRST_RESID.name, EMBED.name)
        return self._activations.width(next((hook for hook in hooks if self._activations.has(hook)), self._last_hook))

    def embed(self, index: int, rows: Rows) -> Float64:
        """The stream before the first block, without position embeddings.

        From the stream rather than hook_embed, because some models scale or normalise the embedding after that hook.
        """
        first = self._first(index, rows)
        if first is None:
            return self._activations.rows(EMBED.name, index, rows)
        positions = self.pos_embed(index, rows)
        return first if positions is None else first - positions

    def pos_embed(self, index: int, rows: Rows) -> Float64 | None:
        """Position embeddings; None if none are added to the stream. Shortformer caches some, but adds them to q and k only."""
        positions = self._activations.rows_if_cached(POS_EMBED.name, index, rows)
        first, embed = self._first(index, rows), self._activations.rows_if_cached(EMBED.name, index, rows)
        if positions is None or first is None or embed is None or embed.shape != first.shape:
            return None if self._position_type() == "shortformer" else positions
        are_added = np.linalg.norm(embed + positions - first) <= np.linalg.norm(embed - first)
        return positions if are_added else None

    def attention_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """What the attention of a layer adds to the stream, b_O included; None if it is not cached."""
        output = self._activations.rows_if_cached(ATTN_OUT.at(layer), index, rows)
        return None if output is None else output * self._block_factors(layer, index).attention

    def mlp_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """What the MLP of a layer adds to the stream; None if it is not cached."""
        output = self._activations.rows_if_cached(MLP_OUT.at(layer), index, rows)
        return None if output is None else output * self._block_factors(layer, index).mlp

    def before(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """The stream before a block; None if it is not cached."""
        before = self._activations.rows_if_cached(RESID_PRE.at(layer), index, rows)
        if before is None and layer > 0:
            return self.after(layer - 1, index, rows)
        return before

    def after(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """The stream after a block; None if it is not cached."""
        return self._activations.rows_if_cached(RESID_POST.at(layer), index, rows)

    def block_change(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """Everything that a block adds to the stream; None if the stream before or after it is not cached."""
        before, after = self.before(layer, index, rows), self.after(layer, index, rows)
        return None if before is None or after is None else after - before

    def branch(self, layer: int, index: int, rows: Rows) -> Branch | None:
        """What a block adds beside its attention and MLP; None if the cache does not show it."""
        change = self.block_change(layer, index, rows)
        attention, mlp = self.attention_output(layer, index, rows), self.mlp_output(layer, index, rows)
        if change is None or attention is None or (mlp is None and self.has_mlp(layer)):
            return None
        written = change - attention - (0.0 if mlp is None else mlp)
        return Branch(written, self._block_factors(layer, index).branch)

    def has_mlp(self, layer: int) -> bool:
        """Whether the layer has an MLP, cached or not."""
        if self._activations.has(MLP_OUT.at(layer)):
            return True
        if attribute(attribute(self._cache.model, "cfg"), "attn_only"):
            return False
        return attribute(model_attributes.block(self._cache.model, layer), "mlp") is not None

    def can_read(self, layer: int) -> bool:
        """Whether the cache shows everything that a layer adds to the stream."""
        has = self._activations.has
        has_before = has(RESID_PRE.at(layer)) or (layer > 0 and has(RESID_POST.at(layer - 1)))
        if has_before and has(RESID_POST.at(layer)):
            return True
        has_attention = has(ATTN_OUT.at(layer)) or (
            layer in self._cache.layers
            and value_vectors.most_likely(self._cache, layer) is not None
            and attention_module.output_weights(self._cache, layer) is not None
        )
        return has_attention and (has(MLP_OUT.at(layer)) or not self.has_mlp(layer))

    def after_attention(self, layer: int) -> AfterAttention:
        """The step between the outputs of a layer's heads and the stream."""
        if layer not in self._after_attention:
            self._after_attention[layer] = AfterAttention(
                self._cache, layer, lambda index: self._block_factors(layer, index).attention
            )
        return self._after_attention[layer]

    def final_norm(self, index: int, rows: Rows) -> Norm:
        """The final norm, with its divisors as cached, else computed from the last residual stream."""
        weights = self._norm_weights
        if weights is None:
            return Norm(None, None, centre=False, scale=np.ones(len(rows)))
        scale = self._activations.rows_if_cached(FINAL_NORM_SCALE.name, index, rows)
        if scale is not None:
            return weights.at(scale[:, 0])
        source = FINAL_NORM_INPUT.name if self._activations.has(FINAL_NORM_INPUT.name) else self._last_hook
        return weights.at(weights.divisors(self._activations.rows(source, index, rows)))

    def normalized(self, index: int, rows: Rows) -> Float64 | None:
        """The unembedding's input, else the final norm's output; None if neither is cached."""
        unembedding_input = self._activations.rows_if_cached(UNEMBED_INPUT.name, index, rows)
        if unembedding_input is not None and unembedding_input.shape[-1] == self.width:
            return unembedding_input
        if self._activations.has(FINAL_NORM_OUTPUT.name):
            return self._activations.rows(FINAL_NORM_OUTPUT.name, index, rows)
        output = final_norm.normalized(self._cache, index, self._norm_weights)
        return None if output is None else output[rows]

    def unembedded(self, index: int, rows: Rows, ids: npt.NDArray[np.intp]) -> Float64 | None:
        """The unembedding's output, [row, n], before the model's factor and soft cap; None if it is not cached.

        Args:
            index, rows: as elsewhere.
            ids: [1 or row, n], token ids.
        """
        return self._activations.cells(UNEMBED_OUTPUT.name, index, rows, ids)

    def last(self, index: int, rows: Rows) -> Float64 | None:
        """The stream after the last block; None if it is not cached."""
        return self._activations.rows_if_cached(self._last_hook, index, rows)

    @cached_property
    def _norm_weights(self) -> NormWeights | None:
        return final_norm.fitted(self._cache)

    @property
    def _last_hook(self) -> str:
        return final_norm.last_stream(self._cache)

    def _has_first(self) -> bool:
        """Whether `_first` can read the stream before the first block."""
        return self._activations.has(FIRST_RESID.name) or (
            all(self._activations.has(hook.at(0)) for hook in (RESID_POST, ATTN_OUT))
            and (self._activations.has(MLP_OUT.at(0)) or not self.has_mlp(0))
        )

    def _first(self, index: int, rows: Rows) -> Float64 | None:
        """The stream before the first block, as cached, else the stream after that block minus the block's outputs."""
        first = self._activations.rows_if_cached(FIRST_RESID.name, index, rows)
        if first is not None or not self._has_first():
            return first
        after, attention = self.after(0, index, rows), self.attention_output(0, index, rows)
        mlp = self.mlp_output(0, index, rows)
        if after is None or attention is None:
            return None
        return after - attention - (0.0 if mlp is None else mlp)

    def _block_factors(self, layer: int, index: int) -> BlockFactors:
        if (layer, index) not in self._factors:
            self._factors[layer, index] = block_factors.find(self._cache, layer, index, has_mlp=self.has_mlp(layer))
        return self._factors[layer, index]

    def _position_type(self) -> object:
        return attribute(attribute(self._cache.model, "cfg"), "positional_embedding_type")

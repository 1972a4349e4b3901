"""What a TransformerLens cache tells of the residual stream beside its attention: who wrote what, and the norms' divisors.

With `_cache`, one of the two modules that know hook names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis import _readout
from circuitsvis._arrays import ArrayLike, shape_of, to_float32, with_batch
from circuitsvis._cache import AttentionCache, MissingActivationError
from circuitsvis._decompose import Float64, Norm
from circuitsvis._readout import NormWeights

Rows = npt.NDArray[np.intp]

_DIFFERENT = 0.05
"""Relative difference that is no rounding, not even of bfloat16 (0.004 per operation)."""

_FIRST = "blocks.0.hook_resid_pre"
"""The stream before the first block."""

_RECORD = (
    "; a whole model.run_with_cache(tokens) holds all that attribution needs. With names_filter, keep the names that end in "
    '"hook_pattern", "hook_v", "hook_embed", "hook_pos_embed", "hook_attn_out", "hook_mlp_out", "hook_resid_post" or "hook_scale"'
)


class Residual:
    """Vectors of the residual stream, read row by row.

    Args:
        cache: where they are; `cache.model` must be there.

    Raises:
        ValueError: a model whose logits are not a sum over what its components write.
    """

    def __init__(self, cache: AttentionCache) -> None:
        self._cache = cache
        self._model: Any = cache.model
        self._final = _readout.norm(self._model, self._model, "ln_final")
        self.n_layers = cache.n_layers

    def require(self, layers: Sequence[int]) -> None:
        """Raises MissingActivationError unless everything shown of these layers, and the logit itself, can be read."""
        if self._cache.activation(_FIRST) is None:
            self._needed("hook_embed")
        if self._positions() == "standard" and _readout.attribute(self._model, "pos_embed") is not None:
            self._needed("hook_pos_embed")
        for layer in layers:
            if self.has_mlp(layer):
                self._needed(f"blocks.{layer}.hook_mlp_out")
            if self._post_norm(layer) is not None:
                self._needed(f"blocks.{layer}.ln1_post.hook_scale")
        if self._cache.activation(self._last_hook()) is not None:
            return
        if self._final is not None:
            self._needed("ln_final.hook_scale")
        complete = all(self.knows(layer) for layer in range(self.n_layers))
        if not complete and self._cache.activation("ln_final.hook_out") is None:
            self._needed(self._last_hook())

    def check_sum(self, index: int) -> None:
        """Raises ValueError where the blocks do not add to the stream that the final norm reads.

        Told from the data, since configurations do not tell: BERT's are wrong in TransformerLens 3.9.
        """
        reason = self._not_a_sum(index)
        if reason is not None:
            raise ValueError(
                "model: attribution needs logits that are a sum over what the components write, "
                f"but in {_readout.name(self._model)} {reason}"
            )

    def embed(self, index: int, rows: Rows) -> Float64:
        """[row, d_model]: what the stream begins with, apart from positions.

        Read from the stream, since some models scale or normalise the embedding behind its hook.
        """
        first = self._maybe(_FIRST, index, rows)
        if first is None:
            return self._read("hook_embed", index, rows)
        positions = self.pos_embed(index, rows)
        return first if positions is None else first - positions

    def pos_embed(self, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model]; None where no positions are added to the stream."""
        positions = self._maybe("hook_pos_embed", index, rows)
        first, embed = self._maybe(_FIRST, index, rows), self._maybe("hook_embed", index, rows)
        # Shortformer caches them too, but adds them to queries and keys only.
        if positions is None or first is None or embed is None:
            return None if self._positions() == "shortformer" else positions
        added = np.linalg.norm(embed + positions - first) <= np.linalg.norm(embed - first)
        return positions if added else None

    def attention_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream, with its bias; None where it is not cached."""
        return self._maybe(f"blocks.{layer}.hook_attn_out", index, rows)

    def mlp_output(self, layer: int, index: int, rows: Rows) -> Float64 | None:
        """[row, d_model] as added to the stream; None where it is not cached."""
        return self._maybe(f"blocks.{layer}.hook_mlp_out", index, rows)

    def has_mlp(self, layer: int) -> bool:
        """Whether the layer has an MLP at all, cached or not."""
        if self._cache.activation(f"blocks.{layer}.hook_mlp_out") is not None:
            return True
        if _readout.attribute(_readout.attribute(self._model, "cfg"), "attn_only"):
            return False
        return _readout.attribute(self._block(layer), "mlp") is not None

    def knows(self, layer: int) -> bool:
        """Whether everything that a layer wrote can be read."""
        attention = self._cache.activation(f"blocks.{layer}.hook_attn_out") is not None or (
            layer in self._cache.layers
            and self._cache.values(layer) is not None
            and self._cache.output_weights(layer) is not None
        )
        mlp = self._cache.activation(f"blocks.{layer}.hook_mlp_out") is not None
        return attention and (mlp or not self.has_mlp(layer))

    def attention_bias(self, layer: int) -> Float64 | None:
        """b_O, [d_model]; None where there is none, or it is zero."""
        bias = _readout.vector(_readout.attribute(self._block(layer), "attn"), "b_O")
        return bias if bias is not None and bias.any() else None

    def attention_norm(self, layer: int, index: int, rows: Rows) -> Norm | None:
        """What the attention's output goes through before it is added to the stream; None where that is nothing."""
        weights, factor = self._post_norm(layer), _readout.block_factor(self._model)
        if weights is None:
            return None if factor == 1 else Norm(None, None, centre=False, scale=np.full(len(rows), 1 / factor))
        scale = self._read(f"blocks.{layer}.ln1_post.hook_scale", index, rows)[:, 0] / factor
        bias = None if weights.bias is None else weights.bias * factor
        return Norm(weights.gain, bias, weights.centre, scale)

    def final_norm(self, index: int, rows: Rows) -> Norm:
        """The final norm; its divisor as cached, else computed from the last residual stream."""
        if self._final is None:
            return Norm(None, None, centre=False, scale=np.ones(len(rows)))
        scale = self._maybe("ln_final.hook_scale", index, rows)
        if scale is None:
            x = self._read(self._last_hook(), index, rows)
            x = x - x.mean(-1, keepdims=True) if self._final.centre else x
            scale = np.sqrt((x * x).mean(-1, keepdims=True) + self._final.epsilon)
        return Norm(self._final.gain, self._final.bias, self._final.centre, scale[:, 0])

    def normalized(self, index: int, rows: Rows) -> Float64 | None:
        """The final norm's output, which a bridge caches; [row, d_model]."""
        return self._maybe("ln_final.hook_out", index, rows)

    def last(self, index: int, rows: Rows) -> Float64 | None:
        """The residual stream behind the last block, [row, d_model]."""
        return self._maybe(self._last_hook(), index, rows)

    def _not_a_sum(self, index: int) -> str | None:
        differing = []
        for layer in range(self.n_layers):
            block = f"blocks.{layer}"
            parts = [
                self._whole(f"{block}.{name}", index) for name in ("hook_resid_pre", "hook_attn_out", "hook_mlp_out")
            ]
            after, before = self._whole(f"{block}.hook_resid_post", index), parts[0]
            reads = self._whole(f"{block}.ln1.hook_in", index)
            if before is not None and reads is not None and _differ(before, reads):
                return "the first norm of a block does not read the residual stream (post-norm blocks)"
            present = [part for part in parts if part is not None]
            if after is not None and len(present) == len(parts) - (not self.has_mlp(layer)):
                differing.append(_differ(np.sum(present, axis=0), after))
        if differing and all(differing):
            return (
                "no block adds its outputs to the residual stream: it normalises or scales the sum (post-norm blocks)"
            )
        last, reads = self._whole(self._last_hook(), index), self._whole("ln_final.hook_in", index)
        if last is not None and reads is not None and _differ(last, reads):
            return "the final norm does not read the residual stream: another layer lies between"
        return None

    def _post_norm(self, layer: int) -> NormWeights | None:
        return _readout.norm(self._model, self._block(layer), "ln1_post")

    def _positions(self) -> object:
        return _readout.attribute(_readout.attribute(self._model, "cfg"), "positional_embedding_type")

    def _block(self, layer: int) -> Any:
        blocks = _readout.attribute(self._model, "blocks")
        try:
            return blocks[layer]
        except (TypeError, IndexError, KeyError):
            return None

    def _last_hook(self) -> str:
        return f"blocks.{self.n_layers - 1}.hook_resid_post"

    def _needed(self, hook: str) -> ArrayLike:
        found = self._cache.activation(hook)
        if found is None:
            raise MissingActivationError(f"cache: attribution needs {hook!r}, which is not in it{_RECORD}")
        return found

    def _maybe(self, hook: str, index: int, rows: Rows) -> Float64 | None:
        return None if self._cache.activation(hook) is None else self._read(hook, index, rows)

    def _read(self, hook: str, index: int, rows: Rows) -> Float64:
        tensor = with_batch(self._needed(hook), 3)
        row = tensor[index if shape_of(tensor, hook)[0] > 1 else 0]  # positions are cached once for the whole batch
        return to_float32(row[rows], hook).astype(np.float64)

    def _whole(self, hook: str, index: int) -> Float64 | None:
        tensor = self._cache.activation(hook)
        if tensor is None or len(shape_of(tensor, hook)) not in (2, 3):
            return None
        return self._read(hook, index, np.arange(shape_of(tensor, hook)[-2]))


def _differ(a: Float64, b: Float64) -> bool:
    return a.shape != b.shape or bool(np.linalg.norm(a - b) > _DIFFERENT * np.linalg.norm(b))

"""The tokens whose logits one cell of a head raises and lowers most, by the direct path."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from circuitsvis._cache import attention_module
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.head_outputs import LayerOutputs
from circuitsvis._cache.hook_cache import MissingActivationError
from circuitsvis._cache.hook_names import HEAD_OUTPUTS
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._cache.unembedding import Unembedding
from circuitsvis._common.arrays import Float64, to_float64
from circuitsvis._heads.edge_parts import WrittenToken
from circuitsvis._heads.stream_parts import linear
from circuitsvis._input import token_ids

_CHUNK = 4096
"""Tokens whose columns of W_U are read at a time."""

Tokens = tuple[WrittenToken, ...]


class Cell(Protocol):
    """A cell of a head; positions are those of the cache."""

    @property
    def layer(self) -> int: ...
    @property
    def head(self) -> int: ...
    @property
    def sequence(self) -> int: ...
    @property
    def dest(self) -> int: ...
    @property
    def src(self) -> int: ...


def of_cell(cache: AttentionCache, cell: Cell, top_k: int) -> tuple[Tokens, Tokens, list[str]]:
    """Promoted and suppressed tokens, or none, and a sentence on why there are none.

    Args:
        cache: the activations, with the model.
        cell: the cell.
        top_k: tokens on each side.
    """
    if top_k == 0:
        return (), (), []
    try:
        logits = _logits(cache, cell)
    except (MissingActivationError, ValueError) as error:
        return (), (), [f"The tokens that the cell promotes are missing: {error}"]
    order = np.argsort(logits, kind="stable")

    def written(ids: list[int]) -> Tokens:
        return tuple(WrittenToken(i, token_ids.text(i, cache.model), float(logits[i])) for i in ids)

    return written(order[::-1][:top_k].tolist()), written(order[:top_k].tolist()), []


def _logits(cache: AttentionCache, cell: Cell) -> Float64:
    """[d_vocab]: what A · v W_O at the cell adds to each logit at the query's position."""
    stream, rows = ResidualStream(cache), np.array([cell.dest])
    unembedding = Unembedding(cache.model, stream.width)
    unembedding.check_vocabulary()
    stream.check_logit_path(cell.sequence, over_vocabulary=True)
    outputs = LayerOutputs(cache, cell.layer, "edge").read(cell.sequence)
    if cell.head in outputs.differing:
        raise ValueError(
            f"the output of head {cell.layer}.{cell.head} ({HEAD_OUTPUTS.short}) is not pattern · v: the model or a hook changes it, "
            "so that no part of it is that of one source"
        )
    value = outputs.values_of(cell.head)[cell.src].astype(np.float64)
    weights = to_float64(attention_module.require_output_weights(cache, cell.layer)[cell.head], "W_O")
    if outputs.gate is not None:
        value = value * outputs.gate[cell.dest, cell.head]
    written = (float(outputs.pattern[cell.head, cell.dest, cell.src]) * value @ weights)[None]
    written = linear(stream.after_attention(cell.layer).norm(cell.sequence, rows), written)
    read = linear(stream.final_norm(cell.sequence, rows), written)[0]
    n = unembedding.d_vocab
    return np.concatenate(
        [unembedding.columns(range(start, min(start + _CHUNK, n))) @ read for start in range(0, n, _CHUNK)]
    )

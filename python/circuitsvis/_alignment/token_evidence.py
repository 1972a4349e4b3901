"""Whether tokens are those that a cache was made of: the embedding of each is compared with the cached one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.batch_axis import with_batch
from circuitsvis._cache.hook_names import EMBED
from circuitsvis._common.arrays import FloatArray, shape_of, to_float32
from circuitsvis._input import token_ids

_SAME = 0.999
"""Cosine of two embeddings from which they are the same one, perhaps scaled (Gemma), in any precision."""

_TRIED = 8
"""Positions that are looked up in the whole vocabulary: some of them may be of no token, where a hook changed the embedding."""

_SPACES = " ▁Ġ"
"""Marks of a space, which tokenizers add and drop as they encode and decode: they prove nothing."""

_CHUNK = 4096
"""Rows of W_E that are compared at a time."""


def check(
    cache: AttentionCache, index: int, tokens: Sequence[str], ids: Sequence[int] | None, positions: npt.NDArray[np.intp]
) -> None:
    """Raises ValueError where the cached embedding of a position is that of another token.

    Nothing is known, and nothing raised, without hook_embed, W_E or a tokenizer, or where the model changes embeddings before
    that hook.

    Args:
        cache: with the model.
        index: of the sequence.
        tokens: the text of each token.
        ids: the ids, None to encode the text.
        positions: where the tokens stand among the positions of the cache.
    """
    embedding, cached = getattr(cache.model, "W_E", None), cache.activation(EMBED.name)
    ids = _encoded(tokens, cache.model) if ids is None else ids
    if embedding is None or cached is None or ids is None or len(ids) != len(positions):
        return
    n_tokens, width = shape_of(embedding, "W_E")
    if len(shape_of(cached, EMBED.name)) not in (2, 3) or shape_of(cached, EMBED.name)[-1] != width:
        return
    if not all(0 <= token < n_tokens for token in ids):
        return
    batch = with_batch(cached, 2)
    if index >= shape_of(batch, EMBED.name)[0] or int(positions.max()) >= shape_of(batch, EMBED.name)[1]:
        return
    found = to_float32(batch[index][positions], EMBED.name)
    other = _cosines(to_float32(embedding[list(ids)], "W_E"), found) < _SAME
    wrong = np.flatnonzero(other)[:_TRIED]
    for i, text in zip(wrong, _nearest(embedding, found[wrong], cache.model), strict=True):
        if text is not None and text.strip(_SPACES) != tokens[i].strip(_SPACES):
            raise ValueError(
                f"tokens: sequence {index} is not the text that the cache is of: at position {positions[i]} {EMBED.name} is the "
                f"embedding of {text!r}, but the token given is {tokens[i]!r}; pass the tokens of the run (where a hook changed the "
                f"embedding, pass a dict of the cache without {EMBED.name})"
            )


def _encoded(tokens: Sequence[str], model: Any) -> list[int] | None:
    """The ids of a text, None where it is not surely made of that many tokens."""
    encode = getattr(getattr(model, "tokenizer", None), "encode", None)
    if encode is None:
        return None
    ids = [int(token) for token in encode("".join(tokens), add_special_tokens=False)]
    return ids if len(ids) == len(tokens) else None


def _nearest(embedding: Any, vectors: FloatArray, model: Any) -> list[str | None]:
    """The text of the token whose embedding each vector is, [n, d_model]; None where it is no token's."""
    best, cosines = np.zeros(len(vectors), np.intp), np.zeros(len(vectors), np.float32)
    for start in range(0, shape_of(embedding, "W_E")[0] if len(vectors) else 0, _CHUNK):
        chunk = to_float32(embedding[start : start + _CHUNK], "W_E")
        for i, vector in enumerate(vectors):
            found = _cosines(chunk, vector[None])
            if found.max() > cosines[i]:
                best[i], cosines[i] = start + int(found.argmax()), found.max()
    return [
        token_ids.text(int(token), model) if cosine >= _SAME else None
        for token, cosine in zip(best, cosines, strict=True)
    ]


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    cosines: FloatArray = np.divide((a * b).sum(-1), lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return cosines

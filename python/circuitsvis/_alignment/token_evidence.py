"""A check that tokens are those of the cached run: each token's embedding must be the cached one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.batch_axis import with_batch
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import EMBED
from circuitsvis._common.arrays import FloatArray, TensorLike, shape_of, to_float32
from circuitsvis._input import token_ids

_MIN_COSINE = 0.999
"""Cosine from which two embeddings count as the same, perhaps scaled (Gemma), in any precision."""

_MAX_LOOKUPS = 8
"""Positions that are looked up in the vocabulary. Several, because a hook may have changed the embedding of some."""

_SPACES = " ▁Ġ"
"""Marks of a space. Tokenizers add and drop them as they encode and decode, so a difference in them is no evidence."""

_CHUNK = 4096
"""Rows of W_E that are compared at a time."""


def check(
    cache: HookCache, index: int, tokens: Sequence[str], ids: Sequence[int] | None, positions: npt.NDArray[np.intp]
) -> None:
    """Raises ValueError if the cached embedding of a position is that of another token.

    Does nothing without hook_embed, W_E or a tokenizer, or if the model changes embeddings before that hook.

    Args:
        cache: the activations, with the model.
        index: index of the sequence in the batch.
        tokens: text of each token.
        ids: id of each token; None to encode the text.
        positions: position of each token in the cache.
    """
    embedding, cached = getattr(cache.model, "W_E", None), cache.activation(EMBED.name)
    ids = _encode(tokens, cache.model) if ids is None else ids
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
    vectors = to_float32(batch[index][positions], EMBED.name)
    differ = _cosines(to_float32(embedding[list(ids)], "W_E"), vectors) < _MIN_COSINE
    wrong = np.flatnonzero(differ)[:_MAX_LOOKUPS]
    for i, text in zip(wrong, _nearest_tokens(embedding, vectors[wrong], cache.model), strict=True):
        if text is not None and text.strip(_SPACES) != tokens[i].strip(_SPACES):
            raise ValueError(
                f"tokens: sequence {index} is not the text of the cached run: at position {positions[i]} {EMBED.name} is the "
                f"embedding of {text!r}, but the token passed is {tokens[i]!r}; pass the tokens of the run (if a hook changed the "
                f"embedding, pass a dict of the cache without {EMBED.name})"
            )


def _encode(tokens: Sequence[str], model: Any) -> list[int] | None:
    """The ids of the joined tokens; None if the tokenizer splits this text into another number of tokens."""
    encode = getattr(getattr(model, "tokenizer", None), "encode", None)
    if encode is None:
        return None
    ids = [int(token) for token in encode("".join(tokens), add_special_tokens=False)]
    return ids if len(ids) == len(tokens) else None


def _nearest_tokens(embedding: TensorLike, vectors: FloatArray, model: Any) -> list[str | None]:
    """For each vector, [n, d_model], the text of the token whose embedding it is; None if there is none."""
    best, best_cosines = np.zeros(len(vectors), np.intp), np.zeros(len(vectors), np.float32)
    for start in range(0, shape_of(embedding, "W_E")[0] if len(vectors) else 0, _CHUNK):
        chunk = to_float32(embedding[start : start + _CHUNK], "W_E")
        for i, vector in enumerate(vectors):
            cosines = _cosines(chunk, vector[None])
            if cosines.max() > best_cosines[i]:
                best[i], best_cosines[i] = start + int(cosines.argmax()), cosines.max()
    return [
        token_ids.text(int(token), model) if cosine >= _MIN_COSINE else None
        for token, cosine in zip(best, best_cosines, strict=True)
    ]


def _cosines(a: FloatArray, b: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    cosines: FloatArray = np.divide((a * b).sum(-1), lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return cosines

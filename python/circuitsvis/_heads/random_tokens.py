"""Random tokens written several times: the input on which copying and induction show. The same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common import checks

Ids = npt.NDArray[np.int64]

Bos = bool | int | None
"""Whether a sequence begins with the model's BOS token, or the id that it begins with."""


@dataclass(frozen=True)
class RepeatedTokens:
    """Sequences of random tokens.

    Attributes:
        ids: [sequence, position].
        start: position of the first random token: 1 after BOS, else 0.
        length: tokens that are repeated.
        repeats: how often they are written.
    """

    ids: Ids
    start: int
    length: int
    repeats: int

    @property
    def later(self) -> npt.NDArray[np.intp]:
        """The positions of all copies but the first."""
        first = self.start + self.length
        return np.arange(first, first + (self.repeats - 1) * self.length)


def make(vocabulary: Ids, bos: int | None, length: int, repeats: int, n_sequences: int, seed: int) -> RepeatedTokens:
    """Draws the tokens. Within a sequence no token occurs twice in the random part.

    Args:
        vocabulary: ids to draw from, at least `length`.
        bos: id of the first token, or None.
        length, repeats, n_sequences: as in `circuitsvis.heads.scores_on_repeated`.
        seed: of numpy's RandomState, whose numbers are the same in all versions.
    """
    random = np.random.RandomState(seed)
    rows = np.stack([random.permutation(vocabulary)[:length] for _ in range(n_sequences)])
    ids = np.tile(rows, (1, repeats))
    if bos is not None:
        ids = np.concatenate([np.full((n_sequences, 1), bos, np.int64), ids], axis=1)
    return RepeatedTokens(ids, 0 if bos is None else 1, length, repeats)


def vocabulary(model: Any, bos: int | None) -> Ids:
    """The ids of all ordinary tokens: without special ones, and without rows of the embedding that no token has.

    Raises:
        ValueError: the model does not show how many tokens it has.
    """
    d_vocab = attribute(attribute(model, "cfg"), "d_vocab")
    tokenizer = attribute(model, "tokenizer")
    if not isinstance(d_vocab, int) or d_vocab < 1:
        raise ValueError(
            f"model: needs cfg.d_vocab, the number of its tokens, to draw random ones, but {type(model).__name__} has none; pass a "
            "HookedTransformer, TransformerBridge or HookedEncoder"
        )
    special: set[int] = set() if bos is None else {bos}
    if tokenizer is not None:
        d_vocab = min(d_vocab, len(tokenizer))
        special |= _integers(attribute(tokenizer, "all_special_ids"))
        added = attribute(tokenizer, "added_tokens_decoder") or {}
        special |= {int(token) for token, entry in added.items() if attribute(entry, "special")}
    ids = np.arange(d_vocab, dtype=np.int64)
    return ids[~np.isin(ids, sorted(special))]


def bos_id(model: Any, bos: Bos) -> int | None:
    """The id that sequences begin with; None for none.

    Args:
        model: the model.
        bos: None: the model's BOS if TransformerLens prepends one to texts by default. True: the model's BOS. False: none. Or an id.

    Raises:
        TypeError: another type.
        ValueError: True, but the model has no BOS; or an id that it does not have.
    """
    config, tokenizer = attribute(model, "cfg"), attribute(model, "tokenizer")
    own = attribute(tokenizer, "bos_token_id")
    if bos is None:
        return int(own) if own is not None and attribute(config, "default_prepend_bos") is not False else None
    if bos is False:
        return None
    if bos is True:
        if own is None:
            raise ValueError("bos: the model's tokenizer has no BOS token; pass its id, or bos=False")
        return int(own)
    token = checks.integer("bos", bos)
    d_vocab = attribute(config, "d_vocab")
    if token < 0 or (isinstance(d_vocab, int) and token >= d_vocab):
        raise ValueError(f"bos: token id {token} is out of range for a vocabulary of {d_vocab} (use 0..{d_vocab - 1})")
    return token


def _integers(values: object) -> set[int]:
    return {int(value) for value in values if value is not None} if isinstance(values, Iterable) else set()

"""A tokenizer of whole words that TransformerLens accepts without a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def make(words: Sequence[str], *, end: str, unknown: str, padding_side: str = "right") -> Any:
    """A tokenizer with the ids 0 for `end`, which also begins and pads a text, 1 for `unknown`, then one for each word."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: i for i, word in enumerate([end, unknown, *words])}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token=unknown))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token=end,
        eos_token=end,
        unk_token=unknown,
        pad_token=end,
        padding_side=padding_side,
    )
    tokenizer.init_kwargs.update(name_or_path="local", add_bos_token=True)  # TransformerLens reads both
    return tokenizer

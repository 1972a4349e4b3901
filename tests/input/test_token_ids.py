"""Token ids from text: found only if the text determines them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("transformers")

from circuitsvis._input import token_ids

from tests.support import models

THE, CAT = 2, 3


class Spaceless:
    """A tokenizer whose decoding drops the space that begins a word, as some do."""

    unk_token, unk_token_id = "<unk>", 0
    pieces = ("<unk>", "▁cat", "cat", "▁dog", "s")

    def encode(self, text: str, add_special_tokens: bool) -> list[int]:
        return [self.pieces.index(f"▁{word}") if f"▁{word}" in self.pieces else 0 for word in text.split()]

    def decode(self, ids: list[int], **_: Any) -> str:
        return self.pieces[ids[0]].lstrip("▁")

    def convert_tokens_to_ids(self, tokens: list[str]) -> list[int]:
        return [self.pieces.index(token) if token in self.pieces else 0 for token in tokens]


def test_ids_are_found_from_the_text_of_a_sequence_only_where_they_are_certain() -> None:
    model = SimpleNamespace(tokenizer=models.tokenizer())
    assert token_ids.of_sequence(["the", "cat", "[UNK]", "the"], "tokens", model) == (THE, CAT, 1, THE)
    spaceless = SimpleNamespace(tokenizer=Spaceless())
    assert token_ids.of_sequence(["dog", "s"], "tokens", spaceless) == (3, 4)
    with pytest.raises(ValueError, match=r"tokens: 'cat' is the text of 2 tokens of the vocabulary"):
        token_ids.of_sequence(["dog", "cat"], "tokens", spaceless)
    with pytest.raises(ValueError, match=r"'ca' is the text of 0 tokens .*model.to_tokens"):
        token_ids.of_sequence(["ca", "t"], "tokens", spaceless)

"""The text of tokens: ids decoded as they are, pieces of a vocabulary as the text that they stand for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._input import token_ids, token_lists, token_text
from hypothesis import given
from hypothesis import strategies as st

from tests.support import models, reference
from tests.support.caches import cache, model, softmax_patterns, words

TEXT = "“I don 't know” — naïve, 你好 🙂!\n\tIt is 'n n't , ok .\n\n"


def byte_level(*texts: str, size: int = 270) -> Any:
    """A byte-level BPE tokenizer trained on a few texts: of the rarer characters it has only the bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"])
    core.train_from_iterator(texts or (TEXT,), trainer)
    return PreTrainedTokenizerFast(tokenizer_object=core, bos_token="<|endoftext|>", eos_token="<|endoftext|>")


def sentencepiece(*texts: str) -> Any:
    """A BPE tokenizer as SentencePiece makes them: ▁ for the space, bytes for what has no piece."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Metaspace()
    core.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    core.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=400, special_tokens=["<unk>", "<s>", *bytes_]))
    return PreTrainedTokenizerFast(tokenizer_object=core, unk_token="<unk>", bos_token="<s>")


def shown(tokens: Any, tokenizer: Any = None) -> tuple[str, ...]:
    n = len(tokens)
    figure = cv.attention.from_cache(cache(n=n), tokens, model=model(tokenizer=tokenizer))
    return reference.props(figure).sequences[0].dest_tokens


def test_ids_keep_the_spaces_that_a_tokenizers_clean_up_takes_away() -> None:
    from tokenizers import Tokenizer, decoders, models
    from transformers import PreTrainedTokenizerFast

    texts = ("do", " n't", " 's", " .", " ,", " ?", " do not")
    core = Tokenizer(models.WordLevel({text: i for i, text in enumerate(texts)}, unk_token="do"))
    core.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, clean_up_tokenization_spaces=True)
    assert tokenizer.decode([1]) == "n't"
    assert shown(list(range(len(texts))), tokenizer) == texts
    assert token_ids.text(1, SimpleNamespace(tokenizer=tokenizer)) == " n't"


def test_ids_of_incomplete_characters_show_their_bytes() -> None:
    tokenizer = byte_level("nothing of that kind")
    got = shown(tokenizer.encode("é🙂"), tokenizer)
    assert got == ("\\xc3", "\\xa9", "\\xf0", "\\x9f", "\\x99", "\\x82")
    llama = sentencepiece("the cat")
    assert shown(llama.encode("é")[-2:], llama) == ("<0xC3>", "<0xA9>")
    whole = byte_level("é é é é � � � �", size=300)
    assert shown(whole.encode("é�"), whole) == ("é", "�")


def test_a_tokenizer_that_is_not_of_hugging_face_decodes_too() -> None:
    assert shown([1, 2], SimpleNamespace(decode=lambda ids: f"�{ids[0]}")) == ("�1", "�2")


@pytest.mark.parametrize("size", [257, 270, 300, 400])
def test_byte_level_pieces_are_the_text_that_they_stand_for(size: int) -> None:
    tokenizer = byte_level(TEXT, "the cat sat", size=size)
    pieces = tokenizer.convert_ids_to_tokens(tokenizer.encode(TEXT))
    got = shown(pieces)
    bytes_ = "".join(got).encode().decode("unicode_escape")  # the escapes as bytes, all else as Latin-1
    assert bytes_.encode("latin-1").decode() == TEXT
    assert got == shown(tokenizer.encode(TEXT), tokenizer)  # as ids, which surely are what they are


@pytest.mark.parametrize(
    ("pieces", "texts"),
    [
        (["<|endoftext|>", "Ġthe", "âĢľ", "Ċ", "ĉ", "Ċ"], ["<|endoftext|>", " the", "“", "\n", "\t", "\n"]),
        (["The", "Ġcaf", "Ã©", "ĠĠĠ", "Ċ"], ["The", " caf", "é", "   ", "\n"]),
        (
            ["def", "Ġf", "():", "Ċ", "    ", "return"],
            ["def", " f", "():", "\n", "    ", "return"],
        ),  # added token of spaces
        (["don", "âĢĻ", "t"], ["don", "’", "t"]),
        (["itâĢĻs", "ĠcafÃ©", "."], ["it’s", " café", "."]),
        (["Ġ", "âĢ", "ľ", "a"], [" ", "\\xe2\\x80", "\\x9c", "a"]),
        (["ľ", "Ġa", "âĢ"], ["\\x9c", " a", "\\xe2\\x80"]),  # cut in the middle of a character
        (["ä½ł", "å¥½"], ["你", "好"]),
        (["<｜begin▁of▁sentence｜>", "Hi", "Ġthere"], ["<｜begin▁of▁sentence｜>", "Hi", " there"]),
        (["<s>", "âĢ", "<|endoftext|>", "Ġa"], ["<s>", "\\xe2\\x80", "<|endoftext|>", " a"]),
        (["<s>", "▁the", "▁c", "at", "<0x0A>", "<0xE2>"], ["<s>", " the", " c", "at", "\n", "<0xE2>"]),
        (["▁▁▁", "x", "▁"], ["   ", "x", " "]),
        (["a", "<0x09>", "<0x00>"], ["a", "\t", "<0x00>"]),
    ],
)
def test_pieces_of_a_vocabulary_are_decoded(pieces: list[str], texts: list[str]) -> None:
    assert shown(pieces) == tuple(texts)
    assert token_lists.per_sequence([pieces], "tokens")[0] == [tuple(texts)]
    values = softmax_patterns((len(pieces), 2), causal=False)
    figure = cv.attention.from_values(values, dest_tokens=pieces, src_tokens=["Ġa", "b"])
    assert reference.props(figure).sequences[0].dest_tokens == tuple(texts)
    assert reference.props(figure).sequences[0].src_tokens == (" a", "b")


@pytest.mark.parametrize(
    "tokens",
    [
        ["ĉ", "iu", "ĝ", "ojas"],  # Esperanto, letter by letter
        ["Ġorġ", "u"],  # Maltese: ġ would be a control character
        ["ł", "a", "ń"],
        ["für", "Mädchen", "Ã"],
        ["Spa", "ß", "»"],  # two letters that are also two bytes, of no character
        ["voilà", "»"],
        ["Ġthe", " cat"],  # a space is no byte-level piece
        ["Ġthe", " "],
        ["Ġthe", "日本"],
        ["Ġthe", "ü"],
        ["Ġ", "âĢ", "the"],  # a character breaks off in the middle of the text
        ["▁the", " cat"],
        ["▂", "▁"[:0] + "▃", "x▁y"],
        ["<0xZZ>", "<0x0a>", "é"],
        [" “", "don", "�", "’t"],
    ],
)
def test_texts_that_are_not_surely_pieces_are_left_as_they_are(tokens: list[str]) -> None:
    assert shown(tokens) == tuple(tokens)


def test_one_sequence_of_a_batch_shows_what_the_others_are() -> None:
    rows = [["Ġthe", "Ġcat"], ["Ã©", "a"], ["ĉ", "b"], ["ü", " x"]]
    assert token_lists.per_sequence(rows, "tokens")[0] == [(" the", " cat"), ("é", "a"), ("\t", "b"), ("ü", " x")]


@given(st.text(min_size=1), st.data())
def test_any_text_in_byte_level_pieces_is_that_text(text: str, data: st.DataObject) -> None:
    letters = {byte: letter for letter, byte in token_text._ALPHABET.items()}
    pieces, left = ["Ġ"], text.encode(errors="ignore")
    while left:
        n = data.draw(st.integers(1, len(left)))
        pieces.append("".join(letters[byte] for byte in left[:n]))
        left = left[n:]
    got = token_text.of_pieces([tuple(pieces)])[0]
    assert got[0] in (" ", "Ġ")
    if got[0] == " ":
        wanted = [bytes(token_text._ALPHABET[letter] for letter in piece) for piece in pieces]
        assert list(got) == [piece.decode(errors="backslashreplace") for piece in wanted]
    else:
        assert list(got) == pieces


@given(st.lists(st.text(), min_size=1))
def test_no_list_of_texts_is_an_error(tokens: list[str]) -> None:
    assert len(token_text.of_pieces([tuple(tokens)])[0]) == len(tokens)


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="▁")).map(lambda t: f" {t}"),
        min_size=1,
    )
)
def test_texts_with_spaces_are_never_changed(tokens: list[str]) -> None:
    assert token_text.of_pieces([tuple(tokens)])[0] == tuple(tokens)


def test_the_ids_of_decoded_pieces_are_found() -> None:
    for tokenizer in (byte_level("the cat sat the cat", size=290), sentencepiece("the cat sat the cat sat")):
        ids = tokenizer.encode("the cat sat", add_special_tokens=False)
        pieces = tokenizer.convert_ids_to_tokens(ids)
        texts = token_lists.per_sequence(pieces, "tokens")[0][0]
        assert texts[-1] == " sat" or texts[0] == " the"
        assert token_ids.of_sequence(texts, "tokens", SimpleNamespace(tokenizer=tokenizer)) == tuple(ids)


def test_ids_without_a_tokenizer_are_refused_with_what_works() -> None:
    data, values = cache(batch=2), softmax_patterns((2, 6, 6))
    for ids in (list(range(6)), np.arange(6)):
        with pytest.raises(TypeError) as raised:
            cv.attention.from_values(values, ids)
        assert "to_str_tokens" not in str(raised.value) and "[str(int(i)) for i in ids]" in str(raised.value)
        cv.attention.from_values(values, [str(int(i)) for i in ids])
    batch = np.arange(12).reshape(2, 6)
    with pytest.raises(TypeError) as raised:
        cv.attention.from_cache(data, batch)
    assert "[[str(int(i)) for i in row] for row in ids]" in str(raised.value)
    assert cv.attention.from_cache(data, [[str(int(i)) for i in row] for row in batch])


def test_numbers_as_text_are_ids_where_there_is_no_tokenizer(quiet_libraries: None) -> None:
    made, ids = models.bridge("gpt2"), models.ids()
    assert made.tokenizer is None
    _, cached = made.run_with_cache(ids)
    with pytest.raises(TypeError, match=r"\[\[str\(int\(i\)\) for i in row\] for row in ids\]"):
        cv.attribution.from_cache(cached, made, ids)
    figure = cv.attribution.from_cache(cached, made, [[str(int(i)) for i in row] for row in ids])
    targets = reference.props(figure).sequences[0].targets  # type: ignore[attr-defined]  # of an attribution
    assert targets == tuple(f"token {int(i)}" for i in ids[0, 1:])
    with pytest.raises(ValueError, match=r"tokenizer for the id of ' t0', .*\[str\(int\(i\)\) for i in ids\]"):
        cv.attribution.from_cache(cached, made, words(7))

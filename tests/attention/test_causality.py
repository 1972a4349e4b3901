"""Masked cells and row numbers: cells are masked, and rows numbered by position, only if tokens and data show it."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._input.options import Mode
from circuitsvis._wire.props.attention import AttentionSequence

from tests.support import reference
from tests.support.caches import softmax_patterns

Array = npt.NDArray[np.float32]
TOKENS = ["<|endoftext|>", "When", " Mary", " and", " John", " went", " to", " the"]
OTHERS = ["<s>", "Als", " Maria", " und", " Johannes", " gingen", " zum", " Laden"]


def sequence(pattern: Array, dest: list[str], src: list[str] | None = None, mode: Mode = "small") -> AttentionSequence:
    if src is None:
        figure = cv.attention.from_values(pattern, dest, mode=mode)
    else:
        figure = cv.attention.from_values(pattern, dest_tokens=dest, src_tokens=src, mode=mode)
    return reference.props(figure).sequences[0]


def one_hot(sources: list[int], n_src: int) -> Array:
    return np.eye(n_src, dtype=np.float32)[sources]


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
@pytest.mark.parametrize("n_src", [8, 6, 5])
def test_diagonal_cross_attention_has_no_masked_cell(mode: Mode, n_src: int) -> None:
    row = sequence(one_hot(list(range(5)), n_src)[None], OTHERS[:5], TOKENS[:n_src], mode)
    assert (row.attention.layout, row.dest_positions) == ("full", None)
    assert not np.isnan(reference.decode(row.attention)).any()


@pytest.mark.parametrize("n_src", [8, 5])
def test_cross_attention_that_looks_causal_is_neither_numbered_nor_masked(n_src: int) -> None:
    row = sequence(softmax_patterns((3, 5, n_src)), OTHERS[:5], TOKENS[:n_src])
    assert (row.attention.layout, row.dest_positions) == ("full", None)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("each token attends to itself", one_hot(list(range(8)), 8)),
        ("each token attends to the first", one_hot([0] * 8, 8)),
        ("each token attends to the one before", one_hot([0, *range(7)], 8)),
        ("no token attends to anything", np.zeros((8, 8), np.float32)),
    ],
)
def test_zeros_on_both_sides_of_the_diagonal_are_not_called_masked(name: str, pattern: Array) -> None:
    assert sequence(pattern[None], TOKENS).attention.layout == "full"


def test_one_cell_of_attention_to_the_future_in_one_head_shows_that_none_is_masked() -> None:
    patterns = softmax_patterns((3, 8, 8))
    patterns[1, 2, 5] = 1e-30
    assert sequence(patterns, TOKENS).attention.layout == "full"


def windowed(width: int) -> Array:
    past = np.tri(8, dtype=bool) & ~np.tri(8, k=-width, dtype=bool)
    return (past / past.sum(-1, keepdims=True)).astype(np.float32)[None]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("softmax", softmax_patterns((1, 8, 8))),
        ("two tokens", np.array([[[1, 0], [0.5, 0.5]]], np.float32)),
        ("a window of two", windowed(2)),
        ("one head of each kind", np.stack([one_hot([0] * 8, 8), softmax_patterns((1, 8, 8))[0]])),
        ("NaN where masked", np.where(np.tri(8, dtype=bool), np.eye(8, dtype=np.float32), np.float32(np.nan))[None]),
    ],
)
def test_no_attention_to_the_future_beside_attention_to_the_past_is_a_causal_mask(name: str, pattern: Array) -> None:
    row = sequence(pattern, TOKENS[: pattern.shape[-1]])
    assert (row.attention.layout, row.dest_positions) == ("causal", None)


def test_the_last_rows_of_a_causal_sequence_are_numbered_by_position_and_masked() -> None:
    row = sequence(softmax_patterns((2, 8, 8))[:, 5:], TOKENS[5:], TOKENS)
    assert (row.attention.layout, row.dest_positions) == ("causal", (5, 6, 7))


def test_chosen_rows_of_a_causal_sequence_are_numbered_by_position() -> None:
    rows = [6, 1, 4]
    row = sequence(softmax_patterns((2, 8, 8))[:, rows], [TOKENS[i] for i in rows], TOKENS)
    assert (row.attention.layout, row.dest_positions) == ("full", (6, 1, 4))


def test_a_single_last_row_is_numbered_by_its_position() -> None:
    row = sequence(softmax_patterns((2, 8, 8))[:, -1:], TOKENS[-1:], TOKENS)
    assert (row.attention.layout, row.dest_positions) == ("full", (7,))


@pytest.mark.parametrize("token", ["</s>", "<|endoftext|>", "[SEP]"])
def test_a_single_row_whose_token_ends_every_text_may_be_of_another_one(token: str) -> None:
    row = sequence(softmax_patterns((1, 8, 8))[:, -1:], [token], [*TOKENS[1:], token])
    assert row.dest_positions is None


def test_a_single_row_in_the_middle_is_numbered_where_its_attention_ends() -> None:
    pattern = softmax_patterns((1, 8, 8))[:, 3:4]
    assert sequence(pattern, TOKENS[3:4], TOKENS).dest_positions == (3,)
    assert (
        sequence(one_hot([3], 8)[None], TOKENS[3:4], TOKENS).dest_positions is None
    )  # it may be the same token of another text


def test_rows_with_the_tokens_of_the_sources_but_full_attention_are_not_numbered() -> None:
    row = sequence(softmax_patterns((2, 3, 8), causal=False), TOKENS[5:], TOKENS)
    assert (row.attention.layout, row.dest_positions) == ("full", None)


def test_the_rows_of_a_cache_with_its_last_positions_are_numbered_by_position() -> None:
    patterns = softmax_patterns((4, 8, 8))
    for rows, positions in ((slice(7, 8), (7,)), (slice(6, 8), (6, 7))):
        cache = {"blocks.0.attn.hook_pattern": patterns[:, rows]}
        figure = cv.attention.from_cache(cache, TOKENS[rows], src_tokens=TOKENS)
        assert reference.props(figure).sequences[0].dest_positions == positions


@pytest.mark.parametrize("token", ["<|im_start|>", "[MASK]"])
def test_a_single_row_of_a_self_attention_cache_is_numbered_by_its_position_whatever_its_token(token: str) -> None:
    tokens = [*TOKENS[1:], token]
    cache = {"blocks.0.attn.hook_pattern": softmax_patterns((4, 8, 8))[:, -1:]}
    figure = cv.attention.from_cache(cache, [token], src_tokens=tokens)
    assert reference.props(figure).sequences[0].dest_positions == (7,)


def test_a_single_row_of_a_cache_without_causal_mask_is_numbered_where_its_token_stands() -> None:
    cache = {"blocks.0.attn.hook_pattern": softmax_patterns((4, 8, 8), causal=False)[:, 3:4]}
    figure = cv.attention.from_cache(cache, ["[MASK]"], src_tokens=[*TOKENS[:3], "[MASK]", *TOKENS[4:]])
    row = reference.props(figure).sequences[0]
    assert (row.attention.layout, row.dest_positions) == ("full", (3,))
    assert not np.isnan(reference.decode(row.attention)).any()
    twice = cv.attention.from_cache(cache, [" and"], src_tokens=[" and", *TOKENS[1:]])
    assert reference.props(twice).sequences[0].dest_positions is None  # its token stands at positions 0 and 3


def test_a_single_row_of_cross_attention_is_not_numbered_by_a_source_with_the_same_token() -> None:
    cache = {"decoder.0.cross_attn.hook_pattern": softmax_patterns((4, 8, 8), causal=False)[:, 3:4]}
    figure = cv.attention.from_cache(cache, [" to"], src_tokens=TOKENS, module="decoder.{layer}.cross_attn")
    assert reference.props(figure).sequences[0].dest_positions is None


def test_whole_sequences_given_on_both_axes_need_no_numbers() -> None:
    row = sequence(softmax_patterns((2, 8, 8)), TOKENS, TOKENS)
    assert (row.attention.layout, row.dest_positions) == ("causal", None)

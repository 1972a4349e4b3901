"""The side of the padding: read from masked positions if there are any, else refused."""

from __future__ import annotations

from types import SimpleNamespace

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._input.padding_checks import Side

from tests.support import reference
from tests.support.caches import Array, softmax_patterns, words

N, REAL = 6, 4


def pattern(kind: str) -> Array:
    """A [1, 2, 6, 6] pattern of four real tokens, as the named model leaves it."""
    out = np.zeros((1, 2, N, N), np.float32)
    pad = N - REAL
    if kind in ("left, HookedTransformer", "left, bridge", "left, encoder"):
        out[..., pad:, pad:] = softmax_patterns((1, 2, REAL, REAL), causal="encoder" not in kind)
        if kind == "left, bridge":
            out[..., :pad, :] = 1 / N
        if kind == "left, encoder":
            out[..., :pad, pad:] = 1 / REAL
    elif kind == "right, encoder":
        out[..., :REAL] = softmax_patterns((1, 2, N, REAL), causal=False)
    elif kind == "right, masked":
        out[..., :REAL] = np.tril(softmax_patterns((1, 2, N, N)))[..., :REAL]
    elif kind == "right, empty rows":  # HookedTransformer 3.9 with local attention
        out[..., :REAL, :REAL] = softmax_patterns((1, 2, REAL, REAL))
        out[..., REAL, REAL - 1] = 1.0
    else:  # causal: right padding, or left padding without a mask
        out[:] = softmax_patterns((1, 2, N, N))
    return out


def crop(kind: str, tokenizer_side: str | None = None, padding_side: Side | None = None) -> reference.Float64:
    full = softmax_patterns((1, 2, N, N), seed=1)
    data = {"blocks.0.attn.hook_pattern": np.concatenate([pattern(kind), full])}
    net = SimpleNamespace(tokenizer=SimpleNamespace(padding_side=tokenizer_side)) if tokenizer_side else None
    figure = cv.attention.from_cache(data, [words(REAL), words(N)], batch_idx=0, model=net, padding_side=padding_side)
    return np.nan_to_num(reference.shown(figure))


def block(kind: str, side: str) -> Array:
    real = slice(N - REAL, N) if side == "left" else slice(0, REAL)
    return pattern(kind)[0][:, real, real]


@pytest.mark.parametrize("hint", [None, "left", "right"])
@pytest.mark.parametrize(
    ("kind", "side"),
    [
        ("left, HookedTransformer", "left"),
        ("left, bridge", "left"),
        ("left, encoder", "left"),
        ("right, encoder", "right"),
        ("right, masked", "right"),
        ("right, empty rows", "right"),
    ],
)
def test_masked_padding_is_found_in_the_data_whatever_the_tokenizer_is_set_to(
    kind: str, side: str, hint: str | None
) -> None:
    np.testing.assert_allclose(crop(kind, hint), block(kind, side), atol=1e-5)


@pytest.mark.parametrize("hint", ["left", "right", None])
def test_padding_that_the_data_do_not_show_is_refused_whatever_the_tokenizer_is_set_to(hint: str | None) -> None:
    """No token occurs in both sequences, so no activation shows the positions of the shorter one."""
    data = {"blocks.0.attn.hook_pattern": softmax_patterns((2, 2, N, N))}
    net = SimpleNamespace(tokenizer=SimpleNamespace(padding_side=hint)) if hint else None
    tokens = [words(N)[:REAL], [f"other {i}" for i in range(N)]]
    with pytest.raises(
        ValueError, match=r'sequence 0 has 4 tokens but its pattern has 6 positions.*padding_side="right" or "left"'
    ):
        cv.attention.from_cache(data, tokens, batch_idx=0, model=net)


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_side_decides_if_the_data_do_not_show_the_side(side: Side) -> None:
    np.testing.assert_allclose(crop("causal", None, side), block("causal", side), atol=1e-5)


def test_a_padding_side_that_contradicts_masked_positions_is_refused() -> None:
    with pytest.raises(ValueError, match=r'padding_side="right", but the masked positions .* are on the left'):
        crop("left, bridge", None, "right")
    np.testing.assert_allclose(crop("left, bridge", "right", "left"), block("left, bridge", "left"), atol=1e-5)


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
@pytest.mark.parametrize("batch", [1, 2])
def test_tokens_that_all_lack_the_bos_are_refused_with_both_lengths(mode: str, batch: int) -> None:
    data = {"blocks.0.attn.hook_pattern": softmax_patterns((batch, 2, N, N))}
    net = SimpleNamespace(tokenizer=SimpleNamespace(padding_side="right", bos_token="<bos>"))
    tokens = [words(N - 1), words(REAL)][:batch]
    with pytest.raises(
        ValueError, match=r"has 5 tokens but the pattern has 6 positions: .*BOS \('<bos>'\).*prepend_bos=True"
    ):
        cv.attention.from_cache(data, tokens, mode=mode, model=net)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"5 tokens but the pattern has 6 positions: .*perhaps BOS"):
        cv.attention.from_values(data["blocks.0.attn.hook_pattern"], tokens)


def test_one_list_of_a_batch_that_is_shorter_is_refused_until_the_others_are_given() -> None:
    data = {"blocks.0.attn.hook_pattern": softmax_patterns((2, 2, N, N))}
    with pytest.raises(
        ValueError, match=r"4 tokens but its pattern 6 positions, and the tokens of the other 1 sequences"
    ):
        cv.attention.from_cache(data, words(REAL), batch_idx=0)
    assert cv.attention.from_cache(data, words(REAL), batch_idx=0, padding_side="right") is not None


def test_far_too_few_tokens_are_refused() -> None:
    data = {"blocks.0.attn.hook_pattern": softmax_patterns((1, 2, 8, 8))}
    with pytest.raises(ValueError, match=r"2 tokens but the pattern has 8 positions"):
        cv.attention.from_cache(data, words(2))

"""Which side the padding is on: told from the data where it can be, refused where it cannot."""

from __future__ import annotations

from types import SimpleNamespace

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._padding import Side

from tests import reference
from tests.caches import Array, softmax_patterns, words

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
    else:  # causal: right padding, or left padding without a mask
        out[:] = softmax_patterns((1, 2, N, N))
    return out


def crop(kind: str, tokenizer_side: str | None = None, padding_side: Side | None = None) -> reference.Float64:
    data = {"blocks.0.attn.hook_pattern": pattern(kind)}
    net = SimpleNamespace(tokenizer=SimpleNamespace(padding_side=tokenizer_side)) if tokenizer_side else None
    figure = cv.attention.from_cache(data, [words(REAL)], model=net, padding_side=padding_side)
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
    ],
)
def test_masked_padding_is_found_in_the_data_whatever_the_tokenizer_says(
    kind: str, side: str, hint: str | None
) -> None:
    np.testing.assert_allclose(crop(kind, hint), block(kind, side), atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_where_the_data_cannot_tell_the_tokenizer_decides(side: str) -> None:
    np.testing.assert_allclose(crop("causal", side), block("causal", side), atol=1e-5)


def test_where_nothing_tells_it_is_refused_rather_than_guessed() -> None:
    with pytest.raises(
        ValueError, match=r'sequence 0 has 4 tokens but its pattern has 6 positions.*padding_side="right" or "left"'
    ):
        crop("causal")


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_was_said_goes_before_the_data_and_the_tokenizer(side: Side) -> None:
    np.testing.assert_allclose(crop("left, bridge", "right", side), block("left, bridge", side), atol=1e-5)

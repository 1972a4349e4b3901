"""Calls of the functions in `circuitsvis.topk_tokens`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from tests.circuitsvis1.calls.call import Call, call

TOKENS = [f" {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]


def activations(layers: int, tokens: int, neurons: int, seed: int) -> npt.NDArray[np.float32]:
    """[layer, token, neuron], no two values equal: circuitsvis 1.43.3 orders equal ones in any way."""
    return np.random.default_rng(seed).normal(size=(layers, tokens, neurons)).astype(np.float32)


CALLS: dict[str, Callable[[], Call]] = {
    "topk_tokens, of its own tests": lambda: call(
        "topk_tokens.topk_tokens",
        tokens=[["a", "b", "c", "d", "e"], ["f", "g", "h"]],
        activations=[np.arange(30).reshape(2, 5, 3), np.arange(12).reshape(2, 3, 2)],
    ),
    "topk_tokens, one sample": lambda: call("topk_tokens.topk_tokens", [TOKENS], [activations(3, 26, 7, 1)]),
    "topk_tokens, all arguments": lambda: call(
        "topk_tokens.topk_tokens",
        [TOKENS, TOKENS[:9]],
        [activations(2, 26, 5, 2), activations(2, 9, 4, 3) * 1000],
        4,
        "Block",
        "Feature",
        ["first", "<b>second</b>"],
        ["0", "11"],
    ),
    "topk_tokens, one token": lambda: call("topk_tokens.topk_tokens", [["a"]], [activations(1, 1, 3, 4)]),
}

"""Calls of the functions in `circuitsvis.attention`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from tests.circuitsvis1.calls.call import Call, call

TOKENS = ["<|endoftext|>", "The", " cat", " sat", "\n", " <b>", " קטן"]
LENGTH = len(TOKENS)


def scores(heads: int, seed: int) -> npt.NDArray[np.float64]:
    """[head, dest, src], positive and negative."""
    return np.random.default_rng(seed).normal(size=(heads, LENGTH, LENGTH))


def softmax(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities over the last axis."""
    exp: npt.NDArray[np.float64] = np.exp(values)
    return exp / exp.sum(-1, keepdims=True)


def bidirectional(heads: int, seed: int = 0) -> npt.NDArray[np.float64]:
    """[head, dest, src] whose rows sum to 1."""
    return softmax(2.0 * scores(heads, seed))


def causal(heads: int, seed: int = 0) -> npt.NDArray[np.float64]:
    """The same, zero where the source is later than the destination."""
    lower = np.tril(bidirectional(heads, seed))
    pattern: npt.NDArray[np.float64] = lower / lower.sum(-1, keepdims=True)
    return pattern


CALLS: dict[str, Callable[[], Call]] = {
    "attention_patterns, of its own tests": lambda: call(
        "attention.attention_patterns", tokens=["a", "b"], attention=np.array([[[0, 1], [0, 1]]])
    ),
    "attention_patterns, causal": lambda: call("attention.attention_patterns", TOKENS, causal(12)),
    "attention_patterns, bidirectional": lambda: call("attention.attention_patterns", TOKENS, bidirectional(3)),
    "attention_patterns, lists": lambda: call("attention.attention_patterns", TOKENS, causal(2).tolist()),
    "attention_heads, causal": lambda: call("attention.attention_heads", causal(5), TOKENS),
    "attention_heads, names": lambda: call(
        "attention.attention_heads", torch.tensor(causal(3)), TOKENS, ["L0H0", "<i>", "9.6"]
    ),
    "attention_heads, float32 that requires grad": lambda: call(
        "attention.attention_heads", torch.tensor(causal(2), dtype=torch.float32, requires_grad=True), tokens=TOKENS
    ),
    "attention_heads, signed, all arguments": lambda: call(
        "attention.attention_heads", np.tril(scores(4, 1)), TOKENS, list("abcd"), 2.0, -2.0, "orange", "#008000", True
    ),
    "attention_heads, bidirectional, as its default masks it": lambda: call(
        "attention.attention_heads", bidirectional(3), TOKENS
    ),
    "attention_heads, bidirectional, masked": lambda: call(
        "attention.attention_heads", bidirectional(3), TOKENS, mask_upper_tri=True
    ),
    "attention_heads, bidirectional, not masked": lambda: call(
        "attention.attention_heads", bidirectional(3), TOKENS, mask_upper_tri=False
    ),
    "attention_heads, causal, not masked": lambda: call(
        "attention.attention_heads", causal(3), TOKENS, mask_upper_tri=False
    ),
    "attention_heads, all zero": lambda: call("attention.attention_heads", np.zeros((2, LENGTH, LENGTH)), TOKENS),
    "attention_pattern, causal": lambda: call("attention.attention_pattern", TOKENS, causal(1)[0]),
    "attention_pattern, all arguments": lambda: call(
        "attention.attention_pattern", TOKENS, scores(1, 2)[0], 3, -3, "rgb(200, 0, 0)", False, "blue", False
    ),
    "attention_pattern, one token": lambda: call("attention.attention_pattern", ["a"], [[1.0]]),
}

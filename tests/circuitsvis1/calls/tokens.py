"""Calls of the functions in `circuitsvis.tokens`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from tests.circuitsvis1.calls.call import Call, call

TOKENS = ["<|endoftext|>", "The", " cat", " sat", "\n", " <b>", " קטן"]
LENGTH = len(TOKENS)


def values(*shape: int, seed: int = 0) -> torch.Tensor:
    """Positive and negative numbers in float32."""
    return torch.tensor(np.random.default_rng(seed).normal(size=shape) ** 3, dtype=torch.float32)


def performance(*, batch: bool) -> Call:
    """A model with a vocabulary of 50, on a text of one batch or of none."""
    tokens, logits = torch.tensor([3, 49, 0, 7, 7, 12, 30]), 3 * values(LENGTH, 50, seed=5)
    if batch:
        tokens, logits = tokens[None], logits[None]
    return call("tokens.visualize_model_performance", tokens, TOKENS, logits)


CALLS: dict[str, Callable[[], Call]] = {
    "colored_tokens, of its own tests": lambda: call("tokens.colored_tokens", tokens=["a", "b"], values=[1, 2]),
    "colored_tokens, signed": lambda: call("tokens.colored_tokens", TOKENS, values(LENGTH)),
    "colored_tokens, numpy": lambda: call("tokens.colored_tokens", TOKENS, values(LENGTH, seed=1).numpy()),
    "colored_tokens, negative": lambda: call("tokens.colored_tokens", TOKENS, (-values(LENGTH).abs()).tolist()),
    "colored_tokens, requires grad": lambda: call("tokens.colored_tokens", TOKENS, values(LENGTH).requires_grad_()),
    "colored_tokens, all arguments": lambda: call(
        "tokens.colored_tokens", TOKENS, values(LENGTH), -2, 3, "rgb(200, 0, 0)", "darkgreen"
    ),
    "colored_tokens, max_value 0": lambda: call("tokens.colored_tokens", TOKENS, -(values(LENGTH) ** 2), -8, 0),
    "colored_tokens, all zero": lambda: call("tokens.colored_tokens", TOKENS, np.zeros(LENGTH)),
    "colored_tokens_multi": lambda: call("tokens.colored_tokens_multi", TOKENS, values(LENGTH, 3), ["a", "<b>", "c"]),
    "colored_tokens_multi, no labels": lambda: call("tokens.colored_tokens_multi", TOKENS, 100 * values(LENGTH, 2)),
    "visualize_model_performance": lambda: performance(batch=False),
    "visualize_model_performance, batch of one": lambda: performance(batch=True),
}

"""Calls of the functions in `circuitsvis.logits`."""

from __future__ import annotations

from collections.abc import Callable

import torch

from tests.circuitsvis1.calls.call import Call, call


def log_probs(n: int, d_vocab: int, seed: int) -> torch.Tensor:
    """[position, d_vocab], no two of a row equal: circuitsvis 1.43.3 ranks equal ones in any way."""
    generator = torch.Generator().manual_seed(seed)
    return torch.log_softmax(3.0 * torch.randn(n, d_vocab, generator=generator), -1)


def to_string(token: int) -> str:
    return [" the", "\n", "<b>", " קטן"][token] if token < 4 else f" word{token}"


CALLS: dict[str, Callable[[], Call]] = {
    "token_log_probs, text": lambda: call(
        "logits.token_log_probs", torch.arange(12) * 7 % 50, log_probs(12, 50, 1), to_string
    ),
    "token_log_probs, batch of one, top_k": lambda: call(
        "logits.token_log_probs", torch.tensor([[3, 1, 2, 2]]), log_probs(4, 200, 2)[None], to_string, top_k=3
    ),
    "token_log_probs, whole vocabulary": lambda: call(
        "logits.token_log_probs", torch.tensor([0, 4, 1]), log_probs(3, 5, 3), to_string, 5
    ),
}

"""Arguments for the functions of circuitsvis 1.43.3, equal in both environments: fixed seeds, float32, made by numpy alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from benchmarks.drop_in_cases import SizeName

WORDS = ["The", " cat", " sat", " on", " the", " mat", ".", " It", " slept", "\n", " and", " dreamed", " of", " mice"]


def arguments(function: str, size: SizeName) -> dict[str, Any]:
    """Keyword arguments for a function, named without its module."""
    large = size == "large"
    rng = np.random.default_rng(0)
    if function in ("attention_patterns", "attention_heads"):
        heads, tokens = (144, 128) if large else (12, 16)
        return {"tokens": _words(tokens), "attention": torch.from_numpy(_attention(rng, heads, tokens))}
    if function == "attention_pattern":
        tokens = 1024 if large else 16
        return {"tokens": _words(tokens), "attention": torch.from_numpy(_attention(rng, 1, tokens)[0])}
    if function in ("colored_tokens", "colored_tokens_multi"):
        tokens, kinds = (2000, 50) if large else (16, 3)
        values = _normal(rng, tokens, kinds)
        one = function == "colored_tokens"
        return {"tokens": _words(tokens), "values": torch.from_numpy(values[:, 0].copy() if one else values)}
    if function == "text_neuron_activations":
        layers, neurons, samples, tokens = {
            "small": (2, 10, 1, 16),
            "reduced": (24, 1024, 3, 256),
            "large": (24, 3072, 3, 256),
        }[size]
        values = [torch.from_numpy(_normal(rng, tokens, layers, neurons)) for _ in range(samples)]
        return {"tokens": [_words(tokens)] * samples, "activations": values}
    if function == "topk_tokens":
        tokens, neurons = (256, 10_000) if large else (16, 10)
        return {"tokens": [_words(tokens)] * 2, "activations": [_normal(rng, 2, tokens, neurons) for _ in range(2)]}
    if function == "topk_samples":
        layers, neurons, tokens = (1, 10_000, 32) if large else (2, 10, 16)
        values = np.round(_normal(rng, layers, neurons, 5, tokens).astype(float), 4)
        return {"tokens": [[[_words(tokens)] * 5] * neurons] * layers, "activations": values.tolist()}
    if function == "token_log_probs":
        tokens, vocabulary = (2000, 50_000) if large else (16, 100)
        logits, indices = _normal(rng, tokens, vocabulary) * 3, rng.integers(0, vocabulary, tokens)
        # Many of the tokens are expected, as in text.
        logits[np.arange(tokens - 1), indices[1:]] += rng.uniform(0, 20, tokens - 1).astype(np.float32)
        return {
            "token_indices": torch.from_numpy(indices),
            "log_probs": torch.log_softmax(torch.from_numpy(logits), dim=-1),
            "to_string": lambda token: WORDS[int(token) % len(WORDS)],
        }
    raise ValueError(f"no inputs for {function!r}")


def _words(count: int) -> list[str]:
    return [WORDS[i % len(WORDS)] for i in range(count)]


def _normal(rng: np.random.Generator, *shape: int) -> Any:
    return rng.standard_normal(shape, dtype=np.float32)


def _attention(rng: np.random.Generator, heads: int, tokens: int) -> Any:
    """Causal rows that sum to 1, [head, dest, src]."""
    weights = np.tril(np.exp(2 * _normal(rng, heads, tokens, tokens)))
    return weights / weights.sum(-1, keepdims=True)

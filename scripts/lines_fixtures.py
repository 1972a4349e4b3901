"""Examples of mode="lines" for write_fixtures.py: queries and keys that really lead to the patterns beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]
Scores = Callable[[Wide], Wide]


@dataclass(frozen=True)
class Model:
    """The sizes and kind of a synthetic model.

    Attributes:
        n_layers, n_heads, n_keys, d_head: n_keys key heads, which the query heads share.
        change: what happens to the scores [head, dest, src] between product and mask.
        window: how many sources back a query sees; None for all.
        rotary: whether q and k are turned by their position after they are cached.
        cached: what the cache holds beside the patterns.
    """

    n_layers: int = 1
    n_heads: int = 4
    n_keys: int = 4
    d_head: int = 16
    change: Scores | None = None
    window: int | None = None
    rotary: bool = False
    cached: Sequence[str] = ("q", "k")

    def cache(self, lengths: Sequence[int], seed: int) -> dict[str, Array]:
        """A plain-dict cache of sequences padded on the right to the longest, with a batch dimension."""
        rng = np.random.default_rng(seed)
        found: dict[str, Array] = {}
        for layer in range(self.n_layers):
            parts = [self._sequence(rng, max(lengths)) for _ in lengths]
            for name in ("pattern", *self.cached):
                found[f"blocks.{layer}.attn.hook_{name}"] = np.stack([part[name] for part in parts])
        return found

    def _sequence(self, rng: np.random.Generator, n: int) -> dict[str, Array]:
        q, k = vectors(rng, n, self.n_heads, self.n_keys, self.d_head)
        v = rng.normal(size=(n, self.n_keys, 8)).astype(np.float32)
        v[0] *= 0.1
        scores = product(turned(q), turned(k)) if self.rotary else product(q, k)
        scores = self.change(scores) if self.change else scores
        back = np.arange(n)[:, None] - np.arange(n)[None, :]
        visible = (back >= 0) & (back < (self.window or n))
        scores = np.where(visible, scores, -np.inf)
        made: dict[str, npt.NDArray[Any]] = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": softmax(scores)}
        return {name: array.astype(np.float32) for name, array in made.items()}


def vectors(
    rng: np.random.Generator, n: int, n_heads: int, n_keys: int, d_head: int, n_src: int | None = None
) -> tuple[Array, Array]:
    """The queries [dest, head, d_head] and keys [src, key head, d_head] of heads that look at the previous token, the
    first, or anything.
    """
    m = n_src or n
    q, k = rng.normal(size=(n, n_heads, d_head)), rng.normal(size=(m, n_keys, d_head))
    places = rng.normal(size=(m + 1, n_keys, d_head))
    places /= np.linalg.norm(places, axis=-1, keepdims=True)
    strength = 3.0 * d_head**0.25
    k += strength * places[:m]
    for head in range(n_heads):
        own = places[:, head // (n_heads // n_keys)]
        if head % 3 == 0:
            q[:, head] += strength * own[np.maximum(np.arange(n) - 1, 0)]
        elif head % 3 == 1:
            q[:, head] += strength * own[0]
    return q.astype(np.float32), k.astype(np.float32)


def product(q: Array, k: Array) -> Wide:
    """q·k / sqrt(d_head), [head, dest, src]."""
    n_heads, n_keys = q.shape[1], k.shape[1]
    wide = np.repeat(k.astype(np.float64), n_heads // n_keys, axis=1)
    scores: Wide = np.einsum("qhe,khe->hqk", q.astype(np.float64), wide) / np.sqrt(q.shape[-1])
    return scores


def softmax(scores: Wide) -> Wide:
    """Over the last axis."""
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    probabilities: Wide = weights / weights.sum(-1, keepdims=True)
    return probabilities


def turned(x: Array) -> Array:
    """A rotary embedding: each pair of dimensions turned by an angle that grows with the position."""
    n, _, d_head = x.shape
    angles = np.arange(n)[:, None, None] * 10.0 ** (-4.0 * np.arange(d_head // 2) / d_head)
    one, other = x[..., : d_head // 2], x[..., d_head // 2 :]
    return np.concatenate(
        [one * np.cos(angles) - other * np.sin(angles), one * np.sin(angles) + other * np.cos(angles)], -1
    ).astype(np.float32)


def alibi(scores: Wide) -> Wide:
    """The scores less a slope per head times the distance."""
    n_heads, n, _ = scores.shape
    distance = np.arange(n)[:, None] - np.arange(n)[None, :]
    biased: Wide = scores - 0.5 ** np.arange(1, n_heads + 1)[:, None, None] * distance
    return biased


def capped(scores: Wide) -> Wide:
    """The scores under a soft cap of 4."""
    soft: Wide = 4.0 * np.tanh(scores / 4.0)
    return soft


def cross(n: int, m: int, seed: int) -> dict[str, Array]:
    """The cache of a cross-attention module, without mask: n destination and m source positions."""
    q, k = vectors(np.random.default_rng(seed), n, 4, 4, 16, m)
    pattern = softmax(product(q, k)).astype(np.float32)
    prefix = "decoder.0.cross_attn.hook_"
    return {f"{prefix}pattern": pattern[None], f"{prefix}q": q[None], f"{prefix}k": k[None]}


def one_head(n: int, d_head: int, seed: int) -> dict[str, Array]:
    """The attention [dest, src], q and k [position, d_head] for `from_values`."""
    q, k = vectors(np.random.default_rng(seed), n, 1, 1, d_head)
    scores = np.where(np.tri(n, dtype=bool), product(q, k), -np.inf)
    return {"attention": softmax(scores)[0].astype(np.float32), "q": q[:, 0], "k": k[:, 0]}

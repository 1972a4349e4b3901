"""The arithmetic of attribution on plain arrays, against loops in float64."""

from __future__ import annotations

import tracemalloc
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from circuitsvis._attribution import cache_attribution, contraction
from circuitsvis._cache.norm import Norm

from tests.support import attributions
from tests.support.caches import softmax_patterns

DEST, SRC, D_HEAD, D_MODEL, HEADS = 4, 5, 3, 7, 2
RNG = np.random.default_rng(0)


def random(*shape: int) -> Any:
    return RNG.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("per_position", [False, True])
@pytest.mark.parametrize("centre", [False, True])
def test_a_head_by_source_equals_the_vectors_that_it_writes_normalised_each_alone(
    centre: bool, per_position: bool
) -> None:
    pattern, v, w_o = softmax_patterns((DEST, SRC), causal=False), random(SRC, D_HEAD), random(HEADS, D_HEAD, D_MODEL)
    directions, gain = random(DEST if per_position else 1, D_MODEL).astype(float), random(D_MODEL).astype(float)
    scale = np.abs(random(DEST)).astype(float) + 1
    norm = Norm(gain, None, centre, scale)
    directions_of_heads = contraction.value_directions(w_o, norm.pull_back(directions))
    got = contraction.head_by_source(pattern, v, directions_of_heads[1], scale)
    for q in range(DEST):
        direction = directions[q if per_position else 0]
        want = attributions.by_loops(
            pattern[q : q + 1].astype(float), v.astype(float), w_o[1].astype(float), direction, gain, scale[q : q + 1],
            centre=centre,
        )  # fmt: skip
        np.testing.assert_allclose(got[q], want[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("centre", [False, True])
def test_a_direction_pulled_back_through_a_norm_gives_the_same_product_as_the_norm_forwards(centre: bool) -> None:
    x, gain, bias, direction = (random(*shape).astype(float) for shape in [(DEST, 7), (7,), (7,), (1, 7)])
    scale = np.abs(random(DEST)).astype(float) + 1
    norm = Norm(gain, bias, centre, scale)
    forwards = gain * (x - x.mean(-1, keepdims=True) * centre) / scale[:, None] + bias
    constant = norm.constant(direction)
    assert constant is not None
    got = contraction.along_direction(x, norm.pull_back(direction), scale) + constant
    np.testing.assert_allclose(got, forwards @ direction[0], rtol=0, atol=1e-12)


def test_a_norm_without_gain_and_bias_divides_only() -> None:
    norm = Norm(None, None, centre=False, scale=np.ones(DEST))
    direction = random(1, 7).astype(float)
    np.testing.assert_array_equal(norm.pull_back(direction), direction)
    assert norm.constant(direction) is None


def big(layers: int, heads: int, n: int, d_model: int, d_head: int) -> tuple[dict[str, Any], SimpleNamespace]:
    """A cache and a model of random numbers."""
    rng = np.random.default_rng(0)

    def noise(*shape: int) -> Any:
        return rng.standard_normal(shape, dtype=np.float32)

    data = {"hook_embed": noise(n, d_model), "ln_final.hook_scale": np.full((n, 1), 9.0, np.float32)}
    for layer in range(layers):
        data[f"blocks.{layer}.attn.hook_pattern"] = np.full((heads, n, n), 1 / n, np.float32)
        data[f"blocks.{layer}.attn.hook_v"] = noise(n, heads, d_head)
        data[f"blocks.{layer}.hook_mlp_out"] = noise(n, d_model)
    blocks = [SimpleNamespace(attn=SimpleNamespace(W_O=noise(heads, d_head, d_model))) for _ in range(layers)]
    model = SimpleNamespace(
        cfg=SimpleNamespace(n_layers=layers), blocks=blocks, W_U=noise(d_model, 100), ln_final=SimpleNamespace()
    )
    return data, model


@pytest.mark.parametrize("per_position", [False, True])
def test_144_heads_of_512_tokens_take_little_more_memory_than_their_values(per_position: bool) -> None:
    """A component x dest x src x d_model array would take 116 GB, one head of it 0.8 GB."""
    n = 512
    data, model = big(12, 12, n, 768, 64)
    directions = random(n, 768) if per_position else (3, 4)
    tracemalloc.start()
    [result] = cache_attribution.attributions(data, model, ["a"] * n, directions)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    values = sum(head.values.nbytes for head in result.heads)
    assert values == 144 * n * n * 4
    assert peak < values + 60e6

"""The outputs of heads: pattern · v in either order of axes, times a gate, or something else, as hook_z shows."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.head_outputs import HeadOutputs, LayerOutputs, agrees
from circuitsvis._input.options import Mode
from hypothesis import given
from hypothesis import strategies as st

from tests.support import reference
from tests.support.caches import Array, softmax_patterns, words

H, KV, E = 4, 2, 8
MODULE = "blocks.0.attn"


def mixed(pattern: Array, values: Array) -> Array:
    """[dest, head, d_head]: pattern · v by loops over heads, in float64."""
    group = len(pattern) // values.shape[1]
    heads = [pattern[h].astype(np.float64) @ values[:, h // group].astype(np.float64) for h in range(len(pattern))]
    return np.stack(heads, axis=1).astype(np.float32)


def parts(n: int = 6, kv: int = KV, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return softmax_patterns((H, n, n), seed=seed), rng.normal(size=(n, kv, E)).astype(np.float32)


def cache(pattern: Array, values: Array, z: Array | None, **others: Array) -> dict[str, Array]:
    data = {f"{MODULE}.hook_pattern": pattern, f"{MODULE}.hook_v": values, **others}
    return data if z is None else {**data, f"{MODULE}.hook_z": z}


def read(data: dict[str, Array], layer: int = 0) -> HeadOutputs:
    return LayerOutputs(AttentionCache(data), layer, "test").read(0)


@pytest.mark.parametrize("shape", ["heads", "flat", "wrong heads"])
def test_outputs_that_are_pattern_times_v_are_confirmed(shape: str) -> None:
    pattern, values = parts()
    z = mixed(pattern, values)
    n = len(z)
    cut = {"heads": z, "flat": z.reshape(n, -1), "wrong heads": z.reshape(n, 2 * H, E // 2)}[shape]
    outputs = read(cache(pattern, values, cut))
    assert outputs.checked and outputs.gate is None and outputs.differing == ()


def test_without_hook_z_nothing_counts_as_checked() -> None:
    outputs = read(cache(*parts(), None))
    assert not outputs.checked and outputs.gate is None and outputs.differing == ()


@pytest.mark.parametrize("heads_first", [False, True])
@pytest.mark.parametrize("n", [4, 6])
def test_the_order_of_the_axes_of_v_is_found_also_with_as_many_tokens_as_heads(n: int, heads_first: bool) -> None:
    pattern, values = parts(n, kv=H)
    cached_values = values.swapaxes(0, 1) if heads_first else values
    outputs = read(cache(pattern, cached_values, mixed(pattern, values)))
    np.testing.assert_array_equal(outputs.values, values)
    assert outputs.checked and not outputs.differing


def test_values_of_latent_attention_are_read_by_its_hook_where_nothing_else_shows_the_order() -> None:
    pattern, values = parts(n=H, kv=H)
    data = cache(pattern, values.swapaxes(0, 1), None, **{f"{MODULE}.hook_kv_latent": np.ones((H, 3), np.float32)})
    np.testing.assert_array_equal(read(data).values, values)


def test_a_factor_per_destination_and_head_is_found_in_the_data() -> None:
    pattern, values = parts()
    factor = np.random.default_rng(3).uniform(0.0, 2.0, (6, H, 1))
    factor[:, 2] = 1.0
    factor[:, 3] = 0.0
    outputs = read(cache(pattern, values, (factor * mixed(pattern, values)).astype(np.float32)))
    assert outputs.gate is not None and outputs.differing == ()
    np.testing.assert_allclose(outputs.gate, factor, atol=1e-5)


def test_a_gate_per_dimension_is_used_where_its_hook_is_cached() -> None:
    pattern, values = parts()
    logits = np.random.default_rng(3).normal(size=(6, H * E)).astype(np.float32)
    gate = 1.0 / (1.0 + np.exp(-logits.astype(np.float64).reshape(6, H, E)))
    z = (gate * mixed(pattern, values)).astype(np.float32)
    outputs = read(cache(pattern, values, z, **{f"{MODULE}.hook_q_gate": logits}))
    assert outputs.gate is not None and outputs.differing == ()
    np.testing.assert_allclose(outputs.gate, gate, atol=1e-12)
    assert read(cache(pattern, values, z)).differing == tuple(range(H))


@pytest.mark.parametrize("change", ["steer one head", "clip", "norm per head"])
def test_heads_whose_outputs_are_something_else_are_listed(change: str) -> None:
    pattern, values = parts()
    z = mixed(pattern, values)
    if change == "steer one head":
        z[3, 1, 5] += 0.01
    elif change == "clip":
        z = z.clip(-0.1, 0.1)
    else:
        z = z / np.sqrt((z**2).mean(-1, keepdims=True)) * np.linspace(0.5, 1.5, E, dtype=np.float32)
    outputs = read(cache(pattern, values, z))
    assert outputs.checked and outputs.differing == ((1,) if change == "steer one head" else tuple(range(H)))


def test_values_that_are_normalised_before_they_are_mixed_are_read_after_the_norm() -> None:
    pattern, values = parts()
    normed = values / np.sqrt((values**2).mean(-1, keepdims=True))
    outputs = read(cache(pattern, values, mixed(pattern, normed), **{f"{MODULE}.v_norm.hook_out": normed}))
    np.testing.assert_array_equal(outputs.values, normed)
    assert outputs.checked and not outputs.differing


def test_a_layer_that_shares_the_values_of_an_earlier_layer_mixes_those() -> None:
    (pattern, first), (_, second) = parts(), parts(seed=1)
    data = {
        "blocks.0.attn.hook_pattern": pattern,
        "blocks.0.attn.hook_v": first,
        "blocks.1.attn.hook_pattern": pattern,
        "blocks.1.attn.hook_v": second,
        "blocks.2.attn.hook_pattern": pattern,
        "blocks.2.attn.hook_z": mixed(pattern, first),
    }
    np.testing.assert_array_equal(read(data, layer=2).values, first)


@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 4]), st.floats(1e-3, 1e3), st.booleans())
def test_any_difference_beyond_rounding_is_seen(seed: int, kv: int, size: float, changed: bool) -> None:
    pattern, values = parts(5, kv, seed)
    values = values * np.float32(size)
    z = mixed(pattern, values).reshape(5, -1)
    if changed:
        rng = np.random.default_rng(seed)
        z[rng.integers(5), rng.integers(H * E)] += np.float32(size * 0.05)
    assert agrees(pattern, values, z) != changed


def figure_weights(data: dict[str, Array], attention_type: str) -> Any:
    return cv.attention.from_cache(data, words(6), attention_type=attention_type)  # type: ignore[call-overload]


def test_value_weights_follow_the_values_that_are_mixed_and_are_refused_where_none_are() -> None:
    pattern, values = parts()
    normed = values / np.sqrt((values**2).mean(-1, keepdims=True))
    data = cache(pattern, values, mixed(pattern, normed), **{f"{MODULE}.v_norm.hook_out": normed})
    shown = reference.shown(figure_weights(data, "value-weighted"), attention_type="value-weighted")
    for head in range(H):
        want = reference.value_weighted(pattern[head].astype(np.float64), normed[:, head // 2].astype(np.float64))
        np.testing.assert_allclose(np.nan_to_num(shown[head]), want, atol=2e-5)
    with pytest.raises(ValueError, match=r"'value-weighted': needs heads whose output is pattern · v.*\"standard\""):
        figure_weights(cache(pattern, values, mixed(pattern, normed)), "value-weighted")


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_figures_without_weights_do_not_read_values(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache has patterns, queries and keys, so the page offers no weights, and no values are read or checked."""

    def fail(*_: object) -> None:
        raise AssertionError

    pattern, values = parts()
    data = {f"{MODULE}.hook_pattern": pattern, f"{MODULE}.hook_z": mixed(pattern, values)}
    for name in ("hook_q", "hook_k"):
        data[f"{MODULE}.{name}"] = np.random.default_rng(0).normal(size=(6, H, E)).astype(np.float32)
    monkeypatch.setattr(LayerOutputs, "__init__", fail)
    monkeypatch.setattr(LayerOutputs, "read", fail)
    assert cv.attention.from_cache(data, words(6), mode=mode) is not None
    with pytest.raises(AssertionError):
        cv.attention.from_cache({**data, f"{MODULE}.hook_v": values}, words(6))

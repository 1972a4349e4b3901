"""Advice on recording queries, keys and scores: only if the model has hooks that the cache lacks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from circuitsvis._cache import queries_and_keys
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import HEAD_OUTPUTS, KEYS, PATTERN, QUERIES, ROTATED_QUERIES, SCORES, VALUES, Hook

PLAIN = (PATTERN, SCORES, QUERIES, KEYS, VALUES, HEAD_OUTPUTS)
"""Hooks of a model without a rotary embedding."""


def advice(cached: tuple[Hook, ...], model_hooks: tuple[Hook, ...] | None) -> str:
    tensors = {hook.at(0): np.ones((1, 1, 1), np.float32) for hook in cached}
    # Layers that are not cached: a cache of almost all hooks counts as unfiltered.
    names = [hook.at(layer) for hook in model_hooks or () for layer in range(4)]
    model = SimpleNamespace(hook_dict=dict.fromkeys(names)) if model_hooks is not None else None
    return queries_and_keys.how_to_record(AttentionCache(tensors, model=model), 0)


def test_hooks_that_the_model_has_and_the_cache_lacks_are_advised_also_if_hook_z_is_cached() -> None:
    text = advice((PATTERN, VALUES, HEAD_OUTPUTS), PLAIN)
    assert text.startswith(
        "To see more, record the hooks of the computation that the model has: names_filter=lambda name: name.endswith(("
    )
    assert all(f'"{hook.short}"' in text for hook in (QUERIES, KEYS, ROTATED_QUERIES, SCORES))


def test_hooks_that_the_model_does_not_have_are_not_missing() -> None:
    assert advice((PATTERN, SCORES, QUERIES, KEYS), PLAIN) == ""


def test_an_unfiltered_cache_lacks_only_hooks_that_never_ran() -> None:
    tensors = {hook.at(0): np.ones((1, 1, 1), np.float32) for hook in (PATTERN, QUERIES, VALUES, HEAD_OUTPUTS)}
    model = SimpleNamespace(hook_dict=dict.fromkeys(hook.at(0) for hook in PLAIN))
    assert queries_and_keys.how_to_record(AttentionCache(tensors, model=model), 0) == ""


@pytest.mark.parametrize(("cached", "is_advised"), [((PATTERN, HEAD_OUTPUTS), False), ((PATTERN, VALUES), True)])
def test_without_a_model_a_cache_with_hook_z_counts_as_unfiltered(cached: tuple[Hook, ...], is_advised: bool) -> None:
    assert bool(advice(cached, None)) == is_advised

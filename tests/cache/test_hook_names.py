"""The table of hook names, and what error messages take from it."""

from __future__ import annotations

import numpy as np
import pytest
from circuitsvis._cache import hook_names
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_cache import MissingActivationError
from circuitsvis._cache.hook_names import ATTN_OUT, BLOCK_NORM_SCALE, FOR_WEIGHTS, HOOKS, PATTERN, VALUES, Hook


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_full_name_is_found_in_the_table_and_matches_the_advised_filter(hook: Hook) -> None:
    name = hook.at(3, attn="decoder.{layer}.attn", module="ln2")
    entry = hook_names.find(name)
    assert entry is not None
    assert entry.holds
    assert entry.shape.startswith("[")
    assert name.endswith(hook.short)


def test_a_name_has_the_layer_of_its_module() -> None:
    assert PATTERN.at(2) == "blocks.2.attn.hook_pattern"
    assert PATTERN.at(2, attn="decoder.{layer}.cross_attn") == "decoder.2.cross_attn.hook_pattern"
    assert ATTN_OUT.at(2) == "blocks.2.hook_attn_out"
    assert BLOCK_NORM_SCALE.at(2, module="ln1_post") == "blocks.2.ln1_post.hook_scale"


def test_the_error_for_a_missing_activation_describes_it_and_states_how_to_record_it() -> None:
    cache = AttentionCache({PATTERN.at(0): np.ones((1, 1, 1), np.float32)})
    with pytest.raises(MissingActivationError) as error:
        cache.require(0, VALUES, "attention_type='value-weighted'", FOR_WEIGHTS)
    assert str(error.value).startswith(
        "attention_type='value-weighted': the cache (it holds patterns of layers 0) has no 'blocks.0.attn.hook_v' "
        "(value vectors, [src, key head, d_head]); record it with model.run_with_cache(tokens, "
        'names_filter=lambda name: name.endswith(("hook_pattern", "hook_v")))'
    )

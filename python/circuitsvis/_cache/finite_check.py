"""NaN and infinity in the activations that an attribution adds up: refused by name, since no sum over them has a value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.activations import Activations
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import (
    ATTN_OUT,
    EMBED,
    FINAL_NORM_OUTPUT,
    FINAL_NORM_SCALE,
    FIRST_RESID,
    MLP_OUT,
    POS_EMBED,
    RESID_POST,
    UNEMBED_INPUT,
)

_LAYER_HOOKS = (ATTN_OUT, MLP_OUT)


def check_finite(cache: AttentionCache, index: int, positions: npt.NDArray[np.intp]) -> None:
    """Raises ValueError for the first activation, in the order of the model, that is not finite at one of the positions.

    Args:
        cache: the activations.
        index: index of the sequence in the batch.
        positions: positions of the cache to check; others may hold NaN, as padding does in some models.
    """
    activations = Activations(cache)
    for hook in _hooks(cache):
        for position in positions[~activations.are_finite(hook, index, positions)]:
            raise ValueError(
                f"cache: attribution needs finite activations, got NaN or infinity in {hook} of sequence {index} at position "
                f"{position} of the cache; run the model in float32 or bfloat16 if float16 overflowed, or leave the position "
                "out with seq_pos="
            )


def _hooks(cache: AttentionCache) -> Iterator[str]:
    """Full names in the order in which the model computes them."""
    yield from (hook.name for hook in (EMBED, POS_EMBED, FIRST_RESID))
    yield from (hook.at(layer, attn=cache.module) for layer in cache.layers for hook in _LAYER_HOOKS)
    yield RESID_POST.at(cache.layers[-1])
    yield from (hook.name for hook in (FINAL_NORM_SCALE, FINAL_NORM_OUTPUT, UNEMBED_INPUT))

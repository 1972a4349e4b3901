"""Which cached activation holds the value vectors that a layer's pattern mixes, and in which order of axes."""

from __future__ import annotations

from typing import NamedTuple

from circuitsvis._cache import attention_module
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import (
    FOR_WEIGHTS,
    HEAD_OUTPUTS,
    KEY_VALUE_LATENT,
    NORMALIZED_VALUES,
    PATTERN,
    VALUES,
)
from circuitsvis._common.arrays import TensorLike, shape_of


class Candidate(NamedTuple):
    """An activation that a pattern may mix: its full hook name, and [(batch,) src, key head, d_head]."""

    name: str
    tensor: TensorLike


def candidates(cache: AttentionCache, layer: int) -> list[Candidate]:
    """Activations that the pattern of the layer may mix, the most likely first; [] if none has the pattern's positions.

    A norm of the values (Gemma 4) comes after hook_v. Multi-head latent attention (DeepSeek) caches
    [batch, head, position, d_head], everything else [batch, position, head, d_head]: both orders are candidates where the
    sizes allow both. Layers that share the keys and values of an earlier layer (Gemma 4) have none of their own: then the
    values of earlier layers are candidates, nearest first.
    """
    of_layer = _of_source(cache, layer, layer)
    if of_layer or not shares_values(cache, layer):
        return of_layer
    return [candidate for source in range(layer - 1, -1, -1) for candidate in _of_source(cache, source, layer)]


def most_likely(cache: AttentionCache, layer: int) -> TensorLike | None:
    """The first candidate, [(batch,) src, key head, d_head]; None if there is none.

    `_cache/head_outputs.py` decides between several candidates by comparing them with hook_z.
    """
    return next((candidate.tensor for candidate in candidates(cache, layer)), None)


def require(cache: AttentionCache, layer: int, why: str) -> TensorLike:
    """The first candidate.

    Raises:
        MissingActivationError: the cache has no hook_v of the layer.
        ValueError: hook_v has other positions than the pattern.
    """
    values = most_likely(cache, layer)
    if values is None:
        cached = cache.require(layer, VALUES, why, FOR_WEIGHTS)
        raise ValueError(
            f"{why}: needs v at every source position of the pattern, but {cache.name(layer, VALUES)} has shape "
            f"{shape_of(cached, 'cache')} and {cache.name(layer, PATTERN)} {cache.pattern_shape(layer)}; "
            "a cache made with pos_slice lacks positions: run without it"
        )
    return values


def shares_values(cache: AttentionCache, layer: int) -> bool:
    """Whether the layer has a pattern but no value vectors, although other layers of the cache have theirs."""
    if cache.tensor(layer, VALUES) is not None or cache.tensor(layer, HEAD_OUTPUTS) is None:
        return False
    return any(cache.tensor(other, VALUES) is not None for other in cache.layers)


def _of_source(cache: AttentionCache, source: int, layer: int) -> list[Candidate]:
    """The values cached for layer `source`, in each order of axes that the pattern of `layer` can mix."""
    *batch, n_heads, _, src = cache.pattern_shape(layer)
    fitting: list[Candidate] = []
    for hook in (NORMALIZED_VALUES, VALUES):
        name, tensor = cache.name(source, hook), cache.tensor(source, hook)
        if tensor is None:
            continue
        shape = shape_of(tensor, "cache")
        if len(shape) != len(batch) + 3 or shape[: len(batch)] != tuple(batch) or 0 in shape:
            continue
        first, second = shape[-3:-1]
        if first == src and n_heads % second == 0:
            fitting.append(Candidate(name, tensor))
        if second == src and n_heads % first == 0:
            heads_first = Candidate(name, tensor.swapaxes(-3, -2))
            fitting.insert(0 if _is_latent(cache, source) else len(fitting), heads_first)
    return fitting


def _is_latent(cache: AttentionCache, layer: int) -> bool:
    """Whether the module is multi-head latent attention, by a hook that no other attention has, or by its class."""
    if cache.tensor(layer, KEY_VALUE_LATENT) is not None:
        return True
    return "MLA" in type(attention_module.find(cache, layer)).__name__

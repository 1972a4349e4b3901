"""The rows of a logit lens: stages of the residual stream, chosen by number or name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from circuitsvis._cache.hook_names import FOR_LENS, FOR_LENS_WITH_MID
from circuitsvis._cache.stream_cache import Stage, StreamCache
from circuitsvis._common import checks

Stages: TypeAlias = "int | str | Sequence[int | str] | None"


class Chosen(NamedTuple):
    """The stages that are shown, from the embedding on, and the names of those that the cache lacks."""

    shown: tuple[Stage, ...]
    missing: tuple[str, ...]


def choose(layers: Stages, cache: StreamCache, *, include_mid: bool) -> Chosen:
    """The stages to show.

    Args:
        layers: a number or name, or a list of these: l is the stream before block l, n_layers (or -1) the one after the last block.
            None: all that are cached.
        cache: the activations.
        include_mid: also the stream between attention and MLP, of each block that a number or None stands for.

    Raises:
        TypeError, ValueError: wrong types, names, out of range, or empty.
        MissingActivationError: a chosen stage, or the last one, is not cached.
    """
    record = FOR_LENS_WITH_MID if include_mid else FOR_LENS
    last = cache.before(cache.n_layers)
    if cache.n_layers == 0 or cache.hook_of(last) is None:
        raise cache.missing(last.hooks[0] if cache.n_layers else FOR_LENS[1].at(0), "logit_lens", record)
    if layers is None:
        every = _with_mid(range(cache.n_layers + 1), cache, include_mid=include_mid)
        shown = tuple(stage for stage in every if cache.hook_of(stage) is not None)
        return Chosen(shown, tuple(stage.name for stage in every if stage not in shown))
    chosen: list[Stage] = []
    for item in _several(layers):
        if isinstance(item, str):
            chosen.append(_named(item, cache))
        else:
            owner = f"a model with {cache.n_layers} layers, whose streams are 0 to {cache.n_layers}"
            number = checks.index("layers", item, cache.n_layers + 1, "stream", owner)
            chosen += _with_mid([number], cache, include_mid=include_mid)
    for stage in chosen:
        if cache.hook_of(stage) is None:
            raise cache.missing(stage.hooks[0], f"layers: {stage.name}", FOR_LENS_WITH_MID if stage.is_mid else record)
    ordered = sorted(dict.fromkeys(chosen), key=lambda stage: (stage.layer, stage.is_mid))
    return Chosen(tuple(ordered), ())


def _with_mid(numbers: Sequence[int], cache: StreamCache, *, include_mid: bool) -> list[Stage]:
    stages = []
    for number in numbers:
        stages.append(cache.before(number))
        if include_mid and number < cache.n_layers:
            stages.append(cache.inside(number))
    return stages


def _named(name: str, cache: StreamCache) -> Stage:
    every = _with_mid(range(cache.n_layers + 1), cache, include_mid=True)
    for stage in every:
        if stage.name == name:
            return stage
    raise ValueError(
        f'layers: there is no stream {name!r} in a model with {cache.n_layers} layers; names are those of accumulated_resid: "0_pre" '
        f'(the embedding), "1_pre", ..., "final_post" (after the last block), and "0_mid" between attention and MLP'
    )


def _several(value: object) -> list[object]:
    """`value` as a non-empty list, if it is a list, tuple, range or 1-D array; else a list of `value` alone."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (bytes, dict, set)):
        raise TypeError(
            f"layers: must be a number, a name or a list of these, got {type(value).__name__} {value!r}; e.g. [0, 6, -1]"
        )
    items = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not items:
        raise ValueError("layers: needs at least one, got an empty list (use None for all)")
    return items

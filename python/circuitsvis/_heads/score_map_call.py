"""`heads.score_map` after its arguments: what is known of the model, the scores, the heads beside them, the figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._heads import score_map_figure, score_map_heads, score_map_input
from circuitsvis._heads.score_map_heads import HeadInput, Views
from circuitsvis._heads.score_map_input import Scores
from circuitsvis._heads.score_map_shapes import MapSize, chosen_layers
from circuitsvis._input.options import Options
from circuitsvis._input.selection import Layers
from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps


@dataclass(frozen=True)
class HeadArguments:
    """The arguments of the figure beside the map, as the user passed them.

    Attributes:
        attention: those that the views of a head share; `precision` is not one of an attribution.
        attribution: those of an attribution alone.
    """

    cache: object | None
    tokens: Any
    model: object | None
    views: Views
    attention: Mapping[str, Any]
    attribution: Mapping[str, Any]


def figure(
    scores: object,
    heads: HeadArguments,
    options: Options,
    *,
    score: str | None,
    layers: Layers,
    limits: tuple[float | None, float | None],
    colors: CustomColors | None,
    kept: object,
) -> Figure:
    """The figure. Arguments and errors as in `heads.score_map`."""
    views = score_map_heads.check_views(heads.views)
    marked = _list_of_heads(kept)
    cache = _opened(heads, options)
    size = _size(cache, heads.model)
    size = MapSize(size.n_layers, size.n_heads, chosen_layers(layers, size.n_layers), size.owner)
    found = _of_cached_layers(score_map_input.read(scores, score, _cached_rows(scores, size, cache)), cache, views)
    score_map_figure.index_of(score, found.scores)
    shown: FigureProps | None = None
    notes: tuple[str, ...] = ()
    if cache is not None and views != ():
        shown, notes = score_map_heads.figure(_head_input(heads, found, cache, options), cache, views)
    return score_map_figure.figure(
        found,
        options,
        shown=score,
        limits=limits,
        colors=colors,
        heads_figure=shown,
        notes=(*found.notes, *notes),
        kept=marked,
    )


def _list_of_heads(kept: object) -> tuple[object, ...]:
    """The argument as it is, none for None. Raises TypeError for what is no list."""
    if kept is None:
        return ()
    if isinstance(kept, (str, Mapping)) or not isinstance(kept, Iterable):
        raise TypeError(f"kept: must be a list of heads, e.g. [(9, 6), (9, 9)], got {type(kept).__name__} {kept!r}")
    return tuple(kept)


def _opened(heads: HeadArguments, options: Options) -> AttentionCache | None:
    """The cache, if there is one. Arguments that need it are refused without it."""
    if heads.cache is not None:
        if heads.tokens is None:
            raise TypeError(
                "tokens: must be given with a cache: the tokens of the forward pass, e.g. model.to_str_tokens(prompt)"
            )
        return AttentionCache(heads.cache, None, heads.model)
    given = {"tokens": heads.tokens, "views": heads.views, **heads.attention, **heads.attribution}
    for name, value in given.items():
        if (
            value is not None
            and not (name == "precision" and value == 16)
            and not (name == "views" and len(value) == 0)
        ):
            raise ValueError(
                f"{name}: belongs to the heads beside the map, which need a cache; pass cache=, or leave {name} out"
            )
    for key in options.focus or {}:
        if key != "head":
            raise ValueError(
                f'focus: "{key}" belongs to the heads beside the map, which need a cache; pass cache=, or leave it out'
            )
    return None


def _size(cache: AttentionCache | None, model: object | None) -> MapSize:
    """What is known of the model: from the cache, else from the model's configuration."""
    if cache is not None:
        return MapSize(
            cache.n_layers,
            cache.n_heads(cache.layers[0]),
            owner="the model of the cache" if cache.model else "the cache",
        )
    if model is None:
        return MapSize()
    config = getattr(model, "cfg", None)
    n_layers, n_heads = getattr(config, "n_layers", None), getattr(config, "n_heads", None)
    if not isinstance(n_layers, int) or not isinstance(n_heads, int):
        raise TypeError(
            f"model: must be a TransformerLens model, whose cfg has n_layers and n_heads, got {type(model).__name__}; leave it out, and "
            "pass scores as [layer, head]"
        )
    return MapSize(n_layers, n_heads)


def _cached_rows(scores: object, size: MapSize, cache: AttentionCache | None) -> MapSize:
    """`size`, whose rows are the cached layers where the scores have as many rows as these and not as the model."""
    if cache is None or size.layers is not None or len(cache.layers) == cache.n_layers:
        return size
    first = next(iter(scores.values()), None) if isinstance(scores, Mapping) else scores
    shape = getattr(first, "shape", None)
    rows = shape[0] if shape is not None and len(shape) == 2 else len(first) if isinstance(first, list) else None
    return MapSize(size.n_layers, size.n_heads, tuple(cache.layers), size.owner) if rows == len(cache.layers) else size


def _of_cached_layers(scores: Scores, cache: AttentionCache | None, views: object) -> Scores:
    """The scores, if the cache has the patterns of all their layers or no head is shown.

    Raises:
        ValueError: it lacks some.
    """
    if cache is None or views == ():
        return scores
    missing = [layer for layer in scores.layers if layer not in cache.layers]
    if missing:
        cached = ", ".join(map(str, cache.layers))
        rows = [row for row, layer in enumerate(scores.layers) if layer in cache.layers]
        few = f"pass scores[{rows}] with layers=[{cached}]" if rows else "pass scores of these layers with layers="
        raise ValueError(
            f"scores: each head is shown beside the map, but the cache has patterns of layers {cached} only, and scores has layer "
            f"{missing[0]}; {few}, record all patterns, or pass views=() for the map alone"
        )
    return scores


def _head_input(heads: HeadArguments, scores: Scores, cache: AttentionCache, options: Options) -> HeadInput:
    focus = {key: value for key, value in (options.focus or {}).items() if key != "head"}
    given = {name: value for name, value in heads.attention.items() if value is not None}
    return HeadInput(
        cache=heads.cache,
        tokens=heads.tokens,
        model=heads.model,
        layers=None if scores.layers == tuple(cache.layers) else list(scores.layers),
        head_notation=options.head_notation,
        options={**given, **({"focus": focus} if focus else {})},
        attributed={name: value for name, value in heads.attribution.items() if value is not None},
    )

"""The figure beside a score map: any head of the map, in the views that exist for heads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from circuitsvis import attention, attribution
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_cache import MissingActivationError
from circuitsvis._cache.hook_names import KEYS, QUERIES, VALUES
from circuitsvis._common import checks
from circuitsvis._common.arrays import shape_of
from circuitsvis._page import figure_tabs
from circuitsvis._page.figure import Figure
from circuitsvis._wire import calls
from circuitsvis._wire.props.figure import FigureProps

View = Literal["heatmap", "lines", "attribution"]
Views = tuple[View, ...] | list[View] | View | None

LIMIT = 6_000_000
"""Largest weight, in bytes, of a view beside the heatmap that the user did not ask for. Lines hold q, k and
the scores of every head: 1.4 MB for 144 heads and 20 tokens, 14 MB for 128 (d_head 64)."""

_BYTES_OF_NUMBER = 8 / 3
"""In the page: 16 bits, which hardly compress, as base64."""

_LIGHT = {"lines": "q and k of all heads", "attribution": "an attribution of all heads"}


@dataclass(frozen=True)
class HeadInput:
    """Where the figure of the heads comes from.

    Attributes:
        cache, tokens, model: as the user passed them.
        layers: the layers of the map; None for all layers of the cache.
        head_notation: as on the map.
        options: further arguments of `attention.from_cache` and of `attribution.from_cache`, `focus` among them.
        attributed: arguments of `attribution.from_cache` alone.
    """

    cache: object
    tokens: Any
    model: object | None
    layers: list[int] | None
    head_notation: Literal["dot", "LH"]
    options: Mapping[str, Any]
    attributed: Mapping[str, Any]


def check_views(views: Views) -> tuple[View, ...] | None:
    """The argument `views` as a tuple; None for those that fit.

    Raises:
        TypeError, ValueError: not among the views.
    """
    if views is None:
        return None
    given = (views,) if isinstance(views, str) else views
    if not isinstance(given, (tuple, list)):
        raise TypeError(f"views: must be a list of views of a head, or None, got {type(views).__name__} {views!r}")
    for view in given:
        checks.one_of("views", view, get_args(View))
    return tuple(dict.fromkeys(given))


def figure(
    source: HeadInput, cache: AttentionCache, views: tuple[View, ...] | None
) -> tuple[FigureProps | None, tuple[str, ...]]:
    """The props of the figure, and notes about views that are left out.

    Args:
        source: the user's arguments.
        cache: of `source`.
        views: the views to show; None for all that the cache allows, lines only if they are light.
    """
    wanted = views if views is not None else ("heatmap", "lines", "attribution")
    tabs: list[tuple[str, Figure]] = []
    notes: list[str] = []
    for view in wanted:
        if views is None and view == "attribution" and not _may_attribute(cache):
            continue
        if views is None and view in _LIGHT and (weight := weight_of(view, cache)) > LIMIT:
            notes.append(
                f"{view.capitalize()} left out: {_LIGHT[view]} would add about {weight / 1e6:.0f} MB to this page. "
                f'views=("heatmap", "{view}") shows it.'
            )
            continue
        try:
            with calls.apart():
                tabs.append((view.capitalize(), _FIGURES[view](source)))
        except (MissingActivationError, ValueError, TypeError) as error:
            if views is not None or view != "attribution":
                raise
            notes.append(f"Attribution is left out: {_reason(error)}")
    if len(tabs) > 1:
        return figure_tabs.figure(tabs, label="View of the head", same_sequences=True)._props, tuple(notes)
    return (tabs[0][1]._props if tabs else None), tuple(notes)


def weight_of(view: View, cache: AttentionCache) -> float:
    """Bytes that a view of all cached heads takes in a page, about."""
    patterns = [math.prod(cache.pattern_shape(layer)) for layer in cache.layers]
    numbers = sum(patterns) / 2  # most patterns are causal
    if view == "lines":
        numbers *= 2.5  # the scores have 24 bits
        tensors = [cache.tensor(layer, hook) for layer in cache.layers for hook in (QUERIES, KEYS)]
        numbers += sum(math.prod(shape_of(tensor, "cache")) for tensor in tensors if tensor is not None)
    return numbers * _BYTES_OF_NUMBER


def _heatmap(source: HeadInput) -> Figure:
    return _made(
        attention.from_cache, source, source.cache, source.tokens, mode="large", model=source.model, **source.options
    )


def _lines(source: HeadInput) -> Figure:
    return _made(
        attention.from_cache, source, source.cache, source.tokens, mode="lines", model=source.model, **source.options
    )


def _attribution(source: HeadInput) -> Figure:
    options = {name: value for name, value in source.options.items() if name != "precision"}
    return _made(
        attribution.from_cache, source, source.cache, source.model, source.tokens, **options, **source.attributed
    )


def _made(function: Callable[..., Any], source: HeadInput, *inputs: Any, **options: Any) -> Figure:
    """The figure of a public function, of the layers and in the notation of the map."""
    figure: Figure = function(*inputs, layers=source.layers, head_notation=source.head_notation, **options)
    return figure


_FIGURES: dict[View, Callable[[HeadInput], Figure]] = {
    "heatmap": _heatmap,
    "lines": _lines,
    "attribution": _attribution,
}


def _may_attribute(cache: AttentionCache) -> bool:
    """Whether an attribution is worth a try: it needs a model, and values."""
    return cache.model is not None and any(cache.tensor(layer, VALUES) is not None for layer in cache.layers)


def _reason(error: Exception) -> str:
    """The first sentence of an error."""
    text = str(error.args[0] if error.args else error)
    return text.partition("; ")[0].rstrip(".") + "."

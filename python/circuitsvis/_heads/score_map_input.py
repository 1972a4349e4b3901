"""Scores of heads as users pass them: arrays [layer, head], dicts of these, and results of TransformerLens as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._common.arrays import Float64, to_float64
from circuitsvis._heads import score_map_labels, score_map_patching
from circuitsvis._heads.composition import WeightScores
from circuitsvis._heads.head_score import HeadScore
from circuitsvis._heads.head_scores import HeadScores
from circuitsvis._heads.score_map_shapes import MapSize, checked

DEFAULT_NAME = "score"
"""The name of a single array, unless the user names it."""

_FORMS = "heads.scores(cache, tokens), an array [layer, head], a dict of names and such arrays, or a result of TransformerLens"


@dataclass(frozen=True)
class Score:
    """One score of all heads.

    Attributes:
        name: as the page shows it.
        values: [layer, head], finite or NaN, at least one of them a number.
        description: lines of text: formula, population, source.
    """

    name: str
    values: Float64
    description: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scores:
    """Scores of the same heads.

    Attributes:
        layers: number of each row's layer.
        scores: at least one.
        notes: sentences about scores that are left out.
    """

    layers: tuple[int, ...]
    scores: tuple[Score, ...]
    notes: tuple[str, ...] = ()

    @property
    def n_heads(self) -> int:
        """Heads of each layer."""
        return int(self.scores[0].values.shape[1])


def read(scores: object, name: str | None, size: MapSize) -> Scores:
    """The scores, all of one shape.

    Args:
        scores: as the user passed them.
        name: of a single array; None for `DEFAULT_NAME`.
        size: what is known of the model.

    Raises:
        TypeError: no scores.
        ValueError: shapes that do not fit each other or the model, infinite values, or no value at all.
    """
    _refuse_caches(scores)
    notes: tuple[str, ...] = ()
    if isinstance(scores, WeightScores):
        scores = scores.scores
    if isinstance(scores, HeadScores):
        size, scores, notes = size.of_layers(scores.layers, "scores"), *_with_values(scores)
    if isinstance(scores, Mapping):
        named = [(_name(key), value) for key, value in scores.items()]
        if not named:
            raise ValueError(f"scores: needs at least one score, got an empty {type(scores).__name__}; pass {_FORMS}")
    elif score_map_patching.is_result(scores):
        named = list(score_map_patching.arrays(scores))
    else:
        named = [(name or _default_name(scores), scores)]
    several = len(named) > 1 or isinstance(scores, Mapping)
    found = [_score(each, value, f"scores[{each!r}]" if several else "scores", size) for each, value in named]
    layers = found[0][0]
    for (name_of, _), (other_layers, score) in zip(named, found, strict=True):
        first = found[0][1].values.shape
        if score.values.shape != first or other_layers != layers:
            raise ValueError(
                f"scores: all scores must be of the same heads, got {named[0][0]!r} of shape {first} and {name_of!r} of shape "
                f"{score.values.shape}; put NaN where a head has no value"
            )
    return Scores(layers, tuple(score for _, score in found), notes)


def _score(name: str, value: Any, argument: str, size: MapSize) -> tuple[tuple[int, ...], Score]:
    """The layers of the rows, and the score."""
    if isinstance(value, HeadScore):
        return checked(value.values, argument, size), Score(name, value.values, _lines(value))
    if score_map_labels.is_labelled(value):
        layers, values, lines = score_map_labels.grid(value, argument)
        return checked(values, argument, size.of_layers(layers, argument)), Score(name, values, lines)
    if value is None or isinstance(value, (str, bytes, int, float, Mapping)):
        raise TypeError(f"{argument}: needs {_FORMS}, got {type(value).__name__} {value!r:.60}")
    values = size.shaped(to_float64(value, argument), argument)
    return checked(values, argument, size), Score(name, values)


def _with_values(scores: HeadScores) -> tuple[HeadScores, tuple[str, ...]]:
    """Those that have a value, and a note about the others: a text without repeated tokens has no induction."""
    empty = [score.name for score in scores.scores if np.isnan(score.values).all()]
    if not empty or len(empty) == len(scores.scores):
        return scores, ()
    present = scores.select([name for name in scores.names if name not in empty])
    return present, (f"Without a value for any head, and left out: {', '.join(empty)}.",)


def _lines(score: HeadScore) -> tuple[str, ...]:
    """What is known of a score, for the page."""
    low, high = score.range
    ends = ["" if end is None else f"{word} {end:g}" for word, end in (("from", low), ("to", high))]
    limits = "".join(f" {end}" for end in ends if end)
    source = f"Source: {score.source}." if score.source else ""
    return tuple(
        filter(None, (f"Formula: {score.formula}{limits and ','}{limits}.", f"Population: {score.population}.", source))
    )


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"scores: its keys must be the names of scores, strings, got {type(key).__name__} {key!r}")
    return key


def _default_name(scores: object) -> str:
    return "direct logit attribution" if score_map_labels.is_attribution(scores) else DEFAULT_NAME


def _refuse_caches(scores: object) -> None:
    """Raises TypeError for a cache in the place of scores."""
    if hasattr(scores, "cache_dict") or (isinstance(scores, Mapping) and any(_is_hook(key) for key in scores)):
        raise TypeError(
            "scores: needs scores of heads, got a cache; compute them first, heads.score_map(heads.scores(cache, tokens), cache, tokens)"
        )


def _is_hook(key: object) -> bool:
    return isinstance(key, str) and key.startswith("blocks.") and key.count(".") >= 2

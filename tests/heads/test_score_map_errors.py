"""Wrong arguments of `heads.score_map`: the error names the argument, the rule, the value and the fix, and the fix works."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import caches
from tests.support.caches import words

GRID = np.arange(12.0).reshape(3, 4)
MODEL = SimpleNamespace(cfg=SimpleNamespace(n_layers=3, n_heads=4))
CACHE = caches.cache(n_layers=3, n_heads=4)
PATCHED = SimpleNamespace(
    values=np.zeros((3, 5, 4)), axis_names=["layer", "pos", "head"], metric_names=["metric"], reduced=True, has_metric_axis=False,
    patch_type_names=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "scores", "options", "text"),
    [
        (
            ValueError,
            GRID.T,
            {"model": MODEL},
            r"scores: must be \[layer, head\] = \[3, 4\] for the model, got shape \(4, 3\); swap the axes, scores.T",
        ),
        (
            ValueError,
            np.zeros((2, 4)),
            {"model": MODEL},
            r"got shape \(2, 4\); say which layers the rows are, layers=\[...\]",
        ),
        (ValueError, np.zeros((3, 5)), {"model": MODEL}, r"got shape \(3, 5\); pass scores and cache of one model"),
        (
            ValueError,
            {"a": GRID, "b": GRID[:2]},
            {},
            r"all scores must be of the same heads, got 'a' of shape \(3, 4\) and 'b' of shape \(2, 4\)",
        ),
        (ValueError, GRID * np.nan, {}, r"scores: needs at least one value, got only NaN"),
        (
            ValueError,
            {"a": np.where(GRID == 5, np.inf, GRID)},
            {},
            r"scores\['a'\]: values must be finite or NaN, got inf at row 1, head 1; put NaN",
        ),
        (ValueError, {}, {}, r"scores: needs at least one score, got an empty dict"),
        (ValueError, np.zeros((0, 4)), {}, r"needs at least one layer and one head, got shape \(0, 4\)"),
        (
            ValueError,
            np.zeros((5, 3, 4)),
            {},
            r"got shape \(5, 3, 4\); for several scores pass a dict of arrays, dict\(zip\(\[\"out\", \"q\"",
        ),
        (
            ValueError,
            GRID.ravel(),
            {},
            r"got shape \(12,\); pass cache= or model=.*scores.reshape\(n_layers, n_heads\)",
        ),
        (
            ValueError,
            np.zeros(13),
            {"model": MODEL},
            r"got 13 values for layers of 4 heads; components that are no heads",
        ),
        (TypeError, {3: GRID}, {}, r"its keys must be the names of scores, strings, got int 3"),
        (TypeError, CACHE, {}, r"scores: needs scores of heads, got a cache; compute them first"),
        (TypeError, None, {}, r"scores: needs heads.scores\(cache, tokens\), an array"),
        (TypeError, 0.5, {}, r"scores: needs .* got float 0.5"),
        (TypeError, [["a", "b"]], {}, r"scores: needs numbers, got list"),
        (
            ValueError,
            (np.zeros(2), ["embed", "0_mlp_out"]),
            {},
            r"its labels must name heads, such as \"L0H0\": got embed, 0_mlp_out; use cache.stack",
        ),
        (
            ValueError,
            (np.zeros(3), ["L0H0", "L0H1"]),
            {},
            r"needs a label for each value along the first axis, got 2 labels for shape \(3,\)",
        ),
        (ValueError, (np.zeros(2), ["L0H0", "L0H0"]), {}, r"must name each head once, got 1 twice"),
        (
            ValueError,
            (np.zeros(2), ["L0H0", "L5H0"]),
            {"model": MODEL},
            r"its labels name layer 5, but the model has 3 layers \(0..2\)",
        ),
        (
            ValueError,
            SimpleNamespace(attribution=np.zeros(1), labels=["embed"], unit="component"),
            {},
            r"got unit='component'; use unit=\"head\"",
        ),
        (
            ValueError,
            PATCHED,
            {},
            r"needs patching of whole heads, with the axes layer and head, got axes layer, pos, head",
        ),
        (
            ValueError,
            GRID,
            {"layers": [0, 1]},
            r"with a row for each of layers=\[0, 1\], got shape \(3, 4\); layers= needs one layer for each row",
        ),
        (ValueError, GRID, {"layers": [0, 1, 1]}, r"layers: must name each layer once"),
        (
            ValueError,
            GRID,
            {"layers": [0, 1, 7], "model": MODEL},
            r"layers: layer 7 is out of range for a model with 3 layers",
        ),
        (ValueError, GRID, {"layers": [0, 1, -1]}, r"layers: must count from 0 where the model is not known, got -1"),
        (TypeError, GRID, {"layers": "0"}, r"layers: must be a list of layers"),
        (
            ValueError,
            {"entropy": GRID, "b": GRID},
            {"score": "entrpy"},
            r"score: must be the name of a score, 'entropy', 'b', got 'entrpy'; did you mean 'entropy'\?",
        ),
        (TypeError, GRID, {"score": 1}, r"score: must be a string or None, got int 1"),
        (ValueError, GRID, {"focus": {"head": "3.0"}}, r"focus: head '3.0' is not shown: must be one of '0.0', '0.1'"),
        (
            ValueError,
            GRID,
            {"focus": {"dest": 3}},
            r'focus: "dest" belongs to the heads beside the map, which need a cache',
        ),
        (
            ValueError,
            GRID,
            {"tokens": words(6)},
            r"tokens: belongs to the heads beside the map, which need a cache; pass cache=, or leave tokens out",
        ),
        (ValueError, GRID, {"views": ["lines"]}, r"views: belongs to the heads beside the map"),
        (ValueError, GRID, {"seq_pos": 3}, r"seq_pos: belongs to the heads beside the map"),
        (TypeError, GRID, {"cache": CACHE}, r"tokens: must be given with a cache"),
        (
            ValueError,
            GRID,
            {"cache": CACHE, "tokens": words(6), "views": ["line"]},
            r"views: must be one of 'heatmap', 'lines', 'attribution', got 'line'",
        ),
        (TypeError, GRID, {"cache": CACHE, "tokens": words(6), "views": 1}, r"views: must be a list of views"),
        (
            TypeError,
            GRID,
            {"model": object()},
            r"model: must be a TransformerLens model, whose cfg has n_layers and n_heads, got object",
        ),
        (ValueError, GRID, {"max_value": 0}, r"max_value: must be a finite number above 0"),
        (ValueError, GRID, {"display_mode": "night"}, r"display_mode: must be one of"),
    ],
)
def test_the_error_says_what_to_do(kind: type[Exception], scores: Any, options: dict[str, Any], text: str) -> None:
    with pytest.raises(kind, match=text):
        cv.heads.score_map(scores, **options)


def test_a_layer_without_a_pattern_is_refused_and_every_advised_way_works() -> None:
    cache = {name: value for name, value in CACHE.items() if ".1." not in name}
    with pytest.raises(
        ValueError,
        match=r"the cache has patterns of layers 0, 2 only, and scores has layer 1; pass scores\[\[0, 2\]\] with layers=\[0, 2\]",
    ):
        cv.heads.score_map(GRID, cache, words(6))
    assert cv.heads.score_map(GRID[[0, 2]], cache, words(6), layers=[0, 2]) is not None
    assert cv.heads.score_map(GRID, cache, words(6), views=()) is not None
    assert cv.heads.score_map(GRID, CACHE, words(6)) is not None


def test_a_view_that_was_asked_for_says_what_it_needs() -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        cv.heads.score_map(GRID, CACHE, words(6), views=["attribution"])


@pytest.mark.parametrize(
    ("kind", "options", "text"),
    [
        (TypeError, {"kept": "9.6"}, r"kept: must be a list of heads, e.g. \[\(9, 6\), \(9, 9\)\], got str '9.6'"),
        (ValueError, {"kept": ["9.6"]}, r"kept '9.6' is not shown: must be one of '0.0', '0.1'"),
        (
            ValueError,
            {"kept": [(1, 2, 3)]},
            r"kept: must be a name, an index or a pair \(layer, head\), got \(1, 2, 3\)",
        ),
        (ValueError, {"color_scale": "rank"}, r"color_scale: must be one of 'linear', 'sqrt', 'log', got 'rank'"),
    ],
)
def test_what_is_shown_first_must_be_there(kind: type[Exception], options: dict[str, Any], text: str) -> None:
    with pytest.raises(kind, match=text):
        cv.heads.score_map(GRID, **options)

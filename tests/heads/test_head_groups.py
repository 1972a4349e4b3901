"""Groups of similar heads: those of a loop over heads and scores, in the table, in the figure and as lists that select heads."""

from __future__ import annotations

import math
import statistics
from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._wire.props.attention import AttentionPatternsProps
from circuitsvis._wire.props.score_map import HeadGroup, ScoreMapProps
from circuitsvis.heads import HeadScore, HeadScores
from hypothesis import given
from hypothesis import strategies as st

from tests.support import caches

Grid = npt.NDArray[np.float64]


def table(**scores: Any) -> HeadScores:
    grids = {name: np.asarray(values, np.float64) for name, values in scores.items()}
    layers, n_heads = next(iter(grids.values())).shape
    made = tuple(
        HeadScore(name, np.nan_to_num(grid), (~np.isnan(grid)).astype(float), "f", "p") for name, grid in grids.items()
    )
    return HeadScores(tuple(range(3, 3 + layers)), n_heads, made)


def loop(scores: dict[str, Grid], deviations: float) -> dict[str, list[tuple[int, int]]]:
    """Each head in the group of its most unusual score, the most unusual head first."""
    found: dict[str, list[tuple[float, int, tuple[int, int]]]] = {}
    for place, (layer, head) in enumerate(np.ndindex(next(iter(scores.values())).shape)):
        best, name = 0.0, ""
        for score, grid in scores.items():
            present = [float(value) for value in grid.ravel() if not math.isnan(value)]
            deviation = statistics.pstdev(present) if present else 0.0
            value = float(grid[layer, head])
            if math.isnan(value) or deviation == 0.0:
                continue
            standard = (value - statistics.mean(present)) / deviation
            if abs(standard) > best:
                best, name = abs(standard), f"{'high' if standard > 0 else 'low'} {score}"
        if best >= deviations:
            found.setdefault(name, []).append((-best, place, (layer + 3, head)))
    return {name: [pair for _, _, pair in sorted(members)] for name, members in found.items()}


grids = st.lists(st.sampled_from([0.0, 1.0, -3.0, 7.5, 31.0, math.nan]), min_size=12, max_size=12)


@given(grids, grids, st.sampled_from([0.7, 1.3, 2.1]))
def test_a_head_is_in_the_group_of_its_most_unusual_score(a: list[float], b: list[float], deviations: float) -> None:
    scores = {name: np.array(values).reshape(3, 4) for name, values in (("a", a), ("b", b))}
    got, wanted = table(**scores).groups(deviations), loop(scores, deviations)
    assert {name: sorted(heads) for name, heads in got.items()} == {n: sorted(heads) for n, heads in wanted.items()}
    order = ["high a", "low a", "high b", "low b"]
    assert list(got) == [name for name in order if name in got]


def test_the_head_that_differs_most_comes_first_and_the_list_selects_these_heads() -> None:
    effect = np.zeros((2, 12))
    effect[0, 1], effect[1, 1] = 0.8, 0.9
    groups = table(effect=effect).groups()
    assert groups == {"high effect": [(4, 1), (3, 1)]}
    cache = {
        f"blocks.{layer}.attn.hook_pattern": pattern
        for layer, pattern in zip((3, 4), caches.softmax_patterns((2, 12, 5, 5)), strict=True)
    }
    figure = cv.attention.from_cache(cache, caches.words(5), heads=groups["high effect"])
    assert isinstance(figure._props, AttentionPatternsProps)
    assert [head.name for head in figure._props.heads] == ["4.1", "3.1"]


def test_scores_that_are_the_same_for_all_heads_or_of_extreme_size_are_no_trouble() -> None:
    one = np.zeros((2, 12))
    one[1, 5] = 1.0
    nowhere = np.full((2, 12), np.nan)
    for factor in (1e-300, 1.0, 1e300):
        scores = table(same=np.full((2, 12), 0.1 * factor), one=one * factor, nowhere=nowhere)
        assert scores.groups() == {"high one": [(4, 5)]}


@pytest.mark.parametrize("deviations", [0, -1.0, "2", True, math.nan])
def test_deviations_must_be_a_number_above_zero(deviations: Any) -> None:
    with pytest.raises(ValueError, match=r"deviations: must be a number above 0, e\.g\. 2, got"):
        table(a=np.eye(2)).groups(deviations)


def test_the_figure_has_the_groups_of_the_table() -> None:
    random = np.random.default_rng(4)
    scores = table(a=random.normal(size=(4, 8)) ** 3, b=random.normal(size=(4, 8)) ** 3)
    props = cv.heads.score_map(scores)._props
    assert isinstance(props, ScoreMapProps)
    assert len(props.groups) >= 3
    assert {_name(group): [(3 + head // 8, head % 8) for head in group.heads] for group in props.groups} == {
        **scores.groups()
    }


def _name(group: HeadGroup) -> str:
    return f"{group.side} {'ab'[group.score]}"

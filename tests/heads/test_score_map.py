"""`heads.score_map`: the numbers of the page, and what it takes as scores."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._heads.head_score import HeadScore
from circuitsvis._heads.head_scores import HeadScores
from circuitsvis._wire.props.attention import AttentionHeadsProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.tabs import TabsProps

from tests.support import caches
from tests.support.caches import words

Grid = npt.NDArray[np.float64]


def grid(layers: int = 3, n_heads: int = 4, seed: int = 0) -> Grid:
    return np.random.default_rng(seed).normal(0, 1, (layers, n_heads))


def props(figure: cv.Figure) -> ScoreMapProps:
    found = figure._props
    assert isinstance(found, ScoreMapProps)
    return found


def shown(figure: cv.Figure) -> dict[str, Grid]:
    """The values [layer, head] of each score, put together row by row from the figure's table."""
    table = figure.to_dict()
    result: dict[str, Grid] = {}
    layers = list(dict.fromkeys(table["layer"].tolist()))
    for score, layer, head, value in zip(
        *(table[name].tolist() for name in ("score", "layer", "head", "value")), strict=True
    ):
        values = result.setdefault(score, np.full((len(layers), max(table["head"].tolist()) + 1), np.inf))
        values[layers.index(layer), head] = value
    return result


def test_every_number_is_that_of_the_array_within_the_stated_bound() -> None:
    scores = {
        "a": grid(5, 7),
        "b": np.abs(grid(5, 7, 1)) * 1e-6,
        "whole": np.arange(35).reshape(5, 7),
        "zero": np.zeros((5, 7)),
    }
    scores["a"][2, 3] = np.nan
    figure = cv.heads.score_map(scores)
    for name, values in shown(figure).items():
        largest = max(abs(float(value)) for row in scores[name] for value in row if not np.isnan(value))
        for layer in range(5):
            for head in range(7):
                want = float(scores[name][layer, head])
                if np.isnan(want):
                    assert np.isnan(values[layer, head])
                else:
                    assert abs(values[layer, head] - want) <= 0.51 / 8388607 * largest


def test_nothing_that_the_user_passed_is_changed() -> None:
    values = grid()
    before = values.copy()
    cv.heads.score_map({"a": values})
    assert np.array_equal(values, before)


def test_names_of_heads_follow_layers_and_notation() -> None:
    figure = cv.heads.score_map(grid(2, 3), layers=[4, 7], head_notation="LH")
    assert figure.to_dict()["name"].tolist() == ["L4H0", "L4H1", "L4H2", "L7H0", "L7H1", "L7H2"]
    assert cv.heads.score_map(grid(1, 2)).to_dict()["name"].tolist() == ["0.0", "0.1"]


@pytest.mark.parametrize("library", ["list", "float32", "torch", "bfloat16", "pandas"])
def test_arrays_of_every_library_are_taken(library: str) -> None:
    values: Any = np.array([[0.5, -1.25], [2.0, np.nan]])
    given = values
    if library == "list":
        given = values.tolist()
    elif library == "float32":
        given = values.astype(np.float32)
    elif library == "pandas":
        given = pytest.importorskip("pandas").DataFrame(values)
    else:
        torch = pytest.importorskip("torch")
        given = torch.tensor(
            values, dtype=getattr(torch, library if library == "bfloat16" else "float64"), requires_grad=True
        )
    found = shown(cv.heads.score_map(given, score="effect"))["effect"]
    np.testing.assert_allclose(found, values, rtol=1e-6)


def test_a_vector_over_all_heads_is_read_layer_by_layer_where_the_model_is_known() -> None:
    values = grid(3, 4)
    model = SimpleNamespace(cfg=SimpleNamespace(n_layers=3, n_heads=4))
    found = shown(cv.heads.score_map(values.ravel(), model=model))["score"]
    np.testing.assert_allclose(found, values, atol=1e-6)


LABELS = ["embed", "L0H0", "L0H1", "0_mlp_out", "L1H0", "L1H1", "bias"]


@pytest.mark.parametrize("result", [False, True])
def test_labelled_values_of_transformer_lens_are_taken_as_they_are(result: bool) -> None:
    values = np.random.default_rng(3).normal(0, 1, (7, 2, 3))
    given: Any = (values, LABELS)
    if result:
        given = SimpleNamespace(attribution=values, labels=LABELS, unit="head")
    figure = cv.heads.score_map(given)
    (score,) = props(figure).scores
    found = shown(figure)[score.name]
    for place, label in enumerate(LABELS):
        if label.startswith("L"):
            mean = sum(float(v) for row in values[place] for v in row) / 6
            assert abs(found[int(label[1]), int(label[3])] - mean) < 1e-6
    assert score.name == ("direct logit attribution" if result else "score")
    assert score.description == (
        "Mean over 2 x 3 values of each head (its other axes).",
        "Components that are no heads are left out: embed, 0_mlp_out, bias.",
    )


def test_patching_results_are_taken_with_each_metric_and_kind() -> None:
    values = np.random.default_rng(4).normal(0, 1, (2, 5, 3, 4, 6))
    kinds = ["out", "q", "k", "v", "pattern"]
    result = SimpleNamespace(
        values=values, axis_names=["patch_type", "layer", "head"], metric_names=["loss", "margin"], reduced=False,
        has_metric_axis=True, patch_type_names=kinds,
    )  # fmt: skip
    found = shown(cv.heads.score_map(result))
    assert list(found) == [f"{metric}, {kind}" for metric in ("loss", "margin") for kind in kinds]
    want = sum(float(v) for v in values[1, 2, 1, 3]) / 6
    assert abs(found["margin, k"][1, 3] - want) < 1e-6
    one = SimpleNamespace(
        values=values[0, 0, :, :, 0], axis_names=["layer", "head_index"], metric_names=["metric"], reduced=True,
        has_metric_axis=False, patch_type_names=None,
    )  # fmt: skip
    np.testing.assert_allclose(shown(cv.heads.score_map(one))["patching"], values[0, 0, :, :, 0], atol=1e-6)


def test_scores_of_heads_bring_their_formula_and_population_and_leave_out_those_without_a_value() -> None:
    one = np.ones((2, 3))
    scores = HeadScores(
        (1, 3),
        3,
        (
            HeadScore(
                "a@text", grid(2, 3), one * 2, "mean of A", "text: queries q >= 1", (0.0, None), "TransformerLens"
            ),
            HeadScore("empty", one, one * 0, "f", "p"),
        ),
    )
    found = props(cv.heads.score_map(scores))
    assert found.layers == (1, 3)
    assert [score.name for score in found.scores] == ["a@text"]
    assert found.scores[0].description == (
        "Formula: mean of A, from 0.",
        "Population: text: queries q >= 1.",
        "Source: TransformerLens.",
    )
    assert found.notes == ("Without a value for any head, and left out: empty.",)
    np.testing.assert_allclose(shown(cv.heads.score_map(scores))["a@text"], grid(2, 3) / 2, atol=1e-6)


def test_color_ranges_are_those_of_each_score_unless_set() -> None:
    figure = cv.heads.score_map({"a": [[0.25, 0.5]], "b": [[-2.0, 1.0]], "zero": [[0.0, 0.0]]})
    assert [score.value_range for score in props(figure).scores] == [(0.0, 0.5), (-2.0, 1.0), (0.0, 1.0)]
    fixed = cv.heads.score_map({"a": [[0.25, 0.5]]}, min_value=-1, max_value=3)
    assert props(fixed).scores[0].value_range == (-1.0, 3.0)


def test_focus_and_score_choose_what_is_shown_first() -> None:
    scores = {"a": grid(), "b": grid(seed=1)}
    for head in ("1.2", (1, 2), 6, "L1H2"):
        found = props(cv.heads.score_map(scores, score="b", focus={"head": head}))
        assert (found.score, found.head) == (1, 6)
    found = props(cv.heads.score_map(scores))
    assert (found.score, found.head) == (0, None)


def test_heads_of_the_cache_are_shown_in_the_order_of_the_map() -> None:
    cache = caches.cache(n_layers=3, n_heads=4)
    found = props(cv.heads.score_map(grid(3, 4), cache, words(6), views="heatmap"))
    assert isinstance(found.heads_figure, AttentionHeadsProps)
    assert [head.name for head in found.heads_figure.heads] == [
        f"{layer}.{head}" for layer in range(3) for head in range(4)
    ]
    chosen = props(cv.heads.score_map(grid(2, 4), cache, words(6), layers=[2, 0], views="heatmap"))
    assert isinstance(chosen.heads_figure, AttentionHeadsProps)
    assert [head.layer for head in chosen.heads_figure.heads] == [2, 2, 2, 2, 0, 0, 0, 0]


def test_a_cache_of_some_layers_gives_a_map_of_these() -> None:
    cache = {name: value for name, value in caches.cache(n_layers=3).items() if ".1." not in name}
    found = props(cv.heads.score_map(grid(2, 4), cache, words(6)))
    assert found.layers == (0, 2)
    alone = props(cv.heads.score_map(grid(3, 4), cache, words(6), views=()))
    assert (alone.layers, alone.heads_figure) == ((0, 1, 2), None)


def test_figures_of_the_head_know_their_own_calls() -> None:
    figure = cv.heads.score_map(grid(3, 4), caches.cache(n_layers=3), words(6), views=["heatmap", "lines"])
    assert figure._props.call is not None and figure._props.call.function == "cv.heads.score_map"
    tabs = props(figure).heads_figure
    assert isinstance(tabs, TabsProps)
    assert [tab.name for tab in tabs.tabs] == ["Heatmap", "Lines"]
    for tab in tabs.tabs:
        assert tab.figure.call is not None and tab.figure.call.function == "cv.attention.from_cache"


def test_heavy_lines_are_left_out_with_a_note_unless_they_are_asked_for() -> None:
    n, n_heads = 40, 4
    big = np.zeros((n, n_heads, 8192), np.float32)
    cache = {
        "blocks.0.attn.hook_pattern": caches.softmax_patterns((n_heads, n, n)),
        "blocks.0.attn.hook_q": big,
        "blocks.0.attn.hook_k": big,
    }
    found = props(cv.heads.score_map(grid(1, 4), cache, words(n)))
    assert isinstance(found.heads_figure, AttentionHeadsProps)
    assert found.notes[0].startswith("Lines left out: q and k of all heads would add about 7 MB")


def test_the_repr_counts_heads_and_scores() -> None:
    assert repr(cv.heads.score_map({"a": grid(), "b": grid()})) == "<circuitsvis ScoreMap: 12 heads, 2 scores>"


def test_kept_heads_are_named_as_in_focus_and_stand_in_the_order_of_the_model() -> None:
    figure = cv.heads.score_map(grid(3, 4), layers=[4, 6, 7], kept=["7.1", "L4H3", (6, 0), (6, 0), 5])
    assert props(figure).kept == (3, 4, 5, 9)
    assert props(cv.heads.score_map(grid())).kept == ()

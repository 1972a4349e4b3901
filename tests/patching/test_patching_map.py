"""`heads.patching_map`: the figure of a result, of arrays, and of what TransformerLens returns; its numbers, ends of colors, files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._export import patching_svg
from circuitsvis._wire.props.patching import PatchingFocus, PatchingMapProps

from scripts.fixtures.patching_figures import result

TOKENS = ["a", " b", " c"]


def props(figure: cv.Figure) -> PatchingMapProps:
    assert isinstance(figure._props, PatchingMapProps)
    return figure._props


def grid(figure: cv.Figure, kind: str, column: str = "effect") -> Any:
    table = figure.to_dict()
    chosen = table["kind"] == kind
    return table[column][chosen]


def test_the_figure_of_a_result_has_the_mean_of_its_pairs_and_each_pair() -> None:
    found = result(3, [*TOKENS, " d", " e"], 2, 2, 7)
    figure = cv.heads.patching_map(found)
    table = figure.to_dict()
    for kind in found:
        chosen = table["kind"] == kind
        effects = table["effect"][chosen].reshape(3, *found[kind].shape)
        for got, want in zip(effects, [found[kind], *(found.of_pair(kind, i) for i in (0, 1))], strict=True):
            np.testing.assert_allclose(got, want, rtol=0, atol=1e-6 * np.nanmax(np.abs(want)))
    assert np.unique(table["pair"][~np.isnan(table["pair"])]).tolist() == [0.0, 1.0]
    own = found.to_dict(pairs=True)
    np.testing.assert_allclose(table["metric"][table["pair"] == 1], own["metric"][own["pair"] == 1], atol=1e-5)
    shown = props(figure)
    assert [sequence.label for sequence in shown.sequences] == ["Mean of 2 pairs", "0: a b c d e", "1: a b c Tom e"]
    assert shown.sequences[0].clean_tokens == ("a", " b", " c", None, " e")
    assert shown.sequences[0].clean == found.clean.mean() and shown.sequences[2].corrupted == found.corrupted[1]


@pytest.mark.parametrize(("largest", "end"), [(0.2, 0.2), (0.5, 1.0), (1.25, 1.0), (1.3, 2.0), (-2.5, 2.5)])
def test_colors_end_at_1_unless_effects_are_much_larger_or_of_an_unknown_scale(largest: float, end: float) -> None:
    values = [[0.1, largest]]
    assert props(cv.heads.patching_map({"z": values})).grids[0].value_range == (-end, end)
    known = props(cv.heads.patching_map({"z": np.array(values) * 4 - 1}, clean=3, corrupted=-1))
    assert known.grids[0].value_range == ((-1.0, 1.0) if end < 1 else (-end, end))
    fixed = props(cv.heads.patching_map({"z": values}, min_value=-3, max_value=2))
    assert fixed.grids[0].value_range == (-3.0, 2.0) and fixed.fixed_range


def test_metrics_with_both_runs_become_effects() -> None:
    metrics = {"resid_pre": [[-1.0, 1.0, 3.0]], "z": [[5.0, np.nan]]}
    denoise = cv.heads.patching_map(metrics, TOKENS, clean=3.0, corrupted=-1)
    np.testing.assert_allclose(grid(denoise, "resid_pre"), [0, 0.5, 1], atol=1e-6)
    np.testing.assert_allclose(grid(denoise, "z"), [1.5, np.nan], atol=1e-6)
    np.testing.assert_allclose(grid(denoise, "resid_pre", "metric"), [-1, 1, 3], atol=1e-5)
    noise = cv.heads.patching_map(metrics, TOKENS, clean=3.0, corrupted=-1, direction="noise")
    np.testing.assert_allclose(grid(noise, "resid_pre"), [1, 0.5, 0], atol=1e-6)
    np.testing.assert_allclose(grid(noise, "z", "metric"), [5, np.nan], atol=1e-5)
    assert props(denoise).direction == "denoise" and props(cv.heads.patching_map(metrics)).direction is None
    assert np.isnan(grid(cv.heads.patching_map(metrics), "z", "metric")).all()


def test_columns_are_known_by_name_by_the_number_of_tokens_or_as_the_user_says() -> None:
    values = np.zeros((2, 3))
    values[0, 0] = 1

    def columns(results: Any, *tokens: Any, **options: Any) -> list[str]:
        return [each.columns for each in props(cv.heads.patching_map(results, *tokens, **options)).grids]

    assert columns({"resid_mid": values, "z": values, "attn_head_q": values}) == ["position", "head", "head"]
    assert columns({"mine": values}, TOKENS) == ["position"]
    assert columns({"mine": values, "other": np.ones((2, 4))}, TOKENS) == ["position", "head"]
    assert columns({"mine": values, "z": values}, TOKENS, columns={"mine": "head"}) == ["head", "head"]
    assert columns(values, columns="head") == ["head"]
    with pytest.raises(ValueError, match="columns: must say what the 3 columns of 'patching' are"):
        cv.heads.patching_map(values)
    with pytest.raises(ValueError, match='columns: must be "position" or "head"'):
        cv.heads.patching_map(values, columns="layer")  # type: ignore[arg-type]  # the error is the test


def test_results_of_transformer_lens_are_taken_as_they_are() -> None:
    parts = {"index_df": None, "baseline": None}
    one = SimpleNamespace(
        values=np.array([[[1.0, 3.0]], [[0.0, 2.0]]]), axis_names=["layer", "pos"], metric_names=["metric"], reduced=False,
        has_metric_axis=False, patch_type_names=None, **parts,
    )  # fmt: skip
    assert grid(cv.heads.patching_map(one), "patching by position").tolist() == pytest.approx([2.0, 1.0])
    every = SimpleNamespace(
        values=np.ones((1, 2, 3, 4)), axis_names=["patch_type", "layer", "head"], metric_names=["difference"], reduced=True,
        has_metric_axis=True, patch_type_names=["out", "q"], **parts,
    )  # fmt: skip
    assert [(each.name, each.columns) for each in props(cv.heads.patching_map(every)).grids] == [
        ("out", "head"),
        ("q", "head"),
    ]
    every.metric_names = ["a", "b"]
    with pytest.raises(ValueError, match=r"must have one metric, got a, b; choose one, results\['a'\]"):
        cv.heads.patching_map(every)
    one.axis_names = ["layer", "src_pos"]
    with pytest.raises(ValueError, match="needs the axes layer and pos, or layer and head, got layer, src_pos"):
        cv.heads.patching_map(one)


@pytest.mark.parametrize(
    ("kind", "given", "want"),
    [
        ("z", {"head": "2.1"}, PatchingFocus(0, 2, 1)),
        ("z", {"head": "L0H1", "sequence": -1}, PatchingFocus(2, 0, 1)),
        ("z", {"head": (1, -1)}, PatchingFocus(0, 1, 1)),
        ("mlp_out", {"layer": 2, "position": 1}, PatchingFocus(0, 2, 1)),
        ("mlp_out", {"layer": 0, "position": -1, "sequence": 1}, PatchingFocus(1, 0, 3)),
    ],
)
def test_a_focus_pins_a_cell_of_the_grid_that_is_shown_first(kind: str, given: Any, want: PatchingFocus) -> None:
    shown = props(cv.heads.patching_map(result(3, ["a", "b", "c", "d"], 2, 2, 8), kind=kind, focus=given))
    assert shown.focus == want and shown.grids[shown.grid].name == kind


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"focus": {"head": "9.0"}, "kind": "z"}, "focus: layer 9 is not shown: must be one of 0, 1, 2"),
        ({"focus": {"head": "1.5"}, "kind": "z"}, "focus: head 5 is out of range for 2 heads"),
        ({"focus": {"head": "x"}, "kind": "z"}, 'focus: head: must be a name such as "9.6"'),
        ({"focus": {"head": "1.1"}}, "'resid_pre' is shown first, whose cells are a layer and a position"),
        ({"focus": {"layer": 1}}, "focus: needs a layer and a position, or a head"),
        ({"focus": {"layer": 1, "position": 9}}, "focus: position 9 is out of range for 4 positions shown"),
        ({"kind": "resid"}, "kind: must be the name of a grid, .*; did you mean 'resid_pre'"),
        ({"metric": "x"}, "metric: belongs to arrays; the result of heads.patching has its own, so leave it out"),
        ({"batch_labels": ["x"]}, "batch_labels: needs one label per sequence shown"),
    ],
)
def test_wrong_options_are_refused(options: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        cv.heads.patching_map(result(3, ["a", "b", "c", "d"], 2, 2, 8), **options)


@pytest.mark.parametrize(
    ("results", "options", "text"),
    [
        ({}, {}, "results: must be the result of heads.patching, a dict of names and arrays .* got an empty dict"),
        (None, {}, "results: must be .* got NoneType"),
        ({1: [[1.0]]}, {}, "results: its keys must be names of grids, strings, got int 1"),
        ({"z": [1.0]}, {}, r"results\['z'\]: must be \[layer, position\] or \[layer, head\], got shape \(1,\)"),
        (np.ones((2, 2, 2)), {}, "for several grids pass a dict"),
        ({"z": [[np.inf]]}, {}, "values must be finite or NaN, got infinity"),
        ({"z": [[np.nan]]}, {}, "needs at least one value, got only NaN"),
        ({"z": [[1.0]], "q": [[1.0], [1.0]]}, {}, "'q' must have 1 rows, as 'z' has, got 2"),
        ({"z": [[1.0]]}, {"layers": [1, 2]}, r"'z' must have a row for each of layers=\(1, 2\), got 1"),
        ({"mlp_out": [[1.0]]}, {"tokens": TOKENS}, "'mlp_out' must have a column for each of the 3 tokens, got 1"),
        ({"mlp_out": [[1.0]], "attn_out": [[1.0, 2]]}, {}, "must have as many positions as the others"),
        ({"z": [[1.0]]}, {"clean": 1.0}, "clean and corrupted: give both numbers"),
        ({"z": [[1.0]]}, {"clean": 1.0, "corrupted": 1.0}, "clean and corrupted: must differ"),
        ({"z": [[1.0]]}, {"clean": np.nan, "corrupted": 1.0}, "clean: must be a finite number"),
        (
            {"z": [[1.0]]},
            {"tokens": TOKENS, "corrupted_tokens": ["a"]},
            "corrupted_tokens: must be as many as tokens, 3",
        ),
        ({"z": [[1.0]]}, {"tokens": [TOKENS, TOKENS]}, "tokens: must be the tokens of one prompt, got 2"),
        ({"z": [[1.0]]}, {"batch_labels": ["x"]}, "batch_labels: belongs to several pairs of prompts"),
        ({"z": [[1.0]]}, {"direction": "forward"}, "direction: must be one of 'denoise', 'noise'"),
    ],
)
def test_wrong_arrays_are_refused(results: Any, options: Any, text: str) -> None:
    with pytest.raises((TypeError, ValueError), match=text):
        cv.heads.patching_map(results, **options)


def test_the_files_have_the_grid_with_its_tokens_and_the_legend(tmp_path: Path) -> None:
    found = result(2, ["a", " b", " Mary", " d"], 2, 1, 9)
    figure = cv.heads.patching_map(found, focus={"layer": 1, "position": 2})
    svg = figure.save(tmp_path / "grid.svg").read_text(encoding="utf-8")
    assert "·Mary/·Lucy" in svg and "0 is the corrupted run (-2), 1 the clean run (3)" in svg
    assert f"resid_pre, layer 1, position 2: {found['resid_pre'][1, 2]:.4g}" in svg
    assert figure.save(tmp_path / "grid.png", words=False).read_bytes().startswith(b"\x89PNG")
    lines = figure.save(tmp_path / "grid.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "kind,pair,layer,position,head,clean_token,corrupted_token,effect,metric"
    assert len(lines) == 1 + 3 * 2 * 4 + 2 * 2 and lines[3].startswith("resid_pre,0,0,2,, Mary, Lucy,")
    noise = props(cv.heads.patching_map({"z": [[1.0]]}, clean=2, corrupted=-0.5, direction="noise"))
    assert (
        patching_svg.legend_of(noise, noise.sequences[0])
        == "Effect: 0 is the clean run (2), 1 the corrupted run (-0.5)"
    )
    assert "Largest: layer 0, position 2" in figure._mimebundle()[0]["text/plain"]

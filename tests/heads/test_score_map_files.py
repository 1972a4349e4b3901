"""What a score map is outside of its page: tables, SVG and PNG files, and the still in a notebook's output."""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.palettes import PALETTES

from tests.support.png_reader import read_png

VALUES = np.array([[0.0, 1.0, -1.0], [0.5, np.nan, 0.25]])
NAMESPACE = "{http://www.w3.org/2000/svg}"


def figure(**options: object) -> cv.Figure:
    return cv.heads.score_map({"effect": VALUES, "other": VALUES * 2}, **options)  # type: ignore[call-overload, no-any-return]


def test_a_csv_file_has_a_row_for_each_score_and_head(tmp_path: Path) -> None:
    rows = list(csv.DictReader(figure().save(tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 12
    for place, row in enumerate(rows):
        score, head = divmod(place, 6)
        want = VALUES[head // 3, head % 3] * (1 + score)
        assert (row["score"], row["layer"], row["head"]) == (("effect", "other")[score], str(head // 3), str(head % 3))
        assert row["name"] == f"{head // 3}.{head % 3}"
        assert (row["value"] == "") if np.isnan(want) else abs(float(row["value"]) - want) < 1e-6


def test_an_svg_file_has_the_axes_the_pinned_head_and_a_color_per_head(tmp_path: Path) -> None:
    file = figure(focus={"head": "0.2"}).save(tmp_path / "x.svg")
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314  # our own file
    texts = ["".join(one.itertext()) for one in root.iter(f"{NAMESPACE}text")]
    assert texts[0] == "Head 0.2: effect -1"
    assert texts[1:6] == ["0", "1", "0", "1", "2"]
    assert {"Head", "-1", "no value"} <= set(texts)
    fills = [one.get("fill") for one in root.iter(f"{NAMESPACE}rect")]
    colors = PALETTES["blue-red"]["light"]
    for color in (colors.zero, colors.positive[-1], colors.negative[-1], colors.missing):
        assert color in fills


def test_an_svg_file_marks_the_kept_heads_and_its_numbers_stand_upright(tmp_path: Path) -> None:
    file = figure(kept=[(1, 0), (0, 2)]).save(tmp_path / "x.svg")
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314  # our own file
    rectangles = list(root.iter(f"{NAMESPACE}rect"))
    cells = [(one.get("x"), one.get("y")) for one in rectangles if one.get("fill", "none") != "none"][1:7]
    marks = [(one.get("x"), one.get("y")) for one in rectangles if one.get("stroke-dasharray")]
    assert marks == [cells[2], cells[3]]
    turned = [one.get("transform") for one in root.iter(f"{NAMESPACE}text") if one.get("transform")]
    assert all("rotate(-90)" in transform for transform in turned if transform)  # the rows' title alone


def test_the_color_scale_spreads_the_colors_of_pictures(tmp_path: Path) -> None:
    def colors(scale: str) -> set[tuple[int, ...]]:
        pixels = read_png(figure(color_scale=scale).save(tmp_path / "x.png", words=False).read_bytes())
        return {tuple(pixel) for row in pixels for pixel in row}

    # 0.25 has the color that 0.5 had, and 0.5 a new one
    assert len(colors("linear") - colors("sqrt")) == len(colors("sqrt") - colors("linear")) == 1


def test_the_still_is_the_map_in_the_colors_of_the_page() -> None:
    data, _ = figure()._mimebundle()
    assert (
        "Map of 6 heads by effect: rows are 2 layers, columns 3 heads. Largest: 0.1 (1), 0.2 (-1), 1.0 (0.5)."
        in data["text/html"]
    )
    assert "image/png" in data


def test_a_png_without_words_needs_no_other_library(tmp_path: Path) -> None:
    file = figure(score="other").save(tmp_path / "x.png", words=False)
    pixels = read_png(file.read_bytes())
    colors = PALETTES["blue-red"]["light"]
    present = {"#" + "".join(f"{channel:02x}" for channel in pixel) for row in pixels for pixel in row}
    assert {colors.positive[-1], colors.negative[-1], colors.missing} <= present


def test_a_table_has_the_scores_and_not_the_heads_beside_them() -> None:
    pytest.importorskip("pandas")
    table = figure().to_pandas()
    assert list(table.columns) == ["score", "layer", "head", "name", "value"]
    wide = table.pivot(index="name", columns="score", values="value")
    assert wide.loc["1.0", "other"] == pytest.approx(1.0)

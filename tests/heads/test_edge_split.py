"""The figure of an edge: it has the edge's numbers, a notebook shows it by itself, and wrong calls are refused."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis.heads import Edge

from scripts.fixtures import edge_figures
from tests.support.page_data import read

EDGE: Edge = edge_figures.edge(2, 3, 5)


def test_the_page_has_every_pair_and_the_sums_of_both_sides() -> None:
    page = read(cv.heads.edge_split(EDGE, head_notation="LH").data)
    (shown,) = page.tensors["table"]
    assert np.abs(shown - EDGE.table).max() <= 0.51 / 8388607 * np.abs(EDGE.table).max()
    for side, axis, token, position in (("query", 1, 0, EDGE.dest), ("key", 0, 1, EDGE.src)):
        one = page.props[side]
        np.testing.assert_allclose(one["sums"], [sum(row) for row in np.moveaxis(EDGE.table, axis, 1)], rtol=1e-8)
        assert one["parts"][:3] == ["embed", "pos_embed", "L0H0"] and one["parts"][-1] == "unaccounted"
        assert (one["token"], one["position"]) == (EDGE.tokens[token], position)
    assert page.props["score"] == pytest.approx(sum(map(sum, EDGE.table)), rel=1e-8)
    assert [(one["text"], one["logit"]) for one in page.props["promoted"]] == [
        (token.text, pytest.approx(token.logit, rel=1e-8)) for token in EDGE.promoted
    ]
    assert page.props["head"] == "L2H1"


def test_a_notebook_shows_an_edge_as_its_figure_and_a_terminal_as_text() -> None:
    data, _ = EDGE._repr_mimebundle_()
    page = read(data["text/html"])
    assert page.view == "EdgeSplit" and page.props["call"]["function"] == "cv.heads.edge_split"
    assert data["text/plain"] == repr(EDGE) and "still" not in page.props
    assert "Head 2.1, query . (7) to key The (1)" in data["text/html"]  # where no script runs


def test_a_csv_file_has_a_row_for_each_pair(tmp_path: Path) -> None:
    file = cv.heads.edge_split(EDGE).save(tmp_path / "edge.csv")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    columns = EDGE.to_dict()
    assert [row["query_part"] for row in rows] == columns["query_part"].tolist()
    assert [row["key_part"] for row in rows] == columns["key_part"].tolist()
    assert [float(row["value"]) for row in rows] == pytest.approx(columns["value"].tolist(), abs=1e-6)


def test_the_focus_names_parts_as_the_page_does() -> None:
    figure = cv.heads.edge_split(EDGE, focus={"query_part": "1.2", "key_part": "unaccounted"})
    names = [part.name for part in EDGE.query_parts]
    assert read(figure.data).props["focus"] == {"query": names.index("1.2"), "key": len(names) - 1}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(edge=EDGE.table), TypeError, "edge: must be what heads.edge returns, e.g. .*got ndarray"),
        (dict(focus="1.2"), TypeError, "focus: must be a dict"),
        (dict(focus={"head": "1.2"}), ValueError, "focus: its keys must be among 'query_part', 'key_part', got 'head'"),
        (dict(focus={"key_part": "1.9"}), ValueError, "key_part: must be one of 'embed', .* got '1.9'; did you mean '1.[0-2]'?"),
        (dict(focus={"query_part": 3}), TypeError, "query_part: must be the name of a part, e.g. 'embed', got int 3"),
        (dict(head_notation="x"), ValueError, "head_notation: must be one of"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused_with_what_works(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        cv.heads.edge_split(**{"edge": EDGE, **arguments})


def test_an_svg_file_has_the_lines_of_both_sides_with_their_sums(tmp_path: Path) -> None:
    file = cv.heads.edge_split(EDGE, focus={"key_part": "embed"}).save(tmp_path / "edge.svg")
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", file.read_text(encoding="utf-8"))
    assert texts[0].startswith("Head 2.1, query . (7) to key The (1): attention 0.8125, score ")
    for parts, sums in ((EDGE.query_parts, EDGE.by_query_part), (EDGE.key_parts, EDGE.by_key_part)):
        order = sorted(range(len(parts) - 1), key=lambda part: -abs(sums[part]))
        strongest = order[0]
        assert f"{parts[strongest].name}  {sums[strongest]:+.3f}" in texts
        smallest = order[10:]
        assert f"{len(smallest)} others  {sum(sums[part] for part in smallest):+.3f}" in texts

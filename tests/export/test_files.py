"""Files: the ending of the name decides, and nothing is written under an unknown one."""

from __future__ import annotations

import sys
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._export.tables import table_of

from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words
from tests.support.tables import rows


@pytest.fixture
def figure() -> cv.Figure:
    figure = cv.attention.from_values(softmax_patterns((2, 4, 4)), words(4))
    assert figure is not None
    return figure


@pytest.mark.parametrize("name", ["figure", "figure.txt", "figure.html.gz", ".html", "figure."])
def test_an_unknown_ending_is_refused_with_the_list_and_nothing_is_written(
    figure: cv.Figure, name: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"path: its ending .*\.html .*\.svg .*\.csv .*nothing was written"):
        figure.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["figure.html", "FIGURE.HTML", "figure.htm"])
def test_html_is_the_page(figure: cv.Figure, name: str, tmp_path: Path) -> None:
    assert figure.save(str(tmp_path / name)).read_text(encoding="utf-8") == figure.data


def test_a_figure_without_numbers_writes_no_csv(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"holds no numbers; save it as \.html"):
        FIGURES["hello"]().save(tmp_path / "hello.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_data_frame_has_the_rows_of_the_table(figure: cv.Figure) -> None:
    pytest.importorskip("pandas")
    frame = figure.to_pandas()
    np.testing.assert_equal(frame.to_dict("records"), rows(figure))
    assert frame.groupby(["head", "dest"])["attention"].sum().between(0.999, 1.001).all()


def test_without_pandas_the_error_names_what_works(figure: cv.Figure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)  # as if it were not installed
    with pytest.raises(ImportError, match=r"pip install pandas.*to_dict\(\).*save\("):
        figure.to_pandas()


def test_a_table_is_made_head_by_head(figure: cv.Figure) -> None:
    """So that a file is written without the whole table in memory."""
    assert [len(block["attention"]) for block in table_of(figure._props).blocks()] == [10, 10]

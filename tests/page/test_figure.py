"""What a figure does: its text, files, browsers, notebooks, its size."""

from __future__ import annotations

import re
import tracemalloc
import webbrowser
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page.figure import to_json

from tests.support import reference
from tests.support.caches import softmax_patterns, words


def test_save_writes_utf8_and_returns_the_path(figure: cv.Figure, tmp_path: Path) -> None:
    path = figure.save(tmp_path / "figure.html")
    assert path.read_text(encoding="utf-8") == figure.data


def test_a_document_can_be_written_as_the_post_does(figure: cv.Figure, tmp_path: Path) -> None:
    (tmp_path / "my_file.html").write_text(figure.data, encoding="ascii")  # ASCII: any default encoding will do


def test_making_the_text_of_a_page_takes_no_second_page_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circuitsvis._page.figure._BATCH", 10_000)
    made = cv.attention.from_values(softmax_patterns((12, 200, 200)), words(200))
    assert made is not None
    text = "".join(made._document())
    tracemalloc.start()
    try:
        assert made.data == text
        assert tracemalloc.get_traced_memory()[1] < 1.5 * len(text)  # `str.join` takes 2.2
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("in_a_notebook")
def test_view_displays_the_figure_and_returns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    displayed: list[object] = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    assert cv.attention.from_values(softmax_patterns((4, 4)), words(4), return_mode="view") is None
    assert len(displayed) == 1 and isinstance(displayed[0], cv.Figure)


def test_browser_opens_a_file_outside_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[str] = []

    def open_url(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(webbrowser, "open", open_url)
    assert cv.attention.from_values(softmax_patterns((4, 4)), words(4), return_mode="browser") is None
    path = Path(opened[0].removeprefix("file://"))
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_the_error_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    with pytest.raises(RuntimeError, match=r"no browser could be opened.*circuitsvis-.*\.html") as raised:
        cv.attention.from_values(softmax_patterns((4, 4)), words(4), return_mode="browser")
    named = re.search(r"is in (\S+\.html)", str(raised.value))
    assert named is not None and Path(named.group(1)).exists()


def test_the_repr_names_the_view_and_counts_heads_and_sequences(figure: cv.Figure) -> None:
    assert repr(figure) == "<circuitsvis AttentionPatterns: 2 heads, 1 sequence>"


@pytest.mark.usefixtures("in_a_notebook")
def test_a_notebook_shows_what_to_do_instead_of_a_figure_that_is_too_large(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = cv.attention.from_values(softmax_patterns((3, 40, 40)), words(40))
    assert made is not None
    figure_json, blocks = made._parts()
    weight = len("".join(figure_json)) + sum(len(text) for _, text in blocks)
    monkeypatch.setattr("circuitsvis._page.in_notebooks.INLINE_LIMIT", weight - 1)
    shown = made._repr_html_()
    assert len(re.sub('src="[^"]+"', "", shown)) < 2500 and "<script" not in shown
    for advice in ("MB", ".save(", "precision=8", "heads=", "anyway=True"):
        assert advice in shown
    assert "<script" in made.save(tmp_path / "whole.html").read_text(encoding="utf-8")
    displayed: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda thing, metadata, raw: displayed.append(thing))
    made.show(anyway=True)
    assert "<script" in displayed[0]["text/html"]  # type: ignore[index]  # it is a bundle of mime types
    monkeypatch.setattr("circuitsvis._page.in_notebooks.INLINE_LIMIT", weight)
    assert "<script" in made._repr_html_()


def test_a_page_with_8_bits_is_smaller_and_within_the_stated_bound() -> None:
    pattern = softmax_patterns((4, 60, 60))
    heavy, light = (cv.attention.from_values(pattern, words(60), precision=bits) for bits in (16, 8))
    assert heavy is not None and light is not None
    assert len(to_json(light)) < 0.6 * len(to_json(heavy))
    decoded = reference.shown(light)
    assert np.abs(decoded - pattern)[~np.isnan(decoded)].max() <= reference.bound(light) <= 0.51 / 254


def test_a_page_is_saved_in_pieces_that_are_much_smaller_than_the_page(tmp_path: Path) -> None:
    """Saving needs no second page in memory."""
    made = cv.attention.from_values(softmax_patterns((40, 60, 60)), words(60))
    assert made is not None
    pieces = list(made._document())
    assert "".join(pieces) == made.data
    assert max(map(len, pieces)) < 0.55 * sum(map(len, pieces))  # the packed bundle is the largest


def test_names_of_circuitsvis_1_give_the_offline_page(figure: cv.Figure) -> None:
    assert figure.local_src == figure.cdn_src == figure.show_code() == str(figure) == figure.data
    assert figure.__html__() == figure._repr_html_()
    assert "://" not in re.sub(r"[A-Za-z0-9+/=]{1000,}", "", figure.show_code())  # the packed bundle may hold anything

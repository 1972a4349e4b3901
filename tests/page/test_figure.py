"""The figure and its page: a complete document, a fragment for notebooks, files, browsers."""

from __future__ import annotations

import base64
import json
import re
import tracemalloc
import webbrowser
import zlib
from html.parser import HTMLParser
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page import bundle, html_page
from circuitsvis._page.figure import to_json, wrapper

from tests.support import reference
from tests.support.caches import softmax_patterns, words


@pytest.fixture
def figure() -> cv.Figure:
    made = cv.attention.from_values(softmax_patterns((2, 4, 4)), ["</script>", "ü", "\udcc3", "😀"], title="<b>x</b>")
    assert made is not None
    return made


class Tags(HTMLParser):
    """Counts start tags and collects script types."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append(dict(attrs).get("type"))


def test_data_and_str_are_one_complete_document_with_the_bundle_once(figure: cv.Figure) -> None:
    assert str(figure) == figure.data
    assert figure.data.startswith("<!doctype html>") and figure.data.rstrip().endswith("</html>")
    assert Tags(figure.data).scripts == [None, "application/json", None, "text/plain", "text/plain"]
    assert figure.data.count(bundle.bundle().packed) == 1
    assert '<meta charset="utf-8">' in figure.data
    assert "<title>&lt;b&gt;x&lt;/b&gt;</title>" in figure.data


def test_the_fragment_has_no_document_tags_and_works_alone(figure: cv.Figure) -> None:
    tags = Tags(figure._repr_html_())
    assert not {"html", "head", "body"} & set(tags.tags)
    assert tags.scripts == ["application/json", None, "text/plain", "text/plain"]
    assert "trust the notebook" in figure._repr_html_()


def test_a_page_has_no_ids_and_asks_the_network_for_nothing(figure: cv.Figure) -> None:
    without_code = figure.data.replace(bundle.bundle().packed, "")
    assert not re.search(r"\bid\s*=", without_code)
    assert not re.search(r"https?:|src\s*=|href\s*=|@import|url\(", without_code)


def test_the_bundle_travels_packed_and_evaluates_no_text_itself() -> None:
    code = bundle.bundle().code
    assert zlib.decompress(base64.b64decode(bundle.bundle().packed)).decode("ascii") == code
    assert not re.search(r"\beval\(|new Function\(|\bimport\(|XMLHttpRequest|sendBeacon|WebSocket", code)


def test_the_bundle_stays_small() -> None:
    assert len(bundle.bundle().packed) < 100_000  # it is in every figure: look at what made it grow


def test_the_data_survives_the_way_through_html(figure: cv.Figure) -> None:
    found = re.search(r'<script type="application/json">(.*?)</script>', figure.data, re.DOTALL)
    assert found is not None
    assert json.loads(found.group(1))["props"]["sequences"][0]["destTokens"] == ["</script>", "ü", "\udcc3", "😀"]


def test_save_writes_utf8_and_gives_the_path_back(figure: cv.Figure, tmp_path: Path) -> None:
    path = figure.save(tmp_path / "figure.html")
    assert path.read_text(encoding="utf-8") == figure.data


def test_a_document_can_be_written_as_the_post_does(figure: cv.Figure, tmp_path: Path) -> None:
    (tmp_path / "my_file.html").write_text(figure.data, encoding="ascii")  # ASCII: any default encoding will do


def test_several_figures_share_one_bundle(figure: cv.Figure) -> None:
    page = "".join(html_page.document([*wrapper(figure), "<h2>again</h2>", *wrapper(figure)]))
    one = ["application/json", None, "text/plain", "text/plain"]
    assert Tags(page).scripts == [None, *one, *one]
    assert page.count(bundle.bundle().packed) == 1


def test_what_is_read_head_by_head_lies_behind_the_json_in_the_order_of_the_heads() -> None:
    """In JSON with the numbers, each of them replaced by the text of its block is the JSON without."""
    q = np.random.default_rng(0).normal(size=(2, 4, 8)).astype(np.float32)
    scores = np.where(np.tri(4, dtype=bool), q @ q.transpose(0, 2, 1), -np.inf)
    pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    made = cv.attention.from_values(pattern, words(4), mode="lines", q=q, k=q)
    assert made is not None
    found = re.search(r'<script type="application/json">(.*?)</script>', made.data, re.DOTALL)
    assert found is not None
    blocks = re.findall(r'<script type="text/plain" data-block="(\d+)">(.*?)</script>', made.data)
    numbered = re.findall(r'"chunks":\[([\d,]+)\]', found.group(1))
    # the attention of both heads, their keys, then query and product of each
    assert numbered == ["0,1", "2", "3", "4", "5", "6", "7"]
    assert [int(number) for number, _ in blocks] == [0, 2, 4, 5, 1, 3, 6, 7]
    text_of = dict(blocks)

    def filled(chunks: re.Match[str]) -> str:
        return '"chunks":[' + ",".join(f'"{text_of[number]}"' for number in chunks[1].split(",")) + "]"

    assert re.sub(r'"chunks":\[([\d,]+)\]', filled, found.group(1)) == to_json(made)


def test_a_page_as_text_is_not_held_twice_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_missing_bundle_is_named_with_the_command_that_builds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bundle, "PATH", tmp_path / "circuitsvis.js")
    bundle.bundle.cache_clear()
    with pytest.raises(RuntimeError, match=r"circuitsvis\.js has not been built.*make build"):
        bundle.bundle()
    bundle.bundle.cache_clear()


def test_the_repr_is_short_and_says_what_it_is(figure: cv.Figure) -> None:
    assert repr(figure) == "<circuitsvis AttentionPatterns: 2 heads, 1 sequence>"


def test_a_figure_too_heavy_for_a_notebook_says_so_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = cv.attention.from_values(softmax_patterns((3, 40, 40)), words(40))
    assert made is not None
    json, blocks = made._parts()
    weight = len("".join(json)) + sum(len(text) for _, text in blocks)
    monkeypatch.setattr("circuitsvis._page.figure.INLINE_LIMIT", weight - 1)
    shown = made._repr_html_()
    assert len(shown) < 2000 and "<script" not in shown
    for words_of_it in ("MB", ".save(", "precision=8", "heads=", "anyway=True"):
        assert words_of_it in shown
    assert "<script" in made.save(tmp_path / "whole.html").read_text(encoding="utf-8")
    displayed: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda thing, raw=False: displayed.append(thing))
    made.show(anyway=True)
    assert "<script" in displayed[0]["text/html"]  # type: ignore[index]  # it is a bundle of mime types
    monkeypatch.setattr("circuitsvis._page.figure.INLINE_LIMIT", weight)
    assert "<script" in made._repr_html_()


def test_eight_bits_make_a_lighter_page_within_the_stated_bound() -> None:
    pattern = softmax_patterns((4, 60, 60))
    heavy, light = (cv.attention.from_values(pattern, words(60), precision=bits) for bits in (16, 8))
    assert heavy is not None and light is not None
    assert len(to_json(light)) < 0.6 * len(to_json(heavy))
    got = reference.shown(light)
    assert np.abs(got - pattern)[~np.isnan(got)].max() <= reference.bound(light) <= 0.51 / 254


def test_a_saved_page_is_written_in_pieces_none_of_which_is_the_page(tmp_path: Path) -> None:
    """So that saving needs no second page in memory."""
    made = cv.attention.from_values(softmax_patterns((20, 60, 60)), words(60))
    assert made is not None
    pieces = list(made._document())
    assert "".join(pieces) == made.data
    assert max(map(len, pieces)) < 0.55 * sum(map(len, pieces))  # the packed bundle is the largest

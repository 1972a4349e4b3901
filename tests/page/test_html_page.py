"""The HTML of a figure: a document, a fragment for notebooks, the bundle, the blocks."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page import bundle, html_page
from circuitsvis._page.figure import to_json, wrapper

from tests.support.caches import words


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


def test_a_page_has_no_ids_and_makes_no_network_requests(figure: cv.Figure) -> None:
    without_code = figure.data.replace(bundle.bundle().packed, "")
    assert not re.search(r"\bid\s*=", without_code)
    assert not re.search(r"https?:|src\s*=|href\s*=|@import|url\(", without_code)


def test_the_bundle_is_compressed_and_evaluates_no_text() -> None:
    code = bundle.bundle().code
    assert zlib.decompress(base64.b64decode(bundle.bundle().packed)).decode("ascii") == code
    assert not re.search(r"\beval\(|new Function\(|\bimport\(|XMLHttpRequest|sendBeacon|WebSocket", code)


def test_the_bundle_stays_small() -> None:
    assert len(bundle.bundle().packed) < 154_000  # it is in every figure: look at what made it grow


def test_tokens_are_the_same_after_html_was_parsed(figure: cv.Figure) -> None:
    data = re.search(r'<script type="application/json">(.*?)</script>', figure.data, re.DOTALL)
    assert data is not None
    assert json.loads(data.group(1))["props"]["sequences"][0]["destTokens"] == ["</script>", "ü", "\udcc3", "😀"]


def test_several_figures_share_one_bundle(figure: cv.Figure) -> None:
    page = "".join(html_page.document([*wrapper(figure), "<h2>again</h2>", *wrapper(figure)]))
    wrapper_scripts = ["application/json", None, "text/plain", "text/plain"]
    assert Tags(page).scripts == [None, *wrapper_scripts, *wrapper_scripts]
    assert page.count(bundle.bundle().packed) == 1


def test_separate_chunks_are_blocks_after_the_json_in_the_order_of_the_heads() -> None:
    """With each block number replaced by the text of its block, the JSON is that of `to_json`."""
    q = np.random.default_rng(0).normal(size=(2, 4, 8)).astype(np.float32)
    scores = np.where(np.tri(4, dtype=bool), q @ q.transpose(0, 2, 1), -np.inf)
    pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    made = cv.attention.from_values(pattern, words(4), mode="lines", q=q, k=q)
    assert made is not None
    data = re.search(r'<script type="application/json">(.*?)</script>', made.data, re.DOTALL)
    assert data is not None
    blocks = re.findall(r'<script type="text/plain" data-block="(\d+)">(.*?)</script>', made.data)
    numbered = re.findall(r'"chunks":\[([\d,]+)\]', data.group(1))
    # the attention of both heads, their keys, then query and product of each
    assert numbered == ["0,1", "2", "3", "4", "5", "6", "7"]
    assert [int(number) for number, _ in blocks] == [0, 2, 4, 5, 1, 3, 6, 7]
    text_of = dict(blocks)

    def filled(chunks: re.Match[str]) -> str:
        return '"chunks":[' + ",".join(f'"{text_of[number]}"' for number in chunks[1].split(",")) + "]"

    assert re.sub(r'"chunks":\[([\d,]+)\]', filled, data.group(1)) == to_json(made)


def test_the_error_for_a_missing_bundle_names_the_command_that_builds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bundle, "PATH", tmp_path / "circuitsvis.js")
    bundle.bundle.cache_clear()
    with pytest.raises(RuntimeError, match=r"circuitsvis\.js has not been built.*make build"):
        bundle.bundle()
    bundle.bundle.cache_clear()

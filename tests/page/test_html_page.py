"""The HTML of a figure: a document, a fragment for notebooks, the bundle, the blocks."""

from __future__ import annotations

import base64
import json
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page import bundle, figure_tabs, html_page
from circuitsvis._page.figure import to_json, wrapper

from tests.support.caches import softmax_patterns, words
from tests.support.page_data import chunk_of, read_json

HASH = re.compile(r"circuitsvis(?:-page)?=(?:\"|&quot;)([0-9a-f]{12})")
"""The bundle that an element needs."""


class Tags(HTMLParser):
    """Collects start tags, script types, and of comments what they begin with."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts: list[str | None] = []
        self.comments: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_comment(self, data: str) -> None:
        self.comments.append(re.sub(r"^[0-9a-f]{8}:|:.*", "", data, flags=re.DOTALL))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append(dict(attrs).get("type"))


def test_data_and_str_are_one_complete_document_with_the_bundle_once(figure: cv.Figure) -> None:
    assert str(figure) == figure.data
    assert figure.data.startswith("<!doctype html>") and figure.data.rstrip().endswith("</html>")
    assert Tags(figure.data).scripts == [None, None]
    assert Tags(figure.data).comments == ["code", "json", "0", "1", "end"]
    assert figure.data.count(bundle.bundle("attention").packed) == 1
    assert '<meta charset="utf-8">' in figure.data
    assert "<title>&lt;b&gt;x&lt;/b&gt;</title>" in figure.data


def test_the_fragment_has_no_document_tags_and_works_alone(figure: cv.Figure) -> None:
    tags = Tags(figure._repr_html_())
    assert not {"html", "head", "body"} & set(tags.tags)
    assert tags.scripts == [None] and tags.comments == ["json", "code", "0", "1"]
    assert "trust the notebook" in figure._repr_html_()


def test_a_page_has_no_ids_and_makes_no_network_requests(figure: cv.Figure) -> None:
    without_code = figure.data.replace(bundle.bundle("attention").packed, "")
    assert not re.search(r"\bid\s*=", without_code)
    assert not re.search(r"https?:|src\s*=|href\s*=|@import|url\(", without_code)


@pytest.mark.parametrize("name", bundle.BUNDLES)
def test_a_bundle_is_compressed_and_evaluates_no_text(name: str) -> None:
    code = bundle.bundle(name).code
    assert zlib.decompress(base64.b64decode(bundle.bundle(name).packed)).decode("ascii") == code
    assert not re.search(r"\beval\(|new Function\(|\bimport\(|XMLHttpRequest|sendBeacon|WebSocket", code)


@pytest.mark.parametrize("name", bundle.BUNDLES)
def test_a_bundle_stays_small(name: str) -> None:
    limit = 230_000 if name == "all" else 115_000
    assert len(bundle.bundle(name).packed) < limit  # it is in every figure: look at what made it grow


def test_a_figure_carries_the_smallest_bundle_that_draws_it_and_the_figures_inside_of_it() -> None:
    scores = np.zeros((2, 3))
    pattern = softmax_patterns((6, 4, 4))
    tokens = words(4)
    figures = {
        "attention": cv.attention.from_values(pattern, tokens),
        "tokens": cv.tokens.colored_tokens(tokens, [1.0, 2.0, 3.0, 4.0]),
        "map": cv.heads.score_map(scores),
        "all": figure_tabs.figure([("a", cv.heads.score_map(scores))], label="which"),
    }
    for name, figure in figures.items():
        assert figure is not None
        found = {part for text in (figure.data, figure._repr_html_(), figure.iframe()) for part in HASH.findall(text)}
        assert found == {bundle.bundle(name).hash}


def test_every_view_has_a_bundle_of_its_kind_besides_the_one_with_all() -> None:
    *kinds, every = bundle.BUNDLES.values()
    assert set().union(*kinds) == every - {"Tabs"} and sum(map(len, kinds)) == len(every) - 1


def test_the_loader_is_short_and_holds_no_data(figure: cv.Figure) -> None:
    assert (
        len(bundle.bundle("attention").loader) < 2_000
    )  # every figure has it as it is, and some sanitisers show it as text
    seen = [text for text in Tags(figure._repr_html_()).texts if text != bundle.bundle("attention").loader]
    assert len("".join(seen)) < 400 and not re.search("[A-Za-z0-9+/]{30}", "".join(seen))


def test_the_first_text_of_a_page_comes_before_styles_and_script(figure: cv.Figure) -> None:
    sentence = figure.data.index("This page shows circuitsvis figures")
    assert sentence < 300 < figure.data.index("<script>")
    assert sentence < figure.data.index("<style>") < figure.data.index("<!--code:")


def test_tokens_are_the_same_after_html_was_parsed(figure: cv.Figure) -> None:
    figure_json, _ = read_json(figure.data)
    assert figure_json["props"]["sequences"][0]["destTokens"] == ["</script>", "ü", "\udcc3", "😀"]


@pytest.mark.parametrize("token", ["-->", "--!>", "<!--", "--", "->", ">", "<!-->", "\\u003e", "</div>"])
def test_no_token_ends_the_comment_that_it_is_in(token: str) -> None:
    figure = cv.attention.from_values(softmax_patterns((2, 2)), [token, f"{token}{token}"], title=token)
    assert Tags(figure.data).comments == ["code", "json", "0", "end"]
    assert read_json(figure.data)[0]["props"]["sequences"][0]["destTokens"] == [token, token * 2]


def test_several_figures_share_one_bundle(figure: cv.Figure) -> None:
    page = "".join(html_page.document([*wrapper(figure), "<h2>again</h2>", *wrapper(figure)]))
    assert Tags(page).scripts == [None, None, None]
    assert Tags(page).comments == ["code", "json", "0", "1", "json", "0", "1", "end"]
    assert page.count(bundle.bundle().packed) == 1


def test_separate_chunks_are_blocks_after_the_json_in_the_order_of_the_heads() -> None:
    """With each reference replaced by the text of its block, the JSON is that of `to_json`."""
    q = np.random.default_rng(0).normal(size=(2, 4, 8)).astype(np.float32)
    scores = np.where(np.tri(4, dtype=bool), q @ q.transpose(0, 2, 1), -np.inf)
    pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    made = cv.attention.from_values(pattern, words(4), mode="lines", q=q, k=q)
    assert made is not None
    figure_json, blocks = read_json(made.data)
    chunks = [[number for number, _ in tensor["chunks"]] for tensor in separate_tensors(figure_json)]
    # the attention of both heads, their keys, then query and product of each
    assert chunks == [[0, 1], [2], [3], [4], [5], [6], [7]]
    assert list(blocks) == [0, 2, 4, 5, 1, 3, 6, 7]
    for tensor in separate_tensors(figure_json):
        tensor["chunks"] = [base64.b64encode(chunk_of(chunk, blocks)).decode() for chunk in tensor["chunks"]]
    assert figure_json == json.loads(to_json(made))


def separate_tensors(value: Any) -> list[dict[str, Any]]:
    """The tensors in some JSON whose chunks are in blocks."""
    if not isinstance(value, (dict, list)):
        return []
    if isinstance(value, dict) and isinstance(value.get("chunks", [""])[0], list):
        return [value]
    return [
        tensor for part in (value.values() if isinstance(value, dict) else value) for tensor in separate_tensors(part)
    ]


def test_the_error_for_a_missing_bundle_names_the_command_that_builds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bundle, "FOLDER", tmp_path)
    bundle.bundle.cache_clear()
    with pytest.raises(RuntimeError, match=r"all\.js has not been built.*make build"):
        bundle.bundle()
    bundle.bundle.cache_clear()

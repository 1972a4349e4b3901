"""What a notebook's output holds beside the live figure, and what programs that do not run scripts make of it."""

from __future__ import annotations

import base64
import html
import re
from typing import Any

import pytest

pytest.importorskip("bleach")
pytest.importorskip("nbconvert")
pytest.importorskip("IPython")
import bleach  # type: ignore[import-untyped]  # it has no types
import circuitsvis as cv
import nbformat
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]  # as above
from IPython.core.formatters import DisplayFormatter
from nbconvert import LatexExporter, MarkdownExporter

from scripts.fixtures.catalogue import FIGURES
from tests.support.png_reader import read_png

PICTURES = ["small-12-heads", "large-signed", "lines-12-heads", "attribution-small", "tabs-encoder-decoder"]
WORDS = ["tokens-signed", "activations-7-samples", "topk-samples", "topk-tokens-samples", "log-probs", "lens"]


def light(figure: cv.Figure) -> str:
    """The part of the HTML that is seen where no script runs."""
    found = re.search(r"<div data-circuitsvis=\S+?><div>(.*?)</div><!--json:", figure._repr_html_(), re.DOTALL)
    assert found is not None
    return found[1]


def output(figure: cv.Figure) -> tuple[dict[str, Any], dict[str, Any]]:
    """What IPython saves of a figure."""
    data, metadata = DisplayFormatter().format(figure)
    return data, metadata


def notebook(figure: cv.Figure) -> nbformat.NotebookNode:
    """A notebook with a figure in an output."""
    data, metadata = output(figure)
    cell = nbformat.v4.new_code_cell(
        "figure", outputs=[nbformat.v4.new_output("display_data", data, metadata=metadata)]
    )
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize("name", PICTURES)
def test_an_output_is_html_a_picture_and_words(name: str) -> None:
    data, metadata = output(FIGURES[name]())
    assert set(data) == {"text/html", "image/png", "text/plain"}
    pixels = read_png(base64.b64decode(data["image/png"]))
    assert metadata["image/png"] == {"width": len(pixels[0]), "height": len(pixels)}
    assert data["text/plain"].startswith("<circuitsvis ") and "figure.save(" in data["text/plain"]


@pytest.mark.parametrize("name", [*WORDS, "hello"])
def test_an_output_of_words_has_no_picture(name: str) -> None:
    assert set(output(FIGURES[name]())[0]) == {"text/html", "text/plain"}


@pytest.mark.parametrize("name", PICTURES)
def test_the_html_holds_the_same_picture_outside_the_script(name: str) -> None:
    data, metadata = output(FIGURES[name]())
    size = metadata["image/png"]
    image = re.search(
        r'<img alt="([^"]+)" width="(\d+)" height="(\d+)" style="[^"]*" src="data:image/png;base64,(\S+)">',
        light(FIGURES[name]()),
    )
    assert image is not None
    assert (int(image[2]), int(image[3]), image[4]) == (size["width"], size["height"], data["image/png"])
    assert html.unescape(image[1]) in data["text/plain"]


@pytest.mark.parametrize("name", WORDS)
def test_words_are_text_in_the_colors_of_their_values(name: str) -> None:
    text = light(FIGURES[name]())
    assert "<img" not in text
    if name.startswith("topk-tokens"):
        assert "<table>" in text
    else:
        assert len(re.findall('<(span|td) style="background:#', text)) > 3


@pytest.mark.parametrize("name", [name for name in FIGURES if "hostile" in name])
def test_no_title_name_or_token_becomes_markup(name: str) -> None:
    known = {"div", "b", "i", "span", "img", "table", "tbody", "tr", "td"}
    assert set(re.findall(r"<\s*([A-Za-z!?][\w-]*)", light(FIGURES[name]()))) <= known


@pytest.mark.parametrize("name", [*PICTURES, *WORDS])
def test_a_sanitiser_with_the_rules_of_notebooks_keeps_all_of_it(name: str) -> None:
    written = light(FIGURES[name]())
    kept = bleach.clean(
        written,
        tags={"div", "b", "i", "span", "img", "table", "tbody", "tr", "td"},
        attributes={"*": ["style"], "img": ["alt", "width", "height", "src"]},
        protocols={"data", "https"},
        css_sanitizer=CSSSanitizer(),
    )
    assert kept.count("<img") == written.count("<img") and kept.count("data:image/png") == written.count(
        "data:image/png"
    )
    assert "&lt;" not in kept or "&lt;" in written


def test_latex_shows_the_picture() -> None:
    source, resources = LatexExporter().from_notebook_node(notebook(FIGURES["small-12-heads"]()))
    assert "includegraphics" in source
    assert [name.rpartition(".")[2] for name in resources["outputs"]] == ["png"]
    assert read_png(next(iter(resources["outputs"].values())))


def test_latex_shows_the_words_of_a_figure_without_a_picture() -> None:
    source, _ = LatexExporter().from_notebook_node(notebook(FIGURES["tokens-signed"]()))
    assert "ColoredTokens" in source


def test_markdown_keeps_the_picture() -> None:
    source, _ = MarkdownExporter().from_notebook_node(notebook(FIGURES["small-12-heads"]()))
    assert "data:image/png;base64," in source


def test_the_still_can_be_switched_off_for_one_figure_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    figure, other = FIGURES["small-12-heads"](), FIGURES["tokens-signed"]()
    figure.still = False
    assert set(output(figure)[0]) == {"text/html", "text/plain"}
    assert "<img" not in light(figure) and "trust the notebook" in light(figure)
    monkeypatch.setattr(cv.figure.Figure, "still", False)
    assert "background" not in light(other)


def test_a_figure_that_is_too_large_for_a_notebook_still_shows_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circuitsvis._page.in_notebooks.INLINE_LIMIT", 1000)
    data, _ = output(FIGURES["small-12-heads"]())
    assert "figure.save" in data["text/html"] and "data:image/png;base64," in data["text/html"]
    assert "image/png" in data and "<script" not in data["text/html"]


def test_a_saved_page_has_no_still() -> None:
    assert "<img" not in FIGURES["small-12-heads"]().data


@pytest.mark.usefixtures("in_a_notebook")
def test_show_anyway_displays_the_whole_output(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("circuitsvis._page.in_notebooks.INLINE_LIMIT", 1000)
    monkeypatch.setattr("IPython.display.display", lambda data, **options: shown.append({**options, "data": data}))
    FIGURES["small-12-heads"]().show(anyway=True)
    assert set(shown[0]["data"]) == {"text/html", "image/png", "text/plain"}
    assert "<script" in shown[0]["data"]["text/html"] and set(shown[0]["metadata"]) == {"image/png"}

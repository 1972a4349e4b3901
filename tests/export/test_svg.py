"""SVG files: well-formed, with the words of the page as text, and cells in the colors of their values."""

from __future__ import annotations

import dataclasses
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._export import svg, token_words
from circuitsvis._wire.palettes import PALETTES
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis.figure import Figure

from scripts.fixtures.catalogue import FIGURES
from scripts.fixtures.heatmap_scenes import SCENES, scenes
from tests.support import reference
from tests.support.caches import softmax_patterns, words

ROOT = Path(__file__).parents[2]
NAMESPACE = "{http://www.w3.org/2000/svg}"


def read(figure: cv.Figure | None, folder: Path) -> ElementTree.Element:
    assert figure is not None
    return ElementTree.fromstring(figure.save(folder / "x.svg").read_text(encoding="utf-8"))  # noqa: S314  # our own file


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{NAMESPACE}text")]


def test_the_scenes_that_the_page_is_compared_with_are_those_of_today() -> None:
    assert SCENES.read_text(encoding="utf-8") == scenes(), "run `python -m scripts.fixtures`"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_inks_are_the_colors_of_the_page(theme: Any) -> None:
    styles = (ROOT / "frontend/src/App.svelte").read_text(encoding="utf-8")
    found = [re.findall(rf"--{name}: (#[0-9a-f]+);", styles) for name in ("text", "quiet", "line", "surface")]
    place = ["light", "dark"].index(theme)
    assert [colors[place] for colors in found] == list(dataclasses.astuple(svg.INKS[theme]))


def test_labels_titles_legend_and_caption_are_text(tmp_path: Path) -> None:
    figure = cv.attention.from_values(softmax_patterns((3, 5, 5)), words(5), "large", focus={"head": 1})
    found = texts(read(figure, tmp_path))
    assert found[0] == "Head 1"
    labels = [f"{i} ·t{i}" for i in range(5)]
    assert found[1:11] == labels + labels
    assert {"Destination (query)", "Source (key)", "0", "1", "masked", "value"} <= set(found[11:])


def test_few_cells_are_rectangles_whose_colors_are_those_of_a_loop(tmp_path: Path) -> None:
    pattern = softmax_patterns((2, 4, 4))
    figure = cv.attention.from_values(pattern, words(4), "large", focus={"head": 1})
    root = read(figure, tmp_path)
    group = next(one for one in root.iter(f"{NAMESPACE}g"))
    fills = np.array([one.get("fill") for one in group]).reshape(4, 4)
    colors = PALETTES["blue-red"]["light"]
    values = reference.shown(figure)[1]
    for dest in range(4):
        for src in range(4):
            if src > dest:
                assert fills[dest, src] == colors.masked
                continue
            x = round(values[dest, src] * 512) / 512 * 3
            low = min(int(x), 2)
            wanted = [
                round(start + (end - start) * (x - low))
                for start, end in zip(_rgb(colors.positive[low]), _rgb(colors.positive[low + 1]), strict=True)
            ]
            assert max(abs(a - b) for a, b in zip(_rgb(fills[dest, src]), wanted, strict=True)) <= 1


def test_a_pinned_cell_has_a_frame_and_the_caption_its_value(tmp_path: Path) -> None:
    pattern = softmax_patterns((2, 5, 5))
    figure = cv.attention.from_values(pattern, words(5), focus={"head": 0, "dest": 3, "src": 1})
    root = read(figure, tmp_path)
    assert texts(root)[0] == f"Head 0, destination 3 ·t3 to source 1 ·t1: {pattern[0, 3, 1]:.4f}"
    frame = next(one for one in root.iter(f"{NAMESPACE}rect") if one.get("stroke-width") == "2")
    picture = next(one for one in root.iter(f"{NAMESPACE}g"))
    cell = picture[3 * 5 + 1]
    assert [frame.get(key) for key in ("x", "y", "width")] == [cell.get(key) for key in ("x", "y", "width")]


@pytest.mark.parametrize("name", [name for name in FIGURES if not name.endswith(("-144-heads", "-500-tokens"))])
def test_every_figure_is_written_or_refused_with_a_way(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name]()
    props = figure._props
    if isinstance(props, (ScoreMapProps, PatchingMapProps, EdgeSplitProps)):
        assert texts(read(figure, tmp_path))
        return
    if not isinstance(props, AttentionProps):
        with pytest.raises(
            TypeError, match=r"\.svg is for figures of attention, attribution, scores of heads and patching"
        ):
            figure.save(tmp_path / "x.svg")
        return
    for head in range(min(len(props.heads), 2)):
        chosen = Figure(dataclasses.replace(props, focus=Focus(len(props.sequences) - 1, head, 0, 0)))
        assert texts(read(chosen, tmp_path))


def test_a_figure_that_starts_with_all_heads_is_refused_and_the_advice_works(tmp_path: Path) -> None:
    arguments: Any = {"attention": softmax_patterns((2, 5, 5)), "tokens": words(5)}
    with pytest.raises(ValueError, match=r"shows one head.*focus=\{\"head\": 'Head 0'\}"):
        read(cv.attention.from_values(**arguments), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert texts(read(cv.attention.from_values(**arguments, focus={"head": "Head 0"}), tmp_path))[0] == "Head 0"
    assert texts(read(cv.attention.from_values(**arguments, mode="large"), tmp_path))[0] == "Head 0"


def test_an_attribution_shows_the_sum_of_all_heads_or_one_but_no_other_component(tmp_path: Path) -> None:
    props = FIGURES["attribution-small"]()._props
    assert isinstance(props, AttributionViewProps)
    assert texts(read(Figure(props), tmp_path))[0] == "All heads"
    one = dataclasses.replace(props, focus=Focus(0, 3, None, None))
    assert texts(read(Figure(one), tmp_path))[0] == f"Head {props.heads[3].name}"
    with pytest.raises(ValueError, match="has no sources"):
        read(Figure(dataclasses.replace(props, focus=Focus(0, len(props.heads), None, None))), tmp_path)


@pytest.mark.parametrize(
    ("token", "wanted"),
    [
        (" a b ", "·a b·"),
        ("\n\t", "↵⇥"),
        ("", "∅"),
        ("Ġthe", "·the"),
        ("\x00", "\\x00"),
        ("\u200b", "\\u200B"),
        ("\udcc3", "\\uDCC3"),
        ("\u200d", "\\u200D"),
    ],
)
def test_tokens_are_written_as_on_the_page(token: str, wanted: str) -> None:
    assert token_words.shown(token) == wanted


def test_long_labels_are_cut_and_what_xml_cannot_hold_is_replaced() -> None:
    assert token_words.fitted("a" * 50, 11, 60).endswith("…")
    assert token_words.width(token_words.fitted("a" * 50, 11, 60), 11) <= 60
    assert token_words.legal("a\x00\ufffe\udc00b") == "a\ufffd\ufffd\ufffdb"


def _rgb(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]

"""Files that the page saves hold what it shows: cells have its colors, values are those of a loop in float64, drawings are pictures."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.attribution import AttributionViewProps
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.export_menu import Points, data_url, open_menu, pixels, rows_of, saved
from e2e.idle import wait_idle
from e2e.pages import fixture_page, settled
from scripts.fixtures.catalogue import FIGURES
from tests.support import reference

# How many of all pixels differ by more than 48 of 255 in a channel: text is rendered in another way in SVG than on a canvas.
_DIFFERENT = """async (urls) => {
  const [a, b] = await Promise.all(urls.map(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    return pen.getImageData(0, 0, image.width, image.height);
  }));
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    const channels = [0, 1, 2].map((channel) => Math.abs(a.data[i + channel] - b.data[i + channel]));
    if (Math.max(...channels) > 48) different++;
  }
  return [different / (a.width * a.height), a.width - b.width, a.height - b.height];
}"""


def _opened(open_page: Opener, name: str) -> Page:
    page = open_page(fixture_page(name))
    wait_idle(page)
    return page


def _prepare(page: Page, name: str) -> None:
    """Chooses what the files must follow: a head, and switches of colors."""
    if name == "large-12-heads":
        page.get_by_test_id("head").nth(3).click()
    if name in ("large-12-heads", "small-12-heads"):
        page.get_by_test_id("transform").get_by_text("Square root").click()
        page.get_by_test_id("hide").get_by_text("First token").click()
    page.mouse.move(2, 2)


@pytest.mark.parametrize(
    "name", ["large-12-heads", "large-signed", "large-no-value", "large-spans", "small-12-heads", "attribution-small"]
)
def test_cells_of_png_and_svg_have_the_colors_of_the_canvas(open_page: Opener, name: str) -> None:
    """Exactly: no pixel of a cell's center differs in any channel."""
    page = _opened(open_page, name)
    _prepare(page, name)
    picture = settled(page, "overview" if name.startswith("small") else "heatmap")
    open_menu(page)
    png, svg = saved(page, "export-png-1"), saved(page, "export-svg").decode("utf-8")
    other = open_page(f"<body style='margin:0'>{svg}")
    box = other.locator("svg > image, svg > g").first.bounding_box()
    assert box is not None
    cols, rows = other.evaluate(
        "async (url) => { const image = new Image(); image.src = url; await image.decode(); return [image.width, image.height]; }",
        picture,
    )
    cells: Points = [(col, row) for row in range(rows) for col in range(cols)]
    centers: Points = [
        (
            int(box["x"] + (col + 0.5) * box["width"] / cols),
            int(box["y"] + (row + 0.5) * box["height"] / rows),
        )
        for col, row in cells
    ]
    shown = pixels(other, picture, cells)
    assert len(np.unique(shown, axis=0)) > 3
    np.testing.assert_array_equal(pixels(other, data_url(other, png, "image/png"), centers), shown)
    np.testing.assert_array_equal(pixels(other, data_url(other, svg.encode(), "image/svg+xml"), centers), shown)


@pytest.mark.parametrize("case", ["large-12-heads", "lines-12-heads", "lines-12-heads: several", "attribution-split"])
def test_a_drawing_looks_like_the_picture(open_page: Opener, case: str) -> None:
    """At most 3 % of the pixels differ, which are those of text: its edges are smoothed in another way."""
    name, _, several = case.partition(": ")
    page = _opened(open_page, name)
    if several:
        page.get_by_test_id("head-mode").get_by_text("Several heads").click()
    wait_idle(page)
    open_menu(page)
    png, svg = saved(page, "export-png-1"), saved(page, "export-svg")
    urls = [data_url(page, png, "image/png"), data_url(page, svg, "image/svg+xml")]
    share, wider, taller = page.evaluate(_DIFFERENT, urls)
    assert (wider, taller) == (0, 0)
    assert share < 0.03
    assert (" ·Mary" in svg.decode()) or ">Mary<" in svg.decode()


@pytest.mark.parametrize(("scale", "item"), [(2, "export-png-2"), (4, "export-png-4")])
def test_larger_pictures_have_so_many_pixels_for_each(open_page: Opener, scale: int, item: str) -> None:
    page = _opened(open_page, "large-1-head-5-tokens")
    open_menu(page)
    sizes = [_size(saved(page, one)) for one in ("export-png-1", item)]
    assert np.abs(sizes[1] - scale * sizes[0]).max() < scale


def _size(png: bytes) -> npt.NDArray[np.int64]:
    """Width and height from the header."""
    return np.array([int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")])


@pytest.mark.parametrize("kind", ["standard", "value-weighted"])
@pytest.mark.parametrize("name", ["large-12-heads", "large-batch-radio", "large-rectangular", "large-no-value"])
def test_csv_has_the_values_of_the_shown_head_as_a_loop_computes_them(open_page: Opener, name: str, kind: str) -> None:
    """To 9 digits."""
    props = FIGURES[name]()._props
    assert isinstance(props, AttentionProps)
    sequence = props.sequences[0]
    if kind not in ("standard", *sequence.weights):
        pytest.skip("the figure has no such type")
    page = _opened(open_page, name)
    head = min(3, len(props.heads) - 1)
    if head:
        page.get_by_test_id("head").nth(head).click()
    if sequence.weights:
        page.get_by_test_id("attention-type").get_by_text(kind.capitalize(), exact=True).click()
    wait_idle(page)
    open_menu(page)
    rows = rows_of(saved(page, "export-csv").decode("utf-8"))
    values = reference.decode(sequence.attention)[head]
    if kind != "standard":
        values = values * reference.decode(sequence.weights["value-weighted"])[head].astype(np.float32)
    column = "attention" if kind == "standard" else "value_weighted"
    numbers = list(sequence.dest_positions or range(len(sequence.dest_tokens)))
    found = np.full(values.shape, math.nan)
    for row in rows:
        dest, src = numbers.index(int(row["dest"])), int(row["src"])
        assert (row["head"], row["dest_token"]) == (props.heads[head].name, sequence.dest_tokens[dest])
        assert row["src_token"] == (sequence.src_tokens or sequence.dest_tokens)[src]
        found[dest, src] = float(row[column] or "nan")
    np.testing.assert_allclose(found, values, rtol=6e-9, atol=1e-300)


@pytest.mark.parametrize("name", ["lines-12-heads", "lines-scores-only", "lines-alibi"])
def test_csv_of_lines_is_the_part_of_the_table_in_python_for_the_shown_head(open_page: Opener, name: str) -> None:
    figure = FIGURES[name]()
    page = _opened(open_page, name)
    wait_idle(page)
    open_menu(page)
    rows = rows_of(saved(page, "export-csv").decode("utf-8"))
    table = figure.to_dict()
    of_head = (table["head"] == figure._props.heads[0].name) & (table["sequence"] == 0)  # type: ignore[attr-defined]  # lines
    for column in ("dest", "src", "attention", "dot", "added_term", "score"):
        if column in rows[0]:
            found = np.array([float(row[column] or "nan") for row in rows])
            np.testing.assert_allclose(found, table[column][of_head].astype(float), rtol=6e-9, err_msg=column)
    assert "score" in rows[0]


def test_csv_of_tokens_is_the_table_in_python(open_page: Opener) -> None:
    for name in ("tokens-signed", "log-probs"):
        table = FIGURES[name]().to_dict()
        page = _opened(open_page, name)
        open_menu(page)
        rows = rows_of(saved(page, "export-csv").decode("utf-8"))
        column = "value" if name == "tokens-signed" else "log_prob"
        texts = "token" if name == "tokens-signed" else "candidate"
        found = np.array([float(row[column] or "nan") for row in rows])
        np.testing.assert_allclose(np.sort(found), np.sort(table[column].astype(float)), rtol=6e-9)
        assert sorted(row[texts] for row in rows) == sorted(table[texts].tolist())


@pytest.mark.parametrize("name", ["attribution-small", "attribution-3-destinations"])
def test_csv_of_an_attribution_has_the_values_of_the_component_as_a_loop_computes_them(
    open_page: Opener, name: str
) -> None:
    """To 9 digits: of the sum of all heads, of a head, and of a component without sources."""
    props = FIGURES[name]()._props
    assert isinstance(props, AttributionViewProps)
    sequence = props.sequences[0]
    heads, totals = reference.decode(sequence.attention), reference.decode(sequence.component_totals)
    dests = list(sequence.dest_positions or range(len(sequence.dest_tokens)))
    page = _opened(open_page, name)
    if len(props.heads) + len(props.parts) > 12:
        page.get_by_test_id("bar-count").get_by_text("All").click()
    for component in (None, 1, len(props.heads) + 1):
        if component is not None:
            page.get_by_test_id("components").locator(f'[data-component="{component}"]').click()
            page.mouse.move(2, 2)
        open_menu(page)
        rows = rows_of(saved(page, "export-csv").decode("utf-8"))
        page.keyboard.press("Escape")
        part = component is not None and component >= len(props.heads)
        named = [*(head.name for head in props.heads), *(part.name for part in props.parts)]
        assert {row["component"] for row in rows} == {"All heads" if component is None else named[component]}
        found = np.full((len(dests), 1 if part else heads.shape[2]), math.nan)
        for row in rows:
            assert row["dest_token"] == sequence.dest_tokens[dests.index(int(row["dest"]))]
            assert row["src_token"] == ("" if part else (sequence.src_tokens or sequence.dest_tokens)[int(row["src"])])
            found[dests.index(int(row["dest"])), 0 if part else int(row["src"])] = float(row["attribution"] or "nan")
        expected = np.full(found.shape, math.nan)
        for dest, src in np.ndindex(expected.shape):
            if component is None:
                expected[dest, src] = math.fsum(heads[:, dest, src])
            else:
                expected[dest, src] = totals[component, dest] if part else heads[component, dest, src]
        np.testing.assert_allclose(found, expected, rtol=6e-9, atol=1e-12)
        assert np.isnan(expected).sum() == expected.size - len(rows)

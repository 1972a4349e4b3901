"""Stills of attention show the colors of the page, computed here cell by cell."""

from __future__ import annotations

import math

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page.figure import Figure
from circuitsvis._still import arrange
from circuitsvis._still.attention_still import FEW_SHADES, drawn, still
from circuitsvis._wire import decode
from circuitsvis._wire.palettes import PALETTES, ThemeName
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.tensor import Tensor

from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words
from tests.support.png_reader import read_png

Color = tuple[int, int, int]


def props_of(figure: Figure | None) -> AttentionProps:
    assert figure is not None and isinstance(figure._props, AttentionProps)
    return figure._props


def color(text: str) -> Color:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def expected(value: float, end: float, theme: str = "light") -> Color:
    """The color of a value: its place between the stops of its sign, rounded to a 512th of the end."""
    palette = PALETTES["blue-red"]["dark" if theme == "dark" else "light"]
    stops = palette.positive if value >= 0 else palette.negative
    x = min(math.floor(abs(value) / end * 512 + 0.5) / 512, 1.0) * (len(stops) - 1)
    below = min(int(x), len(stops) - 2)
    pairs = zip(color(stops[below]), color(stops[below + 1]), strict=True)
    red, green, blue = (math.floor(a + (b - a) * (x - below) + 0.5) for a, b in pairs)
    return red, green, blue


def cells_of(
    props: AttentionProps, shape: tuple[int, int], at: tuple[int, int, int] | None = None
) -> list[list[Color]]:
    """The color in the middle of each cell of the large picture, or of a thumbnail; all pixels of a cell have it."""
    pixels = read_png(still(props).png)
    top, left, side = at or drawn(props)[0].picture
    found: list[list[Color]] = []
    for row in range(shape[0]):
        found.append([])
        for col in range(shape[1]):
            square = {pixels[top + row * side + y][left + col * side + x] for y in range(side) for x in range(side)}
            assert len(square) == 1
            found[-1].append(square.pop())
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_cell_of_a_head_has_the_color_of_its_value(theme: ThemeName) -> None:
    values = np.round(np.random.default_rng(0).uniform(-1, 1, (2, 5, 7)), 3)
    values[0, 0, 0], values[0, 1, 2] = 1.0, np.nan
    figure = cv.attention.from_values(
        values, dest_tokens=words(5), src_tokens=words(7), mode="large", precision=16, display_mode=theme
    )
    found = cells_of(props_of(figure), (5, 7))
    end = float(np.nanmax(np.abs(values)))
    for row in range(5):
        for col in range(7):
            wanted = color(PALETTES["blue-red"][theme].missing)
            if (row, col) != (1, 2):
                wanted = expected(values[0, row, col], end, theme)
            assert max(abs(a - b) for a, b in zip(found[row][col], wanted, strict=True)) <= 1, (row, col)


def test_masked_cells_are_gray_and_thumbnails_show_each_head() -> None:
    patterns = softmax_patterns((3, 6, 6))
    props = props_of(cv.attention.from_values(patterns, words(6), mode="large"))
    masked = color(PALETTES["blue-red"]["light"].masked)
    for head, at in enumerate(drawn(props)[0].thumbnails):
        found = cells_of(props, (6, 6), at)
        for row in range(6):
            assert found[row][row + 1 :] == [masked] * (5 - row)
            for col in range(row + 1):
                wanted = expected(float(patterns[head, row, col]), props.value_range[1])
                # previews have 8 bits
                assert max(abs(a - b) for a, b in zip(found[row][col], wanted, strict=True)) <= 3


def test_a_blended_cell_has_the_hue_of_its_dominant_head_and_zero_is_white() -> None:
    patterns = np.zeros((2, 2, 2), np.float32)
    patterns[0, 0, 0] = patterns[1, 1, 1] = 1.0
    sheet, _ = drawn(props_of(cv.attention.from_values(patterns, words(2), attention_mask=None)))
    top, left, side = sheet.picture
    first, second = sheet.pixels[top, left], sheet.pixels[top + side, left + side]
    assert first != second
    assert sheet.pixels[top + side, left] == 0xFFFFFF
    for thumbnail, (row, col), blended in zip(sheet.thumbnails, [(0, 0), (1, 1)], [first, second], strict=True):
        assert sheet.pixels[thumbnail[0] + row * thumbnail[2], thumbnail[1] + col * thumbnail[2]] == blended


def test_thumbnails_of_many_heads_have_few_shades_and_stay_near_the_exact_ones() -> None:
    patterns = softmax_patterns((65, 6, 6))
    props = props_of(cv.attention.from_values(patterns, words(6), mode="large"))
    for head, at in list(enumerate(drawn(props)[0].thumbnails))[:5]:
        found = cells_of(props, (6, 6), at)
        for row in range(6):
            for col in range(row + 1):
                share = float(patterns[head, row, col]) / props.value_range[1]
                nearest = math.floor(share * FEW_SHADES + 0.5) / FEW_SHADES
                options = [expected(nearest + step / FEW_SHADES, 1.0) for step in (-1, 0, 1) if nearest + step >= 0]
                assert found[row][col] in options


@pytest.mark.parametrize("name", ["small-144-heads", "large-144-heads", "attribution-144-heads"])
def test_each_layer_is_a_row_of_thumbnails(name: str) -> None:
    thumbnails = drawn(props_of(FIGURES[name]()))[0].thumbnails
    assert len(thumbnails) == 144
    assert [len({left for _, left, _ in thumbnails}), len({top for top, _, _ in thumbnails})] == [12, 12]
    assert [top for top, _, _ in thumbnails[:12]] == [thumbnails[0][0]] * 12


def test_thumbnails_that_find_no_room_are_left_out_and_the_text_says_so() -> None:
    props = props_of(cv.attention.from_values(np.ones((2000, 24, 24), np.float32) / 24, words(24)))
    count = len(drawn(props)[0].thumbnails)
    assert 0 < count < 2000
    made = still(props)
    assert f"{count} of the heads alone" in made.alt
    assert made.height <= arrange.TALLEST + 2 * arrange.MARGIN


def test_a_long_pattern_is_drawn_with_fewer_rows_and_the_text_says_so() -> None:
    pattern = np.tril(np.ones((1100, 1100), np.float32))
    made = still(props_of(cv.attention.from_values(pattern, ["a"] * 1100, mode="large")))
    assert max(made.width, made.height) < 600
    assert "One of 3 rows and columns is drawn" in made.alt


def test_the_text_names_heads_layers_and_tokens() -> None:
    alt = still(props_of(FIGURES["large-144-heads"]())).alt
    assert alt.startswith("Attention, 144 heads of layers 0 to 11: head 0.0. At the right each head alone.")
    assert "17 destination tokens, columns 17 source tokens: “<|endoftext|>When Mary and John" in alt


def test_sizes_in_the_file_are_those_of_the_still() -> None:
    made = still(props_of(FIGURES["small-12-heads"]()))
    pixels = read_png(made.png)
    assert (len(pixels), len(pixels[0])) == (made.height, made.width)


@pytest.mark.parametrize("name", ["small-144-heads", "large-144-heads", "lines-500-tokens"])
def test_only_what_is_shown_is_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    props = props_of(FIGURES[name]())
    decoded: list[int] = []
    original = decode.chunk_codes

    def counting(tensor: Tensor, number: int) -> decode.Codes:
        codes = original(tensor, number)
        decoded.append(codes.size)
        return codes

    monkeypatch.setattr(decode, "chunk_codes", counting)
    still(props)
    assert sum(decoded) <= 300_000

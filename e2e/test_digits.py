"""The page shows no digit that is uncertain, and calls no cell masked that is not."""

from __future__ import annotations

from typing import Literal

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.reading import show_head, status_texts, wait_drawn
from tests.support import caches

Mode = Literal["small", "large"]
Array = npt.NDArray[np.float32]

LOW, HIGH = np.array([0.111, 0.222, 0.333, 0.444]), np.array([1e6, 973984.0, 5e5, 2e5])
TINY = np.array([5e-4, 1.9e-8, 1e-4, 2e-4])


def texts(
    open_page: Opener, mode: Mode, head: int, array: Array, dest: list[str], src: list[str] | None = None
) -> list[str]:
    """The status text at every cell of a head."""
    if src is None:
        figure = cv.attention.from_values(array, dest, mode=mode)
    else:
        figure = cv.attention.from_values(array, dest_tokens=dest, src_tokens=src, mode=mode)
    page = open_page(figure.data)
    wait_drawn(page)
    if len(array) > 1:
        show_head(page, head)
    return status_texts(page, "overview" if mode == "small" else "heatmap", *array.shape[-2:])


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_head_of_small_values_keeps_its_digits_beside_one_of_a_million(mode: Mode, open_page: Opener) -> None:
    array = np.stack([HIGH, LOW])[:, None].astype(np.float32)
    shown = texts(open_page, mode, 1, array, ["a"], list("abcd"))
    numbers = [text.rsplit(": ")[1] for text in shown]
    np.testing.assert_allclose([float(number) for number in numbers], LOW, atol=1e-5)
    assert all(len(number) >= len("0.1234") for number in numbers)


@pytest.mark.parametrize(
    ("values", "steps"),
    [(HIGH, 65534), (TINY, 65534), (-HIGH, 32767), (TINY * 1e30, 65534), (np.array([1.0, 0.5, 1 / 3, 1e-5]), 65534)],
)
@pytest.mark.parametrize("mode", ["small", "large"])
def test_every_digit_shown_is_that_of_the_value_within_half_a_unit_of_it_and_the_bound(
    mode: Mode, values: npt.NDArray[np.float64], steps: int, open_page: Opener
) -> None:
    """A shown number errs by its error bound and by half a unit of its last digit; the bound must be below that half too."""
    array = values[None, None].astype(np.float32)
    shown = texts(open_page, mode, 0, array, ["a"], list("abcd"))
    bound = 0.51 * float(np.abs(array).max()) / steps
    for text, value in zip((text.rsplit(": ")[1] for text in shown), array[0, 0].astype(np.float64), strict=True):
        if text == "\u22480":
            assert abs(value) <= 2 * bound
            continue
        digits, _, exponent = text.partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
        assert bound <= 0.5 * unit or float(text) == 0.0
        assert abs(float(text) - value) <= 0.5 * unit + bound


@pytest.mark.parametrize("mode", ["small", "large"])
def test_diagonal_cross_attention_is_zero_beside_the_diagonal_not_masked(mode: Mode, open_page: Opener) -> None:
    shown = texts(open_page, mode, 0, np.eye(5, dtype=np.float32)[None], list("vwxyz"), list("abcde"))
    assert not any("masked" in text for text in shown)
    assert [text.rsplit(": ")[1] for text in shown[:2]] == ["1.0000", "0.0000"]


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_bidirectional_head_that_looks_back_only_is_zero_ahead_not_masked(mode: Mode, open_page: Opener) -> None:
    array = np.stack([np.eye(5), np.full((5, 5), 0.2)]).astype(np.float32)
    shown = texts(open_page, mode, 0, array, list("abcde"))
    assert not any("masked" in text for text in shown)


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_causal_head_is_masked_where_the_source_is_later(mode: Mode, open_page: Opener) -> None:
    shown = texts(open_page, mode, 0, caches.softmax_patterns((2, 5, 5)), list("abcde"))
    masked = np.array(["masked, the source is later than the destination" in text for text in shown]).reshape(5, 5)
    np.testing.assert_array_equal(masked, np.triu(np.ones((5, 5), bool), 1))


def test_a_single_destination_row_is_numbered_by_its_position(open_page: Opener) -> None:
    array, tokens = caches.softmax_patterns((1, 6, 6))[:, -1:], list("abcdef")
    figure = cv.attention.from_values(array, dest_tokens=tokens[-1:], src_tokens=tokens, mode="large")
    page = open_page(figure.data)
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("status")).to_contain_text("destination 5 f to source")


@pytest.mark.parametrize("attention_type", ["value-weighted", "info-weighted"])
def test_a_source_whose_v_is_not_finite_has_no_value_and_the_others_keep_theirs(
    attention_type: Literal["value-weighted", "info-weighted"], open_page: Opener
) -> None:
    data, net = caches.cache(), caches.model()
    data["blocks.0.attn.hook_v"][2, 1, 3] = np.nan
    figure = cv.attention.from_cache(data, caches.words(6), mode="large", attention_type=attention_type, model=net)
    page = open_page(figure.data)
    wait_drawn(page)
    show_head(page, 1)
    shown = status_texts(page, "heatmap", 6, 6)
    for dest in range(6):
        for src in range(dest + 1):
            assert ("no value" in shown[6 * dest + src]) == (src == 2)

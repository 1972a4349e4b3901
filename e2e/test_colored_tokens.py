"""Texts of colored tokens in a browser: values read back, kinds, ranges, keyboard, themes, widths, hostile input."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.idle import wait_idle
from e2e.pages import fixture_page, focused, text

Float64 = npt.NDArray[np.float64]

TOKENS = ["<s>", "The", " cat", ".\n\n", " <b>", "", " שלום", "😀"]
NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?"

# Walks over a text by the keyboard and collects the status line at each token.
_WALK = """async (area) => {
  const root = area.getRootNode();
  const texts = [];
  area.querySelector("[data-index]").focus();
  for (let i = 0; i < area.querySelectorAll("[data-index]").length; i++) {
    const key = i === 0 ? "Home" : "ArrowRight";
    root.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let wait = 0; wait < 3; wait++) await null;
    texts.push(root.querySelector("[data-testid=status]").textContent.trim());
  }
  root.activeElement.blur();
  return texts;
}"""

_SCENE = """figure => [...figure.querySelectorAll("[data-index]")].map(
  (token) => getComputedStyle(token).backgroundColor)"""


def opened(open_page: Opener, figure: cv.Figure | str, **options: Any) -> Page:
    page = open_page(fixture_page(figure) if isinstance(figure, str) else figure.data, **options)
    page.get_by_test_id("status").wait_for()
    wait_idle(page)
    return page


def colored_text(page: Page, index: int = 0) -> Locator:
    return page.get_by_test_id("colored-text").nth(index)


def token(page: Page, index: int, of: int = 0) -> Locator:
    return colored_text(page, of).locator(f"[data-index='{index}']")


def shown(page: Page, of: int = 0) -> list[list[float]]:
    """The numbers of the status line at each token, in order; NaN for "no value"."""
    page.keyboard.press("Tab")  # the browser shows focus only once the keyboard is used
    lines: list[str] = colored_text(page, of).evaluate(_WALK)
    values = [line.rpartition(": ")[2] for line in lines]
    return [
        [
            float(number) if number != "no value" else np.nan
            for number in re.findall(f"{NUMBER}$|{NUMBER}(?=, )|no value", v)
        ]
        for v in values
    ]


def colors(page: Page) -> list[str]:
    found: list[str] = page.locator("section.figure").evaluate(_SCENE)
    return found


def test_every_value_is_shown_as_it_was_passed(open_page: Opener) -> None:
    values = np.array([3.25, -1e-3, np.nan, 0.0, 2.0, -12.5, 7.0, 0.4999])
    page = opened(open_page, cv.tokens.colored_tokens(TOKENS, values))
    got = np.array(shown(page))[:, 0]
    assert np.array_equal(np.isnan(got), np.isnan(values))
    assert np.nanmax(np.abs(got - values)) <= 5.1e-5
    assert colored_text(page).locator("[data-index]").all_text_contents() == [
        "<s>", "The", "·cat", ".↵↵", "·<b>", "∅", "·שלום", "😀",
    ]  # fmt: skip
    assert page.get_by_test_id("legend").locator(".ticks span").all_text_contents() == [
        "-12.5",
        "0",
        "12.5",
    ]


def test_line_ends_break_lines_and_the_keyboard_moves_between_them(open_page: Opener) -> None:
    page = opened(open_page, cv.tokens.colored_tokens(["a", " b", " c\n", "\n", "d", " e"], range(6)))
    tops = [box["y"] if (box := token(page, i).bounding_box()) else None for i in range(6)]
    assert tops[0] == tops[1] == tops[2] and tops[4] == tops[5]
    assert tops[2] < tops[3] < tops[4]  # type: ignore[operator]  # all are visible
    token(page, 1).focus()
    for key, at in [
        ("ArrowDown", 3),
        ("ArrowDown", 4),
        ("ArrowRight", 5),
        ("ArrowUp", 3),
        ("ArrowUp", 0),
        ("End", 5),
        ("Home", 0),
    ]:
        page.keyboard.press(key)
        assert focused(page) == f"colored-text {at}", key
        expect(page.get_by_test_id("status")).to_have_text(re.compile(rf"^Token {at} "))


def test_a_pin_stays_until_it_is_released(open_page: Opener) -> None:
    page = opened(open_page, "tokens-signed")
    token(page, 3).click()
    token(page, 5).hover()
    expect(page.get_by_test_id("status")).to_have_text(re.compile(r"^Pinned; Esc or click to release\. Token 3 ·and: "))
    expect(page.locator(".tip")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("status")).not_to_contain_text("Pinned")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. Token 4 ·John")
    token(page, 4).click()
    page.mouse.move(2, 2)
    page.evaluate("document.querySelector('[data-circuitsvis]')?.shadowRoot?.activeElement?.blur()")
    expect(page.locator(".tip")).to_have_count(0)


def test_kinds_are_previewed_by_the_mouse_and_chosen_by_the_keyboard(open_page: Opener) -> None:
    values = np.array([[1.0, -10.0, 0.001], [0.5, 20.0, 0.0], [-0.25, 5.0, 0.002]])
    page = opened(open_page, cv.tokens.colored_tokens_multi(["a", " b", " c"], values, ["x", "y", "z"]))
    first = colors(page)
    page.get_by_test_id("kinds").get_by_text("y").hover()
    assert colors(page) != first
    page.mouse.move(2, 2)
    assert colors(page) == first
    page.get_by_test_id("kinds").get_by_text("y").click()
    page.mouse.move(2, 2)
    assert colors(page) != first
    expect(page.get_by_role("radio", name="y")).to_be_checked()
    page.get_by_test_id("kinds").get_by_text("x").click()
    page.mouse.move(2, 2)
    page.get_by_test_id("kinds").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="z")).to_be_checked()
    ends = page.get_by_test_id("range").get_by_role("textbox")
    assert [ends.nth(i).input_value() for i in range(2)] == ["0", "0.002"]
    assert np.abs(np.array(shown(page)) - values).max() <= 5.1e-5
    token(page, 1).hover()
    tip = page.locator(".tip")
    for name, value in [("x", "0.5000"), ("y", "20.0000"), ("z", "0")]:
        expect(tip.locator("dt", has_text=re.compile(f"^{name}$")).locator("+ dd")).to_have_text(
            re.compile(rf"^{value}0*\.?0*$")
        )


def test_the_range_can_be_typed_and_reset(open_page: Opener) -> None:
    page = opened(open_page, cv.tokens.colored_tokens(["a", " b", " c"], [0.5, 4.0, -4.0]))
    before = colors(page)
    high = page.get_by_label("Upper end of the color scale")
    high.fill("0.5")
    assert colors(page)[0] == before[1] and colors(page)[2] == before[2]
    high.fill("-3")
    expect(page.get_by_test_id("range").get_by_role("status")).to_contain_text("0 or above")
    expect(high).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Reset").click()
    assert colors(page) == before


def test_figures_with_one_range_have_one_color_for_one_value(open_page: Opener) -> None:
    a, b = [1.0, 2.0], [2.0, -8.0]
    ends = cv.color_range(a, b)
    pages = [opened(open_page, cv.tokens.colored_tokens(["x", "y"], values, **ends)) for values in (a, b)]
    assert colors(pages[0])[1] == colors(pages[1])[0]
    assert text(pages[0], "legend") == text(pages[1], "legend")


def test_model_performance_shows_what_the_model_predicts(open_page: Opener) -> None:
    logits = np.random.default_rng(1).normal(size=(4, 9)) * 3
    ids = [0, 5, 8, 2]
    page = opened(open_page, cv.tokens.visualize_model_performance(ids, ["<s>", "a", " b", " c"], logits))
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    wanted = [[logits[i, n], np.log(probabilities[i, n]), probabilities[i, n]] for i, n in enumerate(ids[1:])]
    got = shown(page)
    assert np.isnan(got[0]).all()
    assert np.abs(np.array(got[1:]) - wanted).max() <= 5.1e-5


def test_html_of_a_token_is_shown_without_what_could_run(open_page: Opener) -> None:
    html = '<img src=x onerror="alert(1)"><b onclick="alert(2)">top</b><script>alert(3)</script><a href="https://x.invalid">l</a>'
    page = opened(
        open_page, cv.tokens.colored_tokens(["<img src=x onerror=alert(4)>", "b"], [1, 2], hover_html=[html, None])
    )
    token(page, 0).hover()
    shown_html = page.get_by_test_id("hover-html").evaluate("e => e.innerHTML.replace(/<!--.*?-->/g, '')")
    assert shown_html == "<b>top</b>l"
    assert token(page, 0).text_content() == "<img src=x onerror=alert(4)>"
    token(page, 1).hover()
    expect(page.get_by_test_id("hover-html")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name", ["tokens-hostile", "tokens-multi", "tokens-samples", "tokens-performance", "tokens-code"]
)
def test_all_text_stands_out(name: str, scheme: str, open_page: Opener) -> None:
    page = opened(open_page, name, color_scheme=scheme, height=1600)
    assert unreadable(page) == []
    token(page, 5).click()
    expect(page.locator(".tip")).to_have_count(1)
    assert unreadable(page) == []


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("name", ["tokens-hostile", "tokens-multi", "tokens-samples", "tokens-many-kinds"])
def test_tooltips_stay_on_the_page(name: str, width: int, open_page: Opener) -> None:
    page = opened(open_page, name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for of in range(page.get_by_test_id("colored-text").count()):
        for index in range(0, colored_text(page, of).locator("[data-index]").count(), 3):
            token(page, index, of).hover()
            box = page.locator(".tip .box").bounding_box()
            assert box is not None
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, (of, index)
            assert box["y"] + page.evaluate("scrollY") >= 0, (of, index)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_2000_tokens_are_all_there_and_change_kinds_without_new_elements(open_page: Opener) -> None:
    values = np.random.default_rng(2).normal(size=(2000, 3))
    page = opened(open_page, cv.tokens.colored_tokens_multi([f" t{i}" for i in range(2000)], values))
    assert len(colors(page)) == 2000
    colored_text(page).locator("[data-index]").first.evaluate("(e) => (e.kept = true)")
    before = colors(page)
    page.get_by_test_id("kinds").get_by_text("2").click()
    page.mouse.move(2, 2)
    assert colors(page) != before
    assert colored_text(page).locator("[data-index]").first.evaluate("(e) => e.kept") is True

"""With the few colors of a system's contrast theme, text can be read, what is chosen stands out, and data keep their colors."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from e2e.reading import wait_drawn
from e2e.test_axe import open_everything

FIXTURES = [
    "small-batch-dropdown",
    "large-batch-radio",
    "large-spans",
    "attribution-small",
    "lines-12-heads",
    "log-probs",
    "lens",
    "edge",
    "tabs-lines",
    "tokens-performance",
    "topk-tokens-samples",
    "activations-7-samples",
]
SCHEMES = ["light", "dark"]

# Largest WCAG contrast of any pixel in a part of a canvas with the system's background.
_PIXEL_CONTRAST = """([canvas, left, width]) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.fillStyle = getComputedStyle(document.body).backgroundColor;
  copy.fillRect(0, 0, canvas.width, canvas.height);
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(left, 0, width, canvas.height);
  const light = (i) => [0.2126, 0.7152, 0.0722].reduce((sum, share, c) => {
    const value = data[i + c] / 255;
    return sum + share * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);
  const all = Array.from({ length: data.length / 4 }, (_, i) => light(4 * i));
  const [low, high] = all.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [1, 0]);
  return (high + 0.05) / (low + 0.05);
}"""


def opened(open_page: Opener, fixture: str, scheme: str) -> Page:
    page = open_page(fixture_page(fixture), color_scheme=scheme, forced_colors="active", height=1600)
    page.locator("section.figure").first.wait_for()
    wait_idle(page)
    return page


def background(element: Locator) -> str:
    color: str = element.evaluate("e => getComputedStyle(e).backgroundColor")
    return color


def contrast_of_labels(page: Page, part: str) -> float:
    """The largest contrast in the column of the queries or of the sources, whose labels are painted."""
    lines = page.get_by_test_id("lines")
    column = lines.locator(f".label.{part}").evaluate("e => [parseFloat(e.style.left), parseFloat(e.style.width)]")
    contrast: float = page.evaluate(_PIXEL_CONTRAST, [lines.locator("canvas").element_handle(), *column])
    return contrast


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("fixture", FIXTURES)
def test_all_text_can_be_read(fixture: str, scheme: str, open_page: Opener) -> None:
    page = opened(open_page, fixture, scheme)
    assert unreadable(page) == [], "at rest"
    open_everything(page)
    assert unreadable(page) == [], "everything open"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_token_labels_of_lines_can_be_read(scheme: str, open_page: Opener) -> None:
    page = opened(open_page, "lines-12-heads", scheme)
    wait_drawn(page)
    assert contrast_of_labels(page, "dest") > 7
    assert contrast_of_labels(page, "src") > 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_lines_are_painted_again_when_the_colors_are_forced_while_the_page_is_open(
    scheme: str, open_page: Opener
) -> None:
    page = open_page(fixture_page("lines-12-heads"), color_scheme=scheme, height=1600)
    wait_drawn(page)
    page.emulate_media(color_scheme="dark" if scheme == "light" else "light", forced_colors="active")
    wait_idle(page)
    assert contrast_of_labels(page, "dest") > 7


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bars_are_seen(scheme: str, open_page: Opener) -> None:
    page = opened(open_page, "attribution-small", scheme)
    around = page.evaluate("getComputedStyle(document.body).backgroundColor")
    bars = page.get_by_test_id("components").locator(".bar")
    assert bars.count() == 12
    assert around not in {background(bar) for bar in bars.all()}
    assert around != background(page.get_by_test_id("components").locator(".zero").first)
    gradient = page.get_by_test_id("legend").locator(".bar").evaluate("e => getComputedStyle(e).backgroundImage")
    assert "gradient" in gradient


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_chosen_looks_different(scheme: str, open_page: Opener) -> None:
    page = opened(open_page, "small-batch-dropdown", scheme)
    types = page.get_by_test_id("attention-type").locator("label")
    chosen = types.filter(has=page.locator(":checked"))
    others = [background(label) for label in types.all()]
    assert others.count(background(chosen)) == 1 and len(others) > 1
    page.get_by_role("combobox").click()
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    assert background(options.nth(0)) not in {background(options.nth(1)), background(options.nth(2))}


def test_colored_tokens_keep_their_colors(open_page: Opener) -> None:
    page = opened(open_page, "tokens-signed", "dark")
    tokens = page.get_by_test_id("colored-text").locator("[data-index]")
    assert len({background(token) for token in tokens.all()}) > 3

"""Every fixture draws in both themes and in narrow and wide pages, without errors."""

from __future__ import annotations

import json
import re
from typing import Literal

import pytest
from circuitsvis._page import html_page
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from e2e.reading import head_is_drawn, wait_drawn
from scripts.fixtures.catalogue import FIGURES
from scripts.fixtures.files import fixture_file

THEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@pytest.mark.parametrize("fixture", sorted(FIGURES))
def test_a_fixture_draws_all_its_pictures(fixture: str, open_page: Opener) -> None:
    """Half of them are opened in one theme, half in the other; all are then switched to the other one."""
    first, second = THEMES[:: 1 if sorted(FIGURES).index(fixture) % 2 else -1]
    page = open_page(fixture_page(fixture), color_scheme=first)
    check_pictures(page, fixture)
    page.emulate_media(color_scheme=second)
    wait_idle(page)
    check_pictures(page, fixture)


def check_pictures(page: Page, fixture: str) -> None:
    props = json.loads(fixture_file(fixture).read_text(encoding="ascii"))["props"]
    if "heads" not in props.get("tabs", [{}])[0].get("figure", {}).get("props", props):
        expect(page.locator("section.figure")).to_have_text(re.compile(r"\S"))
        return
    if fixture == "small-1-token":
        page.get_by_test_id("overview").wait_for()
        return
    wait_drawn(page, 2 if fixture == "attribution-split" else 1)
    heads = page.get_by_test_id("head")
    if "144-heads" in fixture and not fixture.startswith("lines"):  # some are added after the first frame
        expect(heads).to_have_count(144)
    ends = {0, heads.count() - 1} if heads.count() else set()
    drawn = [head_is_drawn(heads.nth(index)) for index in ends]
    # on the scale of the strongest head, a weak one may have a single color
    assert any(drawn) or not ends if fixture.startswith("attribution") else all(drawn)


@pytest.mark.parametrize("fixture", sorted(FIGURES))
def test_nothing_is_wider_than_the_output_of_a_notebook(fixture: str, open_page: Opener) -> None:
    output = '<div id="output" style="overflow: auto">'
    page = open_page(fixture_page(fixture, before=output, after="</div>"), width=2000)
    page.locator("section.figure").wait_for()
    for width in (2000, 1280, 700, 600, 320):
        page.set_viewport_size({"width": width, "height": 800})
        wait_idle(page)
        for element in ("#output", "html"):
            used, room = page.locator(element).evaluate("e => [e.scrollWidth, e.clientWidth]")
            assert used == room, f"{element} at {width}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_what_is_behind_it(scheme: str, open_page: Opener) -> None:
    """WCAG: at least 4.5 to 1 for the main text against the page."""
    html = fixture_page("large-12-heads")
    page = open_page(html, color_scheme=scheme)
    for testid in ("status", "token-status", "head-status"):
        colors = page.get_by_test_id(testid).evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert contrast(*colors) >= 4.5, (testid, colors)


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(css: str) -> float:
    channels = [int(part) / 255 for part in css[css.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("body", "theme"),
    [
        ('<body data-jp-theme-light="false">', "dark"),
        ('<body data-jp-theme-light="true" style="background:#111">', "light"),
        ('<body class="vscode-dark">', "dark"),
        ('<body style="background:#0b0b12">', "dark"),
        ('<body style="background:#fafafa">', "light"),
        ("<body>", "light"),
    ],
)
def test_the_figure_takes_the_theme_of_its_host_not_of_the_system(body: str, theme: str, open_page: Opener) -> None:
    fragment = html_page.fragment([fixture_file("large-1-head-5-tokens").read_text(encoding="ascii")])
    page = open_page(
        f"<!doctype html><html>{body}{fragment}</body></html>", color_scheme="dark" if theme == "light" else "light"
    )
    assert theme in (page.locator("section.figure").get_attribute("class") or "").split()

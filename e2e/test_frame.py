"""`figure.iframe()` in the page of an app: its theme, its height, and what is seen where frames are not let alone."""

from __future__ import annotations

import html
import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.frame_page import app, expect_theme, figure, inside, wait_fits

DARK = "body{background:#0e1117;color:#fafafa}.light{background:#fff}"


def test_a_frame_shows_the_figure_in_the_theme_of_the_app_and_as_high_as_it_is(open_page: Opener) -> None:
    page = open_page(app(figure().iframe(), DARK))
    expect_theme(inside(page), "dark")
    wait_fits(page)
    assert page.locator("iframe").get_attribute("title") == "In a frame"


def test_the_theme_follows_a_class_of_any_element_around_the_frame(open_page: Opener) -> None:
    page = open_page(app(figure().iframe(), DARK))
    expect_theme(inside(page), "dark")
    page.evaluate("document.querySelector('main').className = 'light'")
    expect_theme(inside(page), "light")


def test_the_theme_follows_styles_that_change_without_any_attribute_also_in_a_shadow_root(open_page: Opener) -> None:
    page = open_page(app("<section></section>", DARK))
    page.evaluate(
        """(frame) => {
          const root = document.querySelector("section").attachShadow({ mode: "open" });
          root.innerHTML = frame;
          globalThis.sheet = new CSSStyleSheet();
          root.adoptedStyleSheets = [sheet];
        }""",
        f"<div>{figure().iframe()}</div>",
    )
    expect_theme(inside(page), "dark")
    page.evaluate("sheet.replaceSync('div { background: #fff; color: #111 }')")
    expect_theme(inside(page), "light")


@pytest.mark.parametrize("scheme", ["light dark", "dark"])
def test_the_theme_follows_the_color_scheme_of_the_app(scheme: str, open_page: Opener) -> None:
    page = open_page(app(figure().iframe(), f":root{{color-scheme:{scheme}}}"), color_scheme="dark")
    expect_theme(inside(page), "dark")
    page.emulate_media(color_scheme="light")
    expect_theme(inside(page), scheme.split()[0])


def test_the_height_follows_the_width(open_page: Opener) -> None:
    page = open_page(app(figure().iframe()))
    inside(page)
    wait_fits(page)
    wide = page.locator("iframe").evaluate("frame => frame.clientHeight")
    page.set_viewport_size({"width": 400, "height": 900})
    page.wait_for_function("wide => document.querySelector('iframe').clientHeight > wide", arg=wide)
    wait_fits(page)


def test_a_frame_that_was_hidden_is_as_high_as_the_figure_once_it_is_shown(open_page: Opener) -> None:
    page = open_page(app(figure().iframe(), "main{display:none}.open{display:block}"))
    expect(page.frame_locator("iframe").locator("section.figure")).to_be_attached()
    page.evaluate("document.querySelector('main').className = 'open'")
    wait_fits(page)


def test_a_height_that_was_asked_for_is_kept_and_the_figure_scrolls(open_page: Opener) -> None:
    page = open_page(app(figure().iframe(height=300)))
    section = inside(page)
    last = section.locator("button").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert page.locator("iframe").evaluate("frame => frame.clientHeight") == 300
    assert section.evaluate("() => document.documentElement.scrollHeight") > 300


def test_a_theme_that_was_asked_for_is_a_panel(open_page: Opener) -> None:
    page = open_page(app(figure().iframe(display_mode="light"), DARK))
    section = inside(page)
    expect(section).to_contain_class("light")
    expect(section).to_contain_class("panel")


def sandboxed(content: str, permissions: str) -> str:
    return f'<iframe sandbox="{permissions}" srcdoc="{html.escape(content)}" style="width:900px;height:700px"></iframe>'


def test_in_a_sandbox_the_page_is_white_scrolls_and_tells_its_height(open_page: Opener) -> None:
    frame = f"<style>{DARK}</style>{figure().iframe()}<output></output>"
    told = "<script>addEventListener('message', e => document.querySelector('output').value = e.data.circuitsvis.height)</script>"
    page = open_page(sandboxed(frame + told, "allow-scripts"))
    app_frame = page.frame_locator("iframe")
    section = app_frame.frame_locator("iframe").locator("section.figure")
    expect(section).to_contain_class("light")
    assert section.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    height = section.evaluate("() => Math.ceil(document.body.getBoundingClientRect().height)")
    expect(app_frame.locator("output")).to_have_text(str(height))
    assert section.evaluate("() => innerHeight") == 480 < height - 100
    assert section.evaluate("() => document.documentElement.scrollHeight") == pytest.approx(height, abs=1)


def test_a_page_that_holds_the_frame_alone_and_cannot_scroll_lets_the_figure_scroll(open_page: Opener) -> None:
    outer = f'<iframe scrolling="no" srcdoc="{html.escape(figure().iframe())}" style="width:900px;height:250px;border:0"></iframe>'
    page = open_page(app(outer, DARK + ":root{color-scheme:dark}"))
    section = page.frame_locator("iframe").frame_locator("iframe").locator("section.figure")
    expect_theme(section, "dark")
    last = section.locator("button").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert section.evaluate("() => innerHeight") == 250


def test_the_still_is_seen_only_where_frames_are_removed(open_page: Opener) -> None:
    shown = figure().iframe()._repr_html_()
    page = open_page(app(shown))
    inside(page)
    expect(page.get_by_text("removed the frame")).to_be_hidden()
    page = open_page(app(re.sub("<iframe.*</iframe>", "", shown, flags=re.DOTALL)))
    expect(page.get_by_text("removed the frame")).to_be_visible()
    expect(page.locator("img")).to_be_visible()


def test_any_title_reaches_the_figure(open_page: Opener) -> None:
    hostile = """"><script>alert(1)</script> ' & &amp; é 漢 🙂 </iframe>"""
    page = open_page(app(figure(hostile).iframe()))
    expect(inside(page).locator("h2").first).to_have_text(hostile)
    assert page.locator("iframe").get_attribute("title") == hostile

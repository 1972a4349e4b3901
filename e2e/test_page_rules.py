"""Pages under rules of their hosts: scripts with a nonce, scripts that run before their output is inserted, comments removed."""

from __future__ import annotations

import re

import circuitsvis as cv
import numpy as np
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import Opener, new_context
from e2e.idle import wait_idle
from e2e.reading import wait_drawn

POLICY = """<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-r4nd0m'">"""


def figure(title: str = "a figure", mode: str = "small") -> cv.Figure:
    made = cv.attention.from_values(
        np.tril(np.random.default_rng(0).random((3, 5, 5))),
        list("abcde"),
        mode=mode,
        title=title,  # type: ignore[call-overload]
    )
    assert isinstance(made, cv.Figure)
    return made


def with_nonce(html: str) -> str:
    return html.replace("<script>", "<script nonce=r4nd0m>")


def test_a_saved_page_draws_where_only_scripts_with_a_nonce_may_run(open_page: Opener) -> None:
    wait_drawn(open_page(with_nonce(figure().data).replace("<head>", f"<head>{POLICY}")))


def test_outputs_draw_where_only_scripts_with_a_nonce_may_run(open_page: Opener) -> None:
    outputs = [figure(title)._repr_html_() for title in ("one", "two")]
    wait_drawn(open_page(with_nonce(f"<!doctype html><head>{POLICY}</head><body>{''.join(outputs)}")), 2)


def test_an_output_whose_script_runs_before_it_is_inserted_draws(open_page: Opener) -> None:
    """As nbclassic does, with a script that is not the current one."""
    page = open_page("<!doctype html><title>nbclassic</title><body>")
    insert = """(html) => {
      const output = document.createElement("div");
      output.innerHTML = html;
      for (const { textContent } of output.querySelectorAll("script")) globalThis.eval(textContent);
      document.body.append(output);
    }"""
    for count in (1, 2):
        page.evaluate(insert, figure()._repr_html_())
        wait_drawn(page, count)


def test_a_page_without_its_comments_says_so(open_page: Opener) -> None:
    page = open_page(re.sub("<!--.*?-->", "", figure().data, flags=re.DOTALL))
    expect(page.get_by_text("its script is missing: a program removed the page's comments").last).to_be_visible()


def test_a_damaged_bundle_is_replaced_by_that_of_another_output(open_page: Opener) -> None:
    first, second = (figure(title)._repr_html_() for title in ("first", "second"))
    page = open_page(f"<!doctype html><body>{first.replace('<!--code:eN', '<!--code:eM')}{second}")
    wait_drawn(page, 2)


def test_a_browser_that_is_too_old_is_told_so(open_page: Opener) -> None:
    old = "<script>delete globalThis.DecompressionStream</script>"
    page = open_page(f"<!doctype html><body>{old}{figure()._repr_html_()}")
    expect(page.get_by_text("this browser is too old: Chrome 92, Firefox 113 and Safari 16.4")).to_be_visible()


def opened_with(open_page: Opener, script: str) -> Page:
    page = open_page(f"<!doctype html><body><script>{script}</script>{figure()._repr_html_()}")
    wait_idle(page)
    return page


def test_what_fails_while_a_figure_is_built_is_said_above_its_still(open_page: Opener) -> None:
    fails = "globalThis.ResizeObserver = class { constructor() { throw new Error('no observers today') } }"
    page = opened_with(open_page, fails)
    expect(page.get_by_role("alert")).to_contain_text("could not draw this figure: no observers today")
    expect(page.get_by_role("img").first).to_be_visible()


def test_what_fails_in_a_handler_is_said_by_the_figure_that_is_used(browser: Browser) -> None:
    context = new_context(browser)
    page = context.new_page()  # not watched for exceptions: there will be one
    page.set_content(f"<!doctype html><body>{figure('one')._repr_html_()}{figure('two')._repr_html_()}")
    wait_drawn(page, 2)
    page.evaluate("() => { Element.prototype.closest = () => { throw new TypeError('nothing is close') } }")
    page.get_by_test_id("token-strip").last.get_by_role("button").first.hover()
    expect(page.get_by_role("alert")).to_contain_text("A part of this figure failed")
    expect(page.get_by_label("two").get_by_role("alert")).to_contain_text("nothing is close")
    context.close()

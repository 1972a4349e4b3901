"""A figure that leaves the page is freed; one that is moved on it, or comes back, works on."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import CDPSession, Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.reading import wait_drawn
from scripts.fixtures.catalogue import FIGURES

FIGURES_AT_ONCE = 20
FEWEST, MOST = 10, 60
"""Garbage collections until all that can be freed is: some references are dropped only by the one before, and what looks like an
address on the stack keeps what is there until it is overwritten."""

# Puts outputs into the page as notebooks do: as HTML, whose scripts are then made anew so that they run.
INSERT = """([html, count]) => {
  globalThis.figures ??= [];
  for (let i = 0; i < count; i++) {
    const cell = document.body.appendChild(document.createElement("div"));
    cell.innerHTML = html;
    for (const old of cell.querySelectorAll("script")) {
      const fresh = document.createElement("script");
      fresh.textContent = old.textContent;
      old.replaceWith(fresh);
    }
    figures.push(new WeakRef(cell.firstElementChild));
  }
}"""
REMOVE = "() => document.body.replaceChildren()"
"""As "Clear Outputs" does."""

DRAWN = """() => {
  const hosts = [...document.querySelectorAll("[data-circuitsvis] > div")];
  return hosts.filter((host) => host.shadowRoot?.querySelector("section")).length;
}"""


def alive(page: Page) -> int:
    count: int = page.evaluate("() => figures.filter((figure) => figure.deref()).length")
    return count


def drawn(page: Page) -> int:
    """Figures on the page. Found without handles of Playwright, which would keep them."""
    count: int = page.evaluate(DRAWN)
    return count


def counters(devtools: CDPSession) -> dict[str, int]:
    """Nodes and listeners that the browser holds, on the page or not."""
    return {name: int(count) for name, count in devtools.send("Memory.getDOMCounters").items()}


def collect(page: Page, devtools: CDPSession) -> None:
    for done in range(MOST):
        devtools.send("HeapProfiler.collectGarbage")
        page.evaluate("() => new Promise((resolve) => nextFrameUntracked(resolve))")
        if done >= FEWEST and alive(page) == 0:
            break


@pytest.mark.parametrize(
    "name", ["small-12-heads", "lines-12-heads", "attribution-small", "tokens-signed", "tabs-large"]
)
def test_figures_that_left_the_page_are_freed_with_their_nodes_and_listeners(name: str, open_page: Opener) -> None:
    page = open_page("<!doctype html><title>cells</title><body>")
    devtools = page.context.new_cdp_session(page)
    html = FIGURES[name]()._repr_html_()

    def insert_and_remove(count: int) -> None:
        page.evaluate(INSERT, [html, count])
        wait_idle(page)
        assert drawn(page) == count
        page.evaluate(REMOVE)
        wait_idle(page)
        collect(page, devtools)

    insert_and_remove(1)  # after it, what the first figure of a page makes for all is there
    before = counters(devtools)
    insert_and_remove(FIGURES_AT_ONCE)
    assert alive(page) == 0
    after = counters(devtools)
    assert after["nodes"] <= before["nodes"] + 20 and after["jsEventListeners"] <= before["jsEventListeners"]


def figure() -> cv.Figure:
    made = cv.attention.from_values(np.tril(np.random.default_rng(0).random((3, 5, 5))), list("abcde"))
    assert made is not None
    return made


def pin_second_head(page: Page) -> None:
    head = page.get_by_test_id("head").nth(1)
    pinned = head.get_attribute("aria-pressed") == "true"
    head.click()
    expect(head).to_have_attribute("aria-pressed", "false" if pinned else "true")


def test_a_figure_that_is_moved_keeps_its_state_and_works_on(open_page: Opener) -> None:
    page = open_page(f"<!doctype html><body><div id=from>{figure()._repr_html_()}</div><div id=to></div></body>")
    wait_drawn(page)
    pin_second_head(page)
    page.evaluate("document.querySelector('#to').append(document.querySelector('[data-circuitsvis]'))")
    wait_idle(page)
    expect(page.get_by_test_id("head").nth(1)).to_have_attribute("aria-pressed", "true")
    pin_second_head(page)


def test_a_figure_that_comes_back_is_drawn_again(open_page: Opener) -> None:
    page = open_page(f"<!doctype html><body>{figure()._repr_html_()}</body>")
    wait_drawn(page)
    page.evaluate("(globalThis.kept = document.querySelector('[data-circuitsvis]')).remove()")
    wait_idle(page)
    assert page.evaluate("kept.firstElementChild.shadowRoot.querySelector('section')") is None
    page.evaluate("document.body.append(kept)")
    wait_drawn(page)
    pin_second_head(page)

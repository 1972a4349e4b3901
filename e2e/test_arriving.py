"""A figure is drawn while its page is still arriving; if the page ends too soon, the figure says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import Complaints, new_context
from e2e.reading import show_head, values, wait_drawn
from e2e.slow_page import SlowPage
from tests.support.caches import softmax_patterns, words

Mode = Literal["small", "large"]
N = 12
PATTERNS = softmax_patterns((6, N, N))


Server = Callable[[bytes, bytes], SlowPage]


@pytest.fixture
def serve() -> Iterator[Server]:
    """Creates servers, and closes them after the pages: their fixtures depend on this one."""
    servers: list[SlowPage] = []

    def start(first: bytes, second: bytes) -> SlowPage:
        servers.append(SlowPage(first, second))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def page(serve: Server, browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = new_context(browser, viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    complaints.watch(opened, lambda url: url.startswith("http://127.0.0.1"))
    yield opened
    context.close()


def test_lines_are_drawn_before_their_page_has_arrived_and_say_what_was_cut_off(serve: Server, page: Page) -> None:
    q = np.random.default_rng(0).normal(size=(2, 1, N, 8)).astype(np.float32)
    scores = np.where(np.tri(N, dtype=bool), q[0] @ q[1].transpose(0, 2, 1), -np.inf)
    pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    figure = cv.attention.from_values(
        np.tile(pattern, (2, 1, 1)), words(N), mode="lines", q=np.tile(q[0], (2, 1, 1)), k=np.tile(q[1], (2, 1, 1))
    )
    html = figure.data
    first, _ = halves(html, block=1)  # the pattern of head 1 comes after the key, query and product of head 0
    slow = serve(first, b" ")
    page.goto(slow.url, wait_until="commit")
    expect(page.get_by_test_id("lines")).to_be_visible()
    page.get_by_test_id("lines").focus()
    page.keyboard.press("End")
    expect(page.get_by_test_id("status")).to_contain_text(f"Query {N - 1} ")
    slow.send_second()
    page.get_by_test_id("head-select").select_option(index=1)
    expect(page.get_by_text("Head 1 could not be decoded")).to_be_visible()
    expect(page.get_by_text("This page was cut off")).to_be_visible()


def halves(html: str, block: int) -> tuple[bytes, bytes]:
    """The page, cut in the middle of the block of a head."""
    found = re.search(f"<!--[0-9a-f]{{8}}:{block}:", html)
    assert found is not None
    at = found.end() + 60
    return html[:at].encode(), html[at:].encode()


def page_text(mode: Mode) -> str:
    figure = cv.attention.from_values(PATTERNS, words(N), mode=mode)
    return figure.data


def test_what_to_do_without_scripts_is_not_said_while_they_start(serve: Server, page: Page) -> None:
    html = page_text("small")
    at = html.index("<!--json:") + 100
    slow = serve(html[:at].encode(), html[at:].encode())
    page.goto(slow.url, wait_until="commit")
    fallback = page.get_by_text("needs its script to run")
    expect(fallback).to_be_attached()
    assert fallback.is_hidden()
    slow.send_second()
    wait_drawn(page)
    assert fallback.is_hidden()


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_figure_is_drawn_before_its_page_has_arrived_and_complete_after_it(
    mode: Mode, serve: Server, page: Page
) -> None:
    slow = serve(*halves(page_text(mode), block=2))
    testid = "overview" if mode == "small" else "heatmap"
    page.goto(slow.url, wait_until="commit")
    wait_drawn(page)
    show_head(page, 1)  # its data has arrived
    assert np.nanmax(np.abs(values(page, testid, N, N) - PATTERNS[1])) < 1e-4
    show_head(page, 5)  # its data has not arrived: the preview is drawn, and no value is shown
    page.get_by_test_id(testid).focus()
    page.keyboard.press("PageDown")
    page.keyboard.press("Home")
    expect(page.get_by_test_id("status")).to_contain_text("…")
    slow.send_second()
    expect(page.get_by_test_id("status")).not_to_contain_text("…")
    assert np.nanmax(np.abs(values(page, testid, N, N) - PATTERNS[5])) < 1e-4


def test_a_page_that_was_cut_off_shows_what_it_has_and_says_what_is_missing(serve: Server, page: Page) -> None:
    first, _ = halves(page_text("large"), block=2)
    slow = serve(first, b"")
    slow.send_second()
    page.goto(slow.url)
    wait_drawn(page)
    show_head(page, 1)
    assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[1])) < 1e-4
    expect(page.get_by_role("alert")).to_contain_text("This page was cut off")
    show_head(page, 5)
    expect(page.get_by_role("alert").last).to_contain_text("Head 5 could not be decoded")
    expect(page.get_by_role("alert").last).to_contain_text("the page was cut off")

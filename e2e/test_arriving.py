"""A figure is drawn while its page is still being read, and says so where the page ends too soon."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Literal

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import Complaints
from e2e.reading import show_head, values, wait_drawn
from tests.caches import softmax_patterns, words

Mode = Literal["small", "large"]
N = 12
PATTERNS = softmax_patterns((6, N, N))


class SlowPage:
    """A server of one page, which sends the rest of it only when it is told to."""

    def __init__(self, first: bytes, rest: bytes) -> None:
        self.go_on = threading.Event()
        slow = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path != "/":  # the browser asks for an icon
                    self.send_response(204)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(first) + len(rest)))
                self.end_headers()
                self.wfile.write(first)
                slow.go_on.wait(30)
                self.wfile.write(rest)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing is printed."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def page(browser: Browser, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    complaints.watch(opened, lambda url: url.startswith("http://127.0.0.1"))
    yield opened
    context.close()


def test_lines_are_drawn_before_their_page_has_arrived_and_say_what_was_cut_off(page: Page) -> None:
    q = np.random.default_rng(0).normal(size=(2, 1, N, 8)).astype(np.float32)
    scores = np.where(np.tri(N, dtype=bool), q[0] @ q[1].transpose(0, 2, 1), -np.inf)
    pattern = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    figure = cv.attention.from_values(
        np.tile(pattern, (2, 1, 1)), words(N), mode="lines", q=np.tile(q[0], (2, 1, 1)), k=np.tile(q[1], (2, 1, 1))
    )
    assert figure is not None
    html = figure.data
    first, rest = halves(html, block=1)  # the pattern of head 1: behind the key, query and product of head 0
    slow = SlowPage(first, b"</script></div></body></html>" + b" " * len(rest))
    try:
        page.goto(slow.url, wait_until="commit")
        expect(page.get_by_test_id("lines")).to_be_visible()
        page.get_by_test_id("lines").focus()
        page.keyboard.press("End")
        expect(page.get_by_test_id("status")).to_contain_text(f"Query {N - 1} ")
        slow.go_on.set()
        page.get_by_test_id("head-select").select_option(index=1)
        expect(page.get_by_role("alert")).to_contain_text("Head 1 could not be decoded")
    finally:
        slow.close()


def halves(html: str, block: int) -> tuple[bytes, bytes]:
    """The page cut in the middle of the text of a head's block."""
    at = html.index(f'data-block="{block}"') + 60
    return html[:at].encode(), html[at:].encode()


def made(mode: Mode) -> str:
    figure = cv.attention.from_values(PATTERNS, words(N), mode=mode)
    assert figure is not None
    return figure.data


def test_what_to_do_without_scripts_is_not_said_while_they_start(page: Page) -> None:
    html = made("small")
    at = html.index('type="application/json"') + 100
    slow = SlowPage(html[:at].encode(), html[at:].encode())
    try:
        page.goto(slow.url, wait_until="commit")
        fallback = page.get_by_text("needs its script to run")
        expect(fallback).to_be_attached()
        expect(fallback).to_be_hidden(timeout=1)
        slow.go_on.set()
        wait_drawn(page)
        expect(fallback).to_be_hidden(timeout=1)
    finally:
        slow.close()


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_figure_is_drawn_before_its_page_has_arrived_and_complete_after_it(mode: Mode, page: Page) -> None:
    slow = SlowPage(*halves(made(mode), block=2))
    testid = "overview" if mode == "small" else "heatmap"
    try:
        page.goto(slow.url, wait_until="commit")
        wait_drawn(page)
        show_head(page, 1)  # which is there
        assert np.nanmax(np.abs(values(page, testid, N, N) - PATTERNS[1])) < 1e-4
        show_head(page, 5)  # which is not: its preview stands in, and its values are not claimed
        page.get_by_test_id(testid).focus()
        page.keyboard.press("PageDown")
        page.keyboard.press("Home")
        expect(page.get_by_test_id("status")).to_contain_text("…")
        slow.go_on.set()
        expect(page.get_by_test_id("status")).not_to_contain_text("…")
        assert np.nanmax(np.abs(values(page, testid, N, N) - PATTERNS[5])) < 1e-4
    finally:
        slow.close()


def test_a_page_that_was_cut_off_shows_what_it_has_and_says_what_is_missing(page: Page) -> None:
    first, _ = halves(made("large"), block=2)
    slow = SlowPage(first + b"</script></div></body></html>", b"")
    slow.go_on.set()
    try:
        page.goto(slow.url)
        wait_drawn(page)
        show_head(page, 1)
        assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[1])) < 1e-4
        show_head(page, 5)
        expect(page.get_by_role("alert")).to_contain_text("Head 5 could not be decoded")
        expect(page.get_by_role("alert")).to_contain_text("the page was cut off")
    finally:
        slow.close()

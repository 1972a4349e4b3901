"""A figure as a folder on a web server: right numbers or a message, whatever the server does, and never a wrong picture."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._store import serve
from playwright.sync_api import Browser, Page, expect

from e2e.conftest import Complaints, Opener, new_context
from e2e.faulty_server import Fault, FaultyServer
from e2e.reading import show_head, status_texts, values, wait_drawn, wait_mounted
from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words

N = 9
PATTERNS = softmax_patterns((8, N, N))
CHUNKS = "data.zarr/sequence_0/attention"


def pattern_site(folder: Path, patterns: np.ndarray = PATTERNS) -> Path:
    figure = cv.attention.from_values(patterns, words(N), mode="large")
    assert figure is not None
    return figure.save_site(folder / "site")


@pytest.fixture
def start() -> Iterator[Callable[[Path], FaultyServer]]:
    """Starts servers, and closes them after the pages: their fixtures depend on this one."""
    servers: list[FaultyServer] = []

    def starter(folder: Path) -> FaultyServer:
        servers.append(FaultyServer(folder))
        return servers[-1]

    yield starter
    for server in servers:
        server.close()


@pytest.fixture
def page(start: object, browser: Browser) -> Iterator[Page]:
    """A page that may log what the server does wrong, but throws no exceptions and asks no other server."""
    complaints = Complaints()
    context = new_context(browser, viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    opened.on(
        "request", lambda request: complaints._request(request.url, lambda url: url.startswith("http://127.0.0.1"))
    )
    yield opened
    context.close()
    assert complaints == []


@pytest.mark.parametrize("name", ["small-batch-dropdown", "large-no-value", "lines-batch", "attribution-batch"])
def test_a_site_shows_what_the_same_figure_in_one_file_shows(
    name: str, browser: Browser, complaints: Complaints, open_page: Opener, tmp_path: Path
) -> None:
    figure = FIGURES[name]()
    alone = open_page(figure.data)
    with serve.server(figure.save_site(tmp_path / "site"), 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = new_context(browser, viewport={"width": 1200, "height": 900})
        page = context.new_page()
        complaints.watch(page, lambda url: url.startswith(server.address))
        page.goto(server.address)
        texts = [texts_of(alone, name), texts_of(page, name)]
        assert texts[0] == texts[1] and not any("…" in text for text in texts[0])
        context.close()
        server.shutdown()


def texts_of(page: Page, name: str) -> list[str]:
    """What can be read of another head, or of another query, than those that are shown at first."""
    wait_drawn(page)
    if name.startswith("lines"):
        page.get_by_test_id("lines").focus()
        page.keyboard.press("End")
        wait_drawn(page)
        return [page.get_by_test_id(testid).inner_text() for testid in ("status", "lines")]
    show_head(page, 1)
    return status_texts(page, "overview" if name.startswith("small") else "heatmap", 4, 4)


def test_first_pixels_need_the_page_and_its_script_and_each_head_one_file_more(
    start: Callable[[Path], FaultyServer], page: Page, tmp_path: Path
) -> None:
    figure = cv.attention.from_values(PATTERNS, words(N))
    assert figure is not None
    server = start(figure.save_site(tmp_path / "site"))
    page.goto(server.url)
    wait_drawn(page)
    assert len(server.asked) == 2
    show_head(page, 3)
    assert server.asked[2:] == [f"{CHUNKS}/c.3.0.0"]
    assert np.nanmax(np.abs(values(page, "overview", N, N) - PATTERNS[3])) < 1e-4


def assert_no_values(page: Page) -> None:
    assert all("…" in text or "masked" in text for text in status_texts(page, "heatmap", 2, 2))


@pytest.mark.parametrize("fault", [fault for fault in get_args(Fault) if fault != "late"])
def test_a_head_that_does_not_arrive_as_it_was_written_is_said_and_can_be_asked_for_again(
    fault: Fault, start: Callable[[Path], FaultyServer], page: Page, tmp_path: Path
) -> None:
    server = start(pattern_site(tmp_path))
    server.faults = {f"{CHUNKS}/c.5.0.0": fault}
    page.goto(server.url)
    wait_drawn(page)
    show_head(page, 5)
    expect(page.get_by_role("alert")).to_contain_text("Head 5 was not reached")
    assert_no_values(page)
    show_head(page, 2)  # the others are not concerned
    assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[2])) < 1e-4
    server.faults = {}
    show_head(page, 5)
    again = page.get_by_role("button", name="Try again")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[5])) < 1e-4


def test_while_a_head_is_late_its_preview_stands_and_the_page_says_so(
    start: Callable[[Path], FaultyServer], page: Page, tmp_path: Path
) -> None:
    server = start(pattern_site(tmp_path))
    server.faults = {f"{CHUNKS}/c.5.0.0": "late"}
    page.goto(server.url)
    wait_drawn(page)
    page.get_by_test_id("head").nth(5).click()
    expect(page.get_by_text("Head 5 has not arrived yet")).to_be_visible()
    wait_mounted(page, 1)  # the preview; a blank canvas would fail
    page.get_by_test_id("head").nth(1).click()  # one that is not late comes first
    page.get_by_test_id("heatmap").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("status")).not_to_contain_text("…")
    page.get_by_test_id("head").nth(5).click()
    server.answer()
    expect(page.get_by_text("has not arrived yet")).to_have_count(0)
    assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[5])) < 1e-4


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_to_files_numbers_are_right_or_the_page_says_why_not(
    seed: int, start: Callable[[Path], FaultyServer], page: Page, tmp_path: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311  # it must be repeatable, not secret
    faults: list[Fault] = [fault for fault in get_args(Fault) if fault != "late"]
    server = start(pattern_site(tmp_path))
    server.faults = {f"{CHUNKS}/c.{head}.0.0": chance.choice(faults) for head in chance.sample(range(8), 5)}
    page.goto(server.url)
    wait_drawn(page)
    for head in range(8):
        show_head(page, head)
        if f"{CHUNKS}/c.{head}.0.0" in server.faults:
            expect(page.get_by_role("alert")).to_contain_text(f"Head {head} was not reached")
            assert_no_values(page)
        else:
            assert np.nanmax(np.abs(values(page, "heatmap", N, N) - PATTERNS[head])) < 1e-4


def test_a_page_that_is_open_while_its_folder_is_written_anew_does_not_draw_the_new_numbers(
    start: Callable[[Path], FaultyServer], page: Page, tmp_path: Path
) -> None:
    server = start(pattern_site(tmp_path))
    page.goto(server.url)
    wait_drawn(page)
    pattern_site(tmp_path, softmax_patterns((8, N, N), seed=1))
    show_head(page, 4)
    expect(page.get_by_role("alert")).to_contain_text("another version of this figure; then load the page again")


def test_a_page_without_its_script_says_what_it_lacks(
    start: Callable[[Path], FaultyServer], browser: Browser, tmp_path: Path
) -> None:
    folder = pattern_site(tmp_path)
    server = start(folder)
    server.faults = {next(folder.glob("*.js")).name: "lost"}
    context = new_context(browser)
    bare = context.new_page()
    bare.goto(server.url)
    expect(bare.get_by_text("needs its script, the file circuitsvis-")).to_be_visible()
    context.close()


def test_a_page_that_is_opened_as_a_file_draws_its_previews_and_says_how_to_serve_it(
    browser: Browser, tmp_path: Path
) -> None:
    folder = pattern_site(tmp_path)
    context = new_context(browser)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    wait_drawn(page)
    show_head(page, 3)
    expect(page.get_by_role("alert")).to_contain_text(f'python -m circuitsvis serve "{folder}"')
    context.close()

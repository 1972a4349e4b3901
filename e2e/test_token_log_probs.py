"""token_log_probs in a browser: predictions read back, the keyboard, colorings, themes, widths, hostile input."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.idle import wait_idle
from e2e.pages import fixture_page, focused, text
from e2e.sample_page import backgrounds, ticks
from scripts.fixtures.log_prob_figures import predictions

IDS = [3, 7, 0, 11, 7, 2]
ROWS = predictions(IDS, 12, 9)


def name(token: int) -> str:
    return f" t{token}"


def figure(top_k: int = 5, **options: Any) -> cv.Figure:
    return cv.logits.token_log_probs(IDS, ROWS, name, top_k, **options)


def opened(open_page: Opener, shown: cv.Figure | str, **options: Any) -> Page:
    page = open_page(fixture_page(shown) if isinstance(shown, str) else shown.data, **options)
    page.get_by_test_id("next-token").wait_for()
    wait_idle(page)
    return page


def tokens(page: Page) -> Locator:
    return page.get_by_test_id("tokens").locator("[data-index]")


def color_by(page: Page, coloring: str) -> None:
    page.get_by_test_id("coloring").get_by_text(coloring, exact=True).click()
    expect(page.get_by_test_id("coloring").get_by_label(coloring, exact=True)).to_be_checked()


def guesses(table: Locator) -> list[tuple[int, int, float]]:
    """Id, rank and log probability in each row of a list of alternatives."""
    rows: list[list[str]] = table.locator("tr").evaluate_all(
        "rows => rows.map((row) => [row.dataset.id, row.cells[0].innerText.slice(1), row.cells[3].innerText])"
    )
    return [(int(token), int(rank), float(log_prob)) for token, rank, log_prob in rows]


def check(page: Page, row: np.ndarray[Any, Any], also: list[int]) -> None:
    """The tooltip shows the five likeliest tokens of a row, and those asked for."""
    order = np.argsort(-row, kind="stable")
    lists = page.locator(".tip table")
    for table, ids in ((lists.nth(0), order[:5]), (lists.nth(1), np.array(also))):
        found = guesses(table)
        assert [token for token, _, _ in found] == ids.tolist()
        assert [rank for _, rank, _ in found] == [1 + int((row > row[i]).sum()) for i in ids]
        np.testing.assert_allclose([log_prob for _, _, log_prob in found], row[ids], atol=6e-5)


def test_predictions_of_every_token_are_those_that_sorting_finds(open_page: Opener) -> None:
    page = opened(open_page, figure(also=[2, 9]))
    expect(tokens(page)).to_have_count(len(IDS) - 1)  # without the first, which nothing predicts
    for i, token in enumerate(IDS[1:]):
        tokens(page).nth(i).hover()
        check(page, ROWS[i], [2, 9])
        found = re.fullmatch(
            r"(\d+) ·t(\d+) after ·t(\d+): rank (\d+), probability ([\d.]+) %, log prob (\S+)", text(page, "status")
        )
        assert found is not None, text(page, "status")
        rank = 1 + int((ROWS[i] > ROWS[i, token]).sum())
        assert [int(number) for number in found.groups()[:4]] == [i + 1, token, IDS[i], rank]
        assert float(found[5]) == pytest.approx(100 * float(np.exp(ROWS[i, token])), abs=0.0051)
        assert float(found[6]) == pytest.approx(float(ROWS[i, token]), abs=6e-5)
    page.get_by_test_id("next-token").hover()
    check(page, ROWS[-1], [2, 9])


def test_the_summary_is_of_all_predicted_tokens(open_page: Opener) -> None:
    page = opened(open_page, figure())
    mean = float(np.mean([ROWS[i, token] for i, token in enumerate(IDS[1:])]))
    found = re.fullmatch(r"5 predicted tokens: mean log prob (\S+), perplexity (\S+)", text(page, "summary"))
    assert found is not None
    assert float(found[1]) == pytest.approx(mean, abs=6e-5)
    assert float(found[2]) == pytest.approx(np.exp(-mean), rel=1e-3)


def test_the_text_is_colored_by_log_prob_rank_or_probability(open_page: Opener) -> None:
    page = opened(open_page, figure(first_token=True, min_value=-4))
    seen = {}
    for coloring, ends in (("log prob", ["-4", "0"]), ("rank", ["1", "12"]), ("probability", ["0", "1"])):
        color_by(page, coloring)
        shown = ticks(page)
        assert [shown[0], shown[-1]] == ends
        seen[coloring] = backgrounds(page.get_by_test_id("tokens"))
    assert len(set(map(tuple, seen.values()))) == 3
    expect(page.get_by_test_id("legend")).to_contain_text("no value")
    first = [i for i, token in enumerate(IDS[1:], 1) if ROWS[i - 1].argmax() == token]
    assert first, "the model is right at least once"
    assert {seen["rank"][i] for i in first} == {"rgb(255, 255, 255)"}


def test_everything_is_reached_by_the_keyboard_alone(open_page: Opener) -> None:
    page = opened(open_page, figure())
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert seen == ["coloring", "export-button", "tokens 0", "next-token"]
    tokens(page).first.focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    assert text(page, "status").startswith("Pinned; Esc or click to release. 3 ·t11 after ·t0: ")
    page.keyboard.press("End")  # takes the pin along
    assert text(page, "status").startswith("Pinned; Esc or click to release. 5 ·t2 after ·t7: ")
    expect(page.locator(".tip")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("status")).to_have_text(re.compile("^The token after the text: most likely ·t"))
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("status")).to_have_text(re.compile("^Pinned; "))
    expect(page.get_by_test_id("next-token")).to_have_attribute("aria-pressed", "true")


def test_alternatives_that_do_not_fit_the_tooltip_are_listed_once_pinned(open_page: Opener) -> None:
    page = opened(open_page, "log-probs-impossible")
    tokens(page).nth(2).click()
    page.mouse.move(2, 2)
    expect(page.locator(".tip")).to_contain_text("and 18 more, listed below the text once this is pinned")
    rows = page.get_by_test_id("alternatives").locator("tr")
    expect(rows).to_have_count(30)
    assert page.locator(".tip table").first.locator("tr").count() == 12
    page.keyboard.press("Escape")
    expect(rows).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("fixture", ["log-probs-hostile", "log-probs-impossible"])
def test_texts_and_tooltips_stay_on_the_page(fixture: str, scheme: str, width: int, open_page: Opener) -> None:
    page = opened(open_page, fixture, width=width, color_scheme=scheme, height=1000)
    assert page.locator("section.figure b").count() == 0
    for index in [*range(0, tokens(page).count(), 4), None]:
        (page.get_by_test_id("next-token") if index is None else tokens(page).nth(index)).hover()
        box = page.locator(".tip .box").bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, index
        assert box["y"] + page.evaluate("scrollY") >= 0, index
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    tokens(page).nth(1).click()
    assert unreadable(page) == []

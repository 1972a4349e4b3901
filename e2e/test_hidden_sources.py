"""Hidden sources: which are sinks, how much they hold, and renormalized values, against loops in float64 in every view."""

from __future__ import annotations

import math
import re

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.export_menu import open_menu, rows_of, saved
from e2e.idle import wait_idle
from e2e.pages import fixture_page, leave, text
from e2e.reading import show_head, values, wait_drawn
from scripts.fixtures.attention_data import patterns, with_sinks
from tests.support.caches import words

N = 12
Array = npt.NDArray[np.float64]
PATTERNS = with_sinks(patterns(4, N, 8)).astype(np.float64)


def sinks(head: Array) -> list[int]:
    """As the docstring of `hide` says: A[q, k] over q > k, in the mean over at least 5 queries."""
    found = []
    for src in range(N):
        queries = range(src + 1, N)
        if len(queries) >= 5 and math.fsum(head[dest, src] for dest in queries) / len(queries) > 0.3:
            found.append(src)
    return found


def shown(head: Array, hidden: list[int]) -> Array:
    """The renormalized values; NaN for hidden and masked cells, and where nothing remains."""
    out = np.full((N, N), np.nan)
    for dest in range(N):
        kept = [src for src in range(dest + 1) if src not in hidden]
        rest = math.fsum(head[dest, src] for src in kept)
        for src in kept:
            out[dest, src] = head[dest, src] / rest if rest > 0 else math.nan
    return out


def tolerance(head: Array, hidden: list[int], values: Array) -> Array:
    """The error of rounding to 16 bits after the division, and half a unit of the last digit, which is at most 20 of it or 1e-4."""
    rest = np.array([math.fsum(row[src] for src in range(N) if src not in hidden) or 1.0 for row in head])
    step = 0.51 / 65534 * head.max()
    bound: Array = step * (1 + np.nan_to_num(values) * np.arange(1, N + 1)[:, None]) / rest[:, None]
    return 11 * bound + 6e-5


def share(head: Array, hidden: list[int]) -> float:
    """Percent of the attention of a head that is hidden."""
    return 100 * float(np.mean([math.fsum(row[src] for src in hidden) / math.fsum(row) for row in head]))


def test_the_heads_that_are_tested_have_none_one_and_two_sinks() -> None:
    assert {len(sinks(head)) for head in PATTERNS} == {0, 1, 2}


def hide(page: Page, name: str) -> None:
    page.get_by_test_id("hide").get_by_text(name, exact=True).click()
    leave(page)
    wait_idle(page)


def percent(note: str) -> float:
    match = re.search(r"holds? ([\d.]+) % of", note)
    assert match is not None, note
    return float(match.group(1))


def opened(open_page: Opener, mode: str, **options: object) -> Page:
    figure = cv.attention.from_values(PATTERNS, words(N), mode=mode, **options)  # type: ignore[call-overload]
    page = open_page(figure.data)
    wait_drawn(page)
    return page


@pytest.mark.parametrize("mode", ["small", "large"])
def test_sinks_are_those_of_each_head_and_values_without_them_sum_to_one(mode: str, open_page: Opener) -> None:
    page = opened(open_page, mode)
    testid = "overview" if mode == "small" else "heatmap"
    for index, head in enumerate(PATTERNS):
        show_head(page, index)
        hide(page, "Sinks")
        note = text(page, "hidden-note")
        found = sinks(head)
        if not found:
            assert note.startswith("Nothing is hidden: no source is a sink here.")
        else:
            assert [int(number) for number in re.findall(r"(?:Hidden: |, )(\d+) ", note.split(", which")[0])] == found
            assert abs(percent(note) - share(head, found)) < 0.06
            assert "Values are unchanged, and not renormalized." in note
        page.get_by_test_id("renormalize").check()
        leave(page)
        wanted = shown(head, found)
        read = values(page, testid, N, N)
        np.testing.assert_array_equal(np.isnan(read), np.isnan(wanted))
        assert (np.nan_to_num(np.abs(read - wanted)) <= tolerance(head, found, wanted)).all()
        assert "renormalized: the rest of each query's attention sums to 1" in text(page, "hidden-note") or not found
        expect(page.get_by_test_id("legend").first).to_contain_text("renormalized")
        page.get_by_test_id("renormalize").uncheck()
        hide(page, "Nothing")


def test_all_heads_together_leave_out_the_sinks_of_each(open_page: Opener) -> None:
    page = opened(open_page, "small", hide="sinks", renormalize=True)
    note = text(page, "hidden-note")
    with_some = [head for head in PATTERNS if sinks(head)]
    assert f"the sinks of {len(with_some)} of {len(PATTERNS)} heads" in note
    assert abs(percent(note) - np.mean([share(head, sinks(head)) for head in PATTERNS])) < 0.06
    wanted = np.stack([shown(head, sinks(head)) for head in PATTERNS])
    strongest = np.where(np.isnan(wanted).all(0), np.nan, np.nanmax(np.nan_to_num(wanted, nan=-1.0), axis=0))
    read = values(page, "overview", N, N)
    np.testing.assert_array_equal(np.isnan(read), np.isnan(strongest))
    bounds = [tolerance(head, sinks(head), strongest) for head in PATTERNS]
    assert (np.nan_to_num(np.abs(read - strongest)) <= np.max(bounds, axis=0)).all()


@pytest.mark.parametrize("name", ["First token", "Sinks"])
@pytest.mark.parametrize("mode", ["large", "lines"])
def test_csv_names_renormalized_values_and_holds_those_of_a_loop(mode: str, name: str, open_page: Opener) -> None:
    """To the error that rounding to 16 bits leaves after the division."""
    page = opened(open_page, mode, focus={"head": 2})
    hide(page, name)
    page.get_by_test_id("renormalize").check()
    wait_idle(page)
    open_menu(page)
    rows = rows_of(saved(page, "export-csv").decode("utf-8"))
    assert "attention" not in rows[0]
    found = np.full((N, N), np.nan)
    for row in rows:
        found[int(row["dest"]), int(row["src"])] = float(row["attention_renormalized"] or "nan")
    wanted = shown(PATTERNS[2], [0] if name == "First token" else sinks(PATTERNS[2]))
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    hidden = [0] if name == "First token" else sinks(PATTERNS[2])
    assert (np.nan_to_num(np.abs(found - wanted)) <= tolerance(PATTERNS[2], hidden, wanted)).all()


def test_lines_say_what_is_hidden_and_show_the_probability_beside_the_renormalized_value(open_page: Opener) -> None:
    page = opened(open_page, "lines", focus={"head": 2, "dest": 7})
    hide(page, "Sinks")
    page.get_by_test_id("renormalize").check()
    area = page.get_by_test_id("lines")
    found, wanted = sinks(PATTERNS[2]), shown(PATTERNS[2], sinks(PATTERNS[2]))
    bounds = tolerance(PATTERNS[2], found, wanted)
    area.focus()
    for src in range(8):
        area.press("Home" if src == 0 else "ArrowDown")
        status = text(page, "status")
        probability = re.search(r"probability = ([\d.e-]+)", status)
        assert probability is not None and abs(float(probability.group(1)) - PATTERNS[2, 7, src]) < 6e-5
        if src in found:
            assert "renormalized = hidden, and not counted" in status
        else:
            value = re.search(r"renormalized = ([\d.e-]+)", status)
            assert value is not None and abs(float(value.group(1)) - wanted[7, src]) < bounds[7, src]


def test_weighted_attention_is_weighted_after_it_is_renormalized(open_page: Opener) -> None:
    page = open_page(fixture_page("large-12-heads"))
    wait_drawn(page)
    show_head(page, 4)
    page.get_by_test_id("attention-type").get_by_text("Value-weighted").click()
    before = values(page, "heatmap", 17, 17)
    hide(page, "First token")
    page.get_by_test_id("renormalize").check()
    after = values(page, "heatmap", 17, 17)
    page.get_by_test_id("attention-type").get_by_text("Standard").click()
    page.get_by_test_id("renormalize").uncheck()
    pattern = values(page, "heatmap", 17, 17)
    rest = np.array([math.fsum(row[1 : dest + 1]) for dest, row in enumerate(pattern)])
    for dest in range(1, 17):
        for src in range(1, dest + 1):
            assert abs(after[dest, src] - before[dest, src] / rest[dest]) < 2e-3 / rest[dest]
    assert np.isnan(after[:, 0]).all()


def test_renormalize_is_offered_for_probabilities_alone(open_page: Opener) -> None:
    page = open_page(fixture_page("large-signed"))
    wait_drawn(page)
    hide(page, "Sinks")
    expect(page.get_by_test_id("hidden-note")).to_be_visible()
    expect(page.get_by_test_id("renormalize")).to_have_count(0)

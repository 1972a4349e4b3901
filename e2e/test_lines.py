"""mode="lines": what the page says of a query, a source, a dimension, against float64; hover, pin, order, keys, touch."""

from __future__ import annotations

import math
import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.pages import fixture_page, text
from e2e.reading import wait_drawn
from tests.support import reference
from tests.support.caches import model, words

N, HEADS, KV, D_HEAD, LAYERS = 9, 4, 2, 8, 2
ROW, HEAD_ROW = 22, 36
DIGITS = 4
"""Decimals that the page writes of a step of the computation."""

Cache = dict[str, np.ndarray[Any, Any]]


def computed_cache(batch: int | None = None, *, bias: float = 0.0) -> Cache:
    """q, k, v, scores and patterns that follow from each other; grouped keys; a bias by distance where asked for."""
    rng = np.random.default_rng(5)
    lead = () if batch is None else (batch,)
    found: Cache = {}
    for layer in range(LAYERS):
        q = rng.normal(size=(*lead, N, HEADS, D_HEAD))
        k, v = rng.normal(size=(2, *lead, N, KV, D_HEAD))
        wide = np.repeat(k, HEADS // KV, axis=-2)
        distance = np.arange(N)[:, None] - np.arange(N)
        scores = np.einsum("...qhe,...khe->...hqk", q, wide) / math.sqrt(D_HEAD) - bias * np.maximum(distance, 0)
        scores = np.where(distance >= 0, scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        hooks = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": weights / weights.sum(-1, keepdims=True)}
        for name, values in hooks.items():
            found[f"blocks.{layer}.attn.hook_{name}"] = values.astype(np.float32)
    return found


def opened(open_page: Opener, cache: Cache, tokens: Any = None, **options: Any) -> Page:
    size: dict[str, int] = {name: options.pop(name) for name in ("width", "height") if name in options}
    browser = options.pop("browser", {})
    figure = cv.attention.from_cache(cache, tokens or words(N), mode="lines", model=model(), **options)
    page = open_page(figure.data, **size, **browser)
    wait_drawn(page)
    return page


def area(page: Page) -> Locator:
    return page.get_by_test_id("lines")


def status(page: Page) -> str:
    return text(page, "status")


def hover_query(page: Page, query: int) -> None:
    box = area(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + HEAD_ROW + (query + 0.5) * ROW)


def pin_query(page: Page, query: int) -> None:
    hover_query(page, query)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_test_id("status")).to_contain_text(f"Pinned; Esc to release. Query {query} ")


def column(page: Page, name: str) -> tuple[float, float]:
    """Left edge and width of a column on the page, by its head's class."""
    box = area(page).locator(f".head.{name}").bounding_box()
    assert box is not None
    return box["x"], box["width"]


def numbers(words: str) -> dict[str, float]:
    """The steps that the status line names, and their numbers."""
    steps = re.findall(r"(?:^|[:,;]) ([^:,;=]+) = (-?[\d.]+)", words)
    return {name.strip(): float(value) for name, value in steps}


def walk(page: Page, query: int) -> dict[int, dict[str, float]]:
    """By the keyboard alone: pins the query and visits each of its sources."""
    area(page).focus()
    page.keyboard.press("Escape")
    for _ in range(query + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    found = {}
    for _ in range(N):
        page.keyboard.press("ArrowDown")
        said = status(page)
        source = re.search(r"source (\d+) ", said)
        assert source is not None, said
        found[int(source.group(1))] = numbers(said)
    return found


def norms(cache: Cache, layer: int, head: int, kind: str, *index: int) -> reference.Float64:
    """Relative norms of the sources by loops."""
    v = cache[f"blocks.{layer}.attn.hook_v"][index][:, head // (HEADS // KV)].astype(np.float64)
    ones = np.ones((1, len(v)))
    if kind == "value-weighted":
        return reference.value_weighted(ones, v)[0]
    return reference.info_weighted(ones, v, model().blocks[layer].attn.W_O[head].astype(np.float64))[0]


def check(
    cache: Cache,
    found: dict[int, dict[str, float]],
    layer: int,
    head: int,
    query: int,
    *index: int,
    kind: str,
    bias: float = 0.0,
) -> None:
    """Every number of one query against float64 loops."""
    prefix = f"blocks.{layer}.attn.hook_"
    q = cache[prefix + "q"][index][query, head].astype(np.float64)
    k = cache[prefix + "k"][index][:, head // (HEADS // KV)].astype(np.float64)
    weight = norms(cache, layer, head, kind, *index)
    half = 0.5 * 10.0**-DIGITS
    assert sorted(found) == list(range(N))
    for source in range(N):
        if source > query:
            assert found[source] == {}, "a masked source has numbers"
            continue
        product = sum(float(q[i]) * float(k[source, i]) for i in range(D_HEAD))
        score = product / math.sqrt(D_HEAD) - bias * (query - source)
        probability = float(cache[prefix + "pattern"][index][head, query, source])
        want = {"q·k": product, "÷ √8": product / math.sqrt(D_HEAD), "probability": probability}
        want[kind] = probability * weight[source]
        if bias:
            want |= {"position bias": -bias * (query - source), "score": score}
        assert set(found[source]) == set(want)
        for name, value in want.items():
            assert abs(found[source][name] - value) <= half + 2e-5, (source, name)


@pytest.mark.parametrize("kind", ["value-weighted", "info-weighted"])
@pytest.mark.parametrize("bias", [0.0, 0.25])
def test_every_step_of_a_query_is_the_models_own_number(bias: float, kind: str, open_page: Opener) -> None:
    cache = computed_cache(bias=bias)
    page = opened(open_page, cache, attention_type=kind, heads=[(1, 3), (0, 2)])
    check(cache, walk(page, 6), 1, 3, 6, kind=kind, bias=bias)
    page.get_by_test_id("head-select").select_option(label="0.2")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.2")
    check(cache, walk(page, 8), 0, 2, 8, kind=kind, bias=bias)


def test_layer_and_head_selectors_and_sequences_change_the_numbers_and_keep_the_query(open_page: Opener) -> None:
    cache = computed_cache(batch=2)
    page = opened(open_page, cache, [words(N), words(N)], attention_type="info-weighted", radioitems=True)
    page.get_by_test_id("layer-select").select_option(label="1")
    page.get_by_test_id("head-select").select_option(label="1.1")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 1.1")
    check(cache, walk(page, 7), 1, 1, 7, 0, kind="info-weighted")
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(1).check()
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc to release. Query 7")
    check(cache, walk(page, 7), 1, 1, 7, 1, kind="info-weighted")
    page.get_by_test_id("layer-select").select_option(label="0")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.1")


def test_a_cell_of_q_k_and_their_product_says_its_dimension_and_value(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=1)
    pin_query(page, 5)
    q = cache["blocks.1.attn.hook_q"][5, 0]
    k = cache["blocks.1.attn.hook_k"][3, 0]
    top = area(page).bounding_box()
    assert top is not None
    for name, row in (("q", 5), ("k", 3), ("product", 3)):
        left, width = column(page, name)
        for dim in (0, 5, D_HEAD - 1):
            page.mouse.move(left + (dim + 0.5) * width / D_HEAD, top["y"] + HEAD_ROW + (row + 0.5) * ROW)
            tip = area(page).locator("xpath=..").locator(".box")
            said = dict(zip(tip.locator("dt").all_inner_texts(), tip.locator("dd").all_inner_texts(), strict=True))
            assert said["Dimension"] == str(dim)
            want = {"q": q[dim], "k": k[dim], "q × k": q[dim] * k[dim]}
            shown = {"q": ["q"], "k": ["q", "k", "q × k"], "product": ["q", "k", "q × k"]}[name]
            assert [key for key in said if key in want] == shown
            for key in shown:
                assert abs(float(said[key]) - float(want[key])) < 1.1e-3


def test_hovering_previews_a_click_pins_and_escape_releases(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    assert status(page).startswith("Hover a query token")
    hover_query(page, 4)
    assert status(page).startswith("Query 4 ")
    hover_query(page, 6)
    assert status(page).startswith("Query 6 ")
    pin_query(page, 6)
    hover_query(page, 2)
    assert "Query 6 " in status(page)
    page.keyboard.press("Escape")
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("status")).to_contain_text("Hover a query token")
    pin_query(page, 3)
    hover_query(page, 3)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("status")).to_contain_text("Hover a query token")


def test_sources_can_be_ordered_by_probability_and_by_score(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=0)
    area(page).focus()
    for name in ("Probability", "Score"):
        page.keyboard.press("s")
        expect(page.get_by_test_id("order").get_by_label(name)).to_be_checked()
        order = list(walk(page, 8))
        probability = cache["blocks.0.attn.hook_pattern"][0, 8]
        assert order == sorted(range(N), key=lambda source: -probability[source])
    page.keyboard.press("s")
    assert list(walk(page, 8)) == list(range(N))


def test_the_lines_alone_can_be_shown_by_button_and_by_key(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    button = page.get_by_test_id("expand")
    expect(area(page).locator(".head.product")).to_be_visible()
    button.click()
    expect(area(page).locator(".head.product")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    hover_query(page, 4)
    assert status(page).startswith("Query 4 ")
    area(page).press("e")
    expect(area(page).locator(".head.product")).to_be_visible()


def test_arrows_go_through_dimensions_and_the_product_is_said(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=0)
    walk(page, 8)
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    said = re.search(r"dimension 1: q (\S+) × k (\S+) = (\S+)$", status(page))
    assert said is not None, status(page)
    q, k = cache["blocks.0.attn.hook_q"][8, 0, 1], cache["blocks.0.attn.hook_k"][0, 0, 1]
    for got, want in zip(said.groups(), (q, k, q * k), strict=True):
        assert abs(float(got) - float(want)) < 1.1e-3


def test_a_tap_pins_a_query_and_a_tap_on_a_source_says_its_numbers(open_page: Opener) -> None:
    page = opened(open_page, computed_cache(), browser={"has_touch": True, "is_mobile": True}, width=600)
    box = area(page).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 30, box["y"] + HEAD_ROW + 4.5 * ROW)
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc to release. Query 4 ")
    left, width = column(page, "src")
    page.touchscreen.tap(left + width / 2, box["y"] + HEAD_ROW + 2.5 * ROW)
    expect(page.get_by_test_id("status")).to_contain_text("source 2 ")
    page.touchscreen.tap(box["x"] + 30, box["y"] + HEAD_ROW + 4.5 * ROW)
    expect(page.get_by_test_id("status")).not_to_contain_text("Pinned")


@pytest.mark.parametrize(
    ("display_mode", "scheme", "theme"),
    [("dark", "light", "dark"), ("light", "dark", "light"), ("auto", "dark", "dark"), ("auto", "light", "light")],
)
def test_the_panel_is_dark_or_light_as_asked_or_as_the_host(
    display_mode: str, scheme: str, theme: str, open_page: Opener
) -> None:
    page = opened(open_page, computed_cache(), display_mode=display_mode, browser={"color_scheme": scheme})
    figure = page.locator("section.figure")
    classes = (figure.get_attribute("class") or "").split()
    assert theme in classes
    painted = figure.evaluate("element => getComputedStyle(element).backgroundColor")
    assert (painted == "rgba(0, 0, 0, 0)") == (display_mode == "auto")


def test_nothing_moves_when_a_query_is_hovered_or_pinned(open_page: Opener) -> None:
    page = opened(open_page, computed_cache(), attention_type="info-weighted")
    places = """() => [...document.querySelector("[data-circuitsvis]").firstElementChild.shadowRoot.querySelectorAll("*")]
      .filter((e) => !e.closest(".tip, .empty, style")).map((e) => [e.className?.toString(), e.getBoundingClientRect().toJSON()])"""
    before = page.evaluate(places)
    hover_query(page, 5)
    assert page.evaluate(places) == before
    page.mouse.down()
    page.mouse.up()
    left, width = column(page, "src")
    box = area(page).bounding_box()
    assert box is not None
    page.mouse.move(left + width / 2, box["y"] + HEAD_ROW + 3.5 * ROW)
    assert page.evaluate(places) == before


def test_of_a_long_sequence_only_the_rows_in_sight_move_and_the_strongest_sources_come_into_sight(
    open_page: Opener,
) -> None:
    page = open_page(fixture_page("lines-500-tokens"))
    wait_drawn(page)
    area(page).focus()
    for _ in range(30):
        page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    top = area(page).evaluate("element => element.scrollTop")
    assert top > 250 * ROW
    expect(area(page).locator(".head.q")).to_be_in_viewport()
    page.keyboard.press("s")
    expect(page.get_by_test_id("order").get_by_label("Probability")).to_be_checked()
    page.wait_for_function("element => element.scrollTop === 0", arg=area(page).element_handle())
    page.keyboard.press("ArrowDown")
    first = re.search(r"source (\d+) .*probability = ([\d.]+)", status(page))
    said = status(page)
    page.keyboard.press("ArrowDown")
    second = re.search(r"probability = ([\d.]+)", status(page))
    assert first is not None and second is not None, said
    assert float(first.group(2)) >= float(second.group(1)) > 0

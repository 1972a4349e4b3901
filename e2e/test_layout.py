"""Nothing jumps: what is pointed at, chosen or decoded later changes pictures and words, never places. Narrow pages fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import cell_centre, fixture_page, leave, settled, text
from e2e.reading import wait_drawn

Boxes = dict[str, list[float]]

SMALL, LARGE = "small-batch-dropdown", "large-batch-radio"

# The page's own height is a part too: what stands below a figure must not move either.
_BOXES = """figure => {
  const boxes = { page: [0, 0, 0, document.documentElement.scrollHeight] };
  const parts = "h2, .help, .controls, .layer, .axes, .legend, .legend .bar, .axis, .scroll, .panel, canvas, label, " +
    "button[data-index], button[data-index] bdi, .strip > *, [data-testid], h3, .title";
  for (const part of figure.querySelectorAll(parts)) {
    const { left, top, width, height } = part.getBoundingClientRect();
    const own = part.dataset.testid ?? part.className.replace(/ ?(svelte-\\w+|pinned|shown|chosen|on|smooth)/g, "");
    let name = `${part.tagName} ${own}`;
    while (name in boxes) name += "'";
    boxes[name] = [left, top + scrollY, width, height].map((n) => Math.round(n * 4) / 4);
  }
  return boxes;
}"""

# Holds back all decoding until the page's own `release()` is called.
_HOLD = """(() => {
  const gate = new Promise((resolve) => (globalThis.release = resolve));
  const { prototype } = ReadableStreamDefaultReader;
  const { read } = prototype;
  prototype.read = async function () {
    const root = document.querySelector("[data-circuitsvis] > div")?.shadowRoot;
    if (root?.querySelector("canvas")) await gate; // before that it is what the first picture is made of
    return read.call(this);
  };
})()"""

_TWO_FRAMES = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def boxes(page: Page) -> Boxes:
    found: Boxes = page.locator("section.figure").evaluate(_BOXES)
    assert len(found) > 20
    return found


def moved(before: Boxes, after: Boxes) -> dict[str, Any]:
    return {
        name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)
    }


def long_names(mode: str, length: int = 9) -> str:
    """Names and tokens that do not fit where the usual ones do."""
    attention = np.tril(np.random.default_rng(0).random((1, 14, length, length)))
    attention[0, 3, 4, 2] = np.nan
    tokens = [[f" antidisestablishmentarianism{i}" for i in range(length)]]
    names = [f"mover {i} of names" for i in range(14)]
    figure = cv.attention.from_values(attention, tokens, head_names=names, mode=mode)  # type: ignore[call-overload]
    assert figure is not None
    return figure.data


PAGES: dict[str, Callable[[], str]] = {
    SMALL: lambda: fixture_page(SMALL),
    LARGE: lambda: fixture_page(LARGE),
    "small-144-heads": lambda: fixture_page("small-144-heads"),
    "large-no-value": lambda: fixture_page("large-no-value"),
    "large-rectangular": lambda: fixture_page("large-rectangular"),
    "small-signed": lambda: fixture_page("small-signed"),
    "small-long-names": lambda: long_names("small"),
    "large-long-names": lambda: long_names("large"),
}


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_hovering_and_pinning_move_nothing(name: str, width: int, open_page: Opener) -> None:
    page = open_page(PAGES[name](), width=width, height=1600)
    wait_drawn(page)
    testid = "overview" if name.startswith("small") else "heatmap"
    settled(page, testid)
    before = boxes(page)
    heads, area, tokens = page.get_by_test_id("head"), page.get_by_test_id(testid), page.get_by_test_id("token-strip")
    # Dispatched, not pointed: Playwright would scroll to what lies below, and stop where something moves.
    steps = [
        *((heads.nth(i), "pointerover") for i in (0, heads.count() - 1)),
        (heads.nth(1), "click"),
        (area, "pointermove"),
        (area, "click"),
        *((tokens.get_by_role("button").nth(i), "pointerover") for i in (1, 7)),
        (tokens.get_by_role("button").nth(4), "click"),
    ]
    for target, event in steps:
        place = target.evaluate(
            "e => { const b = e.getBoundingClientRect(); return [b.left + 40, b.top + b.height * 0.7]; }"
        )
        where = {"bubbles": True, "clientX": place[0], "clientY": place[1], "pointerType": "mouse"}
        target.dispatch_event(event, where)
        page.evaluate(_TWO_FRAMES)
        assert moved(before, boxes(page)) == {}, event
    settled(page, testid)
    assert moved(before, boxes(page)) == {}, "decoded later"
    assert "pinned" in text(page, "head-status") and "Pinned" in text(page, "status")


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_a_sequence_of_equal_length_moves_nothing_but_the_tokens_that_differ(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), height=1600)
    wait_drawn(page)
    page.get_by_test_id("head").nth(1).click()
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tokens.nth(3).click()
    leave(page)

    def of_parts() -> Boxes:
        # Tokens have the width of their words.
        return {part: box for part, box in boxes(page).items() if not part.startswith(("BUTTON ", "BDI"))}

    before = of_parts()
    if name == LARGE:
        page.get_by_role("radio").nth(1).dispatch_event("click")
    else:
        page.get_by_role("combobox").press("ArrowDown")
    expect(tokens.nth(15)).to_contain_text("John")
    settled(page, "overview" if name == SMALL else "heatmap")
    assert moved(before, of_parts()) == {}


@pytest.mark.parametrize("name", [*PAGES, "large-500-tokens", "small-500-tokens"])
def test_data_that_is_decoded_later_moves_nothing(name: str, open_page: Opener) -> None:
    page = open_page("<!doctype html>", height=1600)
    page.evaluate(_HOLD)
    page.set_content((PAGES.get(name) or (lambda: fixture_page(name)))())
    page.get_by_test_id("token-strip").wait_for()
    for _ in range(10):  # many tokens come in parts
        page.evaluate(_TWO_FRAMES)
    before = boxes(page)
    page.evaluate("release()")
    wait_drawn(page)
    settled(page, "overview" if name.startswith("small") else "heatmap")
    assert moved(before, boxes(page)) == {}


@pytest.mark.parametrize("name", [*PAGES, "small-hostile", "large-hostile", "large-500-tokens", "large-144-heads"])
def test_a_page_of_600_pixels_does_not_scroll_sideways(name: str, open_page: Opener) -> None:
    page = open_page((PAGES.get(name) or (lambda: fixture_page(name)))(), width=600)
    wait_drawn(page)
    fits = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    assert page.evaluate(fits)
    testid = "overview" if name.startswith("small") else "heatmap"
    for x, y in [(0.98, 0.98), (0.5, 0.99), (0.01, 0.3)]:
        box = page.get_by_test_id(testid).bounding_box()
        assert box is not None
        page.get_by_test_id(testid).hover(position={"x": x * min(box["width"], 560), "y": y * box["height"]})
        expect(page.locator(".tip")).to_have_count(1)
        assert page.evaluate(fits), "the tooltip makes the page wider"
    if page.get_by_role("combobox").count():
        page.get_by_role("combobox").click()
        assert page.evaluate(fits)


_OVERLAPS = """figure => {
  const box = (e) => e.getBoundingClientRect();
  const picture = box(figure.querySelector(".left"));
  return [...figure.querySelectorAll("[data-testid=head]")].filter((head) => {
    const { left, right, top, bottom } = box(head);
    return left < picture.right && right > picture.left && top < picture.bottom && bottom > picture.top;
  }).length;
}"""


@pytest.mark.parametrize(("width", "stays"), [(600, False), (1200, True)])
def test_the_overview_stays_beside_the_thumbnails_and_never_lies_on_them(
    width: int, stays: bool, open_page: Opener
) -> None:
    page = open_page(fixture_page("small-144-heads"), width=width, height=700)
    wait_drawn(page)
    page.mouse.move(width - 20, 300)
    page.mouse.wheel(0, 300)
    page.wait_for_function("scrollY > 250")
    box = page.get_by_test_id("overview").bounding_box()
    assert box is not None and (box["y"] > 0) == stays
    assert page.locator("section.figure").evaluate(_OVERLAPS) == 0


@pytest.mark.parametrize("name", ["small-hostile", "large-hostile"])
def test_a_tooltip_is_whole_wherever_the_cell_is(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), width=600)
    wait_drawn(page)
    area = page.get_by_test_id("overview" if name == "small-hostile" else "heatmap")
    for dest, src in [(8, 0), (8, 13), (8, 14), (21, 12), (21, 21), (24, 24)]:
        area.hover(position=cell_centre(area, dest, src, 25, 25))
        tip, picture = page.locator(".tip .box").bounding_box(), area.bounding_box()
        assert tip is not None and picture is not None
        assert tip["x"] >= picture["x"] - 1 and tip["x"] + tip["width"] <= picture["x"] + picture["width"] + 1


def test_the_cell_below_the_crosshair_keeps_its_colour(open_page: Opener) -> None:
    page = open_page(fixture_page("large-12-heads"))
    wait_drawn(page)
    settled(page, "heatmap")
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    at, box = cell_centre(area, 5, 2, 17, 17), area.bounding_box()
    assert box is not None

    def look() -> bytes:
        return page.screenshot(clip={"x": box["x"] + at["x"] - 4, "y": box["y"] + at["y"] - 4, "width": 8, "height": 8})

    before = look()
    area.hover(position=at)
    expect(page.locator(".tip")).to_have_count(1)
    assert look() == before


def test_a_long_token_keeps_its_position_in_sight(open_page: Opener) -> None:
    page = open_page(fixture_page("large-hostile"))
    wait_drawn(page)
    chip = page.get_by_test_id("token-strip").get_by_role("button").nth(21)
    outer, index = chip.bounding_box(), chip.locator("sub").bounding_box()
    assert outer is not None and index is not None and index["width"] > 0
    assert index["x"] + index["width"] <= outer["x"] + outer["width"]


def test_the_first_label_of_many_is_whole(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"))
    wait_drawn(page)
    label, place = page.locator(".rows span").first.bounding_box(), page.locator(".scroll").bounding_box()
    assert label is not None and place is not None
    assert label["y"] >= place["y"]


def test_the_last_label_of_the_columns_is_whole(open_page: Opener) -> None:
    page = open_page(long_names("large", 99), width=600)
    wait_drawn(page)
    place = page.locator(".scroll").bounding_box()
    assert place is not None
    for label in page.locator(".cols .labels > span").all()[-3:]:
        box = label.bounding_box()
        assert box is not None and box["x"] + box["width"] <= place["x"] + place["width"]


def test_the_token_below_the_crosshair_is_labelled_and_no_other_label_touches_it(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"))
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    before = [page.locator(f".{side} .labels > span").count() for side in ("rows", "cols")]
    for dest, src in [(3, 1), (250, 240), (499, 0)]:
        area.hover(position=cell_centre(area, dest, src, 500, 500))
        for side, index, lean in (("rows", dest, 1.0), ("cols", src, 0.75**0.5)):
            page.locator(f".{side} .focus i").get_by_text(str(index), exact=True).wait_for()
            # Along the side, which leaning labels follow by their own offset.
            places = page.locator(f".{side} .labels > span:visible").evaluate_all(
                "spans => spans.map(span => [span.className.includes('focus'), parseFloat(span.style.top)])"
            )
            (at,) = (top for focused, top in places if focused)
            assert len(places) > 20
            assert min(abs(top - at) for focused, top in places if not focused) >= 14 * lean, (side, index)
    leave(page)
    assert [page.locator(f".{side} .labels > span:visible").count() for side in ("rows", "cols")] == before


def test_in_a_zoomed_heatmap_the_keyboard_keeps_its_cell_in_sight_and_labels_do_not_meet(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=800)
    wait_drawn(page)
    for _ in range(4):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    page.get_by_test_id("heatmap").focus()
    for key in ("ArrowDown", "End", "PageDown", "Home"):
        page.keyboard.press(key)
        page.evaluate(_TWO_FRAMES)
        seen = page.locator(".area .cell").evaluate(
            "cell => { const { x, y, width, height } = cell.getBoundingClientRect();"
            "const root = cell.getRootNode(), found = root.elementFromPoint(x + width / 2, y + height / 2);"
            "return found?.closest('.area') !== null; }"
        )
        assert seen, key
        tip, place = page.locator(".tip .box").bounding_box(), page.locator(".scroll").bounding_box()
        assert tip is not None and place is not None
        assert place["y"] <= tip["y"] and tip["y"] + tip["height"] <= place["y"] + place["height"], key
    corner = page.locator(".corner")
    assert corner.evaluate(
        "e => { const b = e.getBoundingClientRect();"
        "return e.getRootNode().elementFromPoint(b.right - 20, b.top + 10) === e; }"
    )


def test_the_tooltip_of_a_pinned_cell_stays_in_sight_as_the_heatmap_grows(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=1300)
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    area.click(position=cell_centre(area, 140, 100, 500, 500))
    for _ in range(2):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    tip, cell = page.locator(".tip .box").bounding_box(), page.locator(".area .cell").bounding_box()
    place = page.locator(".scroll").bounding_box()
    assert tip is not None and cell is not None and place is not None
    middle = (max(place["y"], 0) + min(place["y"] + place["height"], 900)) / 2
    assert cell["y"] > middle and tip["y"] < cell["y"]


def test_one_head_has_no_thumbnail_and_a_gap_is_in_the_legend(open_page: Opener) -> None:
    values = np.tril(np.random.default_rng(0).random((1, 6, 6)))
    values[0, 3, 1] = np.nan
    figure = cv.attention.from_values(values, [f" t{i}" for i in range(6)])
    assert figure is not None
    page = open_page(figure.data)
    wait_drawn(page)
    expect(page.get_by_test_id("head")).to_have_count(0)
    assert text(page, "head-status") == "Head 0"
    expect(page.get_by_test_id("legend")).to_contain_text("no value")


def test_a_page_from_right_to_left_does_not_mirror_the_matrix(open_page: Opener) -> None:
    page = open_page(fixture_page(LARGE).replace("<html", '<html dir="rtl"', 1), width=800)
    wait_drawn(page)
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    lefts = [
        part.evaluate("e => e.getBoundingClientRect().left")
        for part in (
            page.locator(".rows span").first,
            page.get_by_test_id("heatmap"),
            page.locator(".cols span").nth(1),
            page.locator(".cols span").nth(2),
        )
    ]
    assert lefts == sorted(lefts)
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    first, second = tokens.nth(0).bounding_box(), tokens.nth(1).bounding_box()
    assert first is not None and second is not None and first["x"] < second["x"]


def test_the_heatmap_of_a_whole_model_begins_on_the_first_screen(open_page: Opener) -> None:
    page = open_page(fixture_page("large-144-heads"), height=900)
    wait_drawn(page)
    box = page.get_by_test_id("heatmap").bounding_box()
    assert box is not None and box["y"] < 650

"""Attribution: the numbers of cells, components and the logit against float64 loops and the model; hover, pin and keys."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.pages import fixture_page, text
from e2e.reading import Array, values, wait_drawn
from tests.support import attributions, model_families, models
from tests.support.attributions import words

N = 7
PAIR = (3, 5)
HALF = 0.5e-4
"""Half a unit of the last of the four decimals on the page."""


@pytest.fixture(scope="module")
def gpt2() -> Any:
    """Model, cache of two sequences, its logit differences [batch, position]."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            model = model_families.bridge("gpt2", folded=False)
            _, cache = model.run_with_cache(models.ids(2, N))
            logits = attributions.logits(model, models.ids(2, N))
            return model, cache, logits[..., PAIR[0]] - logits[..., PAIR[1]]


@pytest.fixture(autouse=True)
def _no_grad() -> Iterator[None]:
    with torch.no_grad():
        yield


def opened(open_page: Opener, gpt2: Any, *, width: int = 1200, **options: Any) -> Page:
    model, cache, _ = gpt2
    figure = cv.attribution.from_cache(cache, model, words(N, 2), PAIR, **options)
    page = open_page(figure.data, width=width)
    wait_drawn(page)
    expect(bars(page).first).to_be_visible()
    return page


def bars(page: Page) -> Locator:
    return page.get_by_test_id("components").get_by_role("button")


def by_loops(gpt2: Any, layer: int, head: int, sequence: int) -> Array:
    model, cache, _ = gpt2
    direction = (model.W_U[:, PAIR[0]] - model.W_U[:, PAIR[1]]).double().numpy()
    return attributions.by_loops(
        cache["pattern", layer][sequence, head].double().numpy(),
        cache["v", layer][sequence, :, head].double().numpy(),
        model.blocks[layer].attn.W_O[head].double().numpy(),
        direction,
        model.ln_final.w.double().numpy(),
        cache["scale"][sequence, :, 0].double().numpy(),
        centre=True,
    )


def pin(page: Page, name: str) -> None:
    page.get_by_test_id("components").get_by_role("button", name=re.compile(f"^{name} -?[0-9]")).click()
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("head-status").first).to_contain_text(f"{name}: ")
    expect(page.get_by_test_id("head-status").first).to_contain_text("pinned")


def near(got: Array, want: Array, within: float) -> None:
    masked = np.isnan(got)
    assert not masked.all()
    assert not np.any(want[masked])
    assert np.abs(got - want)[~masked].max() <= within


@pytest.mark.parametrize("mode", ["small", "large"])
def test_every_cell_of_a_head_is_what_it_wrote_from_that_source(mode: str, gpt2: Any, open_page: Opener) -> None:
    page = opened(open_page, gpt2, mode=mode, radioitems=True)
    page.get_by_test_id("bar-count").get_by_text("All ").click()
    for sequence in (0, 1):
        page.get_by_test_id("batch-selector").get_by_role("radio").nth(sequence).check()
        for layer, head in [(0, 1), (1, 3)]:
            want = by_loops(gpt2, layer, head, sequence)
            pin(page, f"Head {layer}.{head}")
            near(values(page, "heatmap", N, N), want, HALF + 0.51 / 32767 * np.abs(want).max())
            page.keyboard.press("Escape")


def test_one_destination_is_one_row_and_the_bars_are_its_logit(gpt2: Any, open_page: Opener) -> None:
    page = opened(open_page, gpt2, seq_pos=-1, batch_idx=1)
    page.get_by_test_id("bar-count").get_by_text("All ").click()
    pin(page, "Head 1.2")
    want = by_loops(gpt2, 1, 2, 1)[-1:]
    near(values(page, "heatmap", 1, N), want, HALF + 0.51 / 32767 * np.abs(want).max())
    shown = [float(label.split()[-1]) for label in named(page)]
    difference = float(gpt2[2][1, -1])
    assert abs(sum(shown) - difference) <= len(shown) * HALF + 1e-5
    assert f" {difference:.4f} " in " ".join(text(page, "sum").split())


def named(page: Page) -> list[str]:
    labels: list[str] = bars(page).evaluate_all("buttons => buttons.map((b) => b.getAttribute('aria-label'))")
    return labels


def test_choosing_a_destination_shows_its_logit_alone(gpt2: Any, open_page: Opener) -> None:
    page = opened(open_page, gpt2, batch_idx=0)
    differences = gpt2[2][0]
    assert "Sum over 7 destinations" in text(page, "sum")
    assert f"{differences.sum():.3f}" in text(page, "sum")
    for dest in (2, 5):
        page.get_by_test_id("token-strip").get_by_role("button").nth(dest).click()
        expect(page.get_by_test_id("sum")).to_contain_text(f"at {dest} ")
        expect(page.get_by_test_id("sum")).to_contain_text(f"{differences[dest]:.4f}")


def test_a_subset_says_what_is_not_shown_and_still_adds_up(gpt2: Any, open_page: Opener) -> None:
    page = opened(open_page, gpt2, heads=[(1, 2)], seq_pos=4, batch_idx=0)
    sentence = " ".join(text(page, "sum").split())
    match = re.search(
        r"(-?[\d.]+) = heads (-?[\d.]+) ?\+ everything else shown (-?[\d.]+) ?\+ not shown (-?[\d.]+)", sentence
    )
    assert match is not None, sentence
    total, *parts = (float(number) for number in match.groups())
    assert abs(total - float(gpt2[2][0, 4])) <= HALF + 1e-5
    assert abs(total - sum(parts)) <= 4 * HALF
    assert parts[2] != 0


def test_bars_are_sorted_by_size_or_as_in_the_model_and_can_be_fewer(gpt2: Any, open_page: Opener) -> None:
    page = opened(open_page, gpt2, batch_idx=0)
    sizes = [abs(float(label.split()[-1])) for label in named(page)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 12
    page.get_by_test_id("bar-count").get_by_text("All ").click()
    page.get_by_test_id("bar-order").get_by_text("As in the model").click()
    heads = [label.split()[1] for label in named(page) if label.startswith("Head ")]
    assert heads == sorted(heads)
    before = bars(page).count()
    page.get_by_test_id("hide-small").check()
    left = [abs(float(label.split()[-1])) for label in named(page)]
    assert len(left) <= before
    assert min(left) >= 0.01 * max(left) - HALF


def test_hovering_a_bar_previews_its_picture_and_a_click_keeps_it(open_page: Opener) -> None:
    page = open_page(fixture_page("attribution-small"))
    wait_drawn(page)
    status = page.get_by_test_id("head-status")
    expect(status).to_contain_text("Sum of all shown heads")
    bars(page).nth(1).hover()
    name = named(page)[1].rsplit(" ", 1)[0]
    expect(status).to_contain_text(name)
    page.mouse.move(2, 2)
    expect(status).to_contain_text("Sum of all shown heads")
    bars(page).nth(1).click()
    page.mouse.move(2, 2)
    expect(status).to_contain_text("pinned")
    expect(page.get_by_test_id("head").and_(page.locator("[aria-pressed=true]"))).to_have_count(1)
    page.keyboard.press("Escape")
    expect(status).to_contain_text("Sum of all shown heads")


def test_components_are_reached_and_kept_by_the_keyboard_alone(open_page: Opener) -> None:
    page = open_page(fixture_page("attribution-small"))
    wait_drawn(page)
    bars(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(bars(page).nth(2)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("End")
    expect(bars(page).last).to_be_focused()
    page.keyboard.press("Escape")
    expect(bars(page).nth(2)).to_have_attribute("aria-pressed", "false")


def test_a_part_without_sources_is_one_column(open_page: Opener) -> None:
    page = open_page(fixture_page("attribution-small"))
    wait_drawn(page)
    pin(page, "MLP 1")
    shares = values(page, "heatmap", 16, 1)
    total = float(next(label for label in named(page) if label.startswith("MLP 1")).split()[-1])
    assert abs(shares.sum() - total) < 16 * HALF + 1e-4


def test_signs_can_be_split_in_two_pictures(open_page: Opener) -> None:
    page = open_page(fixture_page("attribution-split"))
    wait_drawn(page, 2)
    statuses = page.get_by_test_id("head-status")
    expect(statuses.nth(0)).to_contain_text("What adds")
    expect(statuses.nth(1)).to_contain_text("What takes away")


def test_a_scale_of_its_own_changes_the_legend(open_page: Opener) -> None:
    page = open_page(fixture_page("attribution-small"))
    wait_drawn(page)
    pin(page, "Head 2.1")
    shared = text(page, "legend")
    page.get_by_test_id("scale").get_by_text("A scale per component").click()
    expect(page.get_by_test_id("legend")).not_to_have_text(shared)


@pytest.mark.parametrize("name", ["attribution-small", "attribution-large", "attribution-3-destinations"])
def test_nothing_below_the_picture_moves_when_another_component_is_shown(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name))
    wait_drawn(page)
    if page.get_by_test_id("bar-count").count():
        page.get_by_test_id("bar-count").get_by_text("All ").click()
    below = [page.get_by_test_id(testid).first for testid in ("legend", "scale", "status", "other-strip")]
    places = []
    for label in ("Head 0.1", "MLP 0", "bias"):
        bar = page.get_by_test_id("components").get_by_role("button", name=re.compile(f"^{label} -?[0-9]"))
        bar.evaluate(
            "bar => bar.dispatchEvent(new PointerEvent('pointerover', { bubbles: true, pointerType: 'mouse' }))"
        )
        expect(page.get_by_test_id("head-status").first).to_contain_text(label)
        places.append([box["y"] for part in below if (box := part.bounding_box())])
    assert places[0] == places[1] == places[2]

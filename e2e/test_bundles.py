"""Every script that figures carry draws the views that it is for, and several of them share a page."""

from __future__ import annotations

import json

import pytest
from circuitsvis._page import html_page
from circuitsvis._page.bundle import BUNDLES, bundle
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from scripts.fixtures.files import FOLDER


def texts_of_views() -> dict[str, str]:
    """A short fixture of each view."""
    texts = sorted((file.read_text(encoding="ascii") for file in FOLDER.glob("*.json")), key=len, reverse=True)
    return {json.loads(text)["view"]: text for text in texts}


def expect_drawn(page: Page, figures: int) -> None:
    """Waits until this many figures are there, and none says that something is missing."""
    expect(page.locator("section.figure")).to_have_count(figures)
    wait_idle(page)
    for text in page.locator("section.figure").all_inner_texts():
        assert text.strip() and "asks for a view" not in text


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_draws_each_of_its_views_and_names_the_figure(name: str, open_page: Opener) -> None:
    texts = texts_of_views()
    script = bundle(name)
    wrappers = [piece for view in sorted(BUNDLES[name]) for piece in html_page.wrapper([texts[view]], script=script)]
    page = open_page("".join(html_page.document(wrappers, script=script)))
    expect_drawn(page, len(BUNDLES[name]))


def test_outputs_with_different_bundles_share_a_page(open_page: Opener) -> None:
    texts = texts_of_views()
    kinds = [name for name in BUNDLES if name != "all"]
    outputs = [html_page.fragment([texts[min(BUNDLES[name])]], script=bundle(name)) for name in kinds]
    page = open_page("<!doctype html><meta charset=utf-8><title>host</title><body>" + "".join(outputs))
    expect_drawn(page, len(kinds))

"""axe finds nothing in any fixture, at rest and with everything open and pinned that can be.

Each fixture is at rest in one theme and open in the other; every other fixture has them the other way round, so each kind of view is seen
in both. Fixtures of hundreds of tokens or heads are left out: they repeat the elements of smaller ones, and axe takes half a minute each.
"""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Page

from e2e.axe import violations
from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from scripts.fixtures.catalogue import FIGURES

# What a click opens or pins, one of each kind.
OPENS = [
    "table-button",
    "application",
    "combobox",
    "head",
    "head-chip",
    "token-strip",
    "components",
    "query-parts",
    "colored-text",
    "sample-text",
]

SCHEMES: list[Literal["dark", "light"]] = ["dark", "light"]


def open_everything(page: Page) -> None:
    """Pins a cell, a head, a token and a component, and opens a selector, as far as the figure has them."""
    for name in OPENS:
        part = page.locator(f"[role={name}]:visible, [data-testid={name}]:visible").first
        if part.count() == 0:
            continue
        button = part.locator("button, [role=button]").first  # of a group
        (button if button.count() else part).dispatch_event("click")
    wait_idle(page)


FIXTURES = sorted(name for name in FIGURES if not re.search("500-tokens|1024", name))


@pytest.mark.parametrize("fixture", FIXTURES)
def test_axe_finds_nothing(fixture: str, open_page: Opener) -> None:
    at_rest, opened = SCHEMES[:: 1 if FIXTURES.index(fixture) % 2 else -1]
    page = open_page(fixture_page(fixture), color_scheme=at_rest)
    page.locator("section.figure").first.wait_for()
    wait_idle(page)
    found = {f"{at_rest}, at rest": violations(page)}
    open_everything(page)
    page.emulate_media(color_scheme=opened)
    wait_idle(page)  # a figure with a theme of its own keeps it
    found[f"{opened}, open"] = violations(page)
    assert {state: rules for state, rules in found.items() if rules} == {}

"""mode="lines" on a few tokens: the page says what the data cannot show, and shows no product, divisor or bias that is uncertain."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import pytest
import torch
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.reading import wait_mounted
from tests.support import families, models

pytestmark = [models.needs_bridge, pytest.mark.filterwarnings("ignore")]


def cache_of(family: str, n: int, dtype: torch.dtype) -> Any:
    model = families.bridge(families.make(family).to(dtype), folded=False)
    with torch.no_grad():
        return model.run_with_cache(families.IDS[:1, :n], remove_batch_dim=True)[1]


def text_of(open_page: Opener, family: str, n: int, dtype: torch.dtype) -> str:
    """All text on the page, with the last query pinned."""
    figure = cv.attention.from_cache(cache_of(family, n, dtype), families.TOKENS[0][:n], mode="lines", heads=[(0, 0)])
    page = open_page(figure.data)
    wait_mounted(page, 1)
    page.get_by_test_id("lines").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("status")).to_contain_text(f"Query {n - 1}")
    return page.locator("section.figure").inner_text()


@pytest.mark.parametrize("n", [2, 3])
def test_two_or_three_tokens_in_bfloat16_show_the_scores_their_rounding_and_why(n: int, open_page: Opener) -> None:
    text = text_of(open_page, "phi3", n, torch.bfloat16)
    reason, _, columns = text.partition("of the pattern.")
    assert "leads to them is uncertain: only 4 numbers of this layer test it, too few for their rounding" in reason
    assert "Each score is rounded by up to 0.4 %" in reason
    assert "score\nbefore softmax" in columns
    assert not any(word in columns for word in ("q·k", "÷", "position bias"))


def test_a_text_of_usual_length_shows_the_product_and_its_divisor(open_page: Opener) -> None:
    text = text_of(open_page, "llama_bias", 11, torch.float32)
    assert "÷ √8" in text
    assert "uncertain" not in text

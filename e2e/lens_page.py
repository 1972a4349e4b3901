"""Pages of logit_lens, what is pointed at in them, and the numbers that they should show, in float64."""

from __future__ import annotations

import math
import re
from typing import Any

import circuitsvis as cv
import numpy as np
from playwright.sync_api import Locator, Page

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from scripts.fixtures.lens_figures import inputs

CELL, NAMES, ABOVE = (78, 22), 74, 22
"""CSS pixels, as in grid.ts."""

COPY = """grid => {
  const canvas = grid.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, canvas.width, canvas.height);
}"""
"""The pixels of the grid, from a copy: a browser warns of a canvas of the page that is read often."""

Array = np.ndarray[Any, Any]


class Truth:
    """Log probabilities [stage, position, token] of the figure's inputs in float64, and the texts of ids."""

    def __init__(self, rows: list[list[str]], n_layers: int, seed: int, index: int = 0) -> None:
        cache, model, ids = inputs(rows, n_layers, seed)
        names = ["blocks.0.hook_resid_pre", *(f"blocks.{i}.hook_resid_post" for i in range(n_layers))]
        x = np.stack([cache[name][index, : len(rows[index])].astype(np.float64) for name in names])
        logits = x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5) @ model.W_U.astype(np.float64)
        self.log_probs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
        self.ids = ids[index]
        self.texts = [model.tokenizer.decode([i]).replace(" ", "·") for i in range(logits.shape[-1])]

    def check(self, status: str, stage: int, position: int) -> None:
        """The end of a status line has the tokens and the numbers of a cell; a last digit may be rounded the other way."""
        row, final = self.log_probs[stage, position], self.log_probs[-1, position]
        found = STATUS.fullmatch(status)
        assert found is not None, status
        assert found["top"] == self.texts[int(row.argmax())]
        near(float(found["top_percent"]), 100 * math.exp(row.max()))
        assert abs(float(found["entropy"]) + (np.exp(row) * row).sum()) < 6e-5
        assert abs(float(found["kl"]) - (np.exp(final) * (final - row)).sum()) < 6e-5
        if position + 1 == len(self.ids):
            assert found["target"] is None
            return
        token = self.ids[position + 1]
        assert found["target"] == self.texts[token]
        near(float(found["target_percent"]), 100 * math.exp(row[token]))
        assert int(found["rank"]) == 1 + int((row > row[token]).sum())


STATUS = re.compile(
    r".*top token (?P<top>.+), (?P<top_percent>\S+) %; "
    r"(no target|target (?P<target>.+), (?P<target_percent>\S+) %, rank (?P<rank>\d+)); "
    r"entropy (?P<entropy>\S+) nats, KL (?P<kl>\S+) nats"
)


def percent(log_prob: float) -> str:
    """A probability as the page writes it."""
    value = 100 * math.exp(log_prob)
    if value >= 0.01:
        return f"{value:.2f} %"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits}e{int(exponent)} %"


def near(shown: float, want: float) -> None:
    """Two decimals of a percentage; of a small one, two digits."""
    assert abs(shown - want) <= (0.0051 if want >= 0.01 else 0.051 * want + 1e-9), (shown, want)


def opened(open_page: Opener, figure: cv.Figure | str, **options: Any) -> Page:
    page = open_page(fixture_page(figure) if isinstance(figure, str) else figure.data, **options)
    page.get_by_test_id("lens-grid").wait_for()
    wait_idle(page)
    return page


def grid(page: Page) -> Locator:
    return page.get_by_test_id("lens-grid")


def middle(row: int, col: int) -> dict[str, float]:
    """The middle of a cell of a grid that is not scrolled, for a Playwright action."""
    return {"x": NAMES + (col + 0.5) * CELL[0], "y": ABOVE + (row + 0.5) * CELL[1]}


def hover(page: Page, row: int, col: int) -> None:
    grid(page).hover(position=middle(row, col))  # type: ignore[arg-type]  # as above


def color(page: Page, row: int, col: int) -> list[int]:
    """The color of a cell of a grid that is not scrolled, beside its text."""
    point = [NAMES + col * CELL[0] + 2, ABOVE + row * CELL[1] + 2]
    pixel: list[int] = grid(page).evaluate(
        f"""(grid, [x, y]) => {{
          const {{ data, width }} = ({COPY})(grid);
          const ratio = width / grid.querySelector("canvas").clientWidth;
          const at = 4 * (Math.round(y * ratio) * width + Math.round(x * ratio));
          return [...data.slice(at, at + 3)];
        }}""",
        point,
    )
    return pixel

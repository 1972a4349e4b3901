"""Takes the screenshots of the README from figures of the demo model, each in light and dark."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import circuitsvis as cv
import numpy as np
import torch
from circuitsvis import demo
from playwright.sync_api import Browser, Locator, sync_playwright

from e2e.idle import TRACKER, wait_idle
from scripts.tools.find_browser import find_browser

OUT = Path(__file__).parents[2] / "docs"
WIDTH = 900
LOWEST_EDGE = (
    "figure => Math.max(...[figure, ...figure.querySelectorAll('*')].map(e => e.getBoundingClientRect().bottom))"
)
"""The figure's lower edge, or that of a tooltip that hangs out of it."""


BOTTOM = "part => part.getBoundingClientRect().bottom"


@dataclass(frozen=True)
class Shot:
    """A figure, and what is done on its page before the screenshot is taken; `last`: test id of its lowest part, None for all."""

    name: str
    figure: cv.Figure
    act: Callable[[Locator], None]
    scale: float = 2
    last: str | None = None


def shots() -> Iterator[Shot]:
    model = demo.load()
    _, cache = model.run_with_cache(demo.SENTENCES[0])
    tokens = model.to_str_tokens(demo.SENTENCES[0])
    score_map = cv.heads.score_map(cv.heads.scores(cache, tokens), cache, tokens)
    yield Shot("map", score_map, _pin_on_the_map, last="head-list")
    yield Shot("small", cv.attention.from_cache(cache, tokens, help=False), _choose_head)
    heads = [(3, 0), (3, 1), (3, 2)]  # attend to the first name, to the second, and to the one that occurs twice
    yield Shot("large", cv.attention.from_cache(cache, tokens, heads=heads, mode="large"), _pin_the_name)
    yield Shot("signed", _signed(), _point_at_a_cell)
    lines = cv.attention.from_cache(cache, tokens, heads=heads, mode="lines", display_mode="auto")
    yield Shot("lines", lines, _pin_a_query)
    attribution = cv.attribution.from_cache(cache, model, tokens, (" Mary", " John"))
    yield Shot("attribution", attribution, _pin_the_largest)
    yield Shot("heads", _lines_of_heads(cache, tokens), _several_heads, scale=1)
    spans = {"first sentence": (0, 9)}
    yield Shot("spans", cv.attention.from_cache(cache, tokens, heads=heads, mode="large", spans=spans), lambda _: None)
    yield from _head_shots(model, cache, tokens)
    yield from _token_shots(model, cache, tokens)


def _head_shots(model: Any, cache: Any, tokens: list[str]) -> Iterator[Shot]:
    """What heads do, where their scores come from, and what is in the residual stream between them."""
    clean = "When Mary and John went to the shops, John gave a drink to"
    corrupted = clean.replace("John gave", "Mary gave")
    effects = cv.heads.patching(model, clean, corrupted, (" Mary", " John"), progress=False)
    yield Shot("patching", cv.heads.patching_map(effects), lambda _: None)
    yield Shot("edge", cv.heads.edge_split(cv.heads.edge(cache, tokens, (3, 0), -3, 2)), lambda _: None)
    text = demo.SENTENCES[0].replace("John gave", "Mary gave")
    _, other = model.run_with_cache(text)
    compared = cv.attention.compare(cache, other, tokens, model.to_str_tokens(text))
    yield Shot("compare", compared, _pin_on_the_map, last="head-list")
    yield Shot(
        "lens", cv.logits.logit_lens(cache, model, tokens, include_mid=True, focus={"position": -3}), lambda _: None
    )


def _token_shots(model: Any, cache: Any, tokens: list[str]) -> Iterator[Shot]:
    """The views of colored tokens, on the same sentence."""
    ids = model.to_tokens(demo.SENTENCES[0])
    log_probs = model(ids).log_softmax(dim=-1)
    predictions = cv.logits.token_log_probs(ids, log_probs, lambda token: model.to_string([token]), top_k=5)
    yield Shot("predictions", predictions, _pin_token(13))
    activations = torch.stack([cache["post", layer][0] for layer in range(model.cfg.n_layers)], dim=1)
    neurons = cv.activations.text_neuron_activations(tokens, activations)
    yield Shot("neurons", neurons, _pin_token(10))
    yield Shot("topk", cv.topk_tokens.topk_tokens([tokens], [activations.transpose(0, 1)], max_k=5), lambda _: None)


def _lines_of_heads(cache: Any, tokens: list[str]) -> cv.Figure:
    """Three heads in lines, with two named parts of the tokens to choose lines between."""
    segments = {"who and where": (1, 10), "what": (10, 17)}
    heads = [(3, 0), (3, 1), (3, 2)]
    return cv.attention.from_cache(cache, tokens, heads=heads, mode="lines", segments=segments, display_mode="auto")


def _signed() -> cv.Figure:
    """Positive, negative and missing values by layer and token."""
    values = np.random.default_rng(2).normal(0, 0.4, (6, 11)) * np.linspace(0.4, 2, 11)
    values[0, 3] = np.nan
    tokens = ["The", " keys", " to", " the", " old", " wooden", " cabinet", " are", " on", " the", " table"]
    rows = ["embed", *(f"layer {i}" for i in range(5))]
    return cv.attention.from_values(values, dest_tokens=rows, src_tokens=tokens, mode="large")


def _pin_on_the_map(figure: Locator) -> None:
    figure.get_by_test_id("head-list").get_by_role("option").first.click()
    figure.page.mouse.move(0, 0)


def _choose_head(figure: Locator) -> None:
    figure.get_by_test_id("head").nth(12).click()
    figure.get_by_test_id("token-strip").get_by_role("button").nth(14).hover()


def _pin_the_name(figure: Locator) -> None:
    figure.get_by_test_id("head").nth(0).click()
    _point_at(figure, 14, 2, 17, 17)
    figure.page.mouse.down()
    figure.page.mouse.up()


def _pin_token(index: int) -> Callable[[Locator], None]:
    def pin(figure: Locator) -> None:
        figure.locator("[data-index]").nth(index).click()
        figure.page.mouse.move(0, 0)

    return pin


def _pin_a_query(figure: Locator) -> None:
    area = figure.get_by_test_id("lines")
    area.focus()
    for key in ("Home", *["ArrowDown"] * 14, "Enter", *["ArrowDown"] * 3):
        area.press(key)
    area.evaluate("area => area.blur()")


def _several_heads(figure: Locator) -> None:
    figure.get_by_test_id("head-mode").get_by_text("Several heads").click()
    figure.page.mouse.move(0, 0)


def _pin_the_largest(figure: Locator) -> None:
    figure.get_by_test_id("token-strip").get_by_role("button").nth(14).click()
    figure.get_by_test_id("components").get_by_role("button", name="Head 3.0").click()


def _point_at_a_cell(figure: Locator) -> None:
    _point_at(figure, 4, 9, 6, 11)


def _point_at(figure: Locator, dest: int, src: int, rows: int, cols: int) -> None:
    area = figure.get_by_test_id("heatmap")
    box = area.bounding_box()
    if box is None:
        raise RuntimeError("the heatmap is not on the page")
    area.hover(position={"x": (src + 0.5) * box["width"] / cols, "y": (dest + 0.5) * box["height"] / rows})


def take(browser: Browser, shot: Shot, theme: str, folder: Path) -> Path:
    page = browser.new_page(
        viewport={"width": WIDTH + 48, "height": 1200},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=shot.scale,
        offline=True,
    )
    page.add_init_script(TRACKER)
    page.goto(shot.figure.save(folder / f"{shot.name}.html").as_uri())
    figure = page.locator("section.figure")
    wait_idle(page)
    shot.act(figure)
    wait_idle(page)
    file = OUT / f"{shot.name}-{theme}.png"
    box = figure.bounding_box()
    if box is None:
        raise RuntimeError("the figure is not on the page")
    margin = 16
    lowest = figure.get_by_test_id(shot.last).evaluate(BOTTOM) if shot.last else figure.evaluate(LOWEST_EDGE)
    box["height"] = lowest - box["y"]
    page.screenshot(
        path=file,
        clip={
            "x": box["x"] - margin,
            "y": box["y"] - margin,
            "width": box["width"] + 2 * margin,
            "height": box["height"] + 2 * margin,
        },
        full_page=True,
    )
    page.close()
    return file


def main(*names: str) -> None:
    """Takes the screenshots of these names, or of all."""
    warnings.simplefilter("ignore")  # of the model's libraries
    path = find_browser()
    if path is None:
        sys.exit("no Chromium: run `python -m scripts.tools.find_browser`")
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for shot in shots():
            if names and shot.name not in names:
                continue
            for theme in ("light", "dark"):
                print(take(browser, shot, theme, Path(folder)))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""On a small phone, and on a screen enlarged to 200 %, nothing is cut and nothing lies on something else; nothing moves by itself."""

from __future__ import annotations

import pytest

from e2e.conftest import Opener
from e2e.crowding import crowded
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from e2e.test_axe import open_everything

FIXTURES = [
    "activations-7-samples",
    "activations-hostile",
    "attribution-large",
    "attribution-small",
    "attribution-split",
    "edge",
    "edge-144-heads",
    "edge-hostile",
    "hello",
    "large-144-heads",
    "large-batch-radio",
    "large-hostile",
    "large-spans-signed",
    "lens",
    "lens-hostile",
    "lines-batch",
    "lines-hostile",
    "lines-parts-batch",
    "log-probs",
    "score-map",
    "score-map-heads",
    "score-map-hostile",
    "patching",
    "patching-hostile",
    "small-144-heads",
    "small-batch-dropdown",
    "small-hostile",
    "tabs-encoder-decoder",
    "tabs-hostile",
    "tokens-code",
    "tokens-performance",
    "topk-samples",
    "topk-tokens-hostile",
]


@pytest.mark.parametrize(("width", "scale"), [(320, 1), (640, 2)])
@pytest.mark.parametrize("fixture", FIXTURES)
def test_everything_has_its_place(fixture: str, width: int, scale: int, open_page: Opener) -> None:
    page = open_page(fixture_page(fixture), width=width, height=640, device_scale_factor=scale)
    page.locator("section.figure").first.wait_for()
    wait_idle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert crowded(page) == []
    open_everything(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert crowded(page) == []


# What moves by itself: times of transitions and animations, and scrolling that takes time.
_MOTION = """figure => [...figure.querySelectorAll("*")].flatMap((e) => {
  const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(e);
  const still = transitionDuration === "0s" && animationName === "none" && scrollBehavior === "auto";
  return still ? [] : [`${e.tagName} ${e.className} ${transitionDuration} ${animationName} ${scrollBehavior}`];
})"""


@pytest.mark.parametrize("fixture", FIXTURES)
def test_nothing_moves_where_less_motion_is_asked_for(fixture: str, open_page: Opener) -> None:
    page = open_page(fixture_page(fixture), reduced_motion="reduce")
    page.locator("section.figure").first.wait_for()
    open_everything(page)
    assert page.locator("section.figure").first.evaluate(_MOTION) == []

"""A figure in a frame as apps show it: pages around it, and what is seen of it."""

from __future__ import annotations

import json

import circuitsvis as cv
from playwright.sync_api import Locator, Page, expect

from tests.support.caches import softmax_patterns, words


def figure(title: str = "In a frame") -> cv.Figure:
    """Six heads of 20 tokens."""
    return cv.attention.from_values(softmax_patterns((6, 20, 20)), words(20), title=title)


def app(content: str, style: str = "") -> str:
    """The page of an app that inserts HTML without running scripts, which is what `innerHTML` does."""
    text = json.dumps(content).replace("<", "\\u003c")
    return (
        f"<!doctype html><title>App</title><style>{style}</style><body><main></main>"
        f"<script>document.querySelector('main').innerHTML = {text}</script>"
    )


def inside(page: Page) -> Locator:
    """The figure in the first frame, once it is mounted."""
    section = page.frame_locator("iframe").locator("section.figure")
    expect(section).to_be_visible()
    return section


def expect_theme(section: Locator, theme: str) -> None:
    """Waits until the figure has a theme and one sees the page of the app behind it."""
    expect(section).to_contain_class(theme)
    assert (
        section.evaluate("element => getComputedStyle(element.ownerDocument.body).backgroundColor")
        == "rgba(0, 0, 0, 0)"
    )


# What is cut or scrolls, and whether the frame is as high as what is in it.
_FITS = """(frame) => {
  const { documentElement: root, body } = frame.contentDocument;
  return body.offsetHeight > 200 && root.scrollHeight <= root.clientHeight
    && Math.abs(frame.clientHeight - body.getBoundingClientRect().height) < 1;
}"""


def wait_fits(page: Page) -> None:
    """Waits until the first frame is exactly as high as its page."""
    page.wait_for_function(_FITS, arg=page.locator("iframe").first.element_handle())

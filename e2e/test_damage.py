"""Damaged pages show what they would show undamaged, or say that something is wrong. None shows anything else, or nothing, or hangs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import circuitsvis as cv
import pytest
from playwright.sync_api import Browser, Page

from e2e.conftest import PATIENCE, new_context
from e2e.damages import Damages
from tests.support.caches import softmax_patterns, words

COUNT = 120
"""Damages of each of two pages."""
AT_ONCE = 10
"""Frames in which damaged pages are shown at the same time: most of their time they wait for the next frame."""

SENTENCES = [
    "circuitsvis could not draw this figure",
    "could not be decoded",
    "needs its script to run",
    "was cut off",
]
"""One of them is read wherever something is wrong."""

# What a reader sees of a page in a frame once it is idle, and after choosing each head: texts, and the pixels of pictures.
SHOW = """async ([edits, milliseconds]) => {
  let html = globalThis.whole;
  for (const [start, end, text] of edits.toReversed()) html = html.slice(0, start) + text + html.slice(end);
  const frame = document.createElement("iframe");
  frame.width = 700; frame.height = 600; frame.srcdoc = html;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
  document.body.append(frame);
  await loaded;
  const page = frame.contentWindow;
  const end = performance.now() + milliseconds;
  const idle = async () => {
    for (let quiet = 0; quiet < 3; ) {
      await new Promise(page.nextFrameUntracked);
      quiet = Object.values(page.pendingWork()).some(Boolean) ? 0 : quiet + 1;
      if (performance.now() > end) throw new Error(`hangs: ${JSON.stringify(page.pendingWork())}`);
    }
  };
  await idle();
  // The sentences are hidden for two seconds, in which figures usually appear.
  for (const animation of page.document.getAnimations()) animation.finish();
  const sections = [...page.document.querySelectorAll("*")].flatMap((host) => host.shadowRoot?.querySelector("section") ?? []);
  const look = () => sections.map((section) => [
    section.innerText, ...Array.from(section.querySelectorAll("canvas"), (canvas) => canvas.toDataURL()),
  ]);
  const figures = [look()];
  for (const head of sections.flatMap((section) => [...section.querySelectorAll("[data-testid=head]")])) {
    head.click();
    await idle();
    figures.push(look());
  }
  const text = page.document.body.innerText;
  frame.remove();
  return { text, figures };
}"""
SHOW_ALL = f"(jobs) => Promise.all(jobs.map({SHOW}))"

Shown = dict[str, Any]


def figure(mode: str, seed: int) -> cv.Figure:
    made = cv.attention.from_values(softmax_patterns((4, 5, 5), seed=seed), words(5), mode=mode, title=f"figure {seed}")  # type: ignore[call-overload]
    assert isinstance(made, cv.Figure)
    return made


def saved_file() -> str:
    return figure("small", 0).data


def notebook_page() -> str:
    outputs = [figure(mode, seed)._repr_html_() for mode, seed in [("small", 1), ("large", 2)]]
    return f"<!doctype html><title>notebook</title><body>{''.join(f'<div>{output}</div>' for output in outputs)}"


@pytest.fixture
def viewer(browser: Browser) -> Iterator[Page]:
    """A page to show others in. What it logs is not looked at: the scripts of damaged pages may throw errors."""
    context = new_context(browser, viewport={"width": 1500, "height": 900}, offline=True)
    yield context.new_page()
    context.close()


def verdict(shown: Shown, undamaged: Shown) -> str:
    read = shown["text"] + str(shown["figures"])
    if any(sentence in read for sentence in SENTENCES):
        return "says so"
    return "as before" if shown["figures"] == undamaged["figures"] else f"wrong: {shown['text'][:200]!r}"


@pytest.mark.parametrize(("made", "seed"), [(saved_file, 1), (notebook_page, 2)], ids=["file", "notebook"])
def test_a_damaged_page_shows_what_it_showed_or_says_that_it_is_damaged(
    made: Callable[[], str], seed: int, viewer: Page
) -> None:
    page = made()
    damages = Damages(page, seed).some(COUNT)
    viewer.set_content("<!doctype html><title>damaged pages</title>")
    viewer.evaluate("(page) => void (globalThis.whole = page)", page)
    (undamaged,) = viewer.evaluate(SHOW_ALL, [[[], PATIENCE]])
    verdicts: dict[str, str] = {}
    for start in range(0, COUNT, AT_ONCE):
        batch = damages[start : start + AT_ONCE]
        shown = viewer.evaluate(SHOW_ALL, [[damage.edits, PATIENCE] for damage in batch])
        verdicts |= {
            f"{number} {damage.name}": verdict(one, undamaged)
            for number, damage, one in zip(range(start, COUNT), batch, shown, strict=False)
        }
    wrong = {name: said for name, said in verdicts.items() if said not in ("says so", "as before")}
    assert wrong == {}
    assert Counter(verdicts.values())["says so"] > COUNT / 2

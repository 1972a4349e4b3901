"""Opens a page in headless Chromium and measures loading, hovering and memory, in the same way for every page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.browser.cdn_scripts import FILES, serve_scripts
from benchmarks.browser.gestures import Gestures
from benchmarks.browser.hover import choose_heads, hover_cells, switch_sequences
from benchmarks.browser.screencast import Frames
from benchmarks.browser.signals import Signals, TooSlow
from benchmarks.browser.watchdog import Watchdog
from scripts.tools.find_browser import find_browser

Use = Callable[[Page, Signals, Frames, "PageTimes"], None]
"""How a page is used after it was loaded: fills the rest of its times."""

PROBE = Path(__file__).with_name("probe.js")
VIEWPORT_WIDTH, VIEWPORT_HEIGHT = 1280, 900
TIMEOUT_S = 60.0
"""Time limit for the first picture of a page."""
GIVE_UP_S = 150.0
"""Time limit for a page, after which its browser is ended. What was measured until then counts."""
LOADS = 5
SETTLE_S = 1.0
"""Pause before a page is opened, in which Chromium loads scripts of its own for the new window. At the same time as a page,
they add up to 50 ms to its load."""
SLOW_S = 4.0
"""Pages that take longer to draw are loaded only once."""

# No WebGL: without a GPU Chromium emulates it in software, which makes TensorFlow.js (attention_patterns) far slower than
# its own CPU backend, to which it falls back without WebGL. The flags are the same for every tool.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer")


@dataclass
class PageTimes:
    """The measurements of a page. Times are medians in seconds; None if the page did not get so far.

    Attributes:
        first_pixels_s: navigation start until the browser shows a frame with a picture: a canvas of more than one color or
            an SVG with shapes.
        all_pixels_s: the same for all pictures on screen (the largest 24).
        choose_s: an event that chooses a head until the browser shows the reaction (see hover.py).
        cell_hover_s: a mouse move within the largest picture until the browser shows a changed frame; None if nothing changes.
        switch_s: a key that chooses another sequence of the batch until the browser shows another picture.
        switches: by what is switched (layer, neuron, ...), a key or a move of the mouse until the browser shows the answer.
        switch_blanks: frames with an empty picture while switching.
        longest_task_s: longest task of the main thread while loading and hovering; 0 if none exceeded 50 ms.
        heap_bytes: JavaScript heap and array buffers in use after hovering and a garbage collection.
        problem: why numbers are missing: a time limit, a crash, or an error text.
        contexts: canvas contexts that the page requested, and whether it got them.
        served: scripts from a CDN that the page got from npm packages.
        requests: other requests that left the machine (refused: the browser is offline).
    """

    first_pixels_s: float | None = None
    all_pixels_s: float | None = None
    choose_s: float | None = None
    cell_hover_s: float | None = None
    switch_s: float | None = None
    switches: dict[str, float] = field(default_factory=dict)
    switch_blanks: int = 0
    longest_task_s: float | None = None
    heap_bytes: int | None = None
    problem: str | None = None
    loads: int = 0
    chosen: int = 0
    contexts: dict[str, int] = field(default_factory=dict)
    served: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A new browser, warmed up with an empty page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        browser.new_page().close()
        try:
            yield browser
        finally:
            with suppress(PlaywrightError):  # the watchdog may have ended it
                browser.close()


def measure_page(
    path: Path,
    *,
    screenshots: bool = False,
    gestures: Gestures | None = None,
    batch: bool = False,
    tokens: str | None = None,
    use: Use | None = None,
) -> PageTimes:
    """Loads the page several times, and uses it after the last load. Every page has a new browser, so that none slows the next.

    `tokens` is the CSS selector of the tokens of a page of colored tokens, which has no other picture. `use` replaces the usual use.

    With `screenshots` the loaded page lies beside it as NAME.png, and after a head was chosen and a cell pointed at as NAME-used.png.
    """
    times = PageTimes()
    firsts: list[float] = []
    alls: list[float] = []
    with chromium() as browser, Watchdog(browser, GIVE_UP_S) as watchdog:
        try:
            while times.loads < LOADS and max(firsts, default=0.0) < SLOW_S:
                page = _fresh_page(browser, times, tokens)
                frames = Frames(page)
                signals = Signals(page, frames)
                page.goto(path.as_uri(), wait_until="commit", timeout=TIMEOUT_S * 1000)
                firsts.append(signals.wait_for("first", TIMEOUT_S))
                times.first_pixels_s = median(firsts)
                alls.append(signals.wait_for("complete", TIMEOUT_S))
                times.all_pixels_s = median(alls)
                times.loads += 1
                if times.loads == LOADS or firsts[-1] >= SLOW_S:
                    picture = path.with_suffix(".png") if screenshots else None
                    if use is None:
                        _use(page, signals, frames, times, gestures or Gestures(), batch, picture)
                    else:
                        if picture is not None:
                            page.screenshot(path=picture, timeout=TIMEOUT_S * 1000)
                        use(page, signals, frames, times)
                page.context.close()
        except (TooSlow, PlaywrightError) as problem:  # a page that hangs or has crashed ends with its browser
            message = str(problem).splitlines()[0]
            times.problem = (
                f"the page did not react for minutes and was ended after {GIVE_UP_S:.0f} s"
                if watchdog.expired
                else message
            )
    return times


def _fresh_page(browser: Browser, times: PageTimes, tokens: str | None) -> Page:
    context = browser.new_context(
        viewport={"width": VIEWPORT_WIDTH, "height": VIEWPORT_HEIGHT}, device_scale_factor=1, offline=True
    )
    serve_scripts(context)
    page = context.new_page()
    page.add_init_script(f"globalThis.__benchTokens = {json.dumps(tokens)}")
    page.add_init_script(path=PROBE)
    page.on("pageerror", lambda error: times.errors.append(str(error)))
    page.on("request", lambda request: _note_request(request.url, times))
    page.wait_for_timeout(SETTLE_S * 1000)
    return page


def _note_request(url: str, times: PageTimes) -> None:
    known = times.served if url in FILES else times.requests
    if not url.startswith(("file:", "data:", "blob:")) and url not in known:
        known.append(url)


def _use(
    page: Page,
    signals: Signals,
    frames: Frames,
    times: PageTimes,
    gestures: Gestures,
    batch: bool,
    picture: Path | None,
) -> None:
    """Measures everything after loading."""
    page.evaluate("selector => { __probe.stageSelector = selector }", gestures.stage)
    page.evaluate("__probe.idle()")
    times.longest_task_s = page.evaluate("__probe.longestTask") / 1000
    times.contexts = page.evaluate("__probe.contexts")
    if picture is not None:
        page.screenshot(path=picture, timeout=TIMEOUT_S * 1000)
    if not gestures.queries:
        answers = choose_heads(page, signals, frames, gestures, times.first_pixels_s or 0.0)
        times.chosen = len(answers)
        times.choose_s = median(answers) if answers else None
    times.cell_hover_s = hover_cells(page, frames, gestures, times.first_pixels_s or 0.0)
    if picture is not None:
        page.screenshot(path=picture.with_stem(f"{picture.stem}-used"), timeout=TIMEOUT_S * 1000)
    if batch:
        times.switch_s, times.switch_blanks = switch_sequences(page, signals, frames)
    times.longest_task_s = page.evaluate("__probe.longestTask") / 1000
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    times.heap_bytes = int(heap["usedSize"] + heap.get("backingStorageSize", 0))

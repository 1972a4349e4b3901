"""Opens a page in headless Chromium and measures first pixels and hover, the same way for every page (see probe.js)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.environments import browser_path
from benchmarks.screencast import hover_cells
from benchmarks.signals import Signals, TooSlow

PROBE = Path(__file__).with_name("probe.js")
VIEWPORT_WIDTH, VIEWPORT_HEIGHT = 1280, 900
TIMEOUT_S = 60.0
"""A page that has drawn nothing by then is reported so."""
LOADS = 3
HOVERS = 6
SLOW_S = 5.0
"""Pages that take longer to draw are loaded once only."""
HOVER_BUDGET_S = 12.0

# No WebGL: without a GPU Chromium emulates it in software, which makes TensorFlow.js (attention_patterns) far slower than
# its own CPU backend, to which it falls back where there is no WebGL. Everyone is measured under the same flags.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer")


@dataclass
class PageTimes:
    """What a page did. Times are medians in seconds; None where it did not get so far.

    Attributes:
        first_pixels_s: navigation start until a canvas on screen shows more than one colour.
        all_pixels_s: the same for all canvases on screen (the largest 24).
        hover_s: mouse moved onto a thumbnail until the largest canvas shows another picture.
        cell_hover_s: mouse moved to another cell of the largest canvas until the browser shows a changed frame (see
            screencast.py); None where nothing changes.
        longest_task_s: longest block of the main thread while loading, 0 where none exceeded 50 ms.
        heap_bytes: JavaScript heap in use after hovering and a garbage collection.
        problem: why there is no number: timed out, crashed, or an error text.
        contexts: canvas contexts that the page asked for, and whether it got them.
        requests: requests that left the machine (refused: the browser is offline).
    """

    first_pixels_s: float | None = None
    all_pixels_s: float | None = None
    hover_s: float | None = None
    cell_hover_s: float | None = None
    longest_task_s: float | None = None
    heap_bytes: int | None = None
    problem: str | None = None
    loads: int = 0
    hovers: int = 0
    contexts: dict[str, int] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own, warmed up with an empty page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        browser.new_page().close()
        try:
            yield browser
        finally:
            browser.close()


def measure_page(path: Path, *, screenshot: Path | None = None) -> PageTimes:
    """Load the page a few times, hover in the last load; a browser of its own, so that no page's remains slow the next."""
    times = PageTimes()
    firsts: list[float] = []
    alls: list[float] = []
    with chromium() as browser:
        try:
            while times.loads < LOADS and max(firsts, default=0.0) < SLOW_S:
                page = _fresh_page(browser, times)
                signals = Signals(page)
                page.goto(path.as_uri(), wait_until="commit")
                firsts.append(signals.wait_for("first", TIMEOUT_S))
                alls.append(signals.wait_for("complete", TIMEOUT_S))
                times.loads += 1
                if times.loads == LOADS or firsts[-1] > SLOW_S:
                    _after_load(page, signals, times, screenshot)
                page.context.close()
        except (TooSlow, PlaywrightError) as problem:  # a page that hangs or has crashed is ended with its browser
            times.problem = str(problem).splitlines()[0]
    times.first_pixels_s = median(firsts) if firsts else None
    times.all_pixels_s = median(alls) if alls else None
    return times


def _fresh_page(browser: Browser, times: PageTimes) -> Page:
    context = browser.new_context(
        viewport={"width": VIEWPORT_WIDTH, "height": VIEWPORT_HEIGHT}, device_scale_factor=1, offline=True
    )
    page = context.new_page()
    page.add_init_script(path=PROBE)
    page.on("pageerror", lambda error: times.errors.append(str(error)))
    page.on("request", lambda request: _note_request(request.url, times))
    return page


def _note_request(url: str, times: PageTimes) -> None:
    if not url.startswith(("file:", "data:", "blob:")):
        times.requests.append(url)


def _after_load(page: Page, signals: Signals, times: PageTimes, screenshot: Path | None) -> None:
    page.evaluate("__probe.idle()")
    times.longest_task_s = page.evaluate("__probe.longestTask") / 1000
    times.contexts = page.evaluate("__probe.contexts")
    if screenshot is not None:
        page.screenshot(path=screenshot)
    hovers = _hover_heads(page, signals)
    times.hovers = len(hovers)
    times.hover_s = median(hovers) if hovers else None
    session = page.context.new_cdp_session(page)
    times.cell_hover_s = hover_cells(page, session)
    session.send("Performance.enable")
    session.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    times.heap_bytes = int(metrics["JSHeapUsedSize"])


def _hover_heads(page: Page, signals: Signals) -> list[float]:
    """Seconds from each move to another picture. The first move is not measured: its head may be the one already shown."""
    hovers: list[float] = []
    for i, (x, y) in enumerate(page.evaluate(f"__probe.targets({HOVERS + 1})")):
        page.evaluate("__probe.arm()")
        signals.forget("hover")
        page.mouse.move(x, y)
        if i > 0:
            hovers.append(signals.wait_for("hover", TIMEOUT_S))
        page.evaluate("__probe.idle()")
        if sum(hovers) > HOVER_BUDGET_S:
            break
    return hovers

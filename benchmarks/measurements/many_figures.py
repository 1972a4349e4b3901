"""What a page of many figures takes: each output has the bundle, which is unpacked and evaluated once."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import TypedDict

from benchmarks.browser.page import chromium
from benchmarks.environments import OUT, run_worker

LOADS = 5

# Milliseconds from the start of the navigation to the frame after the last figure has a picture.
_ALL_DRAWN = """async (count) => {
  const drawn = () => [...document.querySelectorAll("[data-circuitsvis] > div")]
    .filter((host) => host.shadowRoot?.querySelector("[data-testid=overview] canvas")).length;
  while (drawn() < count) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now();
}"""


class ManyFigures(TypedDict):
    """Of a page: bytes, median seconds until all figures are drawn, and bytes of the JavaScript heap and buffers after a collection."""

    page_bytes: int
    seconds: float
    heap_bytes: int


def measure_many_figures() -> dict[int, ManyFigures]:
    """By number of figures."""
    sizes = run_worker(Path(sys.executable), "many_figures", str(OUT), ours=True)
    return {int(count): _measured(int(count), page_bytes) for count, page_bytes in sizes.items()}


def _measured(count: int, page_bytes: int) -> ManyFigures:
    seconds: list[float] = []
    heap_bytes = 0
    with chromium() as browser:
        for _ in range(LOADS):
            page = browser.new_page()
            page.goto((OUT / f"many-{count}.html").as_uri(), wait_until="commit")
            seconds.append(page.evaluate(_ALL_DRAWN, count) / 1000)
            page.wait_for_load_state("load")
            session = page.context.new_cdp_session(page)
            session.send("HeapProfiler.collectGarbage")
            heap = session.send("Runtime.getHeapUsage")
            heap_bytes = int(heap["usedSize"] + heap.get("backingStorageSize", 0))
            page.context.close()
    return ManyFigures(page_bytes=page_bytes, seconds=median(seconds), heap_bytes=heap_bytes)

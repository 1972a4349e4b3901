"""Waits until a page has no unfinished work: no timer, frame, idle callback, stream read or request that its scripts wait for."""

from __future__ import annotations

from playwright.sync_api import Page

# Runs before all scripts of a page and counts what they wait for. Figures decode and draw through these five functions only.
TRACKER = """(() => {
  const pending = { timeouts: new Set(), frames: new Set(), idle: new Set(), reads: 0, fetches: 0 };
  const nextFrame = requestAnimationFrame.bind(globalThis);
  const track = (start, stop, ids) => {
    if (!globalThis[start]) return; // Safari has no idle callbacks
    const [plainStart, plainStop] = [globalThis[start].bind(globalThis), globalThis[stop].bind(globalThis)];
    globalThis[start] = (callback, ...options) => {
      const id = plainStart((...values) => {
        ids.delete(id);
        return typeof callback === "function" ? callback(...values) : globalThis.eval(callback);
      }, ...options);
      ids.add(id);
      return id;
    };
    globalThis[stop] = (id) => {
      ids.delete(id);
      plainStop(id);
    };
  };
  track("setTimeout", "clearTimeout", pending.timeouts);
  track("requestAnimationFrame", "cancelAnimationFrame", pending.frames);
  track("requestIdleCallback", "cancelIdleCallback", pending.idle);
  const { prototype } = ReadableStreamDefaultReader;
  const { read } = prototype;
  prototype.read = function (...options) {
    pending.reads++;
    return read.apply(this, options).finally(() => pending.reads--);
  };
  const plainFetch = globalThis.fetch?.bind(globalThis);
  globalThis.fetch = (...request) => {
    pending.fetches++;
    return plainFetch(...request).finally(() => pending.fetches--);
  };
  globalThis.pendingWork = () => ({
    timeouts: pending.timeouts.size, frames: pending.frames.size, idle: pending.idle.size, reads: pending.reads,
    fetches: pending.fetches,
  });
  globalThis.nextFrameUntracked = nextFrame;
})()"""

# Requires several frames in a row without work, because observers of size and visibility run between frames and may start more.
_WAIT_IDLE = """async ([frames, milliseconds]) => {
  const end = performance.now() + milliseconds;
  for (let quiet = 0; quiet < frames; ) {
    await new Promise(nextFrameUntracked);
    quiet = Object.values(pendingWork()).some(Boolean) ? 0 : quiet + 1;
    if (performance.now() > end) throw new Error(`the page is still busy: ${JSON.stringify(pendingWork())}`);
  }
}"""

QUIET_FRAMES = 5


def wait_idle(page: Page, *, within: float = 120_000) -> None:
    """Waits until the page's scripts wait only for input, or for parts of the page that have not arrived yet."""
    page.evaluate(_WAIT_IDLE, [QUIET_FRAMES, within])


def wait_painted(page: Page) -> None:
    """Waits until the browser has painted what the last event changed: work that the event started may still go on."""
    page.evaluate("() => new Promise((resolve) => nextFrameUntracked(() => nextFrameUntracked(resolve)))")

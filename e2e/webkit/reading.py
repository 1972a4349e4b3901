"""What a figure shows, read by one script that runs unchanged in every browser."""

from __future__ import annotations

from circuitsvis._page import html_page

from e2e.idle import QUIET_FRAMES, TRACKER
from scripts.fixtures.files import fixture_file

# Waits until the page is idle, then reads all text, how tokens with a value are called, whether each picture has more than one
# color, and the status line on a way through the cells by arrow keys.
READ = """async (keys) => {
  const figure = () => [...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector("section.figure")).find(Boolean);
  const idle = async () => {
    for (let quiet = 0; quiet < QUIET_FRAMES; ) {
      await new Promise(nextFrameUntracked);
      quiet = figure() && !Object.values(pendingWork()).some(Boolean) ? quiet + 1 : 0;
    }
  };
  const visible = (element) => element.getBoundingClientRect().width > 0;
  const words = (element) => element.textContent.replace(/\\s+/g, " ").trim();
  const isDrawn = (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size > 1;
  };
  await idle();
  const shown = { text: words(figure()), statuses: [] };
  shown.drawn = [...figure().querySelectorAll("canvas")].filter(visible).map(isDrawn);
  shown.tokens = [...figure().querySelectorAll("[data-index][aria-label]")].map((token) => token.getAttribute("aria-label"));
  const area = [...figure().querySelectorAll("[role=application]")].find(visible);
  for (const key of area ? keys : []) {
    const status = [...figure().querySelectorAll("[data-testid=status]")].find(visible);
    area.focus();
    const at = area.getRootNode().activeElement ?? area;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let i = 0; i < 3; i++) await null;
    shown.statuses.push(status ? words(status) : "");
  }
  return shown;
}""".replace("QUIET_FRAMES", str(QUIET_FRAMES))

KEYS = ["Home", *["ArrowRight", "ArrowDown"] * 8, "ArrowLeft", "PageDown", "End", "ArrowUp"]


def page(fixture: str) -> str:
    """The document of a fixture, which counts its unfinished work."""
    text = fixture_file(fixture).read_text(encoding="ascii")
    return "".join(html_page.document([f"<script>{TRACKER}</script>", *html_page.wrapper([text])]))

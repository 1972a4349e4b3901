"""Figures of the site: each is a file of its own, in a frame that is as high as the figure and has the theme of the page."""

from __future__ import annotations

import html
from pathlib import Path

_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1"><title>TITLE</title>'
    "<style>:root{color-scheme:light dark}body{margin:0;padding:12px 12px 20px;font:15px/1.5 system-ui,sans-serif}</style>"
    "</head><body>\n"
)

# docs/site/figures.js is the other half. A page from a disk may not read its frames, so that both sides send messages.
_FOLLOW = """<script>
const tell = () =>
  parent.postMessage({ figureHeight: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
addEventListener("message", ({ data }) => {
  if (!data?.scheme) return;
  document.documentElement.style.colorScheme = data.scheme;
  Object.assign(document.body.style, { background: data.background, color: data.color });
  tell(); // once more: the page may have been too late to hear it
});
new ResizeObserver(tell).observe(document.documentElement);
</script>
</body></html>
"""


class Figures:
    """Writes the figures of a page, and counts them."""

    def __init__(self, folder: Path, page: str) -> None:
        self._folder = folder
        self._page = page
        self._count = 0

    def framed(self, fragment: str, title: str) -> str:
        """Writes a figure into a file; its frame as HTML in Markdown.

        Args:
            fragment: what a notebook would show.
            title: what the figure shows, plain text.
        """
        self._count += 1
        name = f"{self._page}-{self._count}.html"
        self._folder.mkdir(parents=True, exist_ok=True)
        page = _HEAD.replace("TITLE", html.escape(title)) + fragment + _FOLLOW
        (self._folder / name).write_text(page, encoding="utf-8")
        return (
            f'<iframe class="figure" src="figures/{name}" title="{html.escape(title)}" loading="lazy"></iframe>\n'
            f'<p class="alone"><a href="figures/{name}" target="_blank">The figure alone</a></p>\n'
        )

"""A figure as an `<iframe>` that holds its whole page: for apps, which insert HTML but do not run the scripts in it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import chain

from circuitsvis._page import html_page

START_HEIGHT = 480
"""CSS pixels of a frame until its page has told its height, and for good where it cannot."""


class Frame(str):
    """An `<iframe>` as text, which template engines and notebooks take as HTML."""

    __slots__ = ()

    def __html__(self) -> str:
        """For template engines (Jinja, MarkupSafe): HTML, not to be escaped."""
        return str(self)

    def _repr_html_(self) -> str:
        return str(self)

    def _mime_(self) -> tuple[str, str]:
        return "text/html", str(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f"<circuitsvis iframe: {len(self) / 1e6:.1f} MB>"


def frame(page: str, title: str | None, height: int | None) -> Frame:
    """The frame of a `page_of_frame`.

    Args:
        page: its text.
        title: what screen readers call it, plain text.
        height: in CSS pixels. None: as high as the page is.
    """
    name = html.escape(title or "CircuitsVis figure")
    # Its color scheme is that of its page on any host: a browser paints a frame white, or black, where the two differ.
    style = f"display:block;width:100%;height:{height or START_HEIGHT}px;border:0;color-scheme:light"
    page = html.escape(page)
    return Frame(
        f'<iframe title="{name}" style="{style}" allow="clipboard-write; fullscreen" srcdoc="{page}"></iframe>'
    )


def page_of_frame(parts: Iterable[str], title: str | None, *, tells_height: bool) -> str:
    """The page in a frame.

    Args:
        parts: wrappers and any other HTML of the page, as for `html_page.document`.
        title: plain text.
        tells_height: whether the page makes its frame as high as it is itself.
    """
    script = _SCRIPT.replace("TELLS", "true" if tells_height else "false")
    return "".join(html_page.document(chain([script], parts), title, style=_STYLE))


# Error texts of the page are readable on light and on dark.
_STYLE = (
    ":root{color-scheme:light}body{padding:0;background:#fff;color:#757575}"
    "@media screen and (prefers-color-scheme:dark){body{background:#fff;color:#757575}}"
)

# `frames`: the frame of this page, and those around it that hold nothing else, as Streamlit's components.html makes them. They are
# transparent, for `frontend/src/browser/theme.svelte.ts` takes the theme from what is behind them, and as high as the page.
# A sandbox may hide them: then the page is white, scrolls, and tells its height to whoever listens.
_SCRIPT = """<script>{
const frames=[],{body,documentElement:root}=document;
for(let w=window;w.frameElement&&(w===window||w.frameElement.srcdoc&&w.document.body.children.length===1);w=w.parent)
frames.push(w.frameElement);
for(const f of frames)f.style.colorScheme="light";
if(frames.length)body.style.background="none";
const tell=()=>{
const height=Math.ceil(body.getBoundingClientRect().height+innerHeight-root.clientHeight);
for(const f of frames)f.style.height=height+"px";
if(!frames.length)parent.postMessage({circuitsvis:{height}},"*")
};
if(TELLS){if(frames.length)root.style.overflowY="hidden";new ResizeObserver(tell).observe(body)}
}</script>"""

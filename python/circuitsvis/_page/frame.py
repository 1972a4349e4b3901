"""A figure as an `<iframe>` that holds its whole page: for apps, which insert HTML but do not run the scripts in it."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import chain
from typing import Literal

from circuitsvis._page import html_page
from circuitsvis._page.bundle import Bundle

START_HEIGHT = 480
"""CSS pixels of a frame until its page has told its height, and for good where it cannot."""


class Frame(str):
    """An `<iframe>` as text. Template engines and notebooks, which ask for HTML, get it with a picture for where frames are removed."""

    __slots__ = ("_html",)

    _html: str

    def __html__(self) -> str:
        """For template engines such as Jinja: HTML, not to be escaped."""
        return self._html

    def _repr_html_(self) -> str:
        return self._html

    def _mime_(self) -> tuple[Literal["text/html"], str]:
        return "text/html", self._html

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        return f"<circuitsvis iframe: {len(self) / 1e6:.1f} MB>"


def frame(page: str, title: str | None, height: int | None, still: str) -> Frame:
    """The frame of a `page_in_frame`.

    Args:
        page: its text.
        title: what screen readers call it, plain text.
        height: in CSS pixels. None: as high as the page is.
        still: HTML of the figure without a script.
    """
    # Its color scheme is that of its page on any host: a browser paints a frame white, or black, where the two differ.
    style = f"display:block;width:100%;height:{height or START_HEIGHT}px;border:0;color-scheme:light"
    name = _ascii(html.escape(title or "CircuitsVis figure"))
    srcdoc = _ascii(html.escape(page))
    made = Frame(
        f'<iframe title="{name}" style="{style}" allow="clipboard-write; fullscreen" srcdoc="{srcdoc}"></iframe>'
    )
    made._html = f"<div data-circuitsvis-frame>{made}<div>{_NO_FRAME}{_ascii(still)}</div></div>"
    return made


_NO_FRAME = (
    "<span>This place removed the frame in which this circuitsvis figure is live. In Streamlit, use st.iframe(figure.iframe()); in a "
    "notebook, run the cell again.</span>"
)


def _ascii(text: str) -> str:
    """HTML with references to its other characters, one of which would make each character of a text of megabytes take two bytes."""
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")


def page_in_frame(parts: Iterable[str], title: str | None, *, tells_height: bool, script: Bundle) -> str:
    """The page in a frame.

    Args:
        parts: wrappers and any other HTML of the page, as for `html_page.document`.
        title: plain text.
        script: the bundle of the page's figure.
        tells_height: whether the page makes its frame as high as it is itself.
    """
    resizing = _SCRIPT.replace("TELLS", "true" if tells_height else "false")
    return "".join(html_page.document(chain([resizing], parts), title, style=_STYLE, script=script))


# Texts outside of the figure, such as errors, are readable on light and on dark.
_STYLE = (
    ":root{color-scheme:light}body{padding:0;background:#fff;color:#757575}"
    "@media screen and (prefers-color-scheme:dark){body{background:#fff;color:#757575}}"
)

# The page and its frame are transparent: `frontend/src/browser/theme.svelte.ts` takes the theme from what is behind them. So are pages
# around them that hold nothing else (`outer`), as Streamlit makes of a text. If such a page cannot scroll, the figure does.
# `frame` is null where a sandbox hides it: the page is white, scrolls, and tells its height to whoever listens.
_SCRIPT = """<script>{
const {body,documentElement:root}=document,frame=frameElement;
let fits=false;
if(frame){
body.style.background="none";
frame.style.colorScheme="light";
for(const still of frame.closest("[data-circuitsvis-frame]")?.querySelectorAll(":scope>:last-child")??[])still.style.display="none";
const {body:around,defaultView:view}=frame.ownerDocument,outer=view.frameElement;
if(outer?.srcdoc&&around.querySelectorAll("iframe").length===1&&!around.innerText.trim()){
outer.style.colorScheme="light";
around.style.margin=0;
if(outer.scrolling==="no"){fits=true;frame.style.height="100vh"}
}
}
const tell=()=>{
const height=Math.ceil(body.getBoundingClientRect().height+innerHeight-root.clientHeight);
if(!innerWidth)return;
if(frame)frame.style.height=height+"px";
else parent.postMessage({circuitsvis:{height}},"*")
};
if(TELLS&&!fits){
if(frame)root.style.overflowY="hidden";
new ResizeObserver(tell).observe(body)
}
}</script>"""

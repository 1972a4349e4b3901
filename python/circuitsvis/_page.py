"""HTML around the props: a fragment for notebooks, a document for files. It sees text only, never a tensor.

A fragment is a wrapper with its JSON inside, then one script. The script unpacks and evaluates the bundle unless this
version is on the page already, then mounts every wrapper of this version that is not mounted yet. So there are no ids:
fragments may be copied, repeated, re-ordered and deleted, and versions do not meet.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from circuitsvis._bundle import bundle

_FALLBACK = (
    "This circuitsvis figure needs its script to run. In a notebook: trust the notebook, or run the cell again. "
    "Sites that show notebooks without scripts cannot draw it: open the notebook or the saved file in a browser."
)

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:24px;background:#fff;color:#1b1e23;font:15px/1.5 system-ui,sans-serif}"
    "@media(max-width:640px){body{padding:12px}}"
    "@media(prefers-color-scheme:dark){body{background:#16181c;color:#e4e6ea}}"
)


def fragment(figure_json: Iterable[str]) -> str:
    """One figure for a notebook's output cell; works alone and beside others."""
    return "".join([*wrapper(figure_json), script()])


def too_heavy(weight: int, limit: int) -> str:
    """What a notebook shows in place of a figure of `weight` bytes."""
    return (
        f"<p><b>This circuitsvis figure weighs {weight / 1e6:.0f} MB</b>, and would be saved inside the notebook, so it is not "
        f"shown here (the limit is {limit / 1e6:.0f} MB). Choose:</p><ul>"
        '<li><code>figure.save("heads.html")</code> and open the file: there is no limit for files;</li>'
        "<li><code>precision=8</code>: about a third of the weight, values exact to 0.2 % of the largest of their head;</li>"
        "<li>fewer heads, with <code>heads=</code> or <code>layers=</code>, or fewer sequences, with <code>batch_idx=</code>;</li>"
        "<li><code>figure.show(anyway=True)</code>.</li></ul>"
    )


def wrapper(figure_json: Iterable[str]) -> Iterator[str]:
    """The place of one figure and its data, in pieces; a `script()` must follow somewhere after it.

    Args:
        figure_json: `_encode.to_json`'s pieces. They are passed on as they are: a large page is never joined twice.
    """
    yield f'<div data-circuitsvis="{bundle().hash}"><div>{_FALLBACK}</div><script type="application/json">'
    yield from figure_json
    yield "</script></div>"


# The key holds a promise of the bundle's exports. A script element evaluates the code, because that needs no more rights than
# this script itself has; `eval` would.
_SCRIPT = """<script>(()=>{const k="circuitsvis_HASH";
globalThis[k]??=(async()=>{
const t=atob("PACKED"),b=new Uint8Array(t.length);for(let i=0;i<b.length;i++)b[i]=t.charCodeAt(i);
const s=new DecompressionStream("deflate"),w=s.writable.getWriter();w.write(b);w.close();
const code=await new Response(s.readable).text(),e=document.createElement("script"),own=k+"_code";
e.textContent="globalThis."+own+"=(()=>{"+code+";return circuitsvis})()";
document.head.append(e);e.remove();
const found=globalThis[own];delete globalThis[own];return found
})();
globalThis[k].then(m=>m.mountAll("HASH"))})()</script>"""


def script() -> str:
    """The script that mounts all wrappers before it."""
    found = bundle()
    return _SCRIPT.replace("HASH", found.hash).replace("PACKED", found.packed)


def document(parts: Iterable[str], title: str | None = None, *, style: str = "") -> Iterator[str]:
    """A complete page, in pieces: `parts` are wrappers and any other HTML, in order; the bundle is in it once, at the end."""
    code = script()  # first, so that a missing bundle is said before anything is written
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title or 'circuitsvis')}</title><style>{_STYLE}{style}</style></head>\n<body>\n"
    )
    yield from parts
    yield code
    yield "\n</body></html>\n"


def _text(text: str) -> str:
    """`text` escaped; half a surrogate pair, which UTF-8 cannot hold, as a reference that browsers show as U+FFFD."""
    return html.escape(text).encode("utf-8", "xmlcharrefreplace").decode("utf-8")

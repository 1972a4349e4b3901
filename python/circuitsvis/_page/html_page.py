"""HTML around the props: a fragment for notebooks, a document for files. It sees text only, never a tensor.

A wrapper is a place for the figure, its JSON, a script, and behind that the heads' data in script elements of their own: the browser
draws the figure while it still reads them, and never has one long text to swallow. The script mounts every wrapper of this version
that is complete so far and not mounted yet. In a fragment it first unpacks and evaluates the bundle, unless this version is on the
page already; in a document the bundle stands once before all wrappers. So there are no ids: fragments may be copied, repeated,
re-ordered and deleted, and versions do not meet.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from circuitsvis._page.bundle import bundle

_FALLBACK = (
    "This circuitsvis figure needs its script to run. In a notebook: trust the notebook, or run the cell again. "
    "Sites that show notebooks without scripts cannot draw it: open the notebook or the saved file in a browser."
)

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:24px;background:#fff;color:#1b1e23;font:15px/1.5 system-ui,sans-serif}"
    "@media(max-width:640px){body{padding:12px}}"
    "@media(prefers-color-scheme:dark){body{background:#16181c;color:#e4e6ea}}"
    "[data-circuitsvis]>div>span{animation:2s step-end late}@keyframes late{from{visibility:hidden}}"
)
"""The last line keeps the fallback from flashing up while the script starts."""


def fragment(figure_json: Iterable[str], blocks: Iterable[tuple[int, str]] = ()) -> str:
    """One figure for a notebook's output cell; works alone and beside others."""
    return "".join(_around(figure_json, f"<script>{_unpack()}{_mount()}</script>", blocks))


def wrapper(figure_json: Iterable[str], blocks: Iterable[tuple[int, str]] = ()) -> Iterator[str]:
    """One figure of a `document`, in pieces.

    Args:
        figure_json: `serialize.to_json`'s pieces. They are passed on as they are: a large page is never joined twice.
        blocks: `serialize.blocks`'s.
    """
    return _around(figure_json, f"<script>{_mount()}</script>", blocks)


def _around(figure_json: Iterable[str], script: str, blocks: Iterable[tuple[int, str]]) -> Iterator[str]:
    yield f'<div data-circuitsvis="{bundle().hash}"><div><span>{_FALLBACK}</span></div><script type="application/json">'
    yield from figure_json
    yield f"</script>{script}"
    for number, text in blocks:
        yield f'<script type="text/plain" data-block="{number}">'
        yield text
        yield "</script>"
    yield "</div>"


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


# The key holds a promise of the bundle's exports. A script element evaluates the code, because that needs no more rights than
# this script itself has; `eval` would.
_UNPACK = """(()=>{const k="circuitsvis_HASH";
globalThis[k]??=(async()=>{
const t="PACKED",b=Uint8Array.fromBase64?.(t)??Uint8Array.from(atob(t),c=>c.charCodeAt(0));
const s=new DecompressionStream("deflate"),w=s.writable.getWriter();w.write(b);w.close();
const r=s.readable.getReader(),d=new TextDecoder();let code="";for(let p;!(p=await r.read()).done;)code+=d.decode(p.value,{stream:true});
const e=document.createElement("script"),own=k+"_code";
e.textContent="globalThis."+own+"=(()=>{"+code+";return circuitsvis})()";
document.head.append(e);e.remove();
const found=globalThis[own];delete globalThis[own];return found
})()})();"""

_MOUNT = 'globalThis.circuitsvis_HASH.then(m=>m.mountAll("HASH"))'


def _unpack() -> str:
    return _UNPACK.replace("HASH", bundle().hash).replace("PACKED", bundle().packed)


def _mount() -> str:
    return _MOUNT.replace("HASH", bundle().hash)


def document(parts: Iterable[str], title: str | None = None, *, style: str = "") -> Iterator[str]:
    """A complete page, in pieces: `parts` are wrappers and any other HTML, in order; the bundle is in it once, before them."""
    code = _unpack()  # first, so that a missing bundle is said before anything is written
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title or 'circuitsvis')}</title><style>{_STYLE}{style}</style><script>{code}</script></head>\n<body>\n"
    )
    yield from parts
    yield "\n</body></html>\n"


def _text(text: str) -> str:
    """`text` escaped; half a surrogate pair, which UTF-8 cannot hold, as a reference that browsers show as U+FFFD."""
    return html.escape(text).encode("utf-8", "xmlcharrefreplace").decode("utf-8")

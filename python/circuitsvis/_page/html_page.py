"""The HTML around a figure's JSON: a fragment for notebooks, a document for files. This module handles text only, no tensors.

A wrapper is an element with a place for the figure, its JSON, a script, and blocks: one script element for each chunk that is not in
the JSON. The browser draws the figure while it still reads the blocks. The script mounts every wrapper of its version that is complete
and not yet mounted. In a fragment it first unpacks and evaluates the bundle, unless this version is on the page already; a document
has the bundle once, before all wrappers. Nothing has an id, so fragments may be copied, repeated, re-ordered and deleted, and several
versions can share a page.
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
    "@media screen and (prefers-color-scheme:dark){body{background:#16181c;color:#e4e6ea}}"
    "[data-circuitsvis]>div>span{animation:2s step-end late}@keyframes late{from{visibility:hidden}}"
)
"""The last line hides the fallback text for two seconds, so that it does not flash up while the script starts."""


_HIDE_SENTENCE = "for(const e of document.querySelectorAll('[data-circuitsvis]>div>span'))e.animate({visibility:['hidden','hidden']},2000);"
"""For fragments, whose styles sanitisers drop: where scripts run, the sentence does not flash up before the figure."""


def fragment(figure_json: Iterable[str], blocks: Iterable[tuple[int, str]] = (), still: str = "") -> str:
    """One figure for the output of a notebook cell, with the bundle. `still`: HTML for where no script runs."""
    return "".join(_around(figure_json, f"<script>{_HIDE_SENTENCE}{_unpack()}{_mount()}</script>", blocks, still))


def wrapper(figure_json: Iterable[str], blocks: Iterable[tuple[int, str]] = ()) -> Iterator[str]:
    """One figure of a `document`, in pieces, so that a large page is not held in memory twice.

    Args:
        figure_json: the pieces of `serialize.to_json`.
        blocks: number and text of each block, from `serialize.blocks`.
    """
    return _around(figure_json, f"<script>{_mount()}</script>", blocks)


def _around(
    figure_json: Iterable[str], script: str, blocks: Iterable[tuple[int, str]], still: str = ""
) -> Iterator[str]:
    yield f'<div data-circuitsvis="{bundle().hash}"><div><span>{_FALLBACK}</span>{still}</div><script type="application/json">'
    yield from figure_json
    yield f"</script>{script}"
    for number, text in blocks:
        yield f'<script type="text/plain" data-block="{number}">'
        yield text
        yield "</script>"
    yield "</div>"


def too_heavy(weight: int, limit: int, lighter: Iterable[str], still: str = "") -> str:
    """The HTML that a notebook shows instead of a figure of `weight` bytes.

    Args:
        weight, limit: in bytes.
        lighter: what makes it lighter, plain text.
        still: HTML that shows the figure as it stands at first.
    """
    advice = "".join(f"<li>{_text(way)};</li>" for way in lighter)
    return (
        f"<p><b>This circuitsvis figure weighs {weight / 1e6:.0f} MB</b>, and would be saved inside the notebook, so it is not "
        f"shown here (the limit is {limit / 1e6:.0f} MB). Choose:</p><ul>"
        '<li><code>figure.save("figure.html")</code> and open the file: there is no limit for files;</li>'
        f"{advice}<li><code>figure.show(anyway=True)</code>.</li></ul>{still}"
    )


# globalThis["circuitsvis_HASH"] is a promise of the bundle's exports. The code is evaluated by a script element: a page whose security
# policy allows this script allows that one too, but possibly not `eval`.
_UNPACK = """(()=>{const k="circuitsvis_HASH";
globalThis[k]??=(async()=>{
const t="PACKED",b=Uint8Array.fromBase64?.(t)??Uint8Array.from(atob(t),c=>c.charCodeAt(0));
const s=new DecompressionStream("deflate"),w=s.writable.getWriter();w.write(b);w.close();
const r=s.readable.getReader(),d=new TextDecoder();let code="";for(let p;!(p=await r.read()).done;)code+=d.decode(p.value,{stream:true});
const e=document.createElement("script"),name=k+"_code";
e.textContent="globalThis."+name+"=(()=>{"+code+";return circuitsvis})()";
document.head.append(e);e.remove();
const exports=globalThis[name];delete globalThis[name];return exports
})()})();"""

_MOUNT = 'globalThis.circuitsvis_HASH.then(m=>m.mountAll("HASH"))'


def _unpack() -> str:
    return _UNPACK.replace("HASH", bundle().hash).replace("PACKED", bundle().packed)


def _mount() -> str:
    return _MOUNT.replace("HASH", bundle().hash)


def document(parts: Iterable[str], title: str | None = None, *, style: str = "") -> Iterator[str]:
    """A complete page, in pieces, with the bundle once.

    Args:
        parts: wrappers and any other HTML, in order.
        title: of the browser's tab, plain text.
        style: more CSS for the page.

    Raises:
        RuntimeError: the bundle has not been built. Raised before the first piece.
    """
    code = _unpack()
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title or 'circuitsvis')}</title><style>{_STYLE}{style}</style><script>{code}</script></head>\n<body>\n"
    )
    yield from parts
    yield "\n</body></html>\n"


def _text(text: str) -> str:
    """`text` escaped. Half a surrogate pair, which UTF-8 cannot encode, becomes a reference that browsers show as U+FFFD."""
    return html.escape(text).encode("utf-8", "xmlcharrefreplace").decode("utf-8")

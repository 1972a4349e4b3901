"""The HTML around a figure's JSON: a fragment for notebooks, a document for files. This module handles text only, no tensors.

A wrapper is an element with a place for the figure, a script, and data in comments, which are never seen as text: the figure's JSON, and
after the script one block for each chunk that is not in the JSON. The browser draws the figure while it still reads the blocks. The
script mounts every wrapper of its version that is complete and not yet mounted. A fragment also has the bundle in a comment, and a
script that unpacks it unless this version is on the page already; a document has both once, before all wrappers. Nothing has an id, so
fragments may be copied, repeated, re-ordered and deleted, and several versions can share a page.

    json:{...}:LENGTH:CHECK         CHECK is the Adler-32 of the JSON, and names the figure
    code:BASE64                     of zlib, whose streams end in a checksum
    CHECK:NUMBER:LENGTH:BASE64      of zlib; the JSON has the checksum of each block beside its number
    end                             of a document

`frontend/src/data/blocks.ts` and `frontend/src/loader.ts` read them.
"""

from __future__ import annotations

import html
import zlib
from collections.abc import Iterable, Iterator

from circuitsvis._page.bundle import Bundle, bundle

_FALLBACK = "This circuitsvis figure needs its script to run. "
_IN_A_NOTEBOOK = (
    _FALLBACK + "In a notebook: trust the notebook, or run the cell again. In an app: show figure.iframe(). "
    "Elsewhere, as on GitHub: open the notebook or the saved file in a browser."
)
_IN_A_DOCUMENT = (
    _FALLBACK
    + "Open the saved file in a browser that runs scripts. In an app, which inserts HTML without its scripts: show figure.iframe()."
)

_NOT_YET = "This page shows circuitsvis figures. If none follows, scripts are switched off, or the page was cut off: save or load it again."
"""The first text of a document: whatever is missing, this is there."""

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{margin:0;padding:24px;background:#fff;color:#1b1e23;font:15px/1.5 system-ui,sans-serif}"
    "@media(max-width:640px){body{padding:12px}}"
    "@media screen and (prefers-color-scheme:dark){body{background:#16181c;color:#e4e6ea}}"
    "[data-circuitsvis]>div>span,[data-circuitsvis-page]>div>span{animation:2s step-end late}@keyframes late{from{visibility:hidden}}"
    "[data-circuitsvis-page]:not(:last-child,.broken){display:none}"
)
"""The sentences are hidden for two seconds, so that they do not flash up while the script starts; that of the page also if anything
follows it, unless the script knows better."""


Blocks = Iterable[tuple[int, str]]


def fragment(
    figure_json: Iterable[str],
    blocks: Blocks = (),
    still: str = "",
    *,
    script: Bundle | None = None,
    live: str | None = None,
) -> str:
    """One figure for the output of a notebook cell, with its bundle.

    Args:
        figure_json, blocks, script: as for `wrapper`.
        still: HTML for where no script runs.
        live: the key of the widget that gives the chunks which are neither in the JSON nor in blocks.
    """
    script = script or bundle()
    return "".join(_wrapper(script.hash, figure_json, _loader(script), blocks, _IN_A_NOTEBOOK, still, live))


def wrapper(
    figure_json: Iterable[str],
    blocks: Blocks = (),
    *,
    script: Bundle | None = None,
    live: str | None = None,
    sentence: str = _IN_A_DOCUMENT,
) -> Iterator[str]:
    """One figure of a `document`, in pieces, so that a large page is not held in memory twice.

    Args:
        figure_json: the pieces of `serialize.to_json`.
        blocks: number and text of each block, from `serialize.blocks`.
        script: the bundle of the document, the same for all its figures. None: the one that draws every view.
        live: as for `fragment`.
        sentence: what is read where the script does not run.
    """
    name = (script or bundle()).hash
    mount = 'globalThis.circuitsvis_HASH.then(m=>m.mountAll("HASH"))'.replace("HASH", name)
    return _wrapper(name, figure_json, f"<script>{mount}</script>", blocks, sentence, live=live)


def _wrapper(
    name: str,
    figure_json: Iterable[str],
    script: str,
    blocks: Blocks,
    sentence: str,
    still: str = "",
    live: str | None = None,
) -> Iterator[str]:
    key = f' data-circuitsvis-live="{live}"' if live else ""
    yield f'<div data-circuitsvis="{name}"{key}><div><span>{sentence}</span>{still}</div><!--json:'
    length, check = 0, 1
    for piece in figure_json:
        inside = piece.replace(">", "\\u003e")  # only texts of the JSON hold it, and it would end the comment
        length += len(inside)
        check = zlib.adler32(inside.encode("ascii"), check)
        yield inside
    yield f":{length}:{check:08x}-->{script}"
    for number, text in blocks:
        yield f"<!--{check:08x}:{number}:{len(text)}:"
        yield text
        yield "-->"
    yield "</div>"


def _loader(script: Bundle) -> str:
    """The bundle, and the script that unpacks it."""
    return f"<!--code:{script.packed}--><script>{script.loader}</script>"


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


def document(
    parts: Iterable[str],
    title: str | None = None,
    *,
    style: str = "",
    script: Bundle | None = None,
    mark: str = "",
    loader: str | None = None,
) -> Iterator[str]:
    """A complete page, in pieces, with the bundle once.

    Args:
        parts: wrappers and any other HTML, in order.
        title: of the browser's tab, plain text.
        style: more CSS for the page.
        script: the bundle of its wrappers. None: the one that draws every view.
        mark: HTML that says what wrote the page, at its beginning.
        loader: HTML that loads the bundle, which is then not in the page.

    Raises:
        RuntimeError: the bundle has not been built. Raised before the first piece.
    """
    script = script or bundle()
    loader = _loader(script) if loader is None else loader
    # The sentence comes first of all, before styles too: wherever the page is cut off, the rest is not white.
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"{mark}"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(title or 'circuitsvis')}</title></head>\n<body>"
        f'<div data-circuitsvis-page="{script.hash}"><div><span>{_NOT_YET}</span></div><style>{_STYLE}{style}</style>{loader}</div>\n'
    )
    yield from parts
    yield "\n<!--end--></body></html>\n"


def _text(text: str) -> str:
    """`text` escaped. Half a surrogate pair, which UTF-8 cannot encode, becomes a reference that browsers show as U+FFFD."""
    return html.escape(text).encode("utf-8", "xmlcharrefreplace").decode("utf-8")

"""Hosts that cannot be installed here, rebuilt from their public source as far as a figure's output can notice them.

VS Code puts the HTML of an output into its page and makes each script element anew, inside the output, where it removes it again. It
takes the height of the output then, and whenever that changes. Colab gives each output a frame without the origin of its page, which
tells its height. GitHub shows what nbconvert makes of a notebook, without scripts, forms and styles.
"""

from __future__ import annotations

import html

import bleach  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Page

# `heights` are the heights that VS Code is told: the first one is `init`, the others come from a ResizeObserver.
_VS_CODE = """<!doctype html><html><body class="vscode-light" data-vscode-theme-kind="vscode-light" style="margin:0;padding:0 26px">
<script>
const heights = [];
async function renderOutput(html) {
  const output = document.createElement("div");
  document.body.append(output);
  await (async () => {
    output.innerHTML = html;
    for (const old of [...output.getElementsByTagName("script")]) {
      const script = document.createElement("script");
      script.text = old.innerText;
      for (const name of ["type", "src", "nonce", "noModule", "async"]) {
        const value = old[name] || old.getAttribute(name);
        if (value) script.setAttribute(name, value);
      }
      output.appendChild(script).parentNode.removeChild(script);
    }
  })();
  heights.push(output.offsetHeight);
  new ResizeObserver(() => output.offsetHeight !== heights.at(-1) && heights.push(output.offsetHeight)).observe(output);
}
function setTheme(kind) {
  document.body.className = document.body.dataset.vscodeThemeKind = kind;
}
</script></body></html>"""

_COLAB = """<!doctype html><html><body style="margin:0"><iframe sandbox="allow-scripts" style="width:100%;border:0;height:0"></iframe>
<script>
const frame = document.querySelector("iframe");
addEventListener("message", ({ data }) => (frame.style.height = `${data.height}px`));
const setTheme = (theme) => frame.contentWindow.postMessage({ theme }, "*");
</script></body></html>"""

_COLAB_OUTPUT = """<!doctype html><html theme="dark"><body style="margin:0;overflow:hidden"><div id="output-area">OUTPUT</div><script>
addEventListener("message", ({ data }) => document.documentElement.setAttribute("theme", data.theme));
new ResizeObserver(() => parent.postMessage({ height: document.documentElement.offsetHeight }, "*")).observe(document.documentElement);
</script></body></html>"""

# What GitHub's html-pipeline keeps.
_ELEMENTS = {
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "b",
        "i",
        "strong",
        "em",
        "a",
        "pre",
        "code",
        "img",
        "tt",
        "div",
        "ins",
        "del",
    ),
    *(
        "sup",
        "sub",
        "p",
        "ol",
        "ul",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "blockquote",
        "dl",
        "dt",
        "dd",
        "kbd",
        "q",
        "samp",
        "var",
    ),
    *("hr", "li", "tr", "td", "th", "s", "strike", "summary", "details", "figure", "figcaption", "span"),
}
_ATTRIBUTES = ["alt", "width", "height", "src", "href", "title", "align", "hidden", "open", "colspan", "rowspan"]


def vs_code() -> str:
    """A page in which `renderOutput(html)` shows an output, as VS Code's renderer of HTML does."""
    return _VS_CODE


def show_in_colab(page: Page, output: str) -> None:
    """Shows an output in the frame of a `colab` page, in the dark theme at first."""
    page.locator("iframe").evaluate("(frame, text) => (frame.srcdoc = text)", _COLAB_OUTPUT.replace("OUTPUT", output))


def colab() -> str:
    """A page with an empty frame for an output."""
    return _COLAB


def on_github(output: str, *, pictures: bool) -> str:
    """A page with what GitHub leaves of an output.

    Args:
        output: HTML.
        pictures: whether it keeps images whose address holds the picture. It did in the threads that we know of; by the rules that it
            has published, it would not.
    """
    scripts_out = bleach.clean(
        _without(output, "script", "style"),
        tags=_ELEMENTS,
        attributes=_ATTRIBUTES,
        protocols={"http", "https", "mailto", *(["data"] if pictures else [])},
        strip=True,
        strip_comments=True,
    )
    return f"<!doctype html><meta charset='utf-8'><title>{html.escape('notebook')}</title><body>{scripts_out}</body>"


def _without(text: str, *names: str) -> str:
    """The text without these elements and all that is in them."""
    for name in names:
        while f"<{name}" in text:
            before, _, rest = text.partition(f"<{name}")
            text = before + rest.partition(f"</{name}>")[2]
    return text

"""Code in tokens, titles and names is shown as text and never runs; batch labels keep their formatting and nothing else."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import cell_centre, leave, settled, text
from e2e.reading import wait_drawn

# Tokens, and the text that is shown for each.
TOKENS = {
    "</script>": "</script>",
    "<!--": "<!--",
    "<!--<script>": "<!--<script>",
    "-->": "-->",
    "]]>": "]]>",
    "<b>x</b>": "<b>x</b>",
    "<img src=x onerror=hit()>": "<img src=x onerror=hit()>",
    "<style>*{display:none}</style>": "<style>*{display:none}</style>",
    "{@html hit()}": "{@html hit()}",
    "${hit()}": "${hit()}",
    "javascript:hit()": "javascript:hit()",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "&amp;": "&amp;",
    "\n": "↵",
    "\r": "␍",
    "\t": "⇥",
    "\x00": "\\x00",
    "": "∅",
    " ": "·",
    "\u2028": "\\u2028",
    "\u202e": "\\u202E",
    "\udcc3": "\\uDCC3",
    "😀": "😀",
    "👩\u200d👩\u200d👧": "👩\u200d👩\u200d👧",
    "שלום": "שלום",
    " مرحبا": "·مرحبا",
    "e\u0301": "e\u0301",
    "[TOKENS_1]": "[TOKENS_1]",
    "__proto__": "__proto__",
}

CODE = [
    "<img src=x onerror=hit()>",
    "<script>hit()</script>",
    "</script><script>hit()</script>",
    "<style>*{display:none!important}</style>",
    "<a href='javascript:hit()'>x</a>",
    "<div style='position:fixed;inset:0'>over</div>",
    "<svg onload=hit()><script>hit()</script></svg>",
    "<iframe srcdoc='<script>parent.hit()</script>'></iframe>",
    "<b>bold</b> &lt;ok&gt;",
    '"><img src=x onerror=hit()>',
]

MODES = ["small", "large"]


def opened(open_page: Opener, mode: str, **options: Any) -> Page:
    """A batch of two sequences of hostile tokens. If code in them ran, it would set the global `ran`."""
    n = len(TOKENS)
    attention = np.tril(np.random.default_rng(0).random((2, len(CODE), n, n)))
    tokens = [list(TOKENS), list(TOKENS)[::-1]]
    figure = cv.attention.from_values(attention, tokens, mode=mode, **options)  # type: ignore[call-overload]
    html = figure.data.replace("<body>", "<body><script>function hit() { globalThis.ran = true }</script>", 1)
    page = open_page(html)
    wait_drawn(page)
    return page


def nothing_ran(page: Page) -> None:
    assert page.evaluate("globalThis.ran") is None
    forbidden = "script, style:not([id^=svelte]), img, iframe, a, object, embed, form, link, base, meta, [onerror], [onload], [onclick]"
    assert page.locator("section.figure").locator(forbidden).count() == 0
    # Beside the test's own script there are the loader, and what mounts the one figure: no token has ended the comment with the JSON.
    assert page.evaluate(
        "Array.from(document.scripts, (script) => Object.keys(script.parentElement.dataset)[0] ?? 'test')"
    ) == [
        "test",
        "circuitsvisPage",
        "circuitsvis",
    ]
    assert page.evaluate("document.body.children.length") == 3


@pytest.mark.parametrize("mode", MODES)
def test_tokens_are_shown_as_what_they_are_everywhere(mode: str, open_page: Opener) -> None:
    page = opened(open_page, mode)
    testid, n = ("overview" if mode == "small" else "heatmap"), len(TOKENS)
    strip = page.get_by_test_id("token-strip").locator("bdi")
    assert strip.all_text_contents() == list(TOKENS.values())
    page.get_by_test_id("head").nth(0).click()
    area, tip = page.get_by_test_id(testid), page.locator(".tip bdi")
    for index, shown in enumerate(TOKENS.values()):
        area.hover(position=cell_centre(area, index, index, n, n))
        assert tip.all_text_contents() == [shown, shown]
        cut = shown if len(shown) <= 24 else shown[:23] + "…"
        status = text(page, "status").translate({0x2068: None, 0x2069: None})  # isolates around right-to-left text
        assert f"destination {index} {cut} to source {index} {cut}:" in status
    leave(page)
    for index in (0, 5, 19, 23):
        page.get_by_test_id("token-strip").get_by_role("button").nth(index).click()
        expect(page.get_by_test_id("token-status")).to_contain_text(
            f"destination {index} {strip.nth(index).text_content()} a"
        )
    if mode == "large":
        assert set(page.locator(".axis.cols bdi").all_text_contents()) <= set(TOKENS.values())
    nothing_ran(page)


@pytest.mark.parametrize("code", CODE)
@pytest.mark.parametrize("mode", MODES)
def test_a_title_is_text(mode: str, code: str, open_page: Opener) -> None:
    page = opened(open_page, mode, title=code, head_names=CODE)
    assert page.locator("h2").text_content() == code
    assert page.title() == code
    assert page.locator("section.figure").get_attribute("aria-label") == code
    names = page.get_by_test_id("head").locator("bdi")
    assert names.all_text_contents() == CODE
    page.get_by_test_id("head").nth(CODE.index(code)).click()
    assert code in text(page, "head-status")
    nothing_ran(page)


LABELS = {
    # the label: its text on the page, and its markup
    "<b>bold</b> <i>it</i> <code>c</code>": ("bold it c", "<b>bold</b> <i>it</i> <code>c</code>"),
    "<span style='color: red; position: fixed; inset: 0'>s</span>": ("s", '<span style="color: red">s</span>'),
    "<span style='background: url(x.png); width: 9999px'>s</span>": (
        "s",
        '<span style="background-color: initial">s</span>',
    ),
    "<img src=x onerror=hit()>left": ("left", "left"),
    "<script>hit()</script>left": ("left", "left"),
    "<style>*{display:none!important}</style>left": ("left", "left"),
    "<a href='javascript:hit()'>link</a>": ("link", "link"),
    "<a href='https://example.invalid'>link</a>": ("link", "link"),
    "<div onclick=hit() class=tip>d</div>": ("d", "d"),
    "<b data-option=0 data-testid=head id=x aria-label=y>d</b>": ("d", "<b>d</b>"),
    "<svg><script>hit()</script></svg>left": ("left", "left"),
    "<math><mtext><table><mglyph><style><img src=x onerror=hit()>": ("Sequence 11", "Sequence 11"),
    "<form><input name=parentNode></form>left": ("left", "left"),
    "&lt;img src=x onerror=hit()&gt;": ("<img src=x onerror=hit()>", "&lt;img src=x onerror=hit()&gt;"),
    "<b>not closed": ("not closed", "<b>not closed</b>"),
    "a < b & c": ("a < b & c", "a &lt; b &amp; c"),
    "": ("Sequence 16", "Sequence 16"),
}


@pytest.mark.parametrize("radio", [False, True], ids=["dropdown", "radio"])
def test_labels_keep_their_formatting_and_nothing_else(radio: bool, open_page: Opener) -> None:
    n = len(LABELS)
    figure = cv.attention.from_values(
        np.tril(np.ones((n, 1, 2, 2))), [["a", "b"]] * n, batch_labels=list(LABELS), radioitems=radio
    )
    page = open_page(
        figure.data.replace("<body>", "<body><script>function hit() { globalThis.ran = true }</script>", 1)
    )
    wait_drawn(page)
    if not radio:
        page.get_by_role("combobox").click()
    labels = page.locator(".option .label" if radio else "[role=option] .label")
    expect(labels).to_have_count(n)
    # Svelte ends its HTML with an empty comment.
    markup = labels.evaluate_all("all => all.map((e) => e.innerHTML.replace(/<!--.*?-->/g, ''))")
    shown = labels.evaluate_all("all => all.map((e) => e.textContent)")
    assert list(zip(shown, markup, strict=True)) == list(LABELS.values())
    inside = (
        "all => all.every((e) => { const a = e.getBoundingClientRect(), b = e.parentElement.getBoundingClientRect();"
    )
    assert labels.evaluate_all(inside + " return a.left >= b.left && a.right <= b.right + 1 && a.height < 40 })")
    nothing_ran(page)


@pytest.mark.parametrize("name", ["</script><script>hit()</script>", "<!--<script>", "\u2028"])
def test_what_breaks_json_in_html_breaks_nothing(name: str, open_page: Opener) -> None:
    figure = cv.attention.from_values(np.eye(2), [name, name], title=name, head_names=[name])
    page = open_page(
        figure.data.replace("<body>", "<body><script>function hit() { globalThis.ran = true }</script>", 1)
    )
    wait_drawn(page)
    settled(page, "overview")
    nothing_ran(page)


def test_a_title_with_half_a_surrogate_pair_opens(open_page: Opener) -> None:
    figure = cv.attention.from_values(np.eye(2), ["a", "b"], title="broken \udcc3", head_names=["\udcc3"])
    page = open_page(figure.data)
    wait_drawn(page)
    assert page.title() == "broken \ufffd"
    assert page.locator("h2").text_content() == "broken \ufffd"

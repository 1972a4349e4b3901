"""WebKit shows what Chromium shows: the same texts, and the same values at the same cells; every picture is drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import WebKitGTK
from selenium.webdriver.support.wait import WebDriverWait

from e2e.conftest import Opener
from e2e.webkit import reading
from e2e.webkit.conftest import SECONDS

FIXTURES = [
    "small-12-heads", "small-spans", "small-signed", "small-hostile", "large-12-heads", "large-custom-colors", "large-signed",
    "large-batch-radio", "lines-12-heads", "lines-batch", "lines-alibi", "lines-two-sentences", "attribution-small", "attribution-large",
    "attribution-hostile", "activations-7-samples", "topk-tokens-samples", "topk-samples", "tokens-2", "tokens-multi", "tokens-performance",
    "tokens-hostile", "log-probs", "tabs-encoder-decoder", "hello",
]  # fmt: skip

# Not as an asynchronous script: WebKitWebDriver ends those by a timer of the page, for which the page would never be idle.
_START = f"({reading.READ})(arguments[0]).then((shown) => (globalThis.shown = shown), (error) => (globalThis.shown = String(error)))"


def in_webkit(webkit: WebKitGTK, file: Path) -> dict[str, Any]:
    webkit.get(file.as_uri())
    webkit.execute_script(_START, reading.KEYS)
    shown: dict[str, Any] = WebDriverWait(webkit, SECONDS, 0.05).until(
        lambda w: w.execute_script("return globalThis.shown")
    )
    return shown


@pytest.mark.parametrize("fixture", FIXTURES)
def test_webkit_shows_the_texts_and_values_that_chromium_shows(
    fixture: str, webkit: WebKitGTK, open_page: Opener, tmp_path: Path
) -> None:
    file = tmp_path / "figure.html"
    file.write_text(reading.page(fixture), encoding="utf-8")
    got = in_webkit(webkit, file)
    want = open_page(file).evaluate(reading.READ, reading.KEYS)
    assert got == want
    assert all(got["drawn"])
    assert fixture == "hello" or re.search(r"\d", " ".join([*got["statuses"], *got["tokens"], got["text"]]))

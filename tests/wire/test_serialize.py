"""The JSON of a figure, as it stands in a page."""

from __future__ import annotations

import json

from circuitsvis import attention
from circuitsvis._page.figure import to_json

from tests.support.caches import softmax_patterns


def test_the_json_is_ascii_and_cannot_end_its_script_element() -> None:
    tokens = ["</script>", "<!--", "\udcc3", "\u2028", '"']
    figure = attention.from_values(softmax_patterns((1, 5, 5)), tokens, title="<script>")
    assert figure is not None
    text = to_json(figure)
    assert text.isascii()
    assert "<" not in text
    assert json.loads(text)["props"]["sequences"][0]["destTokens"] == tokens

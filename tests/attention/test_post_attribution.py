"""The post's calls of `attribution.from_cache` run as written there, and add up to the model's logits.

Source: C. McDougall, "CircuitsVis (& TransformerLens)". Only the numbers of the heads differ: the demo model has 4 x 4.
"""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import reference
from tests.support.post import HEADS, check_attribution


@pytest.mark.usefixtures("in_a_notebook")
def test_attribution_of_both_signs_in_one_small_plot(post: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("circuitsvis.figure.Figure.show", lambda figure: shown.append(figure))
    gpt2, cache_full, tokens = post["gpt2"], post["cache_full"], post["tokens"]
    cv.attribution.from_cache(
        model = gpt2,
        cache = cache_full,
        tokens = tokens,
        mode = "small",
        heads = HEADS, # main positive & negative heads
        return_mode = "view",
    )  # fmt: skip
    check_attribution(reference.props(shown[0]), post)


def test_attribution_in_the_large_plot(post: dict[str, Any]) -> None:
    gpt2, cache_full, tokens = post["gpt2"], post["cache_full"], post["tokens"]
    figure = cv.attribution.from_cache(
        model = gpt2,
        cache = cache_full,
        tokens = tokens,
        heads = HEADS,
        mode = "large",
    )  # fmt: skip
    check_attribution(reference.props(figure), post)

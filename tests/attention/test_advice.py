"""What errors advise works: the names_filter in the text is run as it is written, until nothing is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis._attribution import cache_attribution

from tests.support import attributions, model_families, models

N = 8

pytestmark = pytest.mark.usefixtures("quiet_libraries")

Call = Callable[[Any], Any]


def advised_filter(text: str) -> Any:
    """The function behind "names_filter=" in an error's text, up to the parenthesis that closes its call."""
    start = text.index("names_filter=") + len("names_filter=")
    depths = np.cumsum([{"(": 1, ")": -1}.get(character, 0) for character in text[start:]])
    opened = int(np.flatnonzero(depths > 0)[0])
    length = opened + int(np.flatnonzero(depths[opened:] == 0)[0]) + 1
    return eval(text[start : start + length])  # noqa: S307  # our own text


def follow(model: Any, call: Call, names_filter: Any) -> Any:
    """Makes the call on a filtered cache, and again with the advice of each error; at most three times."""
    error: Exception | None = None
    for _ in range(3):
        _, cache = model.run_with_cache(models.ids(1, N), names_filter=names_filter)
        try:
            return call(cache)
        except KeyError as raised:
            error, names_filter = raised, advised_filter(str(raised))
    raise AssertionError(f"the advice does not lead to a cache that can be shown: {error}")


@pytest.mark.parametrize("family", ["gpt2", "llama_gqa", "gemma2", "gemma3", "granite", "olmo2", "opt", "bloom"])
def test_the_filter_advised_for_attribution_records_all_that_it_needs(family: str) -> None:
    model = model_families.bridge(family, folded=False)
    tokens = attributions.words(N)
    _, whole = model.run_with_cache(models.ids(1, N))
    [want] = cache_attribution.attributions(whole, model, tokens, 3)
    [attribution] = follow(
        model,
        lambda cache: list(cache_attribution.attributions(cache, model, tokens, 3)),
        lambda name: name.endswith("hook_pattern"),
    )
    assert [part.name for part in attribution.parts] == [part.name for part in want.parts]
    for head, wanted in zip(attribution.heads, want.heads, strict=True):
        np.testing.assert_allclose(head.values, wanted.values, rtol=0, atol=1e-5)
    for part, other in zip(attribution.parts, want.parts, strict=True):
        np.testing.assert_allclose(part.values, other.values, rtol=0, atol=1e-5)
    np.testing.assert_allclose(attribution.total, want.total, rtol=0, atol=1e-5)


@pytest.mark.parametrize("attention_type", ["standard", "value-weighted", "info-weighted"])
def test_the_filter_advised_for_weights_records_what_they_need(attention_type: str) -> None:
    model = model_families.bridge("llama_gqa", folded=False)
    figure = follow(
        model,
        lambda cache: cv.attention.from_cache(cache, attributions.words(N), attention_type=attention_type),  # type: ignore[call-overload]
        lambda name: name.endswith("hook_k"),
    )
    assert figure is not None

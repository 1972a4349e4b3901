"""The variables of the post's set-up code, once per model class."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from circuitsvis import demo


@pytest.fixture(params=["TransformerBridge", "HookedTransformer"])
def post(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The variables of the post's set-up code."""
    pytest.importorskip("transformer_lens")
    from tests.support import models  # needs TransformerLens, and this file is read where that is missing

    if not (models.HAS_BRIDGE if request.param == "TransformerBridge" else models.HAS_HOOKED_TRANSFORMER):
        pytest.skip(f"TransformerLens {models.VERSION[0]} has no {request.param}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' own deprecation notes are not ours to fix
        gpt2 = demo.load(request.param)
        sentence0 = "When Mary and John went to the shops, John gave a drink to Mary."
        sentence1 = "When Mary and John went to the shops, Mary gave a drink to John."
        sentence2 = "The cat sat on the mat."
        sentences_all = [sentence0, sentence1, sentence2]

        names_filter = lambda name: any(name.endswith(f"hook_{s}") for s in ["pattern", "q", "k", "v"])  # noqa: E731
        _logits, cache = gpt2.run_with_cache(sentence0, names_filter=names_filter, remove_batch_dim=True)
        _logits_all, cache_all = gpt2.run_with_cache(sentences_all, names_filter=names_filter)
        _logits, cache_full = gpt2.run_with_cache(sentence0, remove_batch_dim=True)

        tokens = gpt2.to_str_tokens(sentence0)
        tokens_all = gpt2.to_str_tokens(sentences_all)
        yield {
            "gpt2": gpt2,
            "cache": cache,
            "cache_all": cache_all,
            "cache_full": cache_full,
            "tokens": tokens,
            "tokens_all": tokens_all,
        }

"""The post's calls of `attention.from_cache` run as written there, and show what the model computed.

Source: C. McDougall, "CircuitsVis (& TransformerLens)". Only the numbers of the heads differ: the demo model has 4 x 4.
"""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import reference
from tests.support.post import HEADS, check


def test_a_cache_without_batch_dimension(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        layers = 0,
    )  # fmt: skip
    assert [head.name for head in reference.props(figure).heads] == ["0.0", "0.1", "0.2", "0.3"]
    check(figure, post, None)


def test_a_batch_is_shown_whole(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
    )  # fmt: skip
    check(figure, post, [0, 1, 2])


def test_one_sequence_of_a_batch(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
        batch_idx = 1, # Different way to specify a sequence within batch
    )  # fmt: skip
    check(figure, post, [1])


def test_some_sequences_of_a_batch(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
        batch_idx = [0, 1], # Different way to specify some sequences within batch
    )  # fmt: skip
    check(figure, post, [0, 1])


def test_layers_counted_from_the_end(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        layers = [0, -1], # Negative indices are accepted
    )  # fmt: skip
    assert {head.layer for head in reference.props(figure).heads} == {0, 3}
    check(figure, post, None)


def test_chosen_heads_in_their_order(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        heads = HEADS, # Showing all the name mover heads: to attends to the IO token Mary
    )  # fmt: skip
    assert [head.name for head in reference.props(figure).heads] == ["2.1", "3.2", "3.0"]
    check(figure, post, None)


def test_a_batch_in_large_mode(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        heads = HEADS,
        mode = "large",
    )  # fmt: skip
    check(figure, post, [0, 1, 2])


def test_info_weighted_attention(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        heads = HEADS, # showing all the name mover heads
        attention_type = "info-weighted", # or try "value-weighted"
    )  # fmt: skip
    assert reference.props(figure).attention_type == "info-weighted"
    check(figure, post, None, "info-weighted")


@pytest.mark.usefixtures("in_a_notebook")
def test_batch_labels_from_a_function_of_the_tokens(post: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    displayed: list[Any] = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    returned = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        heads = HEADS,
        attention_type = "info-weighted",
        batch_labels = lambda str_toks: "" + "|".join(str_toks) + "",
        return_mode = "view",
    )  # type: ignore[func-returns-value]  # that it returns None is what is tested  # fmt: skip
    assert returned is None
    [figure] = displayed
    assert [row.label for row in reference.props(figure).sequences] == ["|".join(row) for row in tokens_all]
    check(figure, post, [0, 1, 2], "info-weighted")

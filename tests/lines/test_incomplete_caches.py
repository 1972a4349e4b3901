"""mode="lines" where a cache lacks q, k or scores, or has few numbers: what is shown, and what the page advises to record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.support import reference
from tests.support.caches import words

pytest.importorskip("torch")
import torch

from tests.support.computed import computed_cache, lines, only


def test_a_cache_without_q_and_k_shows_its_patterns_and_says_what_to_record() -> None:
    figure = lines(only(computed_cache(), "pattern"), words(6))
    assert not np.isnan(reference.shown(figure)[:, np.tri(6, dtype=bool)]).any()
    for computation in reference.lines(figure).sequences[0].computations:
        assert computation.kind == "pattern"
        assert all(
            text in computation.description for text in ("no q and k", "names_filter", "hook_q", "hook_attn_scores")
        )


def test_a_cache_with_scores_alone_shows_them() -> None:
    figure = lines(only(computed_cache(), "pattern", "attn_scores"), words(6))
    for head in range(8):
        computation = reference.computation(figure, head)
        assert (computation.kind, computation.added_term_name, computation.dot) == ("scores", "score", None)
        want = reference.shown(figure)[head]
        assert np.nanmax(np.abs(reference.computed(figure, head) - want)) <= 1e-5 + reference.bound(figure)


def test_layers_may_differ_in_what_is_cached_of_them() -> None:
    data = computed_cache()
    del data["blocks.1.attn.hook_k"]
    kinds = [computation.kind for computation in reference.lines(lines(data, words(6))).sequences[0].computations]
    assert kinds == ["product"] * 4 + ["scores"] * 4


@pytest.mark.parametrize(
    "shape",
    [(5, 4, 8), (6, 3, 8), (6, 4, 7), (6, 4), (2, 6, 4, 8)],
    ids=["positions", "heads", "width", "axes", "batch"],
)
def test_q_and_k_of_other_shapes_are_as_if_they_were_not_cached(shape: tuple[int, ...]) -> None:
    for name in ("q", "k"):
        data = only(computed_cache(n_layers=1), "pattern", "q", "k")
        data[f"blocks.0.attn.hook_{name}"] = np.ones(shape, np.float32)
        assert {
            computation.kind for computation in reference.lines(lines(data, words(6))).sequences[0].computations
        } == {"pattern"}


@pytest.mark.parametrize(
    "config",
    [
        dict(attn_scale=4.0),
        dict(attn_scale=-1.0),
        dict(attn_scale=4.0, use_attn_scale=False),
        dict(attn_scale=None),
        {},
    ],
)
def test_no_configuration_makes_a_product_of_what_no_number_tests(config: dict[str, Any]) -> None:
    data = only(computed_cache(n_layers=1, n=1), "pattern", "q", "k")
    computation = reference.computation(lines(data, words(1), model=SimpleNamespace(cfg=SimpleNamespace(**config))), 0)
    assert (
        computation.kind == "pattern"
        and computation.divisor is None
        and "nothing in the pattern tests" in computation.description
    )


@pytest.mark.parametrize(
    ("config", "divisor"),
    [(dict(attn_scale=3.7), 3.7), (dict(attn_scale=3.7, use_attn_scale=False), 1.0), (dict(attn_scale=-1.0), 8.0**0.5)],
)
def test_a_configured_divisor_is_used_as_it_is_written_where_the_scores_agree(
    config: dict[str, Any], divisor: float
) -> None:
    data = computed_cache(n_layers=1, n=1)
    data["blocks.0.attn.hook_attn_scores"] *= np.float32(8.0**0.5 / divisor)
    net = SimpleNamespace(cfg=SimpleNamespace(**config))
    assert reference.computation(lines(data, words(1), model=net), 0).divisor == divisor


def test_one_chosen_head_of_a_short_text_is_explained_with_the_help_of_the_others() -> None:
    """In half precision one head of three tokens proves nothing: the other heads of its layer do."""
    data: dict[str, Any] = {name: torch.tensor(array).bfloat16() for name, array in computed_cache(1, 12, n=3).items()}
    assert [
        computation.kind
        for computation in reference.lines(lines(data, words(3), heads=[(0, 2)])).sequences[0].computations
    ] == ["product"]
    few_heads = {
        name: tensor[..., :1, :, :] if "pattern" in name else tensor[:, :1]
        for name, tensor in only(data, "pattern", "q", "k").items()
    }
    [computation] = reference.lines(lines(few_heads, words(3), heads=[(0, 0)])).sequences[0].computations
    assert computation.kind == "pattern" and "only 3 numbers of this layer test it" in computation.description

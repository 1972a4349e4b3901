"""mode="lines" of plain arrays with q= and k=."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import reference
from tests.support.caches import Array, softmax_patterns, words

pytest.importorskip("torch")
import torch

from tests.support.computed import computed_cache, multiplies_out


def arrays(n_kv: int = 4, batch: int = 2) -> tuple[Array, Array, Array]:
    """The attention [batch, head, dest, src], q [batch, head, dest, d_head], k [batch, key head, src, d_head]."""
    data = computed_cache(n_layers=1, n_kv=n_kv, batch=batch)
    pattern, q, k = (data[f"blocks.0.attn.hook_{name}"] for name in ("pattern", "q", "k"))
    return pattern, q.swapaxes(1, 2), k.swapaxes(1, 2)


def test_plain_arrays_of_every_combination_multiply_out() -> None:
    pattern, q, k = arrays()
    one, several = words(6), [words(6)] * 2
    combinations: list[tuple[Any, Any, Any, list[Any]]] = [
        (pattern[0, 0], q[0, 0], k[0, 0], one),
        (pattern[0], q[0], k[0], one),
        (pattern[:, 0], q[:, 0], k[:, 0], several),
        (pattern, q, k, several),
    ]
    for attention, queries, keys, tokens in combinations:
        for form in (np.asarray, torch.tensor, lambda array: array.tolist()):
            figure = cv.attention.from_values(form(attention), tokens, "lines", q=form(queries), k=form(keys))
            assert figure is not None
            for sequence in range(len(reference.lines(figure).sequences)):
                multiplies_out(figure, sequence)
            assert reference.lines(figure).head_selector == "head"


@pytest.mark.parametrize("n_kv", [2, 1])
def test_plain_arrays_share_keys_as_grouped_query_heads_do(n_kv: int) -> None:
    pattern, q, k = arrays(n_kv)
    figure = cv.attention.from_values(pattern, [words(6)] * 2, "lines", q=q, k=k)
    assert figure is not None
    multiplies_out(figure, 1)
    assert len(reference.lines(figure).sequences[1].keys) == n_kv
    alone = cv.attention.from_values(pattern[0], words(6), "lines", q=q[0], k=k[0])
    assert alone is not None
    multiplies_out(alone)


def test_layers_as_hugging_face_gives_them_take_vectors_by_layer() -> None:
    layers = [arrays(), arrays()]
    pattern, q, k = (tuple(torch.tensor(layer[part]) for layer in layers) for part in range(3))
    figure = cv.attention.from_values(pattern, [words(6)] * 2, "lines", q=q, k=k, display_mode="light")
    assert figure is not None
    multiplies_out(figure, 1)
    props = reference.lines(figure)
    assert (props.head_selector, props.display_mode, len(props.sequences[0].keys)) == ("layer", "light", 8)


def test_rectangular_plain_arrays_multiply_out() -> None:
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(3, 8)), rng.normal(size=(7, 8))
    scores = q @ k.T / np.sqrt(8)
    attention = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    figure = cv.attention.from_values(
        attention, dest_tokens=words(3), src_tokens=words(7), mode="lines", q=q, k=k
    )  # fmt: skip
    assert figure is not None
    multiplies_out(figure)


def test_patterns_without_vectors_and_signed_values_are_shown_with_the_reason() -> None:
    for values in (softmax_patterns((2, 5, 5)), np.random.default_rng(0).normal(size=(2, 5, 5))):
        figure = cv.attention.from_values(values, words(5), "lines")
        assert figure is not None
        assert np.nanmax(np.abs(reference.shown(figure) - values)) <= reference.bound(figure)
        assert all(
            computation.kind == "pattern" and computation.description
            for computation in reference.lines(figure).sequences[0].computations
        )


def test_vectors_that_do_not_lead_to_the_pattern_are_not_shown_and_the_page_states_why() -> None:
    pattern, q, k = arrays()
    figure = cv.attention.from_values(pattern[0], words(6), "lines", q=q[0, :, ::-1], k=k[0])
    for computation in reference.lines(figure).sequences[0].computations:
        assert computation.kind == "pattern" and "as they enter the product" in computation.description


def test_padding_of_plain_arrays_is_cropped_from_the_vectors_too() -> None:
    pattern, q, k = arrays()
    figure = cv.attention.from_values(pattern, [words(6), words(4)], "lines", q=q, k=k, padding_side="right")
    assert figure is not None
    multiplies_out(figure, 1)

"""mode="lines" on plain dicts: which heads are in the page, how their vectors are cropped, and how often keys are sent."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from circuitsvis._input.padding_checks import Side
from circuitsvis._page.figure import to_json

from tests.support import reference
from tests.support.caches import model, words

pytest.importorskip("torch")
import torch

from tests.support.computed import computed_cache, lines, multiplies_out

TYPES = ["standard", "value-weighted", "info-weighted"]


@pytest.mark.parametrize("n_kv", [4, 2, 1])
def test_keys_travel_once_per_key_head_however_many_heads_read_them(n_kv: int) -> None:
    figure = lines(computed_cache(n_kv=n_kv), words(6))
    multiplies_out(figure)
    row = reference.lines(figure).sequences[0]
    assert len(row.keys) == 2 * n_kv
    key_indices = [computation.keys for computation in row.computations]
    assert key_indices == [layer * n_kv + head // (4 // n_kv) for layer in range(2) for head in range(4)]


def test_vectors_are_those_of_the_head() -> None:
    data = computed_cache(n_kv=2)
    figure = lines(data, words(6), heads=[(1, 3), (0, 0)])
    for position, (layer, head) in enumerate([(1, 3), (0, 0)]):
        computation = reference.computation(figure, position)
        keys = reference.lines(figure).sequences[0].keys
        assert computation.queries is not None and computation.keys is not None
        q, k = data[f"blocks.{layer}.attn.hook_q"][:, head], data[f"blocks.{layer}.attn.hook_k"][:, head // 2]
        for tensor, exact in ((computation.queries, q), (keys[computation.keys], k)):
            largest = np.abs(exact.astype(np.float64)).max(-1, keepdims=True)
            assert np.all(np.abs(reference.decode(tensor) - exact) <= 0.52 / 32767 * largest)


def test_scores_are_computed_from_the_cached_vectors_not_from_the_rounded_ones() -> None:
    data = computed_cache(d_head=64)
    figure = lines(data, words(6))
    for position, (layer, head) in enumerate(itertools.product(range(2), range(4))):
        q, k = (data[f"blocks.{layer}.attn.hook_{name}"][:, head].astype(np.float64) for name in ("q", "k"))
        computation = reference.computation(figure, position)
        assert computation.dot is not None and computation.dot.error_bound < 1e-6
        exact = np.where(np.tri(6, dtype=bool), q @ k.T / 8.0, np.nan)
        np.testing.assert_allclose(reference.decode(computation.dot)[0], exact, atol=computation.dot.error_bound)


@pytest.mark.parametrize(
    ("options", "selector", "n_heads"),
    [({}, "layer", 12), ({"layers": 1}, "layer", 4), ({"layers": [0, -1]}, "layer", 8), ({"heads": (2, 1)}, "head", 1)],
)
def test_only_what_was_asked_for_is_in_the_page(options: dict[str, Any], selector: str, n_heads: int) -> None:
    props = reference.lines(lines(computed_cache(n_layers=3), words(6), **options))
    assert props.head_selector == selector and len(props.heads) == n_heads
    row = props.sequences[0]
    assert len(row.computations) == len(row.keys) == row.attention.shape[0] == n_heads
    assert row.preview is None


@pytest.mark.parametrize("display_mode", ["dark", "light", "auto"])
def test_the_display_mode_reaches_the_page(display_mode: str) -> None:
    assert reference.lines(lines(computed_cache(), words(6), display_mode=display_mode)).display_mode == display_mode
    assert reference.lines(lines(computed_cache(), words(6))).display_mode == "dark"


@pytest.mark.parametrize("attention_type", TYPES)
@pytest.mark.parametrize("side", ["left", "right"])
def test_batches_of_unequal_sequences_multiply_out_without_their_padding(side: Side, attention_type: str) -> None:
    """Padding is not masked in this cache, so only rows and vectors that are cropped to the real tokens multiply out."""
    data = computed_cache(batch=3, n_kv=2)
    if side == "left":  # real tokens must not see the padding before them
        for layer in range(2):
            pattern = data[f"blocks.{layer}.attn.hook_pattern"]
            pattern[1, :, 2:, :2] = 0.0
            pattern[1, :, 2:] /= pattern[1, :, 2:].sum(-1, keepdims=True)
    figure = lines(
        data, [words(6), words(4), words(6)], padding_side=side, model=model(), attention_type=attention_type,
        batch_idx=[1, 0],
    )  # fmt: skip
    assert [len(row.dest_tokens) for row in reference.lines(figure).sequences] == [4, 6]
    assert reference.lines(figure).attention_type == attention_type
    for sequence, row in enumerate(reference.lines(figure).sequences):
        multiplies_out(figure, sequence)
        assert set(row.weights) == {"value-weighted", "info-weighted"}


@pytest.mark.parametrize("form", ["batch", "float16", "bfloat16", "float64", "requires grad"])
def test_every_form_of_tensor_is_read_and_none_is_changed(form: str) -> None:
    data: dict[str, Any] = {name: torch.tensor(array) for name, array in computed_cache(batch=1).items()}
    if form in ("float16", "bfloat16", "float64"):
        data = {name: tensor.to(getattr(torch, form)) for name, tensor in data.items()}
    if form == "requires grad":
        data = {name: tensor.requires_grad_() for name, tensor in data.items()}
    before = {name: tensor.detach().clone() for name, tensor in data.items()}
    figure = lines(data, [words(6)])
    assert to_json(figure)
    assert {computation.kind for computation in reference.lines(figure).sequences[0].computations} == {"product"}
    assert all(torch.equal(data[name], before[name]) for name in before)


def test_an_attention_mask_crops_the_vectors_too() -> None:
    data = computed_cache(n_layers=1, batch=1)
    pattern = data["blocks.0.attn.hook_pattern"]
    pattern[..., [1, 3]] = 0.0
    pattern /= pattern.sum(-1, keepdims=True)
    figure = lines(data, [words(6)], attention_mask=[[1, 0, 1, 0, 1, 1]])
    multiplies_out(figure)


def test_twelve_heads_of_128_tokens_are_little_more_than_a_megabyte() -> None:
    data = computed_cache(1, 12, 12, n=128, d_head=64)
    assert len(to_json(lines(data, words(128)))) < 1_200_000

"""mode="lines" on plain dicts and arrays: what the page is given, of which heads, cropped how, and how often."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._input.padding_checks import Side
from circuitsvis._page.figure import to_json

from tests.support import reference
from tests.support.caches import Array, model, softmax_patterns, words

pytest.importorskip("torch")
import torch

TYPES = ["standard", "value-weighted", "info-weighted"]


def computed_cache(
    n_layers: int = 2, n_heads: int = 4, n_kv: int = 4, batch: int | None = None, n: int = 6, d_head: int = 8
) -> dict[str, Array]:
    """q, k, v, scores and patterns that follow from each other. batch=None: no batch dimension."""
    rng = np.random.default_rng(5)
    lead = () if batch is None else (batch,)
    found: dict[str, Array] = {}
    for layer in range(n_layers):
        q = rng.normal(size=(*lead, n, n_heads, d_head)).astype(np.float32)
        k, v = rng.normal(size=(2, *lead, n, n_kv, d_head)).astype(np.float32)
        wide = np.repeat(k.astype(np.float64), n_heads // n_kv, axis=-2)
        scores = np.einsum("...qhe,...khe->...hqk", q.astype(np.float64), wide) / np.sqrt(d_head)
        scores = np.where(np.tri(n, dtype=bool), scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        hooks = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": weights / weights.sum(-1, keepdims=True)}
        for name, values in hooks.items():
            found[f"blocks.{layer}.attn.hook_{name}"] = values.astype(np.float32)
    return found


def only(data: dict[str, Array], *names: str) -> dict[str, Array]:
    """The hooks of these names."""
    return {hook: array for hook, array in data.items() if hook.rsplit("hook_", 1)[1] in names}


def lines(data: Any, tokens: Any, **options: Any) -> cv.Figure:
    figure: cv.Figure = cv.attention.from_cache(data, tokens, mode="lines", **options)
    return figure


def multiplies_out(figure: cv.Figure, sequence: int = 0) -> None:
    """Every head of a sequence is a product whose softmax is the attention beside it."""
    shown = reference.shown(figure, sequence)
    for head, want in enumerate(shown):
        one = reference.computation(figure, head, sequence)
        assert one.kind == "product"
        got = reference.computed(figure, head, sequence)
        assert np.array_equal(np.isnan(got), np.isnan(want))
        assert np.nanmax(np.abs(got - want)) <= 1e-5 + reference.bound(figure, sequence)


@pytest.mark.parametrize("n_kv", [4, 2, 1])
def test_keys_travel_once_per_key_head_however_many_heads_read_them(n_kv: int) -> None:
    figure = lines(computed_cache(n_kv=n_kv), words(6))
    multiplies_out(figure)
    row = reference.lines(figure).sequences[0]
    assert len(row.keys) == 2 * n_kv
    places = [one.keys for one in row.computations]
    assert places == [layer * n_kv + head // (4 // n_kv) for layer in range(2) for head in range(4)]


def test_vectors_are_those_of_the_head() -> None:
    data = computed_cache(n_kv=2)
    figure = lines(data, words(6), heads=[(1, 3), (0, 0)])
    for position, (layer, head) in enumerate([(1, 3), (0, 0)]):
        one = reference.computation(figure, position)
        keys = reference.lines(figure).sequences[0].keys
        assert one.queries is not None and one.keys is not None
        q, k = data[f"blocks.{layer}.attn.hook_q"][:, head], data[f"blocks.{layer}.attn.hook_k"][:, head // 2]
        for tensor, exact in ((one.queries, q), (keys[one.keys], k)):
            largest = np.abs(exact.astype(np.float64)).max(-1, keepdims=True)
            assert np.all(np.abs(reference.decode(tensor) - exact) <= 0.52 / 32767 * largest)


def test_scores_are_computed_from_the_cached_vectors_not_from_the_rounded_ones() -> None:
    data = computed_cache(d_head=64)
    figure = lines(data, words(6))
    for position, (layer, head) in enumerate(itertools.product(range(2), range(4))):
        q, k = (data[f"blocks.{layer}.attn.hook_{name}"][:, head].astype(np.float64) for name in ("q", "k"))
        one = reference.computation(figure, position)
        assert one.dot is not None and one.dot.error_bound < 1e-6
        exact = np.where(np.tri(6, dtype=bool), q @ k.T / 8.0, np.nan)
        np.testing.assert_allclose(reference.decode(one.dot)[0], exact, atol=one.dot.error_bound)


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
    """Padding is not masked here, so the whole rows do not: only what is cropped as the real tokens are can."""
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
    assert {one.kind for one in reference.lines(figure).sequences[0].computations} == {"product"}
    assert all(torch.equal(data[name], before[name]) for name in before)


def test_a_cache_without_q_and_k_shows_its_patterns_and_says_what_to_record() -> None:
    figure = lines(only(computed_cache(), "pattern"), words(6))
    assert not np.isnan(reference.shown(figure)[:, np.tri(6, dtype=bool)]).any()
    for one in reference.lines(figure).sequences[0].computations:
        assert one.kind == "pattern"
        assert all(text in one.description for text in ("no q and k", "names_filter", "hook_q", "hook_attn_scores"))


def test_a_cache_with_scores_alone_shows_them() -> None:
    figure = lines(only(computed_cache(), "pattern", "attn_scores"), words(6))
    for head in range(8):
        one = reference.computation(figure, head)
        assert (one.kind, one.added_term_name, one.dot) == ("scores", "score", None)
        want = reference.shown(figure)[head]
        assert np.nanmax(np.abs(reference.computed(figure, head) - want)) <= 1e-5 + reference.bound(figure)


def test_layers_may_differ_in_what_is_cached_of_them() -> None:
    data = computed_cache()
    del data["blocks.1.attn.hook_k"]
    kinds = [one.kind for one in reference.lines(lines(data, words(6))).sequences[0].computations]
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
        assert {one.kind for one in reference.lines(lines(data, words(6))).sequences[0].computations} == {"pattern"}


def test_an_attention_mask_crops_the_vectors_too() -> None:
    data = computed_cache(n_layers=1, batch=1)
    pattern = data["blocks.0.attn.hook_pattern"]
    pattern[..., [1, 3]] = 0.0
    pattern /= pattern.sum(-1, keepdims=True)
    figure = lines(data, [words(6)], attention_mask=[[1, 0, 1, 0, 1, 1]])
    multiplies_out(figure)


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
    one = reference.computation(lines(data, words(1), model=SimpleNamespace(cfg=SimpleNamespace(**config))), 0)
    assert one.kind == "pattern" and one.divisor is None and "nothing in the pattern tests" in one.description


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
    assert [one.kind for one in reference.lines(lines(data, words(3), heads=[(0, 2)])).sequences[0].computations] == [
        "product"
    ]
    few = {
        name: tensor[..., :1, :, :] if "pattern" in name else tensor[:, :1]
        for name, tensor in only(data, "pattern", "q", "k").items()
    }
    [one] = reference.lines(lines(few, words(3), heads=[(0, 0)])).sequences[0].computations
    assert one.kind == "pattern" and "only 3 numbers of this layer test it" in one.description


# --- from_values


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


def test_plain_patterns_alone_and_signed_values_are_shown_with_words() -> None:
    for values in (softmax_patterns((2, 5, 5)), np.random.default_rng(0).normal(size=(2, 5, 5))):
        figure = cv.attention.from_values(values, words(5), "lines")
        assert figure is not None
        assert np.nanmax(np.abs(reference.shown(figure) - values)) <= reference.bound(figure)
        assert all(
            one.kind == "pattern" and one.description for one in reference.lines(figure).sequences[0].computations
        )


def test_vectors_that_do_not_lead_to_the_pattern_say_so() -> None:
    pattern, q, k = arrays()
    figure = cv.attention.from_values(pattern[0], words(6), "lines", q=q[0, :, ::-1], k=k[0])
    for one in reference.lines(figure).sequences[0].computations:
        assert one.kind == "pattern" and "as they enter the product" in one.description


def test_padding_of_plain_arrays_is_cropped_from_the_vectors_too() -> None:
    pattern, q, k = arrays()
    figure = cv.attention.from_values(pattern, [words(6), words(4)], "lines", q=q, k=k, padding_side="right")
    assert figure is not None
    multiplies_out(figure, 1)


def test_twelve_heads_of_128_tokens_are_little_more_than_a_megabyte() -> None:
    data = computed_cache(1, 12, 12, n=128, d_head=64)
    assert len(to_json(lines(data, words(128)))) < 1_200_000

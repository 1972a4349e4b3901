"""`attention.from_cache` on plain dicts: selection, batches, padding, weighting, against loops in float64."""

from __future__ import annotations

from types import SimpleNamespace

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._input.padding_checks import Side
from circuitsvis._page.figure import to_json
from circuitsvis._wire.props.attention import AttentionHeadsProps, AttentionPatternsProps, AttentionType

from tests.support import reference
from tests.support.caches import Array, cache, model, softmax_patterns, words

pytest.importorskip("torch")
import torch

TYPES = ["standard", "value-weighted", "info-weighted"]


def expected(
    data: dict[str, Array], layer: int, head: int, attention_type: str, net: SimpleNamespace, at: object = ...
) -> reference.Float64:
    """The values of one head, by loops. `at`: (index in the batch, slice of the real positions)."""
    pattern, v = data[f"blocks.{layer}.attn.hook_pattern"], data[f"blocks.{layer}.attn.hook_v"]
    if isinstance(at, tuple):
        index, real = at
        pattern, v = pattern[index][:, real, real], v[index][real]
    attention = pattern[head].astype(np.float64)
    values = v[:, head // (pattern.shape[0] // v.shape[1])].astype(np.float64)
    if attention_type == "value-weighted":
        return reference.value_weighted(attention, values)
    if attention_type == "info-weighted":
        return reference.info_weighted(attention, values, net.blocks[layer].attn.W_O[head].astype(np.float64))
    return attention


def agree(figure: object, head: int, wanted: reference.Float64, attention_type: str, sequence: int = 0) -> None:
    """Checks that the page shows these values, and that cells without a value on the page are zero."""
    assert isinstance(figure, cv.Figure)
    shown = reference.shown(figure, sequence, attention_type)[head]
    masked = np.isnan(shown)
    assert not np.any(wanted[masked]), "a masked cell holds a value"
    assert np.abs(shown - wanted)[~masked].max() <= reference.bound(figure, sequence, attention_type)


@pytest.mark.parametrize("attention_type", TYPES)
@pytest.mark.parametrize("n_kv", [4, 2, 1])
def test_every_head_equals_the_reference_also_with_grouped_queries(n_kv: int, attention_type: AttentionType) -> None:
    data, net = cache(n_kv=n_kv), model()
    figure = cv.attention.from_cache(data, words(6), attention_type=attention_type, model=net)
    for position, (layer, head) in enumerate((layer, head) for layer in range(2) for head in range(4)):
        agree(figure, position, expected(data, layer, head, attention_type, net), attention_type)


@pytest.mark.parametrize("attention_type", TYPES)
@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_is_cropped_before_the_maximum_norm_is_taken(side: Side, attention_type: AttentionType) -> None:
    data, net = cache(batch=2, n_kv=2), model()
    for layer in range(2):
        data[f"blocks.{layer}.attn.hook_v"][1, :2] *= 9  # padding with left padding
        data[f"blocks.{layer}.attn.hook_v"][1, -2:] *= 9  # padding with right padding
    figure = cv.attention.from_cache(
        data,
        [words(6), words(4)],
        attention_type=attention_type,
        model=net,
        padding_side=side,
    )
    real = slice(2, 6) if side == "left" else slice(0, 4)
    assert reference.props(figure).sequences[1].attention.shape == (8, 4, 4)
    agree(figure, 5, expected(data, 1, 1, attention_type, net, (1, real)), attention_type, 1)
    agree(figure, 5, expected(data, 1, 1, attention_type, net, (0, slice(0, 6))), attention_type, 0)


def test_an_attention_mask_keeps_exactly_the_real_positions_wherever_they_are() -> None:
    data = cache(batch=1)
    figure = cv.attention.from_cache(data, [words(6)], attention_mask=[[0, 1, 1, 0, 1, 1]])
    real = [1, 2, 4, 5]
    wanted = data["blocks.0.attn.hook_pattern"][0, 2][np.ix_(real, real)].astype(np.float64)
    agree(figure, 2, wanted, "standard")
    assert reference.props(figure).sequences[0].dest_tokens == (" t1", " t2", " t4", " t5")


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_tensors_of_every_float_type_are_shown_as_they_are(dtype: torch.dtype) -> None:
    data = {name: torch.tensor(array).to(dtype).requires_grad_() for name, array in cache().items()}
    figure = cv.attention.from_cache(data, words(6), heads=(1, 2))
    agree(figure, 0, data["blocks.1.attn.hook_pattern"][2].detach().double().numpy(), "standard")


@pytest.mark.parametrize("attention_type", TYPES)
@pytest.mark.parametrize("mode", ["small", "large"])
def test_the_cache_is_bit_identical_after_the_call(mode: str, attention_type: str) -> None:
    data = {name: torch.tensor(array) for name, array in cache(batch=2).items()}
    before = {name: tensor.clone() for name, tensor in data.items()}
    figure = cv.attention.from_cache(
        data,
        [words(6), words(4)],
        mode=mode,
        attention_type=attention_type,
        model=model(),
        padding_side="right",  # type: ignore[call-overload]
    )
    assert to_json(figure)
    assert data.keys() == before.keys()
    assert all(torch.equal(data[name], before[name]) for name in before)


def test_a_batch_of_one_is_accepted_with_and_without_its_dimension_on_either_side() -> None:
    flat, batched = cache(), {name: array[None] for name, array in cache().items()}
    figures = [cv.attention.from_cache(c, t) for c in (flat, batched) for t in (words(6), [words(6)])]
    assert len({to_json(figure) for figure in figures}) == 1


def test_one_list_of_tokens_is_enough_where_one_sequence_is_chosen() -> None:
    figure = cv.attention.from_cache(cache(batch=3), words(6), batch_idx=1)
    assert len(reference.props(figure).sequences) == 1


def test_chosen_sequences_come_in_the_order_given() -> None:
    data = cache(batch=3)
    tokens = [words(6), words(6)[::-1], words(6)]
    figure = cv.attention.from_cache(data, tokens, batch_idx=[2, 1])
    assert [row.dest_tokens for row in reference.props(figure).sequences] == [tuple(tokens[2]), tuple(tokens[1])]
    agree(figure, 0, data["blocks.0.attn.hook_pattern"][2, 0].astype(np.float64), "standard", 0)


def test_without_layers_what_is_cached_is_shown() -> None:
    data = {name: array for name, array in cache(n_layers=3).items() if ".0." not in name}
    assert [head.name for head in reference.props(cv.attention.from_cache(data, words(6))).heads][::4] == ["1.0", "2.0"]


def test_negative_layers_count_by_the_model_not_by_what_is_cached() -> None:
    data = {name: array for name, array in cache(n_layers=3).items() if ".2." not in name}
    figure = cv.attention.from_cache(data, words(6), layers=-2, model=model(n_layers=3))
    assert reference.props(figure).heads[0].name == "1.0"
    with pytest.raises(KeyError, match=r"blocks\.2\.attn\.hook_pattern"):
        cv.attention.from_cache(data, words(6), layers=-1, model=model(n_layers=3))


def test_bidirectional_patterns_keep_their_upper_triangle() -> None:
    data = cache(causal=False)
    figure = cv.attention.from_cache(data, words(6))
    assert reference.props(figure).sequences[0].attention.layout == "full"
    agree(figure, 0, data["blocks.0.attn.hook_pattern"][0].astype(np.float64), "standard")
    assert reference.props(cv.attention.from_cache(cache(), words(6))).sequences[0].attention.layout == "causal"


def test_cross_attention_has_its_own_tokens_on_each_axis() -> None:
    pattern = softmax_patterns((4, 3, 5), causal=False)
    data = {"decoder.0.cross_attn.hook_pattern": pattern, "decoder.0.attn.hook_pattern": softmax_patterns((4, 3, 3))}
    figure = cv.attention.from_cache(data, words(3), module="decoder.{layer}.cross_attn", src_tokens=list("abcde"))
    row = reference.props(figure).sequences[0]
    assert (row.dest_tokens, row.src_tokens) == ((" t0", " t1", " t2"), ("a", "b", "c", "d", "e"))
    agree(figure, 3, pattern[3].astype(np.float64), "standard")


def test_the_page_offers_a_weighting_only_where_every_shown_layer_has_its_data() -> None:
    data = cache()
    both = reference.props(cv.attention.from_cache(data, words(6), model=model())).sequences[0]
    assert set(both.weights) == {"value-weighted", "info-weighted"}
    no_model = reference.props(cv.attention.from_cache(data, words(6))).sequences[0]
    assert set(no_model.weights) == {"value-weighted"}
    del data["blocks.1.attn.hook_v"]
    no_values = cv.attention.from_cache(data, words(6), model=model())
    assert not reference.props(no_values).sequences[0].weights
    first_layer = reference.props(cv.attention.from_cache(data, words(6), layers=0, model=model())).sequences[0]
    assert "info-weighted" in first_layer.weights


def test_heads_that_move_nothing_have_weight_zero_not_nan() -> None:
    data = cache()
    data["blocks.0.attn.hook_v"][:, 1] = 0
    figure = cv.attention.from_cache(data, words(6), attention_type="value-weighted")
    shown = reference.shown(figure, 0, "value-weighted")[1]
    assert np.all(shown[np.tri(6, dtype=bool)] == 0)


def test_values_at_other_positions_than_the_pattern_are_not_used_for_weights() -> None:
    data = {name: array[-1:] if name.endswith("hook_v") else array[:, -1:] for name, array in cache().items()}
    figure = cv.attention.from_cache(data, words(1), src_tokens=words(6))  # as run_with_cache(pos_slice=-1) leaves it
    assert "value-weighted" not in reference.props(figure).sequences[0].weights


def test_token_ids_are_decoded_by_the_model() -> None:
    net = model(tokenizer=SimpleNamespace(decode=lambda ids: f"<{ids[0]}>", padding_side="right"))
    for ids in (
        list(range(6)),
        np.arange(6),
        torch.arange(6),
        [torch.tensor(i) for i in range(6)],
        torch.arange(6)[None],
    ):
        figure = cv.attention.from_cache(cache(), ids, model=net)
        assert reference.props(figure).sequences[0].dest_tokens[5] == "<5>"


def test_the_mode_chooses_the_view_and_the_notation_names_the_heads() -> None:
    assert isinstance(reference.props(cv.attention.from_cache(cache(), words(6))), AttentionPatternsProps)
    large = reference.props(cv.attention.from_cache(cache(), words(6), mode="large", head_notation="LH", heads=(1, 3)))
    assert isinstance(large, AttentionHeadsProps)
    assert [(head.name, head.layer) for head in large.heads] == [("L1H3", 1)]


def test_help_names_the_type_and_the_selector_that_were_chosen() -> None:
    figure = cv.attention.from_cache(
        cache(batch=2),
        [words(6)] * 2,
        help=True,
        attention_type="value-weighted",
        radioitems=True,
        batch_labels=["a", "b"],
    )
    text = " ".join(reference.props(figure).help)
    assert "|v[k]| / max |v|" in text and "2 sequences" in text and "buttons" in text and "batch_labels" in text
    assert reference.props(cv.attention.from_cache(cache(), words(6))).help == ()

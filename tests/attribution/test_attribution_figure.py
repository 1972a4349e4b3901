"""The props of an attribution's figure hold what was computed, within the stated bounds, and add up."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._attribution import cache_attribution
from circuitsvis._wire.props.attribution import AttributionSequence, AttributionViewProps
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.focus import Focus

from tests.support import attributions, model_families, models, reference
from tests.support.attributions import words

N = 8


pytestmark = pytest.mark.usefixtures("quiet_libraries")


@pytest.fixture(scope="module")
def gpt2() -> Any:
    """Model and cache of a batch of two."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.no_grad():
            model = model_families.bridge("gpt2", folded=False)
            return model, model.run_with_cache(models.ids(2, N))[1]


def props_of(figure: Any) -> AttributionViewProps:
    props = reference.props(figure)
    assert isinstance(props, AttributionViewProps)
    return props


def totals(sequence: AttributionSequence) -> reference.Float64:
    return reference.decode_rows(sequence.component_totals)


@pytest.mark.parametrize("seq_pos", [None, -1, [6, 2, 3]])
def test_props_hold_what_was_computed_within_the_stated_bounds(gpt2: Any, seq_pos: Any) -> None:
    model, cache = gpt2
    arguments = dict(resid_directions=(3, 5), seq_pos=seq_pos, heads=[(1, 2), (0, 3)])
    figure = cv.attribution.from_cache(cache, model, words(N, 2), **arguments)
    results = list(cache_attribution.attributions(cache, model, words(N, 2), **arguments))
    props = props_of(figure)
    assert [head.name for head in props.heads] == ["1.2", "0.3"]
    for sequence, want in zip(props.sequences, results, strict=True):
        heads = reference.decode(sequence.attention)
        n_src = max(want.dest) + 1
        for part, got in zip(want.heads, heads, strict=True):
            for row, position in enumerate(want.dest):
                real = slice(0, position + 1)
                assert np.abs(got[row, real] - part.values[row, real]).max() <= sequence.attention.error_bound
                assert np.isnan(got[row, position + 1 :]).all(), "a later source has a value"
        assert heads.shape == (2, len(want.dest), n_src)
        shown = dict(zip([part.name for part in props.parts], totals(sequence)[2:], strict=True))
        for other in want.parts:
            assert np.abs(shown[other.name] - other.values).max() <= sequence.component_totals.error_bound
        assert sequence.targets == want.targets
        assert sequence.dest_positions == (None if seq_pos is None else want.dest)


def test_all_components_on_the_page_add_up_to_the_models_logit_difference(gpt2: Any) -> None:
    model, cache = gpt2
    logits = attributions.logits(model, models.ids(2, N))
    for options in ({}, {"layers": 1}, {"heads": (0, 1)}, {"seq_pos": [-1, 2]}):
        props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), (3, 5), **options))
        for number, sequence in enumerate(props.sequences):
            dest = list(sequence.dest_positions or range(N))
            want = logits[number, dest, 3] - logits[number, dest, 5]
            np.testing.assert_allclose(totals(sequence).sum(0), want, rtol=0, atol=2e-5)
            np.testing.assert_allclose(reference.decode_rows(sequence.total)[0], want, rtol=0, atol=2e-5)


def test_one_destination_is_one_row_with_labels_on_both_axes(gpt2: Any) -> None:
    model, cache = gpt2
    props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), 3, seq_pos=5, batch_idx=0))
    [sequence] = props.sequences
    assert sequence.attention.shape == (8, 1, 6)
    assert sequence.dest_tokens == (words(N, 2)[0][5],)
    assert sequence.src_tokens == tuple(words(N, 2)[0][:6])


def test_colors_are_signed_with_zero_in_the_middle_and_one_scale_for_all_heads(gpt2: Any) -> None:
    model, cache = gpt2
    props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), (3, 5)))
    largest = max(np.nanmax(np.abs(reference.decode(sequence.attention))) for sequence in props.sequences)
    low, high = props.value_range
    assert low == -high
    assert high == pytest.approx(largest, rel=1e-6)


def test_parts_of_all_sequences_are_one_list_with_other_and_unaccounted_last(gpt2: Any) -> None:
    model, cache = gpt2
    props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), (3, 5), heads=(1, 0)))
    names = [part.name for part in props.parts]
    assert names == ["embed", "pos_embed", "Attn bias 1", "MLP 1", "bias", "other", "unaccounted"]
    assert [part.layer for part in props.parts][2:4] == [1, 1]
    for sequence in props.sequences:
        assert totals(sequence).shape == (1 + len(names), N)


@pytest.mark.parametrize("mode", ["small", "large"])
def test_options_reach_the_page(gpt2: Any, mode: Any) -> None:
    model, cache = gpt2
    figure = cv.attribution.from_cache(
        model=model, cache=cache, tokens=words(N, 2), resid_directions=3, mode=mode, head_notation="LH", split_signs=True, title="T",
        radioitems=True, help=True, batch_labels=["<b>a</b>", "b"],
    )  # fmt: skip
    props = props_of(figure)
    assert (props.mode, props.split_signs, props.title, props.selector) == (mode, True, "T", "radio")
    assert props.heads[0].name == "L0H0"
    assert [sequence.label for sequence in props.sequences] == ["<b>a</b>", "b"]
    assert any("Two pictures" in text for text in props.help)
    assert any("2 sequences" in text for text in props.help)
    assert repr(figure) == "<circuitsvis AttributionView: 8 heads, 2 sequences>"


def test_labels_of_the_whole_batch_follow_the_selected_sequence(gpt2: Any) -> None:
    model, cache = gpt2
    figure = cv.attribution.from_cache(cache, model, words(N, 2), 3, batch_idx=[1], batch_labels=["a", "b"])
    assert [sequence.label for sequence in props_of(figure).sequences] == ["b"]


@pytest.mark.parametrize(
    ("options", "kind", "texts"),
    [
        ({"mode": "lines"}, ValueError, ["mode", "'small', 'large'", "'lines'"]),
        ({"split_signs": 1}, TypeError, ["split_signs", "True or False", "1"]),
        ({"tokens": None}, TypeError, ["tokens", "to_str_tokens"]),
        ({"head_notation": "x"}, ValueError, ["head_notation", "'LH'", "'x'"]),
    ],
)
def test_wrong_options_are_named_with_the_rule(gpt2: Any, options: Any, kind: Any, texts: list[str]) -> None:
    model, cache = gpt2
    with pytest.raises(kind) as caught:
        cv.attribution.from_cache(**{"cache": cache, "model": model, "tokens": words(N, 2), **options})
    for text in texts:
        assert text in str(caught.value)


@pytest.mark.parametrize(
    ("hook", "text"),
    [
        ("blocks.1.attn.hook_pattern", "head 1.2 at destination 5 is "),
        ("blocks.1.attn.hook_v", "head 1."),
        ("blocks.1.hook_mlp_out", "blocks.1.hook_mlp_out of sequence 0 at position 5"),
        ("hook_embed", "hook_embed of sequence 0 at position 5"),
        ("ln_final.hook_scale", "ln_final.hook_scale of sequence 0 at position 5"),
    ],
)
@pytest.mark.parametrize("value", [float("inf"), float("nan")])
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
def test_an_activation_that_is_not_finite_is_refused_by_name(gpt2: Any, hook: str, text: str, value: float) -> None:
    model, cache = gpt2
    data = {**dict(cache.items()), hook: cache[hook].clone()}
    data[hook][(0, 2, 5, 3) if "pattern" in hook else (0, 5)] = value
    with pytest.raises(ValueError, match="cache: attribution needs finite activations") as caught:
        cv.attribution.from_cache(data, model, words(N, 2), 3)
    assert text in str(caught.value)


def test_an_activation_that_attribution_does_not_add_up_may_hold_nan(gpt2: Any) -> None:
    model, cache = gpt2
    data = {**dict(cache.items()), "blocks.1.hook_resid_pre": cache["blocks.1.hook_resid_pre"].clone()}
    data["blocks.1.hook_resid_pre"][0, 5] = float("nan")
    [with_nan], [finite] = (
        cache_attribution.attributions(activations, model, words(N, 2), 3, batch_idx=[0])
        for activations in (data, cache)
    )
    for got, want in zip(with_nan.parts, finite.parts, strict=True):
        np.testing.assert_array_equal(got.values, want.values)
    for a, b in zip(with_nan.heads, finite.heads, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_positions_whose_activations_are_not_finite_can_be_left_out(gpt2: Any) -> None:
    model, cache = gpt2
    data = {**dict(cache.items()), "blocks.1.hook_mlp_out": cache["blocks.1.hook_mlp_out"].clone()}
    data["blocks.1.hook_mlp_out"][0, 5] = float("nan")
    cv.attribution.from_cache(data, model, words(N, 2), 3, seq_pos=[1, 6], batch_idx=[0])


def test_the_cache_is_bit_identical_after_the_call(gpt2: Any) -> None:
    model, cache = gpt2
    before = {name: tensor.clone() for name, tensor in cache.items()}
    cv.attribution.from_cache(cache, model, words(N, 2), (3, 5), seq_pos=[1, -1])
    assert all(torch.equal(tensor, before[name]) for name, tensor in cache.items())


def test_a_focus_names_a_head_or_another_component_and_a_source_needs_its_destination(gpt2: Any) -> None:
    model, cache = gpt2

    def focus(**keys: Any) -> Focus | None:
        chosen: Any = keys
        return props_of(cv.attribution.from_cache(cache, model, words(N, 2), 3, focus=chosen)).focus

    assert focus(head=(1, 2), dest=6, src=2, sequence=1) == Focus(1, 6, 6, 2)
    props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), 3))
    index = [part.name for part in props.parts].index("MLP 1")
    assert focus(head="MLP 1", dest=2) == Focus(0, len(props.heads) + index, 2, None)
    with pytest.raises(ValueError, match=r'focus: "src" chooses a cell together with "dest"'):
        focus(src=2)
    with pytest.raises(ValueError, match="focus: only heads have sources"):
        focus(head="MLP 1", dest=2, src=1)
    with pytest.raises(ValueError, match=r"focus: head 'MLP 9' is not shown: must be one of '0\.0'"):
        focus(head="MLP 9")


def test_max_value_ends_both_sides_of_the_scale_and_colors_travel(gpt2: Any) -> None:
    model, cache = gpt2
    options: Any = {"max_value": 0.25, "positive_color": "green", "display_mode": "dark"}
    props = props_of(cv.attribution.from_cache(cache, model, words(N, 2), 3, **options))
    assert props.value_range == (-0.25, 0.25) and props.fixed_range and props.display_mode == "dark"
    assert props.colors == CustomColors(None, "#008000")
    assert not props_of(cv.attribution.from_cache(cache, model, words(N, 2), 3)).fixed_range

"""attention_heads, attention_pattern and attention_patterns: values, masks, ends and colors of what the page shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.attention import AttentionHeadsProps, AttentionPatternsProps
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis.attention import attention_heads, attention_pattern, attention_patterns
from hypothesis import given
from hypothesis import strategies as st

from tests.support import reference
from tests.support.caches import softmax_patterns, words

HEADS = softmax_patterns((3, 5, 5))
BOTH_WAYS = np.random.default_rng(0).dirichlet(np.ones(5), (3, 5)).astype(np.float32)
TOKENS: Any = words(5)
LATER = ~np.tri(5, dtype=bool)
FIGURES = {
    "heads": lambda values, **options: attention_heads(values, TOKENS, **options),
    "pattern": lambda values, **options: attention_pattern(TOKENS, values[0], **options),
    "patterns": lambda values, **options: attention_patterns(TOKENS, values, **options),
}
each_function = pytest.mark.parametrize("function", FIGURES)


@each_function
@pytest.mark.parametrize("values", [HEADS, BOTH_WAYS, BOTH_WAYS - 0.5], ids=["causal", "both ways", "signed"])
def test_the_page_shows_the_values(function: str, values: Any) -> None:
    figure = FIGURES[function](values)
    want = values[: len(reference.shown(figure))].astype(np.float64)
    if values is HEADS:
        want[:, LATER] = np.nan
    np.testing.assert_allclose(reference.shown(figure), want, atol=reference.bound(figure), equal_nan=True)
    assert reference.props(figure).sequences[0].dest_tokens == tuple(TOKENS)


@given(st.integers(1, 4), st.integers(1, 6), st.sampled_from([None, True, False]), st.booleans(), st.integers(0, 99))
def test_masks_follow_the_argument(heads: int, length: int, mask: bool | None, causal: bool, seed: int) -> None:
    """A loop over all cells, for any number of heads and tokens."""
    values = np.random.default_rng(seed).uniform(0.1, 1.0, (heads, length, length)).astype(np.float32)
    values = np.tril(values) if causal else values
    figure = attention_heads(values, words(length), mask_upper_tri=mask)
    shown = reference.shown(figure)
    for head, dest, src in np.ndindex(shown.shape):
        masked = src > dest and (mask is True or (mask is None and causal))
        if masked:
            assert np.isnan(shown[head, dest, src])
        else:
            assert abs(shown[head, dest, src] - values[head, dest, src]) <= reference.bound(figure)


def test_masked_cells_are_called_masked_and_missing_ones_missing() -> None:
    values = BOTH_WAYS.copy()
    values[:, 3, 1] = np.nan
    masked, unmasked = (attention_heads(values, TOKENS, mask_upper_tri=mask) for mask in (True, False))
    layouts = [reference.props(figure).sequences[0].attention.layout for figure in (masked, unmasked)]
    assert layouts == ["causal", "full"]
    assert np.isnan(reference.shown(masked)[:, 3, 1]).all() and np.isnan(reference.shown(unmasked)[:, 3, 1]).all()
    assert np.isnan(reference.shown(unmasked)).sum() == len(values)


def test_masked_cells_may_hold_anything() -> None:
    values = np.where(LATER, -np.inf, BOTH_WAYS)
    figure = attention_heads(values, TOKENS, mask_upper_tri=True)
    np.testing.assert_allclose(reference.shown(figure)[:, ~LATER], BOTH_WAYS[:, ~LATER], atol=reference.bound(figure))
    with pytest.raises(ValueError, match="must be NaN or finite"):
        attention_heads(values, TOKENS, mask_upper_tri=False)


@each_function
@pytest.mark.parametrize(
    ("values", "options", "ends"),
    [
        (HEADS, {}, (0.0, 1.0)),
        (0 * HEADS, {}, (0.0, 1.0)),
        (HEADS * 0.01, {}, (0.0, None)),
        (HEADS * 0.01, {"max_value": 1}, (0.0, 1.0)),
        (-HEADS, {}, (-1.0, 1.0)),
        (HEADS, {"min_value": -0.5, "max_value": 2}, (-0.5, 2.0)),
        (HEADS, {"min_value": 0}, (0.0, 1.0)),
    ],
)
def test_the_color_scale_ends_where_the_values_or_the_arguments_end(
    function: str, values: Any, options: dict[str, Any], ends: tuple[float, float | None]
) -> None:
    figure = FIGURES[function](values, **options)
    shown = values[: len(reference.shown(figure))]
    assert reference.props(figure).value_range == (ends[0], ends[1] or shown.max())


def test_probabilities_end_at_1_whatever_is_masked() -> None:
    assert reference.props(attention_heads(BOTH_WAYS, TOKENS, mask_upper_tri=True)).value_range == (0.0, 1.0)
    scores = reference.props(attention_heads(BOTH_WAYS * 3, TOKENS, mask_upper_tri=True)).value_range
    assert scores == (0.0, float((BOTH_WAYS * 3)[:, ~LATER].max()))


def test_names_and_views() -> None:
    named = reference.props(attention_heads(HEADS, TOKENS, ["a", "b", "<c>"]))
    assert [head.name for head in named.heads] == ["a", "b", "<c>"]
    assert [head.name for head in reference.props(attention_heads(HEADS, TOKENS)).heads] == [
        "Head 0",
        "Head 1",
        "Head 2",
    ]
    kinds = [type(reference.props(draw(HEADS))) for draw in FIGURES.values()]
    assert kinds == [AttentionHeadsProps, AttentionHeadsProps, AttentionPatternsProps]
    bare, labelled = (attention_pattern(TOKENS, HEADS[0], show_axis_labels=show)._props for show in (False, None))
    assert isinstance(bare, AttentionHeadsProps) and isinstance(labelled, AttentionHeadsProps)
    assert (bare.axis_labels, labelled.axis_labels) == (False, True)


def test_colors_title_help_and_theme_reach_the_page() -> None:
    figure = attention_heads(
        HEADS, TOKENS, negative_color="orange", positive_color="#00f", title="T", help=True, display_mode="dark"
    )
    page = reference.props(figure)
    assert page.colors == CustomColors("#ffa500", "#0000ff")
    assert (page.title, page.display_mode) == ("T", "dark") and page.help[0].startswith(
        "Each small picture is one head"
    )
    one = reference.props(attention_pattern(TOKENS, HEADS[0], positive_color="green", help=True))
    assert one.colors == CustomColors(None, "#008000") and one.help[0].startswith("Rows are destination")
    assert reference.props(attention_patterns(TOKENS, HEADS)).colors is None


def test_arrays_of_any_kind_give_the_same_page() -> None:
    torch = pytest.importorskip("torch")
    want = attention_heads(HEADS, TOKENS).data
    tensor = torch.tensor(HEADS, requires_grad=True)
    for same in (HEADS.tolist(), HEADS.astype(np.float64), tensor, list(tensor), HEADS[None], tensor[None].double()):
        assert attention_heads(same, TOKENS).data == want
    assert attention_heads(tensor.bfloat16(), TOKENS).data == attention_heads(tensor.bfloat16().float(), TOKENS).data
    single = attention_pattern(TOKENS, HEADS[0]).data
    for same in (HEADS[:1], HEADS[None, :1], tensor[0], HEADS[0].tolist()):
        assert attention_pattern(TOKENS, same).data == single
    assert attention_patterns([TOKENS], HEADS[None]).data == attention_patterns(TOKENS, HEADS).data


def test_one_token_has_a_figure() -> None:
    for mask in (None, True, False):
        assert reference.shown(attention_pattern(["a"], [[1.0]], mask_upper_tri=mask)).shape == (1, 1, 1)


def test_they_show_what_from_values_shows() -> None:
    for figure, same in [
        (attention_heads(HEADS, TOKENS), cv.attention.from_values(HEADS, TOKENS, mode="large")),
        (attention_patterns(TOKENS, BOTH_WAYS), cv.attention.from_values(BOTH_WAYS, TOKENS)),
    ]:
        assert replace(figure._props, call=None) == replace(same._props, call=None)

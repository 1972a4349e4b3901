"""Texts of colored tokens: the values that the page decodes, several texts, ranges, hover HTML."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis.figure import Figure
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.support.page_data import read
from tests.support.reference import Float64, decode

torch = pytest.importorskip("torch")

HOSTILE = ["<b>x</b>", "</script>", "\n", "", "\udcc3"]


def props(figure: Figure) -> ColoredTokensProps:
    assert isinstance(figure._props, ColoredTokensProps)
    return figure._props


def shown(figure: Figure, text: int = 0) -> Float64:
    """[token, kind] as the page shows it."""
    return decode(props(figure).samples[text].values).T


@pytest.mark.parametrize(
    "convert",
    [
        list,
        np.array,
        torch.tensor,
        lambda values: torch.tensor(values, requires_grad=True),
        lambda values: torch.tensor(values).bfloat16(),
        lambda values: torch.tensor(values).half(),
        lambda values: torch.tensor(values)[None],
        lambda values: [torch.tensor(value) for value in values],
    ],
    ids=["list", "numpy", "torch", "gradient", "bfloat16", "half", "batch of one", "list of scalars"],
)
def test_values_of_any_library_are_shown(convert: Any) -> None:
    figure = cv.tokens.colored_tokens(["a", " b", " c"], convert([1.0, -2.0, 0.0]))
    assert shown(figure)[:, 0] == pytest.approx([1.0, -2.0, 0.0], abs=1e-6)
    assert props(figure).samples[0].tokens == ("a", " b", " c")
    assert props(figure).kinds[0].value_range == (-2.0, 2.0)


@given(
    arrays.arrays(
        np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.floats(-1e30, 1e30) | st.just(np.nan)
    )
)
def test_every_value_is_within_the_error_bound_and_missing_values_stay_missing(values: Float64) -> None:
    figure = cv.tokens.colored_tokens_multi([f"t{i}" for i in range(len(values))], values)
    got = shown(figure)
    assert np.array_equal(np.isnan(got), np.isnan(values))
    tensor = props(figure).samples[0].values
    for kind in range(values.shape[1]):
        for token in range(len(values)):
            if not np.isnan(values[token, kind]):
                bound = tensor.error_steps * tensor.scales[kind] + 1e-290
                assert abs(got[token, kind] - values[token, kind]) <= bound
                low, high = props(figure).kinds[kind].value_range
                assert low <= min(values[token, kind], 0) and max(values[token, kind], 0) <= high


@pytest.mark.parametrize("values", [[16_777_217, 0], [0.1, 1e-7]])
def test_numbers_keep_the_digits_that_float32_lacks(values: list[float]) -> None:
    got = shown(cv.tokens.colored_tokens(["a", "b"], values))[:, 0]
    assert np.abs(got - values).max() <= max(values) * 0.51 / 16777214


def test_several_texts_of_different_lengths_share_one_range() -> None:
    texts = [["a", "b", "c"], ["d"], ["e", "f"]]
    values: list[Any] = [[1.0, 2.0, -3.0], torch.tensor([0.5]), np.array([4.0, np.nan])]
    figure = cv.tokens.colored_tokens(texts, values, labels=["one", "<b>two</b>", "three"])
    assert [sample.tokens for sample in props(figure).samples] == [("a", "b", "c"), ("d",), ("e", "f")]
    assert [sample.label for sample in props(figure).samples] == ["one", "<b>two</b>", "three"]
    for i, wanted in enumerate(values):
        assert np.allclose(shown(figure, i)[:, 0], np.asarray(wanted), atol=1e-6, equal_nan=True)
    assert props(figure).kinds[0].value_range == (-4.0, 4.0)
    assert repr(figure) == "<circuitsvis ColoredTokens: 6 tokens, 3 texts>"
    assert [s.label for s in props(cv.tokens.colored_tokens(texts, values)).samples] == ["Text 0", "Text 1", "Text 2"]


def test_texts_of_one_length_may_be_one_array() -> None:
    values = np.arange(12.0).reshape(2, 2, 3)
    figure = cv.tokens.colored_tokens_multi([["a", "b"], ["c", "d"]], values, ["x", "y", "z"])
    for i in range(2):
        assert np.allclose(shown(figure, i), values[i], atol=1e-5)
    assert [kind.name for kind in props(figure).kinds] == ["x", "y", "z"]
    assert [kind.value_range for kind in props(figure).kinds] == [(0, 9), (0, 10), (0, 11)]
    assert repr(figure) == "<circuitsvis ColoredTokens: 4 tokens, 2 texts, 3 kinds of values>"


def test_kinds_without_labels_have_numbers() -> None:
    figure = cv.tokens.colored_tokens_multi(["a"], [[1.0, 2.0]])
    assert [kind.name for kind in props(figure).kinds] == ["0", "1"]


RANGES: dict[str, tuple[list[float], dict[str, Any], tuple[float, float]]] = {
    "both signs": ([-1, 5], {}, (-5, 5)),
    "positive": ([1, 5], {}, (0, 5)),
    "negative": ([-1, -5], {}, (-5, 0)),
    "all zero": ([0, 0], {}, (0, 1)),
    "all missing": ([np.nan, np.nan], {}, (0, 1)),
    "missing": ([np.nan, -2], {}, (-2, 0)),
    "max_value": ([-1, 5], {"max_value": 2}, (-2, 2)),
    "max_value, positive": ([1, 5], {"max_value": 2}, (0, 2)),
    "min_value": ([-1, 5], {"min_value": -0.5}, (-0.5, 0.5)),
    "both": ([-1, 5], {"min_value": -0.5, "max_value": torch.tensor(3.0)}, (-0.5, 3)),
    "beyond": ([1, 2], {"min_value": -10, "max_value": 10}, (-10, 10)),
    "max_value 0": ([-1, -5], {"max_value": 0, "min_value": -3}, (-3, 0)),
    "max_value 0 alone": ([-1, -5], {"max_value": np.float32(0)}, (-5, 0)),
    "max_value 0, positive": ([1, 5], {"max_value": 0}, (-5, 0)),
    "min_value 0, negative": ([-1, -5], {"min_value": 0}, (0, 1)),
}


@pytest.mark.parametrize("case", RANGES)
def test_the_range_of_colors(case: str) -> None:
    values, options, wanted = RANGES[case]
    figure = cv.tokens.colored_tokens(["a", "b"], values, **options)
    assert props(figure).kinds[0].value_range == wanted


def test_ends_of_each_kind() -> None:
    values = [[-1.0, 100.0], [2.0, 50.0]]
    figure = cv.tokens.colored_tokens_multi(["a", "b"], values, min_value=[-3, None], max_value=[None, 10])
    assert [kind.value_range for kind in props(figure).kinds] == [(-3, 3), (0, 10)]
    figure = cv.tokens.colored_tokens_multi(["a", "b"], values, max_value=7)
    assert [kind.value_range for kind in props(figure).kinds] == [(-7, 7), (0, 7)]


def test_hover_html_reaches_the_page_for_each_token() -> None:
    figure = cv.tokens.colored_tokens(["a", "b"], [1, 2], hover_html=["<b>x</b>", None])
    assert props(figure).samples[0].hover_html == ("<b>x</b>", "")
    figure = cv.tokens.colored_tokens([["a", "b"], ["c"]], [[1, 2], [3]], hover_html=[None, ["</script>"]])
    assert [sample.hover_html for sample in props(figure).samples] == [(), ("</script>",)]
    assert figure.data.count("</script>") == 2  # of the page's own scripts
    assert read(figure.data).props["samples"][1]["hoverHtml"] == ["</script>"]


def test_tokens_are_text_and_pieces_are_decoded() -> None:
    figure = cv.tokens.colored_tokens(HOSTILE, range(5))
    assert props(figure).samples[0].tokens == tuple(HOSTILE)
    assert "<b>x</b>" not in figure.data
    assert props(cv.tokens.colored_tokens(["The", "Ġcat"], [1, 2])).samples[0].tokens == ("The", " cat")


def test_colors_title_help_and_display_mode() -> None:
    figure = cv.tokens.colored_tokens(
        ["a"], [1], None, None, "darkred", "rgb(0, 0, 255)", title="T", help=True, display_mode="dark"
    )
    colors = props(figure).colors
    assert colors is not None and (colors.negative, colors.positive) == ("#8b0000", "#0000ff")
    assert (props(figure).title, props(figure).display_mode) == ("T", "dark")
    assert any("Hover a token" in paragraph for paragraph in props(figure).help)
    assert props(cv.tokens.colored_tokens(["a"], [1])).colors is None

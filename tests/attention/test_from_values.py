"""`attention.from_values`: the four combinations, rectangular and signed values, Hugging Face output."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._common.arrays import ArrayLike

from tests.support import reference
from tests.support.caches import softmax_patterns, words

pytest.importorskip("torch")
import torch


def heads_by_sequence(figure: object) -> tuple[int, int]:
    assert isinstance(figure, cv.Figure)
    return len(reference.props(figure).sequences), len(reference.props(figure).heads)


@pytest.mark.parametrize(
    ("shape", "tokens", "expected"),
    [
        ((5, 5), words(5), (1, 1)),
        ((3, 5, 5), words(5), (1, 3)),
        ((3, 5, 5), [words(5)] * 3, (3, 1)),
        ((2, 3, 5, 5), [words(5)] * 2, (2, 3)),
        ((1, 3, 5, 5), words(5), (1, 3)),
        ((1, 3, 5, 5), [words(5)], (1, 3)),
        ((3, 5, 5), [words(5)], (1, 3)),
        ((1, 5, 5), [words(5)], (1, 1)),
        ((5, 5), [words(5)], (1, 1)),
    ],
)
def test_the_four_combinations_and_batches_of_one(
    shape: tuple[int, ...], tokens: ArrayLike, expected: tuple[int, int]
) -> None:
    values = softmax_patterns(shape)
    for form in (
        values,
        torch.tensor(values),
        values.tolist(),
        values.astype(np.float64),
        torch.tensor(values).bfloat16(),
    ):
        figure = cv.attention.from_values(form, tokens)
        assert heads_by_sequence(figure) == expected
        got = np.nan_to_num(np.stack([reference.shown(figure, i) for i in range(expected[0])]))
        np.testing.assert_allclose(
            got.reshape(-1), values.reshape(-1), atol=4e-3 if getattr(form, "dtype", None) == torch.bfloat16 else 1e-5
        )


def test_a_list_of_tensors_is_a_stack_of_heads() -> None:
    parts = [torch.tensor(softmax_patterns((5, 5), seed=i)) for i in range(3)]
    np.testing.assert_allclose(
        np.nan_to_num(reference.shown(cv.attention.from_values(parts, words(5)))), torch.stack(parts).numpy(), atol=1e-5
    )


def test_rectangular_values_have_their_own_tokens_on_each_axis() -> None:
    values = softmax_patterns((2, 3, 7), causal=False)
    figure = cv.attention.from_values(values, dest_tokens=words(3), src_tokens=list("abcdefg"))
    np.testing.assert_allclose(reference.shown(figure), values, atol=1e-5)
    row = reference.props(figure).sequences[0]
    assert (row.dest_tokens, row.src_tokens) == (tuple(words(3)), tuple("abcdefg"))


def test_last_queries_of_a_causal_model_are_masked_along_the_shifted_diagonal() -> None:
    figure = cv.attention.from_values(softmax_patterns((2, 3, 7)), dest_tokens=words(7)[4:], src_tokens=words(7))
    assert reference.props(figure).sequences[0].attention.layout == "causal"
    assert np.array_equal(np.isnan(reference.shown(figure)[0]), ~np.tri(3, 7, 4, dtype=bool))


def test_signed_values_keep_sign_and_zero_and_make_the_scale_diverge() -> None:
    values = np.random.default_rng(0).normal(size=(2, 5, 5)).astype(np.float32)
    values[0, 0, 0] = 0
    figure = cv.attention.from_values(values, words(5))
    shown = reference.shown(figure)
    assert np.abs(shown - values).max() <= reference.bound(figure)
    assert shown[0, 0, 0] == 0
    low, high = reference.props(figure).value_range
    assert [low, high] == pytest.approx([values.min(), values.max()])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (softmax_patterns((2, 4, 4)), (0, 1)),
        (softmax_patterns((2, 4, 4)) * 0.1, (0, 0.1)),
        (np.full((1, 4, 4), 7.0), (0, 7)),
        (np.full((1, 4, 4), -2.0), (-2, 2)),
        (np.zeros((1, 4, 4)), (0, 1)),
        (np.full((1, 4, 4), np.nan), (0, 1)),
    ],
)
def test_the_color_scale_ends_at_one_for_probabilities_and_at_the_extremes_otherwise(
    values: np.ndarray, expected: tuple[float, float]
) -> None:
    assert reference.props(cv.attention.from_values(values, words(4))).value_range == pytest.approx(expected)


@pytest.mark.parametrize("number", [0.5, np.float32(0.5), np.array([0.5]), torch.tensor(0.5, requires_grad=True)])
def test_the_ends_of_the_color_scale_may_be_scalars_of_numpy_or_torch(number: Any) -> None:
    figure = cv.attention.from_values(softmax_patterns((4, 4)), words(4), max_value=number, min_value=-number)
    assert '"valueRange":[-0.5,0.5]' in figure.data.replace(" ", "")


def test_the_color_scale_can_be_set() -> None:
    figure = cv.attention.from_values(softmax_patterns((4, 4)), words(4), max_value=0.5, min_value=-0.5)
    assert reference.props(figure).value_range == (-0.5, 0.5)


def test_masked_scores_given_as_nan_are_masked_not_missing() -> None:
    scores = np.where(np.tri(4, dtype=bool), np.random.default_rng(0).normal(size=(4, 4)), np.nan)
    figure = cv.attention.from_values(scores, words(4))
    assert reference.props(figure).sequences[0].attention.layout == "causal"


def test_hugging_face_output_is_named_and_grouped_by_layer() -> None:
    layers = tuple(torch.tensor(softmax_patterns((2, 3, 5, 5), seed=i)) for i in range(2))
    figure = cv.attention.from_values(layers, [words(5)] * 2)
    props = reference.props(figure)
    assert [(head.name, head.layer) for head in props.heads] == [(f"{i}.{j}", i) for i in range(2) for j in range(3)]
    np.testing.assert_allclose(np.nan_to_num(reference.shown(figure, 1))[3:], layers[1][1].numpy(), atol=1e-5)


def test_layers_without_attention_keep_the_numbers_of_the_others() -> None:
    figure = cv.attention.from_values((None, torch.tensor(softmax_patterns((1, 2, 4, 4)))), words(4))
    assert [head.name for head in reference.props(figure).heads] == ["1.0", "1.1"]


def test_heads_are_named_from_zero_or_by_the_user() -> None:
    values = softmax_patterns((2, 4, 4))
    assert [head.name for head in reference.props(cv.attention.from_values(values, words(4))).heads] == [
        "Head 0",
        "Head 1",
    ]
    named = cv.attention.from_values(values, words(4), head_names=["a", "<b>"])
    assert [head.name for head in reference.props(named).heads] == ["a", "<b>"]


def test_ragged_sequences_are_cropped_on_the_side_that_padding_side_names() -> None:
    values = softmax_patterns((2, 1, 6, 6))
    figure = cv.attention.from_values(values, [words(6), words(4)], padding_side="right")
    np.testing.assert_allclose(np.nan_to_num(reference.shown(figure, 1)), values[1, :, :4, :4], atol=1e-5)


def test_the_users_array_is_never_written() -> None:
    values = np.random.default_rng(0).normal(size=(2, 5, 5)).astype(np.float32)
    values[0, 2] = np.nan
    before = values.copy()
    cv.attention.from_values(values, words(5))
    np.testing.assert_array_equal(values, before)

"""The table of scores: read by name, sorted, pooled over sequences, joined, and refused where heads or definitions differ."""

from __future__ import annotations

import copy
import math
import pickle
import sys

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis.heads import HeadScore, HeadScores
from hypothesis import given
from hypothesis import strategies as st


def score(name: str, values: list[list[float]], denominator: float = 4.0, formula: str = "mean of A") -> HeadScore:
    numerator = np.array(values) * denominator
    return HeadScore(
        name, numerator, np.full(numerator.shape, denominator), formula, "all queries", (0.0, 1.0), "a paper"
    )


def table(**scores: list[list[float]]) -> HeadScores:
    return HeadScores((2, 5), 3, tuple(score(name, values) for name, values in scores.items()), {"margin": "no scores"})


FIRST, SECOND = [[0.1, 0.9, 0.3], [0.5, 0.0, 0.7]], [[0.2, 0.2, 0.0], [1.0, 0.4, 0.2]]


def test_the_result_is_public() -> None:
    assert cv.heads.HeadScores is HeadScores


def test_scores_are_found_by_name_like_in_a_mapping() -> None:
    scores = table(a=FIRST, b=SECOND)
    assert list(scores) == ["a", "b"] == list(scores.names) and len(scores) == 2 and "a" in scores
    np.testing.assert_allclose(scores["b"].values, SECOND)
    assert [name for name, _ in scores.items()] == ["a", "b"]


def test_a_value_is_the_numerator_over_the_denominator_and_nan_without_a_case() -> None:
    values = HeadScore("a", [[1.0, 0.0]], [[4.0, 0.0]], "f", "p").values  # type: ignore[arg-type]  # lists work, too
    assert values[0, 0] == 0.25 and math.isnan(values[0, 1])


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(
        KeyError, match=r"no score 'induction': did you mean 'induction@text'\? There are: induction@text, b"
    ):
        table(**{"induction@text": FIRST, "b": SECOND})["induction"]


def test_a_score_that_could_not_be_computed_is_answered_with_the_reason() -> None:
    with pytest.raises(KeyError, match="margin: not computed: no scores"):
        table(a=FIRST)["margin"]


def test_heads_are_sorted_by_value_with_the_numbers_of_their_layers() -> None:
    assert [(layer, head) for layer, head, _ in table(a=FIRST).sorted("a")] == [
        (2, 1),
        (5, 2),
        (5, 0),
        (2, 2),
        (2, 0),
        (5, 1),
    ]
    assert table(a=FIRST).sorted("a", descending=False)[0] == (5, 1, 0.0)


@pytest.mark.parametrize("descending", [True, False])
def test_heads_without_a_value_come_last_and_equal_ones_in_the_order_of_the_model(descending: bool) -> None:
    scores = HeadScores((0,), 4, (HeadScore("a", [[1, 0, 1, 1]], [[1, 0, 1, 1]], "f", "p"),))  # type: ignore[arg-type]
    assert [head for _, head, _ in scores.sorted("a", descending)] == [0, 2, 3, 1]


def test_the_table_has_a_row_per_head() -> None:
    columns = table(a=FIRST, b=SECOND).to_dict()
    assert columns["layer"].tolist() == [2, 2, 2, 5, 5, 5] and columns["head"].tolist() == [0, 1, 2, 0, 1, 2]
    np.testing.assert_allclose(columns["a"].tolist(), np.ravel(FIRST))
    np.testing.assert_allclose(columns["b"].tolist(), np.ravel(SECOND))


def test_a_data_frame_is_the_same_table() -> None:
    pytest.importorskip("pandas")
    scores = table(a=FIRST)
    assert scores.to_pandas().to_dict("list") == {name: column.tolist() for name, column in scores.to_dict().items()}


def test_without_pandas_the_error_names_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)  # as if it were not installed
    with pytest.raises(ImportError, match=r"pip install pandas.*to_dict\(\)"):
        table(a=FIRST).to_pandas()


def test_the_representation_names_heads_ranges_and_what_is_missing() -> None:
    text = repr(table(a=FIRST, longer=SECOND))
    assert text.splitlines()[0] == "<HeadScores of 6 heads, layers 2, 5 with 3 each: 2 scores"
    assert "  a       0 to 0.9, highest in 2.1" in text and "  longer  0 to 1, highest in 5.0" in text
    assert text.endswith("missing, see .missing: margin>")


def test_numbers_cannot_be_changed_and_do_not_change_with_the_arrays_that_were_passed() -> None:
    numerator = np.ones((1, 2))
    made = HeadScore("a", numerator, numerator, "f", "p")
    numerator[:] = 5
    assert (made.numerator == 1).all()
    with pytest.raises(ValueError, match="read-only"):
        made.numerator[0, 0] = 2


def test_pooling_is_the_mean_over_the_cases_of_both_not_of_the_two_means() -> None:
    few, many = score("a", [[0.0]], 1.0), score("a", [[1.0]], 3.0)
    pooled = HeadScores((0,), 1, (few,)) + HeadScores((0,), 1, (many,))
    assert pooled["a"].values[0, 0] == 0.75
    assert sum([HeadScores((0,), 1, (few,)), HeadScores((0,), 1, (many,))])["a"].values[0, 0] == 0.75  # type: ignore[index]


numbers = st.lists(st.integers(0, 1000), min_size=6, max_size=6)


@given(numbers, numbers, numbers)
def test_pooling_is_the_same_in_any_order(a: list[int], b: list[int], c: list[int]) -> None:
    x, y, z = (
        HeadScores((0,), 3, (HeadScore("a", [n[:3]], [n[3:]], "f", "p"),))  # type: ignore[arg-type]
        for n in (a, b, c)
    )
    for pooled in ((x + y) + z, x + (y + z), z + y + x):
        np.testing.assert_array_equal(pooled["a"].values, (x + y + z)["a"].values)


def test_scores_of_other_definitions_are_not_pooled() -> None:
    one, other = (HeadScores((0,), 1, (score("a", [[0.0]], formula=f),)) for f in ("sum of A", "mean of A"))
    with pytest.raises(
        ValueError, match=r"\+: a is defined differently on both sides: 'sum of A'.*'mean of A'.*select"
    ):
        one + other


def test_scores_that_one_side_lacks_are_not_pooled_and_the_advice_works() -> None:
    one, other = table(a=FIRST, b=SECOND), table(a=SECOND)
    with pytest.raises(ValueError, match=r"only one has b; choose the others on both with \.select"):
        one + other
    pooled = one.select(["a"]) + other.select("a")
    np.testing.assert_allclose(pooled["a"].values, (np.array(FIRST) + SECOND) / 2)


@pytest.mark.parametrize("operator", ["+", "|"])
def test_scores_of_other_heads_are_not_put_together(operator: str) -> None:
    one = HeadScores((0, 1), 1, (score("a", [[0.0], [1.0]]),))
    other = HeadScores((0, 2), 1, (score("a" if operator == "+" else "b", [[0.0], [1.0]]),))
    with pytest.raises(
        ValueError, match=r"same layers and heads, got 2 heads, layers 0, 1 with 1 each; and .* layers 0, 2"
    ):
        one + other if operator == "+" else one | other


def test_different_scores_are_joined_and_a_reason_for_a_missing_one_goes_with_it() -> None:
    joined = table(a=FIRST) | table(margin=SECOND)
    assert joined.names == ("a", "margin") and not joined.missing
    with pytest.raises(ValueError, match=r"both sides have a; pool them with \+"):
        table(a=FIRST) | table(a=SECOND)


def test_only_scores_are_added() -> None:
    with pytest.raises(TypeError):
        table(a=FIRST) + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        table(a=FIRST) | {}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("layers", "n_heads", "message"),
    [((0, 1), 2, "column for each of the 2 heads"), ((0,), 3, "row for each of the 1 layers")],
)
def test_scores_of_another_shape_are_refused(layers: tuple[int, ...], n_heads: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HeadScores(layers, n_heads, (score("a", FIRST),))


def test_a_name_occurs_once() -> None:
    with pytest.raises(ValueError, match="each name must occur once, but a occurs twice"):
        HeadScores((2, 5), 3, (score("a", FIRST), score("a", SECOND)))


def test_results_can_be_pickled_and_copied() -> None:
    scores = table(a=FIRST)
    for same in (pickle.loads(pickle.dumps(scores)), copy.deepcopy(scores)):  # noqa: S301  # its own bytes
        np.testing.assert_array_equal(same["a"].values, scores["a"].values)
        assert dict(same.missing) == dict(scores.missing)

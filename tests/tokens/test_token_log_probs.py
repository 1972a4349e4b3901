"""`token_log_probs`: alternatives, ranks and log probabilities against sorting the whole vocabulary."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._tokens import predictions
from circuitsvis.logits import token_log_probs
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.support import log_probs as reference


def name(token: int) -> str:
    return f" t{token}"


@pytest.mark.parametrize(("n", "d_vocab", "top_k"), [(1, 4, 4), (2, 1, 1), (6, 50, 10), (9, 1000, 3), (3, 5003, 64)])
def test_each_position_has_what_sorting_finds(n: int, d_vocab: int, top_k: int) -> None:
    ids = np.random.default_rng(n).integers(0, d_vocab, n)
    rows = reference.random(n, d_vocab, n)
    also = [d_vocab - 1, 0][:d_vocab]
    figure = token_log_probs(ids, rows, name, top_k, also=also)
    reference.assert_shows(figure, ids, rows, top_k, also)
    shown = reference.props(figure)
    assert [shown.strings[i] for i in shown.tokens] == [name(i) for i in ids]
    assert repr(figure) == f"<circuitsvis TokenLogProbs: {n} token{'s' * (n > 1)}, vocabulary of {d_vocab}>"


@given(
    logits=arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(2, 70)),
        elements=st.one_of(st.integers(-4, 4).map(float), st.just(-np.inf), st.just(-5000.0), st.floats(-30, 30)),
    ),
    data=st.data(),
)
def test_ties_and_impossible_tokens_have_the_ranks_that_counting_finds(logits: Any, data: Any) -> None:
    logits[:, 0] = 1.0  # at least one token is possible
    rows = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    rows = rows.astype(np.float32)
    n, d_vocab = rows.shape
    ids = data.draw(st.lists(st.integers(0, d_vocab - 1), min_size=n, max_size=n))
    also = data.draw(st.lists(st.integers(0, d_vocab - 1), max_size=3, unique=True))
    top_k = data.draw(st.integers(1, d_vocab))
    figure = token_log_probs(ids, rows, name, top_k, also=also)
    reference.assert_shows(figure, ids, rows, top_k, also)


def test_blocks_of_rows_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    ids, rows = np.arange(7) % 5, reference.random(7, 40, 1)
    whole = token_log_probs(ids, rows, name, also=[3]).data
    monkeypatch.setattr(predictions, "_BLOCK", 100)
    assert token_log_probs(ids, rows, name, also=[3]).data == whole


def test_a_batch_axis_of_one_is_dropped() -> None:
    ids, rows = np.array([0, 3, 2]), reference.random(3, 8, 2)
    expected = token_log_probs(ids, rows, name, 4).data
    assert token_log_probs(ids[None], rows[None], name, 4).data == expected


def test_tensors_and_lists_show_the_same() -> None:
    torch = pytest.importorskip("torch")
    ids, rows = [1, 3, 2], reference.random(3, 9, 3)
    tensor = torch.tensor(rows)
    forms: list[Any] = [
        tensor,
        tensor.double(),
        tensor.clone().requires_grad_(),
        rows.tolist(),
        rows.astype(np.float64),
    ]
    for form in forms:
        reference.assert_shows(token_log_probs(torch.tensor(ids), form, name, 4), ids, rows, 4)
    half = tensor.bfloat16()
    reference.assert_shows(token_log_probs(ids, half, name, 4), ids, half.float().numpy(), 4)
    for given_ids in ([1.0, 3.0, 2.0], torch.tensor(ids).float(), [torch.tensor(1), torch.tensor(3), torch.tensor(2)]):
        reference.assert_shows(token_log_probs(given_ids, rows, name, 4), ids, rows, 4)


def test_arrays_of_jax_show_the_same() -> None:
    jax = pytest.importorskip("jax.numpy")
    ids, rows = [1, 3, 2], reference.random(3, 9, 3)
    reference.assert_shows(token_log_probs(jax.asarray(ids), jax.asarray(rows), name, 4), ids, rows, 4)


def test_to_string_is_called_once_for_each_id_with_an_int() -> None:
    calls: list[int] = []

    def to_string(token: int) -> str:
        assert type(token) is int
        calls.append(token)
        return name(token)

    figure = token_log_probs([4, 4, 4], reference.random(3, 30, 5), to_string, 3, also=[4, 29])
    assert len(calls) == len(set(calls)) == len(reference.props(figure).strings)


def test_half_precision_on_a_large_vocabulary_is_accepted() -> None:
    torch = pytest.importorskip("torch")
    rows = torch.log_softmax(torch.randn(3, 50_000, generator=torch.Generator().manual_seed(0)), -1)
    for form in (rows.bfloat16(), rows.half()):
        figure = token_log_probs([1, 2, 3], form, name, 2)
        assert reference.props(figure).token_ranks[0] == int((form[0] > form[0, 2]).sum())


ROWS = reference.random(3, 8, 7)


@pytest.mark.parametrize(
    ("log_probs", "text", "fix"),
    [
        (ROWS * 5 + 40, "pass logits.log_softmax(-1)", ROWS),
        (np.exp(ROWS), "these are probabilities, pass probs.log()", np.log(np.exp(ROWS))),
        (ROWS / np.log(2), "the logarithm of their sum is -", ROWS),
        (np.where(np.arange(3)[:, None] == 1, -np.inf, ROWS), "at position 1 all are -inf", ROWS),
        (np.where(np.eye(3, 8) == 1, np.nan, ROWS), "got NaN at position 0, token 0", ROWS),
        (np.where(np.eye(3, 8) == 1, np.inf, ROWS), "position 0 the logarithm of their sum is inf", ROWS),
        (np.stack([ROWS, ROWS]), "choose a sequence of the batch, log_probs[0]", np.stack([ROWS, ROWS])[0]),
        (ROWS[0], "log_probs: must have the axes [position, d_vocab], got shape (8,)", ROWS),
        (ROWS[:2], "got 3 and 2", ROWS),
    ],
)  # fmt: skip
def test_what_are_no_log_probabilities_is_refused_and_the_advice_works(log_probs: Any, text: str, fix: Any) -> None:
    with pytest.raises(ValueError, match="log_probs") as raised:
        token_log_probs([1, 2, 3], log_probs, name, 4)
    assert text in str(raised.value)
    token_log_probs([1, 2, 3], fix, name, 4)


def fails(token: int) -> str:
    raise KeyError(token)


class Tokenizer:
    def decode(self, token: int) -> str:
        return name(token)


@pytest.mark.parametrize(
    ("ids", "options", "error", "text"),
    [
        ([1, 2, 8], {}, ValueError, "token_indices: id 8 at index 2 is out of range, log_probs has 8 tokens (0..7)"),
        ([-1, 2, 3], {}, ValueError, "token_indices: id -1 at index 0"),
        ([1, 2.5, 3], {}, TypeError, "token_indices: must be token ids, which are whole numbers, got 2.5"),
        (["a", "b", "c"], {}, TypeError, "token_indices: must be token ids"),
        ([1, 2], {}, ValueError, "got 2 and 3"),
        ([], {}, ValueError, "token_indices: needs at least one position"),
        ([1, 2, 3], {"top_k": 0}, ValueError, "top_k: must be 1 or more"),
        ([1, 2, 3], {"also": [8]}, ValueError, "also: id 8 at index 0"),
        ([1, 2, 3], {"also": [[1]]}, ValueError, "also: must be a list of token ids"),
        ([1, 2, 3], {"min_value": 0}, ValueError, "min_value: must be below 0"),
        ([1, 2, 3], {"first_token": "yes"}, TypeError, "first_token: must be True or False"),
        ([1, 2, 3], {"to_string": fails}, ValueError, "to_string: raised KeyError for the id 0"),
        ([1, 2, 3], {"to_string": lambda i: i}, TypeError, "to_string: must return a string, got int 0 for the id 0"),
        ([1, 2, 3], {"to_string": Tokenizer()}, TypeError, "for a tokenizer pass tokenizer.decode"),
    ],
)
def test_wrong_arguments_are_refused(ids: Any, options: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as raised:
        token_log_probs(ids, ROWS, **{"to_string": name, "top_k": 8, **options})
    assert text in str(raised.value)


def test_a_small_vocabulary_has_fewer_alternatives_than_the_default() -> None:
    ids = np.array([1, 2, 3])
    figure = token_log_probs(ids, ROWS, name)
    reference.assert_shows(figure, ids, ROWS, 8, ())


def test_options_are_those_given() -> None:
    figure = token_log_probs(
        [1, 2, 3],
        ROWS,
        name,
        4,
        also=[5, 5],
        first_token=True,
        min_value=-8,
        negative_color="orange",
        title="T",
        help=True,
    )
    shown = reference.props(figure)
    assert (shown.value_range, shown.first_token, shown.title, len(shown.help)) == ((-8.0, 0.0), True, "T", 2)
    assert len(shown.also) == 1
    assert reference.props(token_log_probs([1, 2, 3], ROWS, name, 4)).value_range == (-5.0, 0.0)


def test_the_module_is_reached_as_in_circuitsvis_1() -> None:
    assert cv.logits.token_log_probs is token_log_probs

"""The forms of `resid_directions`: each becomes the direction that it means, or an error with what to write."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._attribution import direction_input
from circuitsvis._attribution.directions import TokenLogit
from circuitsvis._cache.unembedding import Unembedding

from tests.support import directions, models, reference
from tests.support.directions import B_U, CAT, D_MODEL, DOG, THE, W_U, N, over_vocabulary, resolve


@pytest.fixture(scope="module")
def model() -> Any:
    return directions.small_model()


CAT_MINUS_DOG = [
    ("cat", "dog"),
    (CAT, "dog"),
    (np.int64(CAT), DOG),
    over_vocabulary(cat=1, dog=-1),
    over_vocabulary(cat=1, dog=-1).tolist(),
    torch.tensor(over_vocabulary(cat=1, dog=-1), dtype=torch.float64),
    torch.tensor(over_vocabulary(cat=1, dog=-1)).long(),
    over_vocabulary(cat=1, dog=-1)[None].repeat(N, 0),
    (torch.tensor(CAT), torch.tensor(DOG)),
    (torch.tensor([CAT]), torch.tensor([[DOG]])),
    (np.array(CAT), np.int32(DOG)),
    ("cat", torch.tensor(DOG)),
    [(torch.tensor(CAT), np.array([DOG]))],
    [[torch.tensor(CAT), torch.tensor(DOG)]],
    [("cat", "dog")],
    [["cat", "dog"]],
    torch.tensor([[CAT, DOG]]),
    np.stack([over_vocabulary(cat=1, dog=-1)] * N)[None],
]


@pytest.mark.parametrize("value", CAT_MINUS_DOG, ids=range(len(CAT_MINUS_DOG)))
def test_a_difference_of_two_logits_is_written_in_many_ways(value: Any, model: Any) -> None:
    got = resolve(value, model)
    want = (W_U[:, CAT].astype(float) - W_U[:, DOG])[None]
    np.testing.assert_allclose(got.vectors, np.broadcast_to(want, got.vectors.shape), rtol=0, atol=1e-12)
    assert got.b_u is not None
    np.testing.assert_allclose(got.b_u, float(B_U[CAT]) - float(B_U[DOG]), rtol=0, atol=1e-12)
    assert got.targets == ("cat − dog",) * 2


@pytest.mark.parametrize(
    "value",
    [
        "cat",
        CAT,
        torch.tensor(CAT),
        np.int32(CAT),
        ["cat"],
        [CAT],
        torch.tensor([CAT]),
        torch.tensor([[CAT]]),
        np.array([CAT]),
        [torch.tensor(CAT)],
        [np.array([[CAT]])],
        over_vocabulary(cat=1),
        list(torch.tensor(over_vocabulary(cat=1))),
    ],
    ids=str,
)
def test_one_token_is_its_logit(value: Any, model: Any) -> None:
    got = resolve(value, model)
    np.testing.assert_allclose(got.vectors, W_U[:, CAT][None], rtol=0, atol=1e-12)
    assert got.targets == ("cat",) * 2


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_pair_of_single_ids_is_a_difference_in_a_batch_of_any_size(size: int, model: Any) -> None:
    for form in (int, np.int64, np.array, torch.tensor, lambda i: torch.tensor([i]), lambda i: np.array([[i]])):
        got = direction_input.read((form(CAT), form(DOG)), Unembedding(model), range(size), size, model)
        assert got == direction_input.read((CAT, DOG), Unembedding(model), range(size), size, model)
        assert got == [TokenLogit(CAT, DOG)] * size


def test_ids_in_tensors_make_the_same_page_as_the_same_ids_as_numbers(quiet_libraries: None) -> None:
    made, ids = models.bridge("gpt2", padding_side="right"), models.ids(2)
    _, cache = made.run_with_cache(ids)
    pages = [
        cv.attribution.from_cache(cache, made, ids, pair)
        for pair in ((ids[0, 3], ids[0, 5]), (int(ids[0, 3]), int(ids[0, 5])))
    ]
    assert pages[0] is not None and pages[1] is not None
    first, second = (replace(page._props, call=None) for page in pages)
    assert first == second
    assert " − " in reference.props(pages[0]).sequences[1].targets[0]  # type: ignore[attr-defined]  # of an attribution


def test_a_list_of_single_ids_is_one_token_for_each_sequence(model: Any) -> None:
    for form in (int, np.int64, np.array, torch.tensor, lambda i: torch.tensor([i])):
        got = direction_input.read([form(CAT), form(DOG)], Unembedding(model), range(2), 2, model)
        assert got == [TokenLogit(CAT), TokenLogit(DOG)]
        pairs = [(form(CAT), form(DOG)), [form(THE), form(CAT)]]
        assert direction_input.read(pairs, Unembedding(model), range(2), 2, model) == [
            TokenLogit(CAT, DOG),
            TokenLogit(THE, CAT),
        ]


def test_a_token_of_one_text_as_the_model_gives_it_is_one_token_for_every_sequence(model: Any) -> None:
    ids = torch.tensor([[CAT]])  # as model.to_tokens("cat", prepend_bos=False)
    assert direction_input.read(ids, Unembedding(model), range(3), 3, model) == [TokenLogit(CAT)] * 3


def test_two_arrays_of_ids_are_the_two_tokens_of_each_sequence_unless_they_may_be_a_pair_for_each(model: Any) -> None:
    right, wrong = torch.tensor([CAT, DOG, THE]), np.array([DOG, THE, CAT])
    got = direction_input.read((right, wrong), Unembedding(model), range(3), 3, model)
    assert got == [TokenLogit(CAT, DOG), TokenLogit(DOG, THE), TokenLogit(THE, CAT)]
    with pytest.raises(ValueError, match=r"write the pairs as a list, \[\(a, b\), \(c, d\)\]"):
        direction_input.read((right[:2], wrong[:2]), Unembedding(model), range(2), 2, model)
    pairs = [(right[0], wrong[0]), (right[1], wrong[1])]
    assert direction_input.read(pairs, Unembedding(model), range(2), 2, model) == [
        TokenLogit(CAT, DOG),
        TokenLogit(DOG, THE),
    ]


def test_each_sequence_may_have_its_own_direction(model: Any) -> None:
    for value in (["the", "cat", "dog"], torch.tensor([THE, CAT, DOG]), [W_U[:, THE], W_U[:, CAT], W_U[:, DOG]]):
        for index, token in enumerate((THE, CAT, DOG)):
            got = resolve(value, model, chosen=(index,), size=3)
            np.testing.assert_allclose(got.vectors, W_U[:, token][None], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        ("cat dog", ValueError, r"resid_directions: must be one token, but 'cat dog' is 2 \('cat', 'dog'\)"),
        ("", ValueError, r"must be one token, but '' is 0 \(none\)"),
        ("zebra", ValueError, r"has no token 'zebra' \(it becomes '\[UNK\]'\)"),
        (20, ValueError, r"token id 20 is out of range for a vocabulary of 20 \(use 0..19\)"),
        (-1, ValueError, r"token id -1 is out of range"),
        (True, TypeError, r"resid_directions: must be None .*got bool True"),
        (1.5, TypeError, r"must be None .*got float 1.5"),
        ([], TypeError, r"must be None .*got list \[\]"),
        (["cat", "dog"], ValueError, r"for each sequence, and the cache has 1, got 2;.*pass a tuple, \('cat', 'dog'\)"),
        (("cat", "dog", "the"), ValueError, r"one direction for each sequence, and the cache has 1, got 3"),
        ([W_U[:, 0]] * 4, ValueError, r"for one direction per position stack the vectors"),
        ([{"cat"}], TypeError, r"got a list with set \{'cat'\} in it"),
        (np.zeros(16), ValueError, r"must be d_model = 6 or d_vocab = 20 \(the columns of W_U\), got shape \[16\]"),
        (
            np.zeros((4, D_MODEL)),
            ValueError,
            r"a row for each of the 2 destinations .* 5 positions of sequence 0, got 4",
        ),
        (np.full(D_MODEL, np.nan), ValueError, r"must be finite"),
        (np.zeros((1, 1, 1, 6)), ValueError, r"got shape \[1, 1, 1, 6\]"),
    ],
)
def test_other_values_are_refused_with_the_rule_and_the_fix(
    value: Any, error: type[Exception], text: str, model: Any
) -> None:
    with pytest.raises(error, match=text):
        resolve(value, model)


def test_text_needs_a_tokenizer_and_ids_do_not() -> None:
    model = SimpleNamespace(W_U=W_U, b_U=B_U)
    assert resolve((CAT, DOG), model).targets == ("token 3 − token 8",) * 2
    with pytest.raises(
        ValueError, match=r"resid_directions: needs the model's tokenizer for the id of 'cat'.*pass ids"
    ):
        resolve("cat", model)

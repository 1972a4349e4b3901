"""resid_directions: what people write becomes the direction they mean, or an error that says what to write."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._attribution import direction_input
from circuitsvis._attribution.directions import Destinations, NextToken, ResolvedDirection, TokenLogit
from circuitsvis._cache.model_weights import Unembedding
from circuitsvis._input import selection, token_ids

from tests.support import models, reference

D_MODEL, D_VOCAB, N = 6, 20, 5
RNG = np.random.default_rng(0)
W_U, B_U = RNG.normal(size=(D_MODEL, D_VOCAB)).astype(np.float32), RNG.normal(size=D_VOCAB).astype(np.float32)
THE, CAT, DOG = 2, 3, 8  # ids of the models' tokenizer, which has 16 tokens: W_U is padded


@pytest.fixture(scope="module")
def model() -> Any:
    return SimpleNamespace(W_U=torch.tensor(W_U), b_U=torch.tensor(B_U), tokenizer=models.tokenizer())


def destinations(dest: tuple[int, ...] = (1, 3), n_tokens: int = N, n_positions: int = N) -> Destinations:
    return Destinations(0, dest, np.arange(n_positions - n_tokens, n_positions), n_positions)


def resolve(
    value: Any, model: Any, at: Destinations | None = None, *, chosen: tuple[int, ...] = (0,), size: int = 1
) -> ResolvedDirection:
    unembedding, at = Unembedding(model), at or destinations()
    direction = direction_input.read(value, unembedding, chosen, size, model)[-1]
    direction.check(at, unembedding.d_vocab)
    return direction.resolve(at, unembedding, model)


def over_vocabulary(**tokens: float) -> Any:
    vector = np.zeros(D_VOCAB, np.float32)
    for name, value in tokens.items():
        vector[{"the": THE, "cat": CAT, "dog": DOG}[name]] = value
    return vector


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


def test_ids_taken_from_a_batch_of_tokens_make_the_page_of_the_numbers_they_hold(quiet_libraries: None) -> None:
    made, ids = models.bridge("gpt2", padding_side="right"), models.ids(2)
    _, cache = made.run_with_cache(ids)
    pages = [
        cv.attribution.from_cache(cache, made, ids, pair)
        for pair in ((ids[0, 3], ids[0, 5]), (int(ids[0, 3]), int(ids[0, 5])))
    ]
    assert pages[0] is not None and pages[1] is not None
    assert pages[0].data == pages[1].data
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


def test_two_arrays_of_ids_are_the_two_tokens_of_each_sequence_unless_they_may_be_pairs(model: Any) -> None:
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


def test_other_combinations_of_logits_have_no_name_of_their_own(model: Any) -> None:
    got = resolve(over_vocabulary(cat=2, dog=-1, the=-1), model)
    np.testing.assert_allclose(got.vectors, (W_U @ over_vocabulary(cat=2, dog=-1, the=-1))[None], atol=1e-6)
    assert got.targets == ("given direction over the vocabulary",) * 2
    assert resolve(-over_vocabulary(cat=1), model).targets == got.targets


def test_a_vector_of_the_residual_stream_is_taken_as_it_is_and_tells_nothing_of_b_u(model: Any) -> None:
    vector = RNG.normal(size=D_MODEL).astype(np.float32)
    got = resolve(torch.tensor(vector).requires_grad_(), model)
    np.testing.assert_array_equal(got.vectors, vector[None])
    assert got.b_u is None
    assert got.targets == ("given residual direction",) * 2


@pytest.mark.parametrize("width", [D_MODEL, D_VOCAB])
def test_the_rows_of_a_matrix_belong_to_the_destinations_or_to_the_positions(width: int, model: Any) -> None:
    matrix = RNG.normal(size=(7, width)).astype(np.float32)
    rows = matrix if width == D_MODEL else matrix @ W_U.T
    cases: list[tuple[Any, Destinations, list[int]]] = [
        (matrix[:2], destinations((1, 3)), [0, 1]),  # one row per destination
        (matrix[:N], destinations((1, 3)), [1, 3]),  # one per position
        (matrix[:N], destinations((4, 3, 2, 1, 0)), [0, 1, 2, 3, 4]),  # as many: then per destination, in their order
        (
            matrix,
            destinations((1, 3), n_tokens=N, n_positions=7),
            [3, 5],
        ),  # one per position of a cache with padding left
        (matrix[:1], destinations((1, 3)), [0]),
    ]
    for given, at, want in cases:
        np.testing.assert_allclose(resolve(given, model, at).vectors, rows[want], rtol=0, atol=1e-5)


def test_each_sequence_may_have_its_own(model: Any) -> None:
    for value in (["the", "cat", "dog"], torch.tensor([THE, CAT, DOG]), [W_U[:, THE], W_U[:, CAT], W_U[:, DOG]]):
        for index, token in enumerate((THE, CAT, DOG)):
            got = resolve(value, model, chosen=(index,), size=3)
            np.testing.assert_allclose(got.vectors, W_U[:, token][None], rtol=0, atol=1e-12)


def test_large_vocabularies_are_combined_in_chunks(model: Any) -> None:
    w, vector = RNG.normal(size=(3, 10_000)).astype(np.float32), RNG.normal(size=(2, 10_000))
    got = Unembedding(SimpleNamespace(W_U=w)).combine(vector)
    np.testing.assert_allclose(got, vector @ w.T.astype(float), rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        ("cat dog", ValueError, r"resid_directions: must be one token, but 'cat dog' is 2 \('cat', 'dog'\)"),
        ("", ValueError, r"must be one token, but '' is 0 \(none\)"),
        ("zebra", ValueError, r"does not know 'zebra' \(it becomes '\[UNK\]'\)"),
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
def test_what_cannot_be_meant_is_refused_with_the_rule_and_the_fix(
    value: Any, error: type[Exception], text: str, model: Any
) -> None:
    with pytest.raises(error, match=text):
        resolve(value, model)


def test_ids_of_a_padded_vocabulary_have_directions_though_the_tokenizer_has_no_text(model: Any) -> None:
    np.testing.assert_allclose(resolve(19, model).vectors, W_U[:, 19][None], rtol=0, atol=1e-12)


def test_text_needs_a_tokenizer_and_ids_do_not() -> None:
    model = SimpleNamespace(W_U=W_U, b_U=B_U)
    assert resolve((CAT, DOG), model).targets == ("token 3 − token 8",) * 2
    with pytest.raises(
        ValueError, match=r"resid_directions: needs the model's tokenizer for the id of 'cat'.*pass ids"
    ):
        resolve("cat", model)


def test_the_next_token_of_each_destination(model: Any) -> None:
    ids, unembedding = (THE, CAT, 19, DOG, THE), Unembedding(model)
    got = NextToken(ids).resolve(destinations((0, 2)), unembedding, model)
    np.testing.assert_allclose(got.vectors, W_U[:, [CAT, DOG]].T, rtol=0, atol=1e-12)
    assert got.targets == ("cat", "dog")
    with pytest.raises(ValueError, match=r"tokens: sequence 0: token id 50 is out of range"):
        NextToken((THE, 50)).check(destinations((0,)), unembedding.d_vocab)


class Spaceless:
    """A tokenizer whose decoding drops the space that begins a word, as some do."""

    unk_token, unk_token_id = "<unk>", 0
    pieces = ("<unk>", "▁cat", "cat", "▁dog", "s")

    def encode(self, text: str, add_special_tokens: bool) -> list[int]:
        return [self.pieces.index(f"▁{word}") if f"▁{word}" in self.pieces else 0 for word in text.split()]

    def decode(self, ids: list[int], **_: Any) -> str:
        return self.pieces[ids[0]].lstrip("▁")

    def convert_tokens_to_ids(self, tokens: list[str]) -> list[int]:
        return [self.pieces.index(token) if token in self.pieces else 0 for token in tokens]


def test_ids_are_told_from_the_text_of_a_sequence_only_where_it_is_certain(model: Any) -> None:
    assert token_ids.of_sequence(["the", "cat", "[UNK]", "the"], "tokens", model) == (THE, CAT, 1, THE)
    spaceless = SimpleNamespace(tokenizer=Spaceless())
    assert token_ids.of_sequence(["dog", "s"], "tokens", spaceless) == (3, 4)
    with pytest.raises(ValueError, match=r"tokens: the text 'cat' does not tell which token it is \(2 tokens"):
        token_ids.of_sequence(["dog", "cat"], "tokens", spaceless)
    with pytest.raises(ValueError, match=r"'ca' does not tell .*\(0 tokens.*model.to_tokens"):
        token_ids.of_sequence(["ca", "t"], "tokens", spaceless)


@pytest.mark.parametrize(
    ("seq_pos", "next_token", "want"),
    [(None, False, (0, 1, 2)), (None, True, (0, 1)), (1, True, (1,)), (-1, False, (2,)), ([-1, 0], False, (2, 0))],
)
def test_destinations_count_as_python_counts(seq_pos: Any, next_token: bool, want: tuple[int, ...]) -> None:
    assert selection.positions(seq_pos, 3, 0, next_token=next_token) == want


@pytest.mark.parametrize(
    ("seq_pos", "n", "text"),
    [
        (3, 3, r"seq_pos: position 3 is out of range for sequence 7 with 3 tokens \(use -3..2\)"),
        ([0, -4], 3, r"seq_pos: position -4 is out of range"),
        ([], 3, r"seq_pos: needs at least one"),
        (2, 3, r"seq_pos: the last position \(2\) of sequence 7 has no next token"),
        (None, 1, r"resid_directions: None means the next token, but sequence 7 has one token only"),
    ],
)
def test_destinations_that_are_not_there_are_refused(seq_pos: Any, n: int, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        selection.positions(seq_pos, n, 7, next_token=True)

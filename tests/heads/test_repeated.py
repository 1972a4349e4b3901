"""Scores on random repeated tokens: those of loops over the patterns of the same tokens, with a stated BOS, and a model left as it was."""

from __future__ import annotations

import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._heads import model_run, pattern_run, random_tokens

from tests.support import head_score_checks, models
from tests.support import head_score_loops as loops
from tests.support.probes import array

pytestmark = pytest.mark.usefixtures("quiet_libraries")


@pytest.fixture(params=["gpt2", "llama_gqa", "bert", "hooked"])
def model(request: pytest.FixtureRequest) -> Any:
    return small(request.param)


def small(name: str, side: str = "right") -> Any:
    if name != "hooked":
        return models.bridge(name, padding_side=side)
    if not models.HAS_HOOKED_TRANSFORMER:
        pytest.skip("TransformerLens 4 has no HookedTransformer")
    return models.hooked(padding_side=side, positional_embedding_type="rotary", rotary_dim=8, n_key_value_heads=2)


def by_loops(model: Any, tokens: random_tokens.RepeatedTokens) -> list[list[loops.Sums]]:
    _, cache = model.run_with_cache(torch.as_tensor(tokens.ids))
    patterns = [array(cache["pattern", layer]) for layer in range(2)]
    return [
        [
            loops.add([loops.repeated(p[h], tokens.start, tokens.length, tokens.repeats) for p in layer])
            for h in range(layer.shape[1])
        ]
        for layer in patterns
    ]


@pytest.mark.parametrize("repeats", [2, 3])
def test_scores_are_those_of_loops_over_the_cached_patterns(model: Any, repeats: int) -> None:
    scores = cv.heads.scores_on_repeated(model, length=5, repeats=repeats, n_sequences=3, seed=7)
    ids = random_tokens.vocabulary(model, 0)
    tokens = random_tokens.make(ids, 0, 5, repeats, 3, 7)
    names = ["induction@repeated", "duplicate_token@repeated", "previous_token@repeated"]
    head_score_checks.assert_equal(scores, by_loops(model, tokens), names)
    tokens = random_tokens.make(ids, 0, 5, 4, 3, 7)
    head_score_checks.assert_equal(scores, by_loops(model, tokens), ["prefix_matching@repeated"])


def test_the_tokens_are_the_same_on_every_machine() -> None:
    tokens = random_tokens.make(np.arange(2, 16), 0, 4, 2, 2, seed=3)
    assert tokens.ids.tolist() == [[0, 9, 6, 3, 4, 9, 6, 3, 4], [0, 5, 15, 13, 3, 5, 15, 13, 3]]


def test_special_tokens_and_rows_of_the_embedding_that_no_token_has_are_not_drawn() -> None:
    model = SimpleNamespace(cfg=SimpleNamespace(d_vocab=20), tokenizer=models.tokenizer())
    assert random_tokens.vocabulary(model, 3).tolist() == [
        2,
        *range(4, 16),
    ]  # 0 and 1 are special, and there is no token 16
    model.tokenizer = None
    assert random_tokens.vocabulary(model, None).tolist() == list(range(20))


def test_no_token_occurs_twice_in_the_random_part() -> None:
    tokens = random_tokens.make(np.arange(2, 16), None, 14, 2, 5, seed=0)
    assert all(sorted(row[:14]) == list(range(2, 16)) and (row[:14] == row[14:]).all() for row in tokens.ids)


def test_bos_comes_first_as_transformer_lens_does_it_and_the_population_says_so() -> None:
    model = small("gpt2")
    first = {bos: random_tokens.bos_id(model, bos) for bos in (None, True, False)}
    assert first == {None: 0, True: 0, False: None} and random_tokens.bos_id(model, 5) == 5
    population = {
        bos: cv.heads.scores_on_repeated(model, length=4, bos=bos)["induction@repeated"].population
        for bos in (None, False, 5)
    }
    assert population[None] == "random tokens: 4 different ones, written 2 times, after '<|endoftext|>'"
    assert population[False].endswith("without BOS") and population[5].endswith("after 'on'")
    model.cfg.default_prepend_bos = False
    assert random_tokens.bos_id(model, None) is None and random_tokens.bos_id(model, True) == 0


@pytest.mark.parametrize("name", ["gpt2", "hooked"])
def test_bos_is_attended_to_although_it_is_the_padding_token_on_the_left(name: str) -> None:
    right, left = (cv.heads.scores_on_repeated(small(name, side), length=4) for side in ("right", "left"))
    for score in right:
        np.testing.assert_array_equal(left[score].values, right[score].values)


def test_the_model_is_left_as_it_was(model: Any) -> None:
    calls = []
    name = "blocks.0.attn.hook_pattern"
    model.train()
    model.blocks[1].eval()
    modes = [module.training for module in model.modules()]
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    model.hook_dict[name].add_hook(lambda value, hook: calls.append(1))
    hooks = sum(len(point.fwd_hooks) for point in model.hook_dict.values())
    state = torch.get_rng_state()
    with torch.enable_grad():
        cv.heads.scores_on_repeated(model, length=4, n_sequences=1)
        assert torch.is_grad_enabled()
    assert [module.training for module in model.modules()] == modes
    assert sum(len(point.fwd_hooks) for point in model.hook_dict.values()) == hooks and calls
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(value, weights[key]) for key, value in model.state_dict().items())


def test_the_modes_are_restored_after_an_error() -> None:
    model = small("gpt2")
    model.train()

    def fails(place: int, patterns: Any) -> None:
        raise RuntimeError("in the reader")

    with pytest.raises(RuntimeError, match="in the reader"):
        pattern_run.run(model, np.array([[2, 3]]), [0], fails)
    assert model.training and all(module.training for module in model.blocks.modules())


def test_one_layer_is_held_at_a_time() -> None:
    model = small("gpt2")
    held: list[weakref.ref[Any]] = []
    alive = []

    def read(place: int, patterns: Any) -> None:
        alive.append(sum(reference() is not None for reference in held))
        held.append(weakref.ref(patterns))

    pattern_run.run(model, np.array([[2, 3, 4]]), [0, 1], read)
    assert alive == [0, 0]


def test_many_logits_are_made_in_parts_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    model = small("gpt2")
    at_once = cv.heads.scores_on_repeated(model, length=4, n_sequences=5)
    monkeypatch.setattr(model_run, "MAX_LOGITS", 2 * 9 * model.cfg.d_vocab)
    in_parts = cv.heads.scores_on_repeated(model, length=4, n_sequences=5)
    for name in at_once:
        np.testing.assert_allclose(in_parts[name].values, at_once[name].values, rtol=1e-6)
        np.testing.assert_array_equal(in_parts[name].denominator, at_once[name].denominator)


def test_seeds_are_pooled() -> None:
    model = small("gpt2")
    one, other = (cv.heads.scores_on_repeated(model, length=4, n_sequences=2, seed=seed) for seed in (0, 1))
    pooled = one + other
    np.testing.assert_allclose(
        pooled["induction@repeated"].values, (one["induction@repeated"].values + other["induction@repeated"].values) / 2
    )


def test_chosen_layers_are_the_rows(model: Any) -> None:
    every = cv.heads.scores_on_repeated(model, length=4)
    last = cv.heads.scores_on_repeated(model, length=4, layers=-1)
    assert last.layers == (1,)
    np.testing.assert_array_equal(last["induction@repeated"].values[0], every["induction@repeated"].values[1])


def test_the_default_length_fits_the_context_and_prefix_matching_is_shorter() -> None:
    model = small("gpt2")
    room, words = model.cfg.n_ctx - 1, len(random_tokens.vocabulary(model, 0))
    scores = cv.heads.scores_on_repeated(model)
    assert f"tokens: {min(50, room // 2, words)} " in scores["induction@repeated"].population
    assert f"tokens: {min(50, room // 4, words)} " in scores["prefix_matching@repeated"].population


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(length=1), ValueError, "length: must be 2 or more"),
        (dict(length=2.5), TypeError, "length: must be an integer, got float 2.5"),
        (
            dict(length=15),
            ValueError,
            "length: 15 is too long, because the vocabulary has 14 ordinary tokens.*use length=14 or less",
        ),
        (dict(repeats=1), ValueError, "repeats: must be 2 or more, so that there is an earlier copy, got 1"),
        (dict(n_sequences=0), ValueError, "n_sequences: must be 1 or more, got 0"),
        (dict(seed=-1), ValueError, "seed: must be 0 or more"),
        (dict(bos=99), ValueError, "bos: token id 99 is out of range"),
        (dict(bos="<bos>"), TypeError, "bos: must be an integer"),
        (dict(layers=2), ValueError, "layers: layer 2 is out of range for a model with 2 layers"),
        (dict(sequences=3), TypeError, "sequences"),
    ],
)
def test_wrong_arguments_are_refused_with_what_works(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        cv.heads.scores_on_repeated(small("gpt2"), **arguments)


def test_a_length_beyond_the_context_is_refused_and_the_advice_works() -> None:
    model = small("gpt2")
    room = model.cfg.n_ctx - 1
    with pytest.raises(
        ValueError, match=rf"the model has {room} positions for 8 copies; use length={room // 8} or less"
    ):
        cv.heads.scores_on_repeated(model, length=14, repeats=8)
    cv.heads.scores_on_repeated(model, length=room // 8, repeats=8)


def test_a_model_without_bos_needs_its_id() -> None:
    model = models.bridge("gpt2")
    with pytest.raises(ValueError, match="no BOS token; pass its id, or bos=False"):
        cv.heads.scores_on_repeated(model, bos=True, length=4)
    assert cv.heads.scores_on_repeated(model, length=4)["induction@repeated"].population.endswith("without BOS")


def test_something_else_than_a_model_is_refused() -> None:
    with pytest.raises(TypeError, match="model: must be a model of TransformerLens with run_with_hooks"):
        cv.heads.scores_on_repeated({"blocks.0.attn.hook_pattern": np.zeros((1, 2, 2))})


def test_a_model_that_does_not_compute_its_patterns_is_refused_with_what_helps() -> None:
    model = models.bridge("opt", attention="sdpa")
    with pytest.raises(KeyError, match=r"was not computed in the forward pass.*set_attn_implementation\(\"eager\"\)"):
        cv.heads.scores_on_repeated(model, length=4)
    model.original_model.set_attn_implementation("eager")
    assert "induction@repeated" in cv.heads.scores_on_repeated(model, length=4)


def test_an_encoder_decoder_is_refused() -> None:
    model = models.encoder_decoder() if models.HAS_HOOKED_TRANSFORMER else models.bridge("t5")
    with pytest.raises(
        ValueError, match=r"need the patterns of one stack of blocks.*cross_attn.*heads\.scores takes the cache"
    ):
        cv.heads.scores_on_repeated(model, length=4)

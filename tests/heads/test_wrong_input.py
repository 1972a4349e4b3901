"""What a user may do wrong with `heads.scores`: each error names the argument and a fix, and the fix works."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import caches

CACHE = {name: array for name, array in caches.cache(n_layers=2, n=6).items() if name.endswith("pattern")}
BATCH = {name: array for name, array in caches.cache(n_layers=2, n=6, batch=2).items() if name.endswith("pattern")}
TOKENS = caches.words(6)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            dict(cache=np.zeros((2, 4, 6, 6))),
            TypeError,
            "cache: must be an ActivationCache or a dict of full hook names",
        ),
        (
            dict(cache={"blocks.0.attn.hook_v": np.zeros((6, 4, 8))}),
            KeyError,
            "no attention pattern such as .* record it with",
        ),
        (dict(tokens="some text"), TypeError, "split it with model.to_str_tokens"),
        (dict(tokens=TOKENS[:5]), ValueError, "has 5 tokens but the pattern has 6 positions"),
        (dict(tokens=[*TOKENS, "x"]), ValueError, "has 7 tokens, but the pattern has 6 positions"),
        (dict(layers=2), ValueError, r"layers: layer 2 is out of range for a model with 2 layers \(use -2..1\)"),
        (dict(layers=[]), ValueError, "layers: needs at least one"),
        (dict(batch_idx=1), ValueError, "batch_idx: index 1 is out of range for a batch of 1"),
        (dict(module="decoder.0.attn"), ValueError, r'module: must be a hook prefix with "\{layer\}" in it'),
        (dict(module="decoder.{layer}.attn"), KeyError, r'its attention modules are "blocks.\{layer\}.attn"'),
        (dict(attention_mask=[1, 1, 1]), ValueError, r"attention_mask: must have shape \[batch, position\] = \[1, 6\]"),
        (
            dict(padding_side="left"),
            ValueError,
            "padding_side: 'left' does not say how long a sequence is without its tokens",
        ),
        (dict(src_tokens=TOKENS), ValueError, "tokens: needed with src_tokens"),
        (dict(head=3), TypeError, "head"),
    ],
)
def test_a_wrong_argument_is_named_with_the_fix(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        cv.heads.scores(**{"cache": CACHE, **arguments})


def test_patterns_of_a_part_of_the_queries_are_refused() -> None:
    cache = {"blocks.0.attn.hook_pattern": CACHE["blocks.0.attn.hook_pattern"][:, -2:]}
    with pytest.raises(ValueError, match="got 2 destination and 6 source positions; run without pos_slice"):
        cv.heads.scores(cache, TOKENS)


def test_layers_of_different_numbers_of_heads_are_not_one_table_and_the_advice_works() -> None:
    cache = {**CACHE, "blocks.1.attn.hook_pattern": CACHE["blocks.1.attn.hook_pattern"][:2]}
    with pytest.raises(ValueError, match=r"got layer 0: 4, layer 1: 2; compute them one by one, e.g. layers=\[0\]"):
        cv.heads.scores(cache)
    assert cv.heads.scores(cache, layers=[0]).n_heads == 4 and cv.heads.scores(cache, layers=[1]).n_heads == 2


def test_nan_is_refused_by_hook_head_and_sequence() -> None:
    patterns = BATCH["blocks.1.attn.hook_pattern"].copy()
    patterns[1, 2, 4, 3] = np.nan
    with pytest.raises(
        ValueError, match=r"cache: blocks.1.attn.hook_pattern of sequence 1, head 2: probabilities must be finite"
    ):
        cv.heads.scores({**BATCH, "blocks.1.attn.hook_pattern": patterns})


def test_nan_in_padding_does_not_count() -> None:
    patterns = BATCH["blocks.0.attn.hook_pattern"].copy()
    patterns[0, :, 4:] = np.nan
    scores = cv.heads.scores({"blocks.0.attn.hook_pattern": patterns}, [TOKENS[:4], TOKENS], padding_side="right")
    assert all(np.isfinite(score.numerator).all() for score in scores.values())


def test_a_padded_batch_without_tokens_is_refused_and_both_fixes_work() -> None:
    padded = np.zeros((2, 4, 6, 6), np.float32)
    padded[0] = CACHE["blocks.0.attn.hook_pattern"]
    padded[1, :, 2:, 2:] = caches.softmax_patterns((4, 4, 4))
    cache = {"blocks.0.attn.hook_pattern": padded}
    with pytest.raises(
        ValueError, match=r"tokens: sequence 1 seems to be padded on the left.*pass tokens= or attention_mask="
    ):
        cv.heads.scores(cache)
    by_mask = cv.heads.scores(cache, attention_mask=[[1] * 6, [0, 0, 1, 1, 1, 1]])
    by_tokens = cv.heads.scores(cache, [TOKENS, TOKENS[:4]])
    np.testing.assert_array_equal(by_mask["entropy"].values, by_tokens["entropy"].values)


def test_cross_attention_needs_both_token_lists_or_none() -> None:
    cache = {"decoder.0.cross_attn.hook_pattern": caches.softmax_patterns((2, 4, 4), causal=False)}
    module = "decoder.{layer}.cross_attn"
    with pytest.raises(ValueError, match=r"src_tokens: needed for cross-attention.* or pass no tokens at all"):
        cv.heads.scores(cache, caches.words(4), module=module)
    assert "entropy" in cv.heads.scores(cache, module=module)


def test_ids_need_no_tokenizer() -> None:
    ids = [3, 5, 3, 5, 9, 3]
    scores = [cv.heads.scores(CACHE, tokens) for tokens in (ids, np.array(ids), [str(i) for i in ids], tuple(ids))]
    for other in scores[1:]:
        np.testing.assert_array_equal(scores[0]["induction@text"].values, other["induction@text"].values)


def test_what_is_missing_says_how_to_get_it() -> None:
    scores = cv.heads.scores(CACHE)
    assert scores.missing["induction@text"] == scores.missing["attribution"] == "needs the tokens; pass tokens="
    assert "has no 'blocks.0.attn.hook_attn_scores'" in scores.missing["logit_margin"]
    assert (
        'names_filter=lambda name: name.endswith(("hook_pattern", "hook_attn_scores"))'
        in scores.missing["logit_margin"]
    )
    scores = cv.heads.scores(CACHE, TOKENS)
    assert "induction@text" in scores and "there is no model; pass model=" in scores.missing["attribution"]


def test_scores_that_are_not_what_the_softmax_read_are_not_used() -> None:
    cache = {**CACHE}
    for layer in range(2):
        cache[f"blocks.{layer}.attn.hook_attn_scores"] = CACHE[
            f"blocks.{layer}.attn.hook_pattern"
        ]  # as OPT and GPT-J cache them
    missing = cv.heads.scores(cache).missing["logit_margin"]
    assert "the cached scores are not what the softmax read: blocks." in missing

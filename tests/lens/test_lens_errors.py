"""What a user may do wrong with `logit_lens`: each error names the argument, the rule, the value and the fix."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from circuitsvis.logits import logit_lens

from tests.support import lenses

TOKENS = ["1", "4", "7", "10", "2"]


def shown(run: lenses.Run, **options: Any) -> Any:
    return logit_lens(run.cache, run.model, **{"tokens": TOKENS, **options})


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        (dict(tokens=None), TypeError, r"tokens: must be given: .* model\.to_tokens\(prompt\)"),
        (dict(tokens=TOKENS[:4]), ValueError, r"sequence 0 has 4 tokens but the residual stream has 5 positions"),
        (dict(tokens=[*TOKENS, "3"]), ValueError, r"sequence 0 has 6 tokens, but the residual stream has 5 positions"),
        (dict(tokens=list("abcde")), ValueError, r"no.*; or pass targets=, a token id for each position"),
        (dict(tokens=["1", "4", "11", "10", "2"]), ValueError, r"position 1 has the id 11, .* has 11 tokens \(0..10\); or"),
        (dict(layers=4), ValueError, r"layers: stream 4 is out of range .* \(use -4..3\)"),
        (dict(layers="3_pre"), ValueError, r"layers: there is no stream '3_pre' .*accumulated_resid"),
        (dict(layers=[]), ValueError, r"layers: needs at least one, got an empty list \(use None for all\)"),
        (dict(layers=1.5), TypeError, r"layers: stream: must be an integer, got float 1\.5"),
        (dict(layers={1}), TypeError, r"layers: must be a number, a name or a list"),
        (dict(include_mid=1), TypeError, r"include_mid: must be True or False, got 1"),
        (dict(seq_pos=5), ValueError, r"seq_pos: position 5 is out of range for sequence 0 with 5 tokens"),
        (dict(batch_idx=1), ValueError, r"batch_idx: index 1 is out of range"),
        (dict(top_k=0), ValueError, r"top_k: must be 1 or more, .* got 0"),
        (dict(top_k="5"), TypeError, r"top_k: must be an integer, got str"),
        (dict(color_by="kl"), ValueError, r"color_by: must be one of 'top', 'target', 'rank', 'entropy', 'divergence', got 'kl'"),
        (dict(targets=11), ValueError, r"targets: id 11 is out of range, .* \(0..10\); None is no target"),
        (dict(targets=[1, 2]), ValueError, r"targets of sequence 0: must have an entry for each of the 5 tokens .* got 2; None"),
        (dict(targets=[[1] * 5] * 2), ValueError, r"targets: 1 sequences are shown, got 2 lists"),
        (dict(targets=[1, -100, 2, 3, 4]), ValueError, r"targets of sequence 0: id -100 is out of range"),
        (dict(targets=1.5), TypeError, r"targets: must be a token"),
        (dict(targets={1: 2}), TypeError, r"targets: must be a token"),
        (dict(targets=" Mary"), ValueError, r"targets: needs the model's tokenizer .* pass ids"),
        (dict(lens="tuned"), TypeError, r"lens: must be a function \(resid \[n, d_model\], layer\) -> logits .* got str 'tuned'"),
        (dict(lens=lambda x: x), ValueError, r"lens: raised TypeError for layer 0 .* must return the logits"),
        (dict(lens=lambda x, layer: None), TypeError, r"lens: must return .* got NoneType for layer 0"),
        (dict(lens=lambda x, layer: x), ValueError, r"lens: must return .* = \[5, 11\], got shape \[5, 8\] for layer 0"),
        (dict(lens=lambda x, layer: np.full((5, 11), np.inf)), ValueError, r"lens: .* NaN or infinity for layer 0 in row 0; give"),
        (dict(lens=lambda x, layer: x, include_mid=True), ValueError, r"lens: .* 0_mid is not one; leave out include_mid"),
        (dict(to_string="x"), TypeError, r"to_string: must be a function"),
        (dict(to_string=lambda token: 5), TypeError, r"to_string: must return a string, got int"),
        (dict(focus=3), TypeError, r"focus: must be a dict, e\.g\. focus="),
        (dict(focus={"dest": 3}), ValueError, r"focus: its keys must be among 'sequence', 'layer', 'position', got 'dest'"),
        (dict(focus={"layer": 0}), ValueError, r"focus: needs a position"),
        (dict(focus={"position": 5}), ValueError, r"focus: position 5 is out of range for 5 positions shown"),
        (dict(focus={"position": 0}, seq_pos=[1, 3]), ValueError, r"focus: position 0 is not among the positions shown: 1, 3"),
        (dict(focus={"position": 0, "layer": "9_pre"}), ValueError, r"focus: layer '9_pre' is not shown: must be one of '0_pre'"),
        (dict(focus={"position": 0, "layer": 4}), ValueError, r"focus: layer 4 is out of range for 4 stages shown"),
        (dict(focus={"position": 0, "sequence": 1}), ValueError, r"focus: sequence 1 is out of range"),
        (dict(layer=1), TypeError, r"layer.*layers"),
        (dict(display_mode="blue"), ValueError, r"display_mode: must be one of"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_refused_with_the_fix(options: Any, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        shown(lenses.run(), **options)


def test_a_missing_stream_is_named_with_how_to_record_it() -> None:
    run = lenses.run()
    cache = {name: array for name, array in run.cache.items() if name == "blocks.2.hook_resid_post"}
    filter_of = (
        r'names_filter=lambda name: name\.endswith\(\("blocks\.0\.hook_resid_pre", .*"hook_resid_post", "ln_final'
    )
    with pytest.raises(KeyError, match=r"layers: 0_pre: the cache has no 'blocks\.0\.hook_resid_pre'.*" + filter_of):
        logit_lens(cache, run.model, TOKENS, layers=0)
    with pytest.raises(KeyError, match=r"layers: 1_mid: .* no 'blocks\.1\.hook_resid_mid'.*\"hook_resid_mid\""):
        logit_lens(cache, run.model, TOKENS, layers="1_mid")
    with pytest.raises(KeyError, match=r"logit_lens: the cache has no 'blocks\.2\.hook_resid_post'.*" + filter_of):
        logit_lens({"blocks.0.hook_resid_post": run.cache["blocks.0.hook_resid_post"]}, run.model, TOKENS)
    with pytest.raises(KeyError, match=r"logit_lens: the cache has no"):
        logit_lens({}, None, TOKENS)


def test_a_model_without_an_unembedding_of_the_stream_is_refused() -> None:
    run = lenses.run()
    with pytest.raises(ValueError, match=r"model: .* but there is no model; pass model="):
        logit_lens(run.cache, None, TOKENS)
    run.model.W_U = run.w_u[:4]
    with pytest.raises(ValueError, match=r"W_U of .* \[4, 11\], and its residual stream has width 8: a projection"):
        logit_lens(run.cache, run.model, TOKENS)
    with pytest.raises(TypeError, match=r"cache: must be an ActivationCache or a dict of full hook names, got list"):
        logit_lens([], run.model, TOKENS)


def test_streams_that_do_not_fit_each_other_are_refused() -> None:
    run = lenses.run()
    run.cache["blocks.1.hook_resid_post"] = run.cache["blocks.1.hook_resid_post"][:, :3]
    with pytest.raises(ValueError, match=r"cache: the streams must agree .*blocks\.1\.hook_resid_post \(1, 3, 8\)"):
        logit_lens(run.cache, run.model, TOKENS)


def test_numbers_that_are_not_finite_are_named_and_can_be_left_out() -> None:
    run = lenses.run()
    run.cache["blocks.0.hook_resid_post"][0, 3, 2] = np.nan
    with pytest.raises(
        ValueError, match=r"NaN or infinity in blocks\.0\.hook_resid_post of sequence 0 at position 3 .*seq_pos="
    ):
        shown(run)
    lenses.assert_shows(shown(run, seq_pos=[0, 1, 2, 4]), run)


def test_a_cached_run_with_another_head_is_refused() -> None:
    run = lenses.run()
    last = run.cache["blocks.2.hook_resid_post"]
    with pytest.raises(ValueError, match=r"the final norm does not read the residual stream"):
        logit_lens({**run.cache, "ln_final.hook_in": last + 1}, run.model, TOKENS)
    other = {**run.cache, "unembed.hook_out": np.ones((1, 5, 11), np.float32)}
    with pytest.raises(ValueError, match=r"the cached unembed\.hook_out is not W_U times what the final norm makes"):
        logit_lens(other, run.model, TOKENS)


def test_a_small_difference_from_the_cached_logits_is_named() -> None:
    run = lenses.run()
    x = run.streams["final_post"]
    centred = x - x.mean(-1, keepdims=True)
    normalized = run.gain * centred / np.sqrt((centred**2).mean(-1, keepdims=True) + lenses.EPSILON) + run.bias
    logits = (normalized @ run.w_u + run.b_u).astype(np.float32)
    exact = logit_lens({**run.cache, "unembed.hook_out": logits}, run.model, TOKENS)
    assert lenses.props(exact).notes == ()
    moved = logits + np.float32(1e-3) * np.abs(logits).max()
    (note,) = lenses.props(logit_lens({**run.cache, "unembed.hook_out": moved}, run.model, TOKENS)).notes
    assert note == "The logits of the last layer differ from the cached ones by up to 0.001 of the largest."
    with pytest.raises(ValueError, match="not W_U times"):
        logit_lens({**run.cache, "unembed.hook_out": 2 * logits}, run.model, TOKENS)


def test_a_batch_needs_tokens_and_targets_of_each_sequence() -> None:
    run = lenses.run(batch=2)
    with pytest.raises(ValueError, match=r"tokens: the cache holds 2 sequences, got one list of tokens"):
        shown(run)
    with pytest.raises(ValueError, match=r"targets: 2 sequences are shown, got one list; .* batch_idx="):
        shown(run, tokens=[TOKENS] * 2, targets=[1] * 5)
    with pytest.raises(
        ValueError, match=r"sequence 1 has 3 tokens but its residual stream has 5 positions.*padding_side="
    ):
        shown(run, tokens=[TOKENS, TOKENS[:3]])

"""The split of a score on every causal family: parts sum to the model's score, or the refusal is true; promoted tokens against float64."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import families, family_cases, family_verdicts, model_families, models, reference
from tests.support.case import BOUND, Case
from tests.support.family_cases import DoesNotBootError
from tests.support.oracle_run import mixes

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quiet_libraries")]

SEQUENCE, HEAD, DEST, SRC = 1, 1, 9, 8  # a key that windows of 2 still show
LATENT = r"cannot see the key|need W_Q per head, \[head, d_model, d_head\], but blocks\.\d\.attn of \w+ has none"
POST_NORM = "a residual stream that is a sum of what the components write"
NO_HOOK = "no layer of this TransformerBridge has a hook for one"
UNEXPLAINED = r"the score of head \d\.1 cannot be split into parts: (q·k does not lead|The cached scores|There are no q and k|Rows do not)"
REFUSED = {
    **dict.fromkeys(["deepseekv2", "deepseekv3", "glm4moelite", "glmmoedsa", "youtu"], LATENT),
    **dict.fromkeys(["bert_lm", "openaigpt"], POST_NORM),
    **dict.fromkeys(["nemotronh", "recurrentgemma", "zamba2"], NO_HOOK),
    **dict.fromkeys(
        ["afmoe", "codegen", "falcon_multi_query", "gemma4", "gemma4_shared", "gptj", "gptoss", "hunyuan", "jetmoe", "llama4",
         "modernbert_decoder", "nanochat", "neox", "neox_sequential", "olmohybrid", "phi3", "phi3_window"],
        UNEXPLAINED,
    ),
}  # fmt: skip
"""Families whose scores are not split, and why."""


@pytest.mark.skipif(models.VERSION != (4, 3), reason="the refusals are those of TransformerLens 4.3")
@pytest.mark.parametrize("name", sorted(families.FAMILIES))
def test_the_parts_of_a_bridge_sum_to_the_score_or_the_refusal_is_true(name: str) -> None:
    try:
        case = family_cases.bridged(name, folded=False)
    except DoesNotBootError as error:
        pytest.skip(str(error))
    if name not in REFUSED:
        check(case, families.IDS.tolist())
        return
    with pytest.raises((ValueError, KeyError), match=REFUSED[name]):
        edge(case, families.IDS.tolist(), max(case.attention, default=0))
    if REFUSED[name] == UNEXPLAINED:
        figure = cv.attention.from_cache(
            case.cache, case.tokens, mode="lines", heads=(max(case.attention), HEAD), batch_idx=SEQUENCE
        )
        assert reference.computation(figure, 0).kind != "product"
    elif REFUSED[name] == LATENT:
        assert not has_query_weights(case.model)
    elif REFUSED[name] == NO_HOOK:
        assert family_verdicts.REASONS["no hook for patterns"].true_of(case)
    else:
        assert family_verdicts.REASONS["post-norm blocks"].true_of(case)


def has_query_weights(model: Any) -> bool:
    try:
        return model.blocks[0].attn.W_Q is not None
    except (AttributeError, NotImplementedError):
        return False


@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", sorted(model_families.HOOKED))
def test_the_parts_of_a_hooked_transformer_sum_to_the_score(name: str, folded: bool) -> None:
    check(family_cases.hooked(name, folded=folded), models.ids(2, families.N_TOKENS).tolist())


def edge(case: Case, ids: list[list[int]], layer: int) -> Any:
    return cv.heads.edge(case.cache, ids, (layer, HEAD), DEST, SRC, case.model, batch_idx=SEQUENCE, top_k=3)


def check(case: Case, ids: list[list[int]]) -> None:
    for layer in case.attention:
        got = edge(case, ids, layer)
        assert abs(got.unaccounted) <= 1e-5 * np.abs(got.table).max(), (layer, got)
        parts = got.table[:-1, :-1].sum() + got.added
        cached = dict(case.cache.items()).get(f"blocks.{layer}.attn.hook_attn_scores")
        pattern = case.cache[f"blocks.{layer}.attn.hook_pattern"]
        scale = max(np.abs(got.table).sum(), 1.0)
        if cached is not None and not torch.equal(cached, pattern):
            assert abs(parts - float(cached[SEQUENCE, HEAD, DEST, SRC])) <= 1e-5 * scale
        truth = case.attention[layer].scores
        if truth is not None:
            product = got.table[:-1, :-1].sum()
            assert abs(product - truth[SEQUENCE, HEAD, DEST, SRC]) <= 1e-5 * scale
        check_tokens(case, layer, got)


def check_tokens(case: Case, layer: int, got: Any) -> None:
    """Against what the model's own modules make of A · v at the cell."""
    attention, of_layer = case.attention[layer], case.run.layers[layer]
    if not got.promoted and "is not pattern · v" in got.notes[-1]:
        assert mixes(attention.pattern, attention.v, of_layer.z) > 100 * BOUND
        return
    if not got.promoted:
        with pytest.raises((ValueError, KeyError), match=re.escape(got.notes[-1].partition("missing: ")[2])):
            cv.attribution.from_cache(case.cache, case.model, case.tokens, resid_directions=None)
        return
    z = np.zeros_like(of_layer.z)
    z[SEQUENCE, DEST, HEAD] = attention.pattern[SEQUENCE, HEAD, DEST, SRC] * attention.v[SEQUENCE, SRC, HEAD]
    mixed = np.einsum("bhqk,bkhe->bqhe", attention.pattern, attention.v)
    with np.errstate(divide="ignore", invalid="ignore"):  # an output gate
        gate = np.where(mixed != 0, of_layer.z / mixed, 1.0)
    written = of_layer.written(z * gate)[SEQUENCE, DEST, HEAD]
    assert case.run.norm is not None
    divisor = case.run.norm.divisor(case.run.stream[SEQUENCE, DEST])
    logits = case.run.norm.linear(written, divisor) @ case.run.w_u
    order = np.argsort(logits)
    largest = np.abs(logits).max()
    for shown, ids in ((got.promoted, order[::-1][:3]), (got.suppressed, order[:3])):
        np.testing.assert_allclose([token.logit for token in shown], logits[ids], atol=2e-5 * largest)
        for token in shown:
            np.testing.assert_allclose(token.logit, logits[token.id], atol=2e-5 * largest)

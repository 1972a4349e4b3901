"""Batches that were run without a mask: the side of their padding is found in the activations, or refused, and never guessed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._attribution import cache_attribution

from tests.support import models, reference

Side = Literal["left", "right"]
PROMPTS = [
    "When Mary and John went to the shops, John gave a drink to Mary.",
    "The cat sat on the mat.",
    "The cat sat.",
]


@pytest.fixture(scope="module", params=models.MODEL_CLASSES)
def model(request: pytest.FixtureRequest) -> Any:
    return models.demo_model(request.param)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def run_without_mask(model: Any, side: Side) -> tuple[Any, Any, list[list[int]]]:
    """Logits and cache of the prompts padded on that side, and the ids of each prompt alone."""
    rows = [model.to_tokens(prompt)[0].tolist() for prompt in PROMPTS]
    length = max(map(len, rows))
    padding = [[model.tokenizer.pad_token_id] * (length - len(row)) for row in rows]
    padded = [p + row if side == "left" else row + p for p, row in zip(padding, rows, strict=True)]
    # ones everywhere, because HookedTransformer makes a mask from the ids otherwise
    mask = torch.ones(len(rows), length, dtype=torch.long)
    with torch.no_grad():
        logits, cache = model.run_with_cache(torch.tensor(padded), attention_mask=mask)
    return logits, cache, rows


def true_block(cache: Any, layer: int, index: int, n: int, side: Side) -> np.ndarray[Any, Any]:
    whole = cache["pattern", layer][index].detach().double().numpy()
    part = slice(whole.shape[-1] - n, None) if side == "left" else slice(0, n)
    return whole[:, part, part]


@pytest.mark.parametrize("form", ["ids", "strings"])
@pytest.mark.parametrize("setting", ["left", "right"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_tokens_are_at_the_positions_of_the_run_whatever_the_tokenizer_is_set_to(
    model: Any, monkeypatch: pytest.MonkeyPatch, side: Side, setting: Side, form: str
) -> None:
    _, cache, rows = run_without_mask(model, side)
    monkeypatch.setattr(model.tokenizer, "padding_side", setting)
    tokens = rows if form == "ids" else [model.to_str_tokens(torch.tensor(row), prepend_bos=False) for row in rows]
    figure = cv.attention.from_cache(cache, tokens, layers=[0])
    for index, row in enumerate(rows):
        want = true_block(cache, 0, index, len(row), side)
        np.testing.assert_allclose(np.nan_to_num(reference.shown(figure, index)), want, atol=2e-5)


@pytest.mark.parametrize("setting", ["left", "right"])
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("recorded", ["hook_pattern", "hook_resid"])
def test_with_fewer_activations_the_side_is_right_or_refused(
    model: Any, monkeypatch: pytest.MonkeyPatch, side: Side, setting: Side, recorded: str
) -> None:
    _, cache, rows = run_without_mask(model, side)
    monkeypatch.setattr(model.tokenizer, "padding_side", setting)
    names = [name for name in cache if "hook_pattern" in name or recorded in name]
    fewer = {name: cache[name] for name in names}
    figure = None
    with contextlib.suppress(ValueError):
        figure = cv.attention.from_cache(fewer, rows, layers=[0], model=model)
    if figure is None:
        with pytest.raises(ValueError, match='padding_side="right" or "left"'):
            cv.attention.from_cache(fewer, rows, layers=[0], model=model)
        figure = cv.attention.from_cache(fewer, rows, layers=[0], model=model, padding_side=side)
    want = true_block(cache, 0, 2, len(rows[2]), side)
    np.testing.assert_allclose(np.nan_to_num(reference.shown(figure, 2)), want, atol=2e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_attribution_is_of_the_logit_at_the_end_of_the_sentence(
    model: Any, monkeypatch: pytest.MonkeyPatch, side: Side
) -> None:
    logits, cache, rows = run_without_mask(model, side)
    monkeypatch.setattr(model.tokenizer, "padding_side", "right" if side == "left" else "left")
    token = rows[0][3]
    attributions = list(
        cache_attribution.attributions(cache, model, rows, token, seq_pos=-1, batch_idx=2, include_b_U_attribution=True)
    )
    end = -1 if side == "left" else len(rows[2]) - 1
    want = float(logits[2, end, token])
    assert attributions[0].total[-1] == pytest.approx(want, rel=1e-5)

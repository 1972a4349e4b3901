"""Scores of the weights of TransformerLens models: those of whole matrices, and of `all_composition_scores`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.heads.test_weights import check
from tests.support import model_families, models

pytestmark = pytest.mark.usefixtures("quiet_libraries")


@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", ["mha", "gqa_rotary", "mqa"])
def test_a_hooked_transformer_has_the_scores_of_whole_matrices(name: str, folded: bool) -> None:
    model = model_families.hooked(name, folded=folded)
    check(model, model.cfg.n_layers, model.cfg.n_heads)
    check_composition(model)


@pytest.mark.parametrize("folded", [False, True], ids=["unfolded", "folded"])
@pytest.mark.parametrize("name", ["gpt2", "llama_gqa", "neox", "gemma2"])
def test_a_bridge_has_the_scores_of_whole_matrices(name: str, folded: bool) -> None:
    model = model_families.bridge(name, folded=folded)
    check(model, model.cfg.n_layers, model.cfg.n_heads)
    check_composition(model)


def check_composition(model: Any) -> None:
    """Against TransformerLens, which writes 0 for pairs that do not compose. TransformerLens 3 does not expand grouped heads of bridges."""
    composition = cv.heads.weights(model).composition
    for kind in ("Q", "K", "V"):
        try:
            result = model.all_composition_scores(kind)
        except (AssertionError, RuntimeError):
            assert models.VERSION < (4, 0)
            continue
        want = np.array(getattr(result, "scores", result).tolist())
        np.testing.assert_allclose(np.nan_to_num(composition.of_kind(kind)), want, atol=1e-5)

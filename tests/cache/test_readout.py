"""What is read of a model's norms and unembedding, whatever class holds them and whatever their configuration says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from circuitsvis._cache import model_attributes, norm_weights
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._cache.unembedding import Unembedding

GAIN, BIAS = np.array([1.5, 0.5, 2.0], np.float32), np.array([0.1, -0.1, 0.2], np.float32)


def module(kind: str, **fields: Any) -> Any:
    """An object of a class of that name."""
    made = type(kind, (), {})()
    vars(made).update(fields)
    return made


def read(norm: Any, **config: Any) -> NormWeights | None:
    model = SimpleNamespace(ln_final=norm, cfg=SimpleNamespace(**config))
    return norm_weights.read(model, model, "ln_final")


@pytest.mark.parametrize(
    ("kind", "centre"), [("LayerNorm", True), ("LayerNormPre", True), ("RMSNorm", False), ("RMSNormPre", False)]
)
def test_the_class_of_a_norm_tells_whether_it_centres(kind: str, centre: bool) -> None:
    found = read(module(kind, w=GAIN, b=BIAS), normalization_type="whatever", eps=1e-3)
    assert found is not None
    assert (found.centre, found.epsilon) == (centre, 1e-3)
    assert found.gain is not None and (found.bias is None) == (not centre)
    np.testing.assert_array_equal(found.gain, GAIN)


def test_a_folded_norm_has_neither_gain_nor_bias() -> None:
    found = read(module("LayerNormPre"))
    assert found is not None
    assert found.gain is None and found.bias is None and found.centre


@pytest.mark.parametrize("where", ["norm", "config"])
def test_a_gain_that_is_stored_as_an_offset_from_one_is_completed(where: str) -> None:
    """TransformerLens 4 says it at the norm, 3.9 in the configuration only."""
    norm = module("NormalizationBridge", w=GAIN, uses_rms_norm=True)
    if where == "norm":
        norm.uses_weight_offset = True
    found = read(norm, rmsnorm_uses_offset=where == "config")
    assert found is not None and found.gain is not None
    np.testing.assert_array_equal(found.gain, 1 + GAIN)


@pytest.mark.parametrize("norm", [None, module("Identity"), module("Bridge", original_component=module("Identity"))])
def test_no_norm_is_none(norm: Any) -> None:
    assert read(norm) is None


def test_the_wrapped_module_knows_epsilon_better_than_the_configuration() -> None:
    found = read(module("Bridge", uses_rms_norm=True, original_component=module("X", variance_epsilon=1e-6)), eps=1e-5)
    assert found is not None and found.epsilon == 1e-6


class Raising:
    @property
    def b_O(self) -> Any:  # noqa: N802  # the name that TransformerLens gives it
        raise TypeError("expected Tensor as element 0, but got NoneType")


def test_a_parameter_that_raises_is_missing() -> None:
    assert model_attributes.vector(Raising(), "b_O") is None


@pytest.mark.parametrize("cap", [None, -1.0, 0, 30.0])
def test_a_soft_cap_is_there_where_it_is_above_zero(cap: float | None) -> None:
    assert model_attributes.soft_cap(SimpleNamespace(cfg=SimpleNamespace(output_logits_soft_cap=cap))) == (
        30.0 if cap == 30 else None
    )


def test_a_model_without_w_u_is_refused_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"model: attribution to a logit needs the model's W_U.*SimpleNamespace has none"
    ):
        Unembedding(SimpleNamespace(), 6).check_vocabulary()


def test_a_w_u_behind_a_projection_is_refused_with_both_widths() -> None:
    model = SimpleNamespace(W_U=np.ones((4, 20), np.float32))
    with pytest.raises(ValueError, match=r"shape \[4, 20\], but its residual stream has width 6: a projection"):
        Unembedding(model, 6).check_vocabulary()


def test_a_norm_may_have_another_gain_and_centring_than_its_module_says() -> None:
    weights = NormWeights(np.array([0.5, 1.5]), None, centre=False, epsilon=0.0)
    variants = [(variant.gain.tolist(), variant.centre) for variant in weights.variants() if variant.gain is not None]
    assert variants[0] == ([0.5, 1.5], False)
    assert ([1.5, 2.5], False) in variants and ([0.5, 1.5], True) in variants

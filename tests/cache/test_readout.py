"""Norms and unembedding of a model, read from any class, also where the configuration is wrong."""

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
    instance = type(kind, (), {})()
    vars(instance).update(fields)
    return instance


def read(norm: Any, **config: Any) -> NormWeights | None:
    model = SimpleNamespace(ln_final=norm, cfg=SimpleNamespace(**config))
    return norm_weights.read(model, model, "ln_final")


@pytest.mark.parametrize(
    ("kind", "centre"), [("LayerNorm", True), ("LayerNormPre", True), ("RMSNorm", False), ("RMSNormPre", False)]
)
def test_a_norm_centres_if_its_class_is_a_layer_norm(kind: str, centre: bool) -> None:
    weights = read(module(kind, w=GAIN, b=BIAS), normalization_type="whatever", eps=1e-3)
    assert weights is not None
    assert (weights.centre, weights.epsilon) == (centre, 1e-3)
    assert weights.gain is not None and (weights.bias is None) == (not centre)
    np.testing.assert_array_equal(weights.gain, GAIN)


def test_a_folded_norm_has_neither_gain_nor_bias() -> None:
    weights = read(module("LayerNormPre"))
    assert weights is not None
    assert weights.gain is None and weights.bias is None and weights.centre


@pytest.mark.parametrize("where", ["norm", "config"])
def test_a_gain_that_is_stored_as_an_offset_from_one_is_completed(where: str) -> None:
    """TransformerLens 4 states it at the norm, 3.9 only in the configuration."""
    norm = module("NormalizationBridge", w=GAIN, uses_rms_norm=True)
    if where == "norm":
        norm.uses_weight_offset = True
    weights = read(norm, rmsnorm_uses_offset=where == "config")
    assert weights is not None and weights.gain is not None
    np.testing.assert_array_equal(weights.gain, 1 + GAIN)


@pytest.mark.parametrize("norm", [None, module("Identity"), module("Bridge", original_component=module("Identity"))])
def test_no_norm_is_none(norm: Any) -> None:
    assert read(norm) is None


def test_epsilon_is_that_of_the_wrapped_module_rather_than_of_the_configuration() -> None:
    weights = read(
        module("Bridge", uses_rms_norm=True, original_component=module("X", variance_epsilon=1e-6)), eps=1e-5
    )
    assert weights is not None and weights.epsilon == 1e-6


class Raising:
    @property
    def b_O(self) -> Any:  # noqa: N802  # the name that TransformerLens gives it
        raise TypeError("expected Tensor as element 0, but got NoneType")


def test_a_parameter_that_raises_is_missing() -> None:
    assert model_attributes.vector(Raising(), "b_O") is None


@pytest.mark.parametrize("cap", [None, -1.0, 0, 30.0])
def test_there_is_a_soft_cap_if_the_configured_one_is_above_zero(cap: float | None) -> None:
    assert model_attributes.soft_cap(SimpleNamespace(cfg=SimpleNamespace(output_logits_soft_cap=cap))) == (
        30.0 if cap == 30 else None
    )


def test_a_model_without_w_u_is_refused_by_name() -> None:
    with pytest.raises(
        ValueError, match=r"model: attribution to a logit needs the model's W_U.*SimpleNamespace has none"
    ):
        Unembedding(SimpleNamespace(), 6).check_vocabulary()


def test_a_w_u_after_a_projection_is_refused_with_both_widths() -> None:
    model = SimpleNamespace(W_U=np.ones((4, 20), np.float32))
    with pytest.raises(ValueError, match=r"shape \[4, 20\], but its residual stream has width 6: a projection"):
        Unembedding(model, 6).check_vocabulary()


def test_the_variants_of_a_norm_have_other_gains_and_centring() -> None:
    weights = NormWeights(np.array([0.5, 1.5]), None, centre=False, epsilon=0.0)
    variants = [(variant.gain.tolist(), variant.centre) for variant in weights.variants() if variant.gain is not None]
    assert variants[0] == ([0.5, 1.5], False)
    assert ([1.5, 2.5], False) in variants and ([0.5, 1.5], True) in variants

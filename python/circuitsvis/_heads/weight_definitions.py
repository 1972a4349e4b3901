"""What each score of a head's weights is. docs/decisions/0053 has the reasons."""

from __future__ import annotations

from circuitsvis._heads.definitions import Definition

_POPULATION = "weights as the model holds them; biases, norms that are not folded, and position embeddings are ignored"

OV_COPYING = Definition(
    "ov_copying",
    "Re(sum of the eigenvalues of W_V W_O) / sum of their magnitudes",
    _POPULATION,
    (-1.0, 1.0),
    "TransformerLens, Main Demo; of the residual stream itself, without embedding and unembedding",
)
FULL_OV_COPYING = Definition(
    "full_ov_copying",
    "Re(sum of the eigenvalues of W_E W_V W_O W_U) / sum of their magnitudes",
    _POPULATION,
    (-1.0, 1.0),
    "Elhage et al. 2021, A Mathematical Framework for Transformer Circuits; TransformerLens, Main Demo. Others count eigenvalues with a "
    "positive real part, or tokens whose own logit grows most",
)
OF_WEIGHTS = (OV_COPYING, FULL_OV_COPYING)

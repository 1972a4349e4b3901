"""The composition of all pairs of heads of different layers: a table with a row per pair and kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._common import checks, data_frame
from circuitsvis._common.arrays import Float64
from circuitsvis._heads.head_score import read_only
from circuitsvis._heads.head_scores import HeadScores

if TYPE_CHECKING:
    import pandas

Kind = Literal["Q", "K", "V"]
Pair = tuple[tuple[int, int], tuple[int, int], float]


@dataclass(frozen=True)
class Baseline:
    """The composition of heads of the same shapes with independent random weights: by kind "Q", "K", "V".

    Attributes:
        mean, deviation: mean and standard deviation over pairs of random heads.
    """

    mean: Mapping[str, float]
    deviation: Mapping[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class Composition:
    """How much what each head writes moves along what each head of a later layer reads.

    Attributes:
        layers: numbers of the layers, ascending.
        n_heads: heads of each layer.
        q, k, v: [layer, head, later layer, later head], float64, read-only: norm(W_OV R) / (norm(W_OV) norm(R)) with Frobenius norms, where
            R = W_Q W_K^T of the later head for q, its transpose for k, and W_V W_O of the later head for v. 0 to 1; NaN where the
            second layer is not later.
        baseline: what random weights give.
    """

    layers: tuple[int, ...]
    n_heads: int
    q: Float64
    k: Float64
    v: Float64
    baseline: Baseline

    def __post_init__(self) -> None:
        for field in ("q", "k", "v"):
            object.__setattr__(self, field, read_only(getattr(self, field), field))

    def of_kind(self, kind: Kind) -> Float64:
        """The scores of kind "Q", "K" or "V"."""
        checks.one_of("kind", kind, ("Q", "K", "V"))
        return {"Q": self.q, "K": self.k, "V": self.v}[kind]

    def sorted(self, kind: Kind) -> list[Pair]:
        """All pairs as ((layer, head), (later layer, later head), score), the strongest first."""
        scores = self.of_kind(kind)
        places = np.argwhere(~np.isnan(scores))
        order = np.argsort(-scores[tuple(places.T)], kind="stable")
        return [
            ((self.layers[a], b), (self.layers[c], d), float(scores[a, b, c, d]))
            for a, b, c, d in places[order].tolist()
        ]

    def to_dict(self) -> dict[str, npt.NDArray[np.generic]]:
        """A table with a row per pair and kind.

        Its columns: "kind" ("Q", "K", "V"), "from_layer", "from_head", "to_layer", "to_head", "score" and "baseline" (of random weights).
        """
        blocks = []
        for kind in ("Q", "K", "V"):
            scores = self.of_kind(kind)
            places = np.nonzero(~np.isnan(scores))
            layers = np.array(self.layers, np.int64)
            texts = np.empty(len(places[0]), object)
            texts[:] = kind
            blocks.append(
                {
                    "kind": texts,
                    "from_layer": layers[places[0]],
                    "from_head": places[1],
                    "to_layer": layers[places[2]],
                    "to_head": places[3],
                    "score": scores[places],
                    "baseline": np.full(len(texts), self.baseline.mean[kind]),
                }
            )
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def to_pandas(self) -> pandas.DataFrame:
        """The table of `to_dict` as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
        """
        return data_frame.of_columns(self.to_dict(), "to_dict() gives the columns as numpy arrays")

    def __repr__(self) -> str:
        lines = [f"<Composition of {len(self.layers) * self.n_heads} heads in {len(self.layers)} layers"]
        for kind in ("Q", "K", "V"):
            pairs = self.sorted(kind)
            if pairs:
                (layer, head), (later, other), score = pairs[0]
                strongest = f"{score:.3g} of {layer}.{head} -> {later}.{other}"
                lines.append(f"  {kind}  strongest {strongest}; random weights {self.baseline.mean[kind]:.3g}")
        return "\n".join(lines) + ">"


@dataclass(frozen=True, eq=False)
class WeightScores:
    """What the weights of a model show of its heads.

    Attributes:
        scores: "ov_copying" and "full_ov_copying" of every head.
        composition: Q-, K- and V-composition of all pairs of heads of different layers.
    """

    scores: HeadScores
    composition: Composition

"""Checks of arrays [layer, head] against what is known of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from circuitsvis._common import checks
from circuitsvis._common.arrays import Float64


@dataclass(frozen=True)
class MapSize:
    """What is known of the model before the scores are read.

    Attributes:
        n_layers, n_heads: of the model; None if they are not known.
        layers: the layers of the rows; None for all, or where the array decides.
        owner: what the numbers come from, for error messages.
    """

    n_layers: int | None = None
    n_heads: int | None = None
    layers: tuple[int, ...] | None = None
    owner: str = "the model"

    def of_layers(self, layers: tuple[int, ...], argument: str) -> MapSize:
        """The same for rows of these layers, which labels name."""
        if self.layers is not None and self.layers != layers:
            raise ValueError(
                f"layers: must be those that the labels of {argument} name, {_listed(layers)}, got {_listed(self.layers)}; leave it out"
            )
        if self.n_layers is not None and layers[-1] >= self.n_layers:
            raise ValueError(
                f"{argument}: its labels name layer {layers[-1]}, but {self.owner} has {self.n_layers} layers (0..{self.n_layers - 1}); "
                "pass scores and cache of one model"
            )
        return replace(self, layers=layers)

    def shaped(self, values: Float64, argument: str) -> Float64:
        """A vector over all heads, layer by layer, as [layer, head]; other arrays as they are."""
        if values.ndim != 1 or values.size == 0:
            return values
        if self.n_heads is None:
            raise ValueError(
                f"{argument}: must be [layer, head], got shape {values.shape}; pass cache= or model=, so that the number of heads is "
                f"known, or reshape it, {argument}.reshape(n_layers, n_heads)"
            )
        if values.size % self.n_heads:
            raise ValueError(
                f"{argument}: must be [layer, head], or a vector over all heads, got {values.size} values for layers of {self.n_heads} "
                "heads; components that are no heads must be left out, or pass (values, labels) with their labels"
            )
        return values.reshape(-1, self.n_heads)

    @property
    def rows(self) -> int | None:
        """Number of rows that an array must have; None for any."""
        return self.n_layers if self.layers is None else len(self.layers)


def chosen_layers(layers: object, n_layers: int | None) -> tuple[int, ...] | None:
    """The argument `layers`: the layers of the rows, none of them twice; None for all.

    Raises:
        TypeError, ValueError: not a list of layers of the model.
    """
    if layers is None:
        return None
    given = layers.tolist() if hasattr(layers, "tolist") else layers
    if isinstance(given, (str, bytes)) or not isinstance(given, (Sequence, int)):
        raise TypeError(f"layers: must be a list of layers, one for each row of scores, got {layers!r}")
    items = [given] if isinstance(given, int) else list(given)
    if not items:
        raise ValueError("layers: needs a layer for each row of scores, got an empty list (use None for all)")
    if n_layers is None:
        found = tuple(checks.integer("layers", layer) for layer in items)
        if min(found) < 0:
            raise ValueError(
                f"layers: must count from 0 where the model is not known, got {min(found)}; or pass cache= or model="
            )
    else:
        owner = f"a model with {n_layers} layers"
        found = tuple(checks.index("layers", layer, n_layers, "layer", owner) for layer in items)
    if len(set(found)) < len(found):
        raise ValueError(f"layers: must name each layer once, got {_listed(found)}")
    return found


def checked(values: Float64, argument: str, size: MapSize) -> tuple[int, ...]:
    """The layer of each row of an array that must be [layer, head], as large as the model, and have values.

    Raises:
        ValueError: it is not.
    """
    if values.ndim != 2:
        fix = ""
        if values.ndim == 3:
            names = '["out", "q", "k", "v", "pattern"]' if values.shape[0] == 5 else "names"
            fix = f"; for several scores pass a dict of arrays, dict(zip({names}, {argument}))"
        raise ValueError(f"{argument}: must be [layer, head], got shape {values.shape}{fix}")
    rows, cols = values.shape
    if values.size == 0:
        raise ValueError(f"{argument}: needs at least one layer and one head, got shape {values.shape}")
    want = (size.rows, size.n_heads)
    if (want[0] not in (None, rows)) or (want[1] not in (None, cols)):
        raise ValueError(
            f"{argument}: must be [layer, head]{_expected(size)}, got shape {(rows, cols)}{_fix(argument, (rows, cols), size)}"
        )
    infinite = np.argwhere(np.isinf(values))
    if len(infinite):
        row, col = (int(index) for index in infinite[0])
        raise ValueError(
            f"{argument}: values must be finite or NaN, got {values[row, col]} at row {row}, head {col}; put NaN where there is no value"
        )
    if np.isnan(values).all():
        raise ValueError(f"{argument}: needs at least one value, got only NaN")
    return size.layers if size.layers is not None else tuple(range(rows))


def _expected(size: MapSize) -> str:
    if size.n_heads is None:
        return f" with a row for each of layers={_listed(size.layers)}" if size.layers is not None else ""
    rows = "n" if size.rows is None else size.rows
    return f" = [{rows}, {size.n_heads}] for {size.owner}"


def _fix(argument: str, shape: tuple[int, int], size: MapSize) -> str:
    want = (size.rows, size.n_heads)
    if shape == want[::-1] and shape[0] != shape[1]:
        return f"; swap the axes, {argument}.T"
    if size.layers is not None and want[1] in (None, shape[1]):
        return "; layers= needs one layer for each row"
    if want[1] == shape[1] and want[0] is not None and shape[0] < want[0]:
        return "; say which layers the rows are, layers=[...]"
    return "; pass scores and cache of one model"


def _listed(layers: Sequence[int]) -> str:
    return f"[{', '.join(map(str, layers[:12]))}{', ...' if len(layers) > 12 else ''}]"

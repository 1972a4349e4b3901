"""Activation patching: the effect of each patch, as grids of layer x position and layer x head."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor

GridColumns = Literal["position", "head"]


@dataclass(frozen=True)
class PatchingFocus:
    """The cell that is pinned at first, in the grid that is shown first.

    Attributes:
        sequence: index of the sequence.
        row, col: of the grid.
    """

    sequence: int
    row: int
    col: int


@dataclass(frozen=True)
class PatchingSequence:
    """One pair of prompts, or the mean of several.

    Attributes:
        label: what the selector of pairs shows, as HTML (the front end sanitises it).
        clean_tokens: text of the token at each position of the grids by position, None where pairs differ. Empty if no tokens are known.
        corrupted_tokens: those of the other prompt. Empty if they are not known.
        clean, corrupted: metric of the unpatched runs; None where it is not known.
    """

    label: str
    clean_tokens: tuple[str | None, ...]
    corrupted_tokens: tuple[str | None, ...]
    clean: float | None
    corrupted: float | None


@dataclass(frozen=True)
class PatchingGrid:
    """The effects of patching one kind of activation.

    Attributes:
        name: such as "resid_pre"; plain text.
        title: what it is, a noun phrase; empty where it is not known.
        columns: what the columns are.
        value_range: (low, high) of its color scale, low <= 0 < high, which is that of all grids unless the reader narrows it.
        largest: the largest magnitude of its effects; 0 for none.
        values: (sequence, layer, column), uint24, one chunk for each sequence.
    """

    name: str
    title: str
    columns: GridColumns
    value_range: tuple[float, float]
    largest: float
    values: Tensor = field(metadata=SEPARATE_CHUNKS)


@dataclass(frozen=True)
class PatchingMapProps(FigureProps):
    """Grids of effects, one of which is shown at a time.

    Attributes:
        layers: the number of each row's layer.
        positions: the number of each column of grids by position.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        direction: which activations were patched into which run; None where it is not known.
        metric: what was measured, in words; None where it is not known.
        grids: at least one, with different names.
        sequences: at least one.
        grid: index of the grid that is shown first.
        fixed_range: whether the user set an end of the color scale.
        selector: the form of the selector of pairs.
        focus: None for nothing.
        colors: colors that the user chose; None for the palette's.
    """

    layers: tuple[int, ...]
    positions: tuple[int, ...]
    head_notation: Literal["dot", "LH"]
    direction: Literal["denoise", "noise"] | None
    metric: str | None
    grids: tuple[PatchingGrid, ...]
    sequences: tuple[PatchingSequence, ...]
    grid: int
    fixed_range: bool
    selector: Literal["dropdown", "radio"]
    focus: PatchingFocus | None
    colors: CustomColors | None

    def summary(self) -> str:
        names = ", ".join(grid.name for grid in self.grids)
        return f"{names} of {len(self.layers)} layer{'s' * (len(self.layers) != 1)}"

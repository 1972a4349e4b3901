"""Texts whose tokens are colored by values."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor


@dataclass(frozen=True)
class ValueKind:
    """One of the values that each token has.

    Attributes:
        name: plain text, on its button and in tooltips; empty for the only kind of a figure without names.
        value_range: (low, high) of the color scale, low <= 0 <= high and low < high. Each side has its full color at its own end; a
            side whose end is 0 has no colors.
    """

    name: str
    value_range: tuple[float, float]


@dataclass(frozen=True)
class ColoredSample:
    """A text with its values.

    Attributes:
        label: HTML above the text, which the page sanitises; empty for none.
        tokens: at least one.
        values: (kind, token) uint24.
        hover_html: HTML of each token's tooltip, which the page sanitises; "" for none. Empty where no token has any.
    """

    label: str
    tokens: tuple[str, ...]
    values: Tensor
    hover_html: tuple[str, ...]


@dataclass(frozen=True)
class ColoredTokensProps(FigureProps):
    """Texts one beside the other, colored by the same kind of value.

    Attributes:
        samples: at least one.
        kinds: at least one; the first is shown first.
        colors: the user's colors of negative and positive values; None for the palette's.
    """

    samples: tuple[ColoredSample, ...]
    kinds: tuple[ValueKind, ...]
    colors: CustomColors | None

    def summary(self) -> str:
        n_tokens = sum(len(sample.tokens) for sample in self.samples)
        parts = [f"{n_tokens} token{'' if n_tokens == 1 else 's'}"]
        if len(self.samples) > 1:
            parts.append(f"{len(self.samples)} texts")
        if len(self.kinds) > 1:
            parts.append(f"{len(self.kinds)} kinds of values")
        return ", ".join(parts)

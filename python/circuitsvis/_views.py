"""The last common step of every attention figure: contents encoded, colour range chosen, props of the view made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import Any, Literal

from circuitsvis import _check, _help, _lines, _sequences
from circuitsvis._props import (
    AttentionHeadsProps,
    AttentionPatternsProps,
    AttentionType,
    DisplayMode,
    Head,
    HeadSelector,
    LinesViewProps,
    Sequence,
)
from circuitsvis._sequences import Content, Facts, Precision
from circuitsvis.figure import Figure

Mode = Literal["small", "large", "lines"]

_VIEWS = {"small": AttentionPatternsProps, "large": AttentionHeadsProps}
_ONE = 1.02
"""Probabilities in half precision may exceed 1 by their rounding; the colour scale still ends at 1."""


@dataclass(frozen=True)
class Options:
    """The arguments that every attention function shares."""

    mode: str = "small"
    radioitems: bool = False
    return_mode: str = "html"
    help: bool = False
    title: str | None = None
    display_mode: DisplayMode = "dark"
    head_notation: str = "dot"
    attention_type: AttentionType = "standard"
    padding_side: str | None = None
    precision: Precision = 16

    def check(self) -> None:
        """Raises TypeError or ValueError."""
        _check.one_of("mode", self.mode, ("small", "large", "lines"))
        _check.one_of("attention_type", self.attention_type, ("standard", "value-weighted", "info-weighted"))
        _check.one_of("return_mode", self.return_mode, ("html", "view", "browser"))
        _check.one_of("display_mode", self.display_mode, ("dark", "light", "auto"))
        _check.one_of("head_notation", self.head_notation, ("dot", "LH"))
        if self.precision not in (8, 16):
            raise ValueError(f"precision: must be 16 or 8 (bits per value), got {self.precision!r}")
        if self.padding_side is not None:
            _check.one_of("padding_side", self.padding_side, ("left", "right"))
        _check.boolean("radioitems", self.radioitems)
        _check.boolean("help", self.help)
        _check.text("title", self.title)


def figure(
    contents: Iterable[Content],
    heads: Seq[Head],
    options: Options,
    *,
    labels: bool,
    limits: tuple[float | None, float | None] = (None, None),
    head_selector: HeadSelector = "head",
    notes: Seq[str] = (),
) -> Figure:
    """The figure of the chosen view.

    Args:
        contents: one per sequence, read one by one.
        heads: their names, in the order of the contents' first axis.
        options: checked.
        labels: whether the batch labels are the user's (for the help text).
        limits: (low, high) of the colour scale where the user set them.
        head_selector: for mode="lines".
        notes: sentences that the page shows above the view.
    """
    encode: Callable[..., tuple[Sequence, Facts]]
    encode = _lines.encode if options.mode == "lines" else _sequences.encode
    encoded = [encode(content, "attention", precision=options.precision) for content in contents]
    text = (
        _help.paragraphs(
            options.mode, options.attention_type, len(encoded), radioitems=options.radioitems, labels=labels
        )
        if options.help
        else ()
    )
    shared: dict[str, Any] = dict(
        title=options.title,
        help=text,
        notes=tuple(notes),
        heads=tuple(heads),
        sequences=tuple(sequence for sequence, _ in encoded),
        selector="radio" if options.radioitems else "dropdown",
        attention_type=options.attention_type,
        value_range=_value_range([facts for _, facts in encoded], limits),
    )
    if options.mode == "lines":
        return Figure(LinesViewProps(**shared, head_selector=head_selector, display_mode=options.display_mode))
    return Figure(_VIEWS[options.mode](**shared))


def check_limits(min_value: float | None, max_value: float | None) -> None:
    """Raises ValueError unless min_value <= 0 < max_value, where they are given."""
    if max_value is not None and not 0 < max_value < float("inf"):
        raise ValueError(f"max_value: must be a finite number above 0, got {max_value!r}")
    if min_value is not None and not -float("inf") < min_value <= 0:
        raise ValueError(f"min_value: must be a finite number, 0 or below (zero is always neutral), got {min_value!r}")


def _value_range(facts: Seq[Facts], limits: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = min(fact.low for fact in facts), max(fact.high for fact in facts)
    if all(fact.distributions for fact in facts) and high <= _ONE:
        high = 1.0
    low = limits[0] if limits[0] is not None else low
    high = limits[1] if limits[1] is not None else high
    return (low, high) if high > 0 else (low, -low or 1.0)

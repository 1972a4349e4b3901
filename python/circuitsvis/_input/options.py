"""Options that the public functions share, checked when they are collected."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Literal, get_args

from circuitsvis._common import checks, notebook
from circuitsvis._common.arrays import ArrayLike, to_float32
from circuitsvis._input import focus
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.padding_checks import Side
from circuitsvis._live import connection
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.attention import AttentionType
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide, Switches

Mode = Literal["small", "large", "lines"]
HeadNotation = Literal["dot", "LH"]


@dataclass(frozen=True, kw_only=True)
class Options:
    """Arguments of the public functions, with their defaults.

    Raises:
        TypeError, ValueError: a value that the argument does not take.
        RuntimeError: return_mode="view" outside notebooks.
        ImportError: live=True without anywidget.
    """

    mode: Mode = "small"
    radioitems: bool = False
    return_mode: str = "html"
    help: bool = False
    title: str | None = None
    display_mode: DisplayMode | None = None
    head_notation: HeadNotation = "dot"
    attention_type: AttentionType = "standard"
    padding_side: Side | None = None
    precision: Precision = 16
    focus: FocusArgument | None = None
    color_scale: ColorScaleName = "linear"
    hide: Hide | None = None
    renormalize: bool = False
    live: bool = False

    def __post_init__(self) -> None:
        checks.one_of("mode", self.mode, ("small", "large", "lines"))
        checks.one_of("attention_type", self.attention_type, get_args(AttentionType))
        checks.one_of("return_mode", self.return_mode, ("html", "view", "browser"))
        if self.return_mode == "view":
            notebook.require(
                'return_mode="view"',
                'use return_mode="browser" to open the figure in a browser, or "html" and .save(path)',
            )
        if self.display_mode is not None:
            checks.one_of("display_mode", self.display_mode, ("dark", "light", "auto"))
        checks.one_of("head_notation", self.head_notation, ("dot", "LH"))
        if self.precision not in (8, 16):
            raise ValueError(f"precision: must be 16 or 8 (bits per value), got {self.precision!r}")
        if self.padding_side is not None:
            checks.one_of("padding_side", self.padding_side, ("left", "right"))
        checks.boolean("radioitems", self.radioitems)
        checks.boolean("help", self.help)
        checks.text("title", self.title)
        focus.check(self.focus)
        checks.one_of("color_scale", self.color_scale, get_args(ColorScaleName))
        if self.hide is not None:
            checks.one_of("hide", self.hide, get_args(Hide))
        checks.boolean("live", self.live)
        if self.live:
            connection.require("live=True")
        checks.boolean("renormalize", self.renormalize)
        if self.renormalize and self.hide is None:
            raise ValueError(
                'renormalize: only with hide="first" or hide="sinks"; else nothing is hidden, so leave it out'
            )

    @property
    def switches(self) -> Switches | None:
        """None if they have their defaults."""
        switches = Switches(self.color_scale, self.hide, self.renormalize)
        return None if switches == Switches("linear", None, False) else switches


def color_limits(min_value: float | None, max_value: float | None) -> tuple[float | None, float | None]:
    """The ends of the color scale as floats; None where the user did not set one.

    Raises:
        TypeError: not a number.
        ValueError: not min_value <= 0 < max_value.
    """
    low, high = _number("min_value", min_value), _number("max_value", max_value)
    if high is not None and not 0 < high < float("inf"):
        raise ValueError(f"max_value: must be a finite number above 0, got {max_value!r}")
    if low is not None and not -float("inf") < low <= 0:
        raise ValueError(f"min_value: must be a finite number, 0 or below (zero is always neutral), got {min_value!r}")
    return low, high


def _number(name: str, value: ArrayLike | float | None) -> float | None:
    """A number, or an array or tensor that holds one number, as a float."""
    if value is None:
        return None
    if isinstance(value, (int, float, Real)):
        return float(value)
    numbers = to_float32(value, name)
    if numbers.size != 1:
        raise ValueError(f"{name}: must be one number, got an array of shape {numbers.shape}")
    return float(numbers.reshape(()))

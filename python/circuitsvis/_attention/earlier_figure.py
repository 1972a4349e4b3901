"""The figures of the functions of CircuitsVis 1 on attention: mask, ends of the color scale, and colors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from circuitsvis._attention import attention_figure, score_masks
from circuitsvis._common import checks
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources, without_values
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import batch_label
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import Options, color_limits
from circuitsvis._page.figure import Figure
from circuitsvis._wire.encode_sequence import AttentionContent
from circuitsvis._wire.props.attention import Head
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide
from circuitsvis._wire.value_summary import rows_sum_to_one


@dataclass(frozen=True, kw_only=True)
class Look:
    """Arguments of the public functions that do not depend on the values, with their defaults.

    Attributes:
        options: those that all figures of attention have.
        limits: (low, high) of the color scale, None where the user did not set one.
        colors: None where the user chose none.

    Raises:
        TypeError, ValueError: a value that the argument does not take.
    """

    mode: Literal["small", "large"]
    title: str | None
    help: bool
    display_mode: DisplayMode | None
    max_value: float | None
    min_value: float | None
    negative_color: str | None = None
    positive_color: str | None = None
    mask_upper_tri: bool | None = None
    show_axis_labels: bool | None = None
    focus: FocusArgument | None = None
    color_scale: ColorScaleName = "linear"
    hide: Hide | None = None
    renormalize: bool = False
    options: Options = field(init=False)
    limits: tuple[float | None, float | None] = field(init=False)
    colors: CustomColors | None = field(init=False)

    def __post_init__(self) -> None:
        options = Options(
            mode=self.mode,
            title=self.title,
            help=self.help,
            display_mode=self.display_mode,
            focus=self.focus,
            color_scale=self.color_scale,
            hide=self.hide,
            renormalize=self.renormalize,
        )
        for name in ("mask_upper_tri", "show_axis_labels"):
            if getattr(self, name) is not None:
                checks.boolean(name, getattr(self, name))
        object.__setattr__(self, "options", options)
        object.__setattr__(self, "limits", color_limits(self.min_value, self.max_value))
        object.__setattr__(self, "colors", custom_colors(self.negative_color, self.positive_color, self.display_mode))


def figure(heads: Sequence[FloatArray], tokens: tuple[str, ...], names: Sequence[str], look: Look) -> Figure:
    """The figure of one sequence.

    Args:
        heads: [dest, src] of each head; only read.
        tokens: one per position.
        names: one per head.
        look: the other arguments.
    """
    low, high = look.limits
    if high is None and look.mask_upper_tri and all(map(rows_sum_to_one, heads)):
        high = 1.0  # the rows no longer sum to 1 without the masked cells
    content = AttentionContent(
        batch_label(None, 0, 0, tokens, 1, 1),
        tokens,
        None,
        _masked(heads, look.mask_upper_tri),
        causal=look.mask_upper_tri,
    )
    return attention_figure.figure(
        [content],
        [Head(name, None) for name in names],
        look.options,
        value_names=[f"attention: {name}" for name in names],
        labels=False,
        limits=(low, high),
        colors=look.colors,
        axis_labels=look.show_axis_labels is not False,
    )


def _masked(heads: Sequence[FloatArray], mask_upper_tri: bool | None) -> Sequence[FloatArray]:
    """The heads with NaN, which stands for "no value", in masked cells."""
    if mask_upper_tri is False:
        return heads
    if mask_upper_tri:
        later = later_sources(*heads[0].shape)
        heads = [without_values(head, later) for head in heads]
    return score_masks.without_masks(heads)

"""The functions on attention of CircuitsVis 1: `attention_heads`, `attention_pattern` and `attention_patterns`."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._attention import earlier_figure, earlier_input
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.public_functions import public
from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide


@public
def attention_heads(
    attention: ArrayLike,
    tokens: Sequence[str],
    attention_head_names: Sequence[str] | None = None,
    max_value: float | None = None,
    min_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    mask_upper_tri: bool | None = None,
    *,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    focus: FocusArgument | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
) -> Figure:
    """Shows several heads: thumbnails above one labelled heatmap, and the tokens below.

    `from_values(attention, tokens, mode="large")` shows the same, and takes batches and rectangular patterns as well.

    Args:
        attention: [head, dest, src], or [1, head, dest, src]: torch tensor, numpy or jax array, or nested lists. NaN is drawn as a
            missing value.
        tokens: list of strings, one per position.
        attention_head_names: one name per head. Default: "Head 0", "Head 1", ...
        max_value: value drawn in the full color, > 0. Default: 1 if every row sums to 1, else the largest value; 1 if all values
            are zero. (CircuitsVis 1: 1, in which small values cannot be told from zero.)
        min_value: value drawn in the full negative color, <= 0. Default: the smallest value. (CircuitsVis 1: -1.) Equal magnitudes
            have equally strong colors on both sides: the larger of max_value and -min_value is the end of both.
        negative_color, positive_color: CSS colors: a name, hex digits, rgb() or hsl(), opaque. Each must differ from zero's color, which
            is white on light pages, and from the other. Default: red and blue; with red as the only color given, negative
            values are blue. On dark pages, dark colors are lightened.
        mask_upper_tri: whether sources later than the destination are drawn as masked. True: whatever their values. False: none
            is. None: if they are zero or NaN in all heads, and at least half of the rows have other values at their own
            position and at earlier ones. (CircuitsVis 1: as True, which hides half of a bidirectional pattern.)
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (default) for the theme of the page.
        focus: what is shown first, as in `from_cache`.
        color_scale, hide, renormalize: as in `from_values`.

    Returns:
        The figure. The last line of a notebook cell displays it; `save` writes it to a file.

    Raises:
        TypeError, ValueError: wrong arguments. The text names the argument, the rule, the value and the fix.

    Notes:
        Largest difference between the page and the array: 0.51 / 65534 of the largest magnitude of the head (0.51 / 32767 if
        values are signed).
    """
    look = earlier_figure.Look(
        mode="large",
        title=title,
        help=help,
        display_mode=display_mode,
        max_value=max_value,
        min_value=min_value,
        focus=focus,
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
        negative_color=negative_color,
        positive_color=positive_color,
        mask_upper_tri=mask_upper_tri,
    )
    values, texts = earlier_input.heads(attention, tokens, "attention_heads")
    return earlier_figure.figure(values, texts, earlier_input.names(attention_head_names, len(values)), look)


@public
def attention_pattern(
    tokens: Sequence[str],
    attention: ArrayLike,
    max_value: float | None = None,
    min_value: float | None = None,
    negative_color: str | None = None,
    show_axis_labels: bool | None = None,
    positive_color: str | None = None,
    mask_upper_tri: bool | None = None,
    *,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    focus: FocusArgument | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
) -> Figure:
    """Shows one head as a labelled heatmap, with the tokens below.

    `from_values(attention, tokens, mode="large")` shows the same, and takes batches and rectangular patterns as well.

    Args:
        tokens: list of strings, one per position.
        attention: [dest, src], or with axes of length 1 before them.
        show_axis_labels: False: no tokens and no titles beside the heatmap. They stay in its tooltips. Default: True.
        max_value, min_value, negative_color, positive_color, mask_upper_tri, title, help, display_mode, focus, color_scale, hide,
            renormalize: as in `attention_heads`.

    Returns, Raises, Notes: as `attention_heads`.
    """
    look = earlier_figure.Look(
        mode="large",
        title=title,
        help=help,
        display_mode=display_mode,
        max_value=max_value,
        min_value=min_value,
        focus=focus,
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
        negative_color=negative_color,
        positive_color=positive_color,
        mask_upper_tri=mask_upper_tri,
        show_axis_labels=show_axis_labels,
    )
    values, texts = earlier_input.pattern(attention, tokens)
    return earlier_figure.figure(values, texts, ["Attention pattern"], look)


@public
def attention_patterns(
    tokens: Sequence[str],
    attention: ArrayLike,
    *,
    max_value: float | None = None,
    min_value: float | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    focus: FocusArgument | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
) -> Figure:
    """Shows several heads: a picture in which all are blended, thumbnails beside it, and the tokens below.

    `from_values(attention, tokens)` shows the same, and takes batches and rectangular patterns as well.

    Args:
        tokens: list of strings, one per position.
        attention: [head, dest, src], or [1, head, dest, src]. Sources later than the destination are drawn as masked where the values
            show a causal mask: as `attention_heads` with mask_upper_tri=None.
        max_value, min_value, title, help, display_mode, focus, color_scale, hide, renormalize: as in `attention_heads`.

    Returns, Raises, Notes: as `attention_heads`.
    """
    look = earlier_figure.Look(
        mode="small",
        title=title,
        help=help,
        display_mode=display_mode,
        max_value=max_value,
        min_value=min_value,
        focus=focus,
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
    )
    values, texts = earlier_input.heads(attention, tokens, "attention_patterns")
    return earlier_figure.figure(values, texts, earlier_input.names(None, len(values)), look)

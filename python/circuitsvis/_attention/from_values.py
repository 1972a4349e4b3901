"""`attention.from_values`: attention of plain arrays, and of what Hugging Face's models return."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

from circuitsvis._attention import array_figure
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import HeadNotation, Mode, Options
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._input.token_spans import Spans
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide


# fmt: off
@overload
def from_values(
    attention: ArrayLike, tokens: ArrayLike | None = None, mode: Mode = "small", radioitems: bool = False,
    head_names: Sequence[str] | None = None, return_mode: Literal["html"] = "html", title: str | None = None, *,
    dest_tokens: ArrayLike | None = None, src_tokens: ArrayLike | None = None, batch_labels: BatchLabels = None,
    help: bool = False, head_notation: HeadNotation = "dot", max_value: float | None = None, min_value: float | None = None,
    attention_mask: ArrayLike | None = None, padding_side: Side | None = None, precision: Precision = 16,
    display_mode: DisplayMode | None = None, q: ArrayLike | None = None, k: ArrayLike | None = None, segments: Spans = None,
    spans: Spans = None, focus: FocusArgument | None = None, negative_color: str | None = None, positive_color: str | None = None,
    color_scale: ColorScaleName = "linear", hide: Hide | None = None, renormalize: bool = False, live: bool = False,
) -> Figure: ...
@overload
def from_values(
    attention: ArrayLike, tokens: ArrayLike | None = None, mode: Mode = "small", radioitems: bool = False,
    head_names: Sequence[str] | None = None, *, return_mode: Literal["view", "browser"], title: str | None = None,
    dest_tokens: ArrayLike | None = None, src_tokens: ArrayLike | None = None, batch_labels: BatchLabels = None,
    help: bool = False, head_notation: HeadNotation = "dot", max_value: float | None = None, min_value: float | None = None,
    attention_mask: ArrayLike | None = None, padding_side: Side | None = None, precision: Precision = 16,
    display_mode: DisplayMode | None = None, q: ArrayLike | None = None, k: ArrayLike | None = None, segments: Spans = None,
    spans: Spans = None, focus: FocusArgument | None = None, negative_color: str | None = None, positive_color: str | None = None,
    color_scale: ColorScaleName = "linear", hide: Hide | None = None, renormalize: bool = False, live: bool = False,
) -> None: ...
# fmt: on
@public
def from_values(
    attention: ArrayLike,
    tokens: ArrayLike | None = None,
    mode: Mode = "small",
    radioitems: bool = False,
    head_names: Sequence[str] | None = None,
    return_mode: ReturnMode = "html",
    title: str | None = None,
    *,
    dest_tokens: ArrayLike | None = None,
    src_tokens: ArrayLike | None = None,
    batch_labels: BatchLabels = None,
    help: bool = False,
    head_notation: HeadNotation = "dot",
    max_value: float | None = None,
    min_value: float | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
    display_mode: DisplayMode | None = None,
    q: ArrayLike | None = None,
    k: ArrayLike | None = None,
    segments: Spans = None,
    spans: Spans = None,
    focus: FocusArgument | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
    live: bool = False,
) -> Figure | None:
    """Shows attention patterns, or other values per destination and source, from plain arrays.

    Negative values make the color scale diverge around zero; NaN is a missing value. Sources later than the destination are drawn
    as masked if they are zero or NaN in all heads, and half of the rows or more have other values at their own and earlier positions.

    Args:
        attention: torch tensor, numpy array or nested lists, of shape
            (1) [dest, src], (2) [head, dest, src], (3) [batch, dest, src] or (4) [batch, head, dest, src]; or a tuple of layers,
            each [batch, head, dest, src], as Hugging Face returns with output_attentions=True and eager attention; or a tuple of
            steps of such layers, as `generate(..., output_attentions=True)` returns, which are joined (not those of beam search: it
            reorders its beams, and the tensors do not show how). Scores before the softmax are shown too, see Notes.
        tokens: list of strings (1, 2) or list of lists of strings (3, 4, and what Hugging Face returns, also for one sequence), if
            destinations and sources are the same. For a generation: prompt and generated tokens, with or without the last one, which
            the model never read.
        mode: "small", "large" or "lines", as in `from_cache`.
        head_names: one name per head. Default: "layer.head" if layers are known, else "Head 0", "Head 1", ...
        dest_tokens, src_tokens: tokens of the rows and of the columns, instead of `tokens`. The pattern may then be rectangular.
        max_value: value drawn in the full color, > 0. Default: 1 if every row sums to 1, else the largest value.
        min_value: value drawn in the full negative color, <= 0. Default: the smallest value.
        attention_mask: [batch, position], 1 where a token is real. Only with `tokens`.
        padding_side: "left" or "right", if sequences are shorter than their patterns. Default: found from the data.
        q: queries for mode="lines", [..., head, dest, d_head] with the leading axes of `attention` ([dest, d_head] for [dest,
            src], a tuple of layers for a tuple of layers), as they enter the product, e.g. after a rotary embedding. Needs `k`.
            Shown only if the softmax of q·k / divisor is the attention for some divisor.
        k: keys, [..., key head, src, d_head]. Consecutive heads share a key head if there are fewer key heads than heads.
        negative_color, positive_color: CSS colors of both ends, as in `attention_heads`.
        renormalize: as in `from_cache`, if every row sums to 1.
        live: as in `from_cache`. Arrays of float32 on the CPU are kept, not copied; of others, a copy in float32.
        radioitems, return_mode, title, batch_labels, help, precision, display_mode, head_notation, segments, spans, focus, color_scale,
            hide: see `from_cache`.

    Returns, Raises: as `from_cache`, but no KeyError.

    Notes:
        Largest difference between the page and the array: 0.51 / 65534 of the largest magnitude of the head (0.51 / 32767 if
        values are signed); scores and vectors as in `from_cache`.
        Scores: the constant of a mask (-inf, the lowest float, -1e9) is drawn as masked if it is at least ten times as large as
        every other value and fills the sources later than the destination, or all but one run of sources in each row.
    """
    options = Options(
        mode=mode,
        radioitems=radioitems,
        return_mode=return_mode,
        help=help,
        title=title,
        display_mode=display_mode,
        head_notation=head_notation,
        padding_side=padding_side,
        precision=precision,
        focus=focus,
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
        live=live,
    )
    theme = display_mode or ("dark" if mode == "lines" else None)
    colors = custom_colors(negative_color, positive_color, theme)
    sequences = SequenceInput(tokens, src_tokens, attention_mask, batch_labels, dest_tokens, segments, spans)
    figure = array_figure.figure(
        attention, sequences, options, head_names=head_names, limits=(min_value, max_value), q=q, k=k, colors=colors
    )
    return deliver(figure, return_mode)

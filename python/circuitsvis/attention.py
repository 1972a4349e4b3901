"""Attention patterns: `from_cache` for TransformerLens caches, `from_values` for plain arrays, `compare` for two caches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from circuitsvis._attention import cache_figure
from circuitsvis._attention.earlier_functions import attention_heads, attention_pattern, attention_patterns
from circuitsvis._attention.encoder_decoder import from_encoder_decoder
from circuitsvis._attention.from_values import from_values
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._comparison.compare import compare
from circuitsvis._input import earlier_calls
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import HeadNotation, Mode, Options, color_limits
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, Heads, Layers
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._input.token_spans import Spans
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.attention import AttentionType
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide

# fmt: off
__all__ = [
    "attention_heads", "attention_pattern", "attention_patterns", "compare", "from_cache", "from_encoder_decoder", "from_values"
]


@overload  # tests/package/test_signatures.py keeps the parameters of all copies equal
def from_cache(
    cache: object, tokens: ArrayLike, heads: Heads = None, layers: Layers = None, batch_idx: BatchIdx = None,
    attention_type: AttentionType = "standard", mode: Mode = "small", radioitems: bool = False,
    batch_labels: BatchLabels = None, return_mode: Literal["html"] = "html", help: bool = False, title: str | None = None,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", *, model: object | None = None,
    module: str | None = None, src_tokens: ArrayLike | None = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, segments: Spans = None, spans: Spans = None,
    focus: FocusArgument | None = None, max_value: float | None = None, min_value: float | None = None,
    negative_color: str | None = None, positive_color: str | None = None, color_scale: ColorScaleName = "linear",
    hide: Hide | None = None, renormalize: bool = False, live: bool = False,
) -> Figure: ...
@overload
def from_cache(
    cache: object, tokens: ArrayLike, heads: Heads = None, layers: Layers = None, batch_idx: BatchIdx = None,
    attention_type: AttentionType = "standard", mode: Mode = "small", radioitems: bool = False,
    batch_labels: BatchLabels = None, *, return_mode: Literal["view", "browser"], help: bool = False, title: str | None = None,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", model: object | None = None,
    module: str | None = None, src_tokens: ArrayLike | None = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, segments: Spans = None, spans: Spans = None,
    focus: FocusArgument | None = None, max_value: float | None = None, min_value: float | None = None,
    negative_color: str | None = None, positive_color: str | None = None, color_scale: ColorScaleName = "linear",
    hide: Hide | None = None, renormalize: bool = False, live: bool = False,
) -> None: ...
# fmt: on
@public
def from_cache(
    cache: object,
    tokens: ArrayLike,
    heads: Heads = None,
    layers: Layers = None,
    batch_idx: BatchIdx = None,
    attention_type: AttentionType = "standard",
    mode: Mode = "small",
    radioitems: bool = False,
    batch_labels: BatchLabels = None,
    return_mode: ReturnMode = "html",
    help: bool = False,
    title: str | None = None,
    display_mode: DisplayMode | None = None,
    head_notation: HeadNotation = "dot",
    *,
    model: object | None = None,
    module: str | None = None,
    src_tokens: ArrayLike | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
    segments: Spans = None,
    spans: Spans = None,
    focus: FocusArgument | None = None,
    max_value: float | None = None,
    min_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
    live: bool = False,
) -> Figure | None:
    """Shows the attention patterns of a TransformerLens cache.

    Args:
        cache: ActivationCache of a HookedTransformer or TransformerBridge, or a dict from full hook names to tensors. Only read.
            Needs "blocks.L.attn.hook_pattern", [head, dest, src] or [batch, head, dest, src], of every layer shown.
        tokens: list of strings for one sequence, list of lists of strings for a batch; or token ids, if the model has a
            tokenizer. Pieces of a vocabulary ("Ġthe", "âĢľ", "▁the", `<0x0A>`) are decoded; an incomplete character is shown as
            its bytes. A sequence shorter than its pattern is padded, and the padding is cropped (see `padding_side`).
        heads: a pair (layer, head) or a list of pairs, shown in this order. Negative indices count from the end.
        layers: a layer or a list of layers, with all their heads. Give `heads` or `layers`, not both; None for both shows every
            cached layer. Without a model, negative layers count from the last cached layer.
        batch_idx: a sequence of the batch (int) or several (list). None: all.
        attention_type: the type shown first. The view offers each type for which the cache has the data.

            - "standard": the pattern A[h, q, k].
            - "value-weighted": A[h, q, k] * |v[h, k]| / max_k |v[h, k]|. Needs "blocks.L.attn.hook_v".
            - "info-weighted": the same with |v[h, k] W_O[h]|. Needs hook_v and the model's W_O.

            Norms are L2; the maximum is over the source positions shown, per head and sequence. v is used as cached.
        mode: what is drawn.

            - "small": all heads blended, beside thumbnails.
            - "large": one labelled heatmap, with thumbnails to choose a head.
            - "lines": lines from query to source tokens, of several heads or of one, with the computation of a query's attention:
              q, k, their product, q·k / divisor, what the model adds, the probability. Reads "hook_rot_q" and "hook_rot_k", else
              "hook_q" and "hook_k", and "hook_attn_scores". The divisor is fitted if the model does not state it. A computation
              is shown only if its softmax is the pattern and enough numbers confirm it; else the view says why not.
        radioitems: radio buttons instead of a dropdown to select the sequence.
        batch_labels: labels in the selector: a list with one string per sequence shown (in their order) or per sequence of the
            batch, or a function of (tokens) or of (batch_idx, tokens). Simple HTML (`<b>`, `<code>`, colors) is kept, any other is
            removed. Default: the number of the sequence and its text, up to 120 characters.
        return_mode: "html": return the figure. "view": display it now. "browser": open it in the browser, from a temporary file.
        help: add a text that explains the view.
        title: a heading, plain text.
        display_mode: "dark", "light", or "auto" for the theme of the page. Default: "dark" for mode="lines", else "auto".
        head_notation: "dot" for 9.6, "LH" for L9H6.
        model: the model, if the cache has none (`cache.model`). Needed for info-weighted attention and token ids.
        module: hook prefix of the attention modules, e.g. "decoder.{layer}.cross_attn". Default: "blocks.{layer}.attn".
        src_tokens: tokens of the sources, if `tokens` are those of the destinations alone (cross-attention, or some positions only).
        attention_mask: [batch, position], 1 where a token is real. Crops each sequence to these positions.
        padding_side: "left" or "right". Default: found from the data and the model's tokenizer.
        precision: bits per value, 16 or 8. With 8 the page is a third as large, and values are within 0.2 % of the head's largest
            magnitude (0.4 % if signed).
        segments: named parts of the source tokens, between which mode="lines" filters its lines: where the second part begins,
            a list of such positions, a dict from names to (start, end), or a list with one of these per sequence; without padding.
        spans: named runs of source tokens, such as the patches of an image, which mode="small" and mode="large" collapse to one row
            and one column each, and open again: a dict from names to (start, end), or a list with a dict or None per sequence;
            positions without padding. A collapsed value is the mean over its queries of the sum over its keys, so that rows of
            probabilities still sum to 1. Destinations with tokens of their own are collapsed if they are known to be among the sources.
        focus: what is shown first, pinned: a dict with any of "head" (its name on the page, a pair (layer, head), or its place among
            those shown), "dest" and "src" (the numbers of the tokens on the page; negative ones count from the end) and "sequence" (its
            place in the selector). "dest" and "src" together choose a cell, one alone a token. E.g. {"head": "9.6", "dest": 5, "src": 3}.
        max_value, min_value: values drawn in the full positive and negative color, as in `from_values`.
        negative_color, positive_color: CSS colors of both ends, as in `attention_heads`.
        color_scale: how values are spread over the colors at first: "linear", "sqrt", or "log" (over three decades); in mode="lines"
            over the opacity of lines. It changes no value.
        hide: the sources that have no colors and no lines at first; the page says how much of the attention they hold.

            - "first": the first token.
            - "sinks": of each head, the sources whose share of the attention is above 0.3 in the mean over later queries (A[q, k] over
              q > k; Gu et al., arXiv 2410.10781, with q >= k), at least 5; over all other queries if attention goes both ways.
        renormalize: with `hide`, divide the attention that remains by its sum, per query, so that rows sum to 1 again: as if the
            softmax had run without the hidden sources. Weighted types weight it afterwards. Values are then called renormalized.
        live: in a notebook, draw from the kernel: the output holds the previews and one head, and every other head is read from the
            cache, where it is, when it is looked at (in mode="lines" its pattern; what it is computed from is encoded now). Tensors are
            kept, not copied, until the cell runs again. If their values change, a head that is looked at says so. Needs anywidget:
            pip install "circuitsvis[live]". A figure above 25 MB is live by itself where that is installed. `Figure.save` writes all heads.

    Returns:
        The figure if return_mode="html", else None. A notebook does not display a figure of more than 25 MB but explains what
        to do (`Figure.save`, precision=8, fewer heads); files have no limit.

    Raises:
        TypeError, ValueError: wrong arguments. The text names the argument, the rule, the value and the fix.
        KeyError: an activation is not in the cache. The text names its hook and how to record it.
        ImportError: live=True without anywidget.
        RuntimeError: return_mode="browser" and no browser could be opened: the text names the file. return_mode="view" where Python
            does not run in a notebook (IPython or marimo).

    Notes:
        Largest difference between the page and the cache: 0.51 / 65534 = 7.8e-6 for a probability, twice that for a weighted one,
        0.51 / 8388607 of the head's largest score for a score (as exact as float32), and 0.52 / 32767 of the largest component
        of a q or k for its components. Scores are computed from q and k as cached, before they are rounded.

    Source: C. McDougall, "CircuitsVis (& TransformerLens)", perfectlynormal.co.uk, also for the weighted types.
    """
    options = Options(
        mode=mode,
        radioitems=radioitems,
        return_mode=return_mode,
        help=help,
        title=title,
        display_mode=display_mode,
        head_notation=head_notation,
        attention_type=attention_type,
        padding_side=padding_side,
        precision=precision,
        focus=focus,
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
        live=live,
    )
    theme = display_mode or ("dark" if mode == "lines" else None)
    limits, colors = color_limits(min_value, max_value), custom_colors(negative_color, positive_color, theme)
    sequences = SequenceInput(tokens, src_tokens, attention_mask, batch_labels, segments=segments, spans=spans)
    figure = cache_figure.figure(
        AttentionCache(cache, module, model),
        sequences,
        options,
        heads=heads,
        layers=layers,
        batch_idx=batch_idx,
        limits=limits,
        colors=colors,
    )
    return deliver(figure, return_mode)


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # so that type checkers report names that do not exist

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)

"""Attention patterns: `from_cache` for TransformerLens caches, `from_values` for plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, overload

from circuitsvis._attention import array_figure, cache_figure
from circuitsvis._attention.earlier_functions import attention_heads, attention_pattern, attention_patterns
from circuitsvis._attention.encoder_decoder import from_encoder_decoder
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import argument_names, earlier_calls
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.options import HeadNotation, Mode, Options
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Heads, Layers
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._input.token_spans import Spans
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.attention import AttentionType
from circuitsvis._wire.props.figure import DisplayMode

# fmt: off
__all__ = ["attention_heads", "attention_pattern", "attention_patterns", "from_cache", "from_encoder_decoder", "from_values"]


@overload  # tests/package/test_signatures.py keeps the parameters of all copies equal
def from_cache(
    cache: object, tokens: ArrayLike, heads: Heads = None, layers: Layers = None, batch_idx: BatchIdx = None,
    attention_type: AttentionType = "standard", mode: Mode = "small", radioitems: bool = False,
    batch_labels: BatchLabels = None, return_mode: Literal["html"] = "html", help: bool = False, title: str | None = None,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", *, model: object | None = None,
    module: str | None = None, src_tokens: ArrayLike | None = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, segments: Spans = None,
) -> Figure: ...
@overload
def from_cache(
    cache: object, tokens: ArrayLike, heads: Heads = None, layers: Layers = None, batch_idx: BatchIdx = None,
    attention_type: AttentionType = "standard", mode: Mode = "small", radioitems: bool = False,
    batch_labels: BatchLabels = None, *, return_mode: Literal["view", "browser"], help: bool = False, title: str | None = None,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", model: object | None = None,
    module: str | None = None, src_tokens: ArrayLike | None = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, segments: Spans = None,
) -> None: ...
# fmt: on
@argument_names.advises
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
) -> Figure | None:
    """Shows the attention patterns of a TransformerLens cache.

    Args:
        cache: ActivationCache of a HookedTransformer or TransformerBridge, or a dict from full hook names to tensors. Only read.
            Needs "blocks.L.attn.hook_pattern", [head, dest, src] or [batch, head, dest, src], of every layer shown.
        tokens: list of strings for one sequence, list of lists of strings for a batch; or token ids, if the model has a
            tokenizer. Pieces of a vocabulary ("Ġthe", "âĢľ", "▁the", "<0x0A>") are decoded; an incomplete character is shown as
            its bytes. A sequence shorter than its pattern is padded, and the padding is cropped (see `padding_side`).
        heads: a pair (layer, head) or a list of pairs, shown in this order. Negative indices count from the end.
        layers: a layer or a list of layers, with all their heads. Give `heads` or `layers`, not both; None for both shows every
            cached layer. Without a model, negative layers count from the last cached layer.
        batch_idx: a sequence of the batch (int) or several (list). None: all.
        attention_type: the type shown first. The view offers each type for which the cache has the data.
            "standard": the pattern A[h, q, k].
            "value-weighted": A[h, q, k] * |v[h, k]| / max_k |v[h, k]|. Needs "blocks.L.attn.hook_v".
            "info-weighted": the same with |v[h, k] W_O[h]|. Needs hook_v and the model's W_O.
            Norms are L2; the maximum is over the source positions shown, per head and sequence. v is used as cached.
        mode: "small": all heads blended, beside thumbnails. "large": thumbnails above one labelled heatmap.
            "lines": lines from query to source tokens, of several heads or of one, with the computation of a query's attention:
            q, k, their product, q·k / divisor, what the model adds, the probability. Reads "hook_rot_q" and "hook_rot_k", else
            "hook_q" and "hook_k", and "hook_attn_scores". The divisor is fitted if the model does not state it. A computation is
            shown only if its softmax is the pattern and enough numbers confirm it; else the view says why not.
        radioitems: radio buttons instead of a dropdown to select the sequence.
        batch_labels: labels in the selector: a list with one string per sequence shown (in their order) or per sequence of the
            batch, or a function of (tokens) or of (batch_idx, tokens). Simple HTML (<b>, <code>, colors) is kept, any other is removed.
        return_mode: "html": return the figure. "view": display it now. "browser": open it in the browser, from a temporary file.
        help, title: add a text that explains the view; a heading, plain text.
        display_mode: "dark", "light", or "auto" for the theme of the page. Default: "dark" for mode="lines", else "auto".
        head_notation: "dot" for 9.6, "LH" for L9H6.
        model: the model, if the cache has none (`cache.model`). Needed for info-weighted attention and token ids.
        module: hook prefix of the attention modules, e.g. "decoder.{layer}.cross_attn". Default: "blocks.{layer}.attn".
        src_tokens: tokens of the sources, if `tokens` are those of the destinations alone (cross-attention, or some positions only).
        attention_mask: [batch, position], 1 where a token is real. Crops each sequence to these positions.
        padding_side: "left" or "right". Default: found from the data and the model's tokenizer.
        precision: bits per value, 16 or 8: a third of the size, within 0.2 % of the head's largest magnitude (0.4 % if signed).
        segments: named parts of the source tokens, between which mode="lines" filters its lines: where the second part begins,
            a list of such positions, a dict from names to (start, end), or a list with one of these per sequence; without padding.

    Returns:
        The figure if return_mode="html", else None. A notebook does not display a figure of more than 25 MB but explains what
        to do (`Figure.save`, precision=8, fewer heads); files have no limit.

    Raises:
        TypeError, ValueError: wrong arguments. The text names the argument, the rule, the value and the fix.
        KeyError: an activation is not in the cache. The text names its hook and how to record it.
        RuntimeError: return_mode="browser" and no browser could be opened. The text names the file.

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
    )
    sequences = SequenceInput(tokens, src_tokens, attention_mask, batch_labels, segments=segments)
    figure = cache_figure.figure(
        AttentionCache(cache, module, model), sequences, options, heads=heads, layers=layers, batch_idx=batch_idx
    )
    return deliver(figure, return_mode)


# fmt: off
@overload
def from_values(
    attention: ArrayLike, tokens: ArrayLike | None = None, mode: Mode = "small", radioitems: bool = False,
    head_names: Sequence[str] | None = None, return_mode: Literal["html"] = "html", title: str | None = None, *,
    dest_tokens: ArrayLike | None = None, src_tokens: ArrayLike | None = None, batch_labels: BatchLabels = None,
    help: bool = False, head_notation: HeadNotation = "dot", max_value: float | None = None, min_value: float | None = None,
    attention_mask: ArrayLike | None = None, padding_side: Side | None = None, precision: Precision = 16,
    display_mode: DisplayMode | None = None, q: ArrayLike | None = None, k: ArrayLike | None = None, segments: Spans = None,
) -> Figure: ...
@overload
def from_values(
    attention: ArrayLike, tokens: ArrayLike | None = None, mode: Mode = "small", radioitems: bool = False,
    head_names: Sequence[str] | None = None, *, return_mode: Literal["view", "browser"], title: str | None = None,
    dest_tokens: ArrayLike | None = None, src_tokens: ArrayLike | None = None, batch_labels: BatchLabels = None,
    help: bool = False, head_notation: HeadNotation = "dot", max_value: float | None = None, min_value: float | None = None,
    attention_mask: ArrayLike | None = None, padding_side: Side | None = None, precision: Precision = 16,
    display_mode: DisplayMode | None = None, q: ArrayLike | None = None, k: ArrayLike | None = None, segments: Spans = None,
) -> None: ...
# fmt: on
@argument_names.advises
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
        tokens: list of strings (1, 2) or list of lists of strings (3, 4), if destinations and sources are the same. For
            a generation: prompt and generated tokens, with or without the last one, which the model never read.
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
        radioitems, return_mode, title, batch_labels, help, precision, display_mode, head_notation, segments: see `from_cache`.

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
    )
    sequences = SequenceInput(tokens, src_tokens, attention_mask, batch_labels, dest_tokens, segments)
    figure = array_figure.figure(
        attention, sequences, options, head_names=head_names, limits=(min_value, max_value), q=q, k=k
    )
    return deliver(figure, return_mode)


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # so that type checkers report names that do not exist

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)

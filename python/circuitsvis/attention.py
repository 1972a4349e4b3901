"""Attention patterns: `from_cache` for TransformerLens caches, `from_values` for plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, overload

from circuitsvis._attention import attention_figure, cache_contents
from circuitsvis._attention.array_contents import contents as plain_contents
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import ArrayLike, shape_of
from circuitsvis._input import display_names, earlier_calls, selection
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.options import Mode, Options, check_limits
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.selection import BatchIdx, Heads, Layers
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props import AttentionType, DisplayMode
from circuitsvis.figure import Figure, ReturnMode

__all__ = ["from_cache", "from_values"]

HeadNotation = Literal["dot", "LH"]


@overload
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
    return_mode: Literal["html"] = "html",
    help: bool = False,
    title: str | None = None,
    display_mode: DisplayMode = "dark",
    head_notation: HeadNotation = "dot",
    *,
    model: object | None = None,
    module: str | None = None,
    src_tokens: ArrayLike | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
) -> Figure: ...
@overload
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
    *,
    return_mode: Literal["view", "browser"],
    help: bool = False,
    title: str | None = None,
    display_mode: DisplayMode = "dark",
    head_notation: HeadNotation = "dot",
    model: object | None = None,
    module: str | None = None,
    src_tokens: ArrayLike | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
) -> None: ...
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
    display_mode: DisplayMode = "dark",
    head_notation: HeadNotation = "dot",
    *,
    model: object | None = None,
    module: str | None = None,
    src_tokens: ArrayLike | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
) -> Figure | None:
    """Attention patterns of a TransformerLens cache.

    The cache is only read. Values on the page are the cache's own to half a step of a 16-bit scale: within
    0.51 / 65534 = 7.8e-6 for probabilities, twice that for weighted ones. In mode="lines" scores are within
    0.51 / 8388607 of their head's largest (as exact as float32), and a component of a vector q or k is within
    0.52 / 32767 of that vector's largest; scores are computed from the cached vectors, not from these.

    Args:
        cache: ActivationCache of a HookedTransformer or TransformerBridge, or a dict of full hook names. Needs
            "blocks.L.attn.hook_pattern", [head, dest, src] or [batch, head, dest, src], of the layers shown; for the
            columns of mode="lines" also what is named there.
        tokens: list of strings for one sequence, list of lists of strings for a batch; token ids work where the cache
            has a model with a tokenizer. Pieces of a vocabulary ("Ġthe", "âĢľ", "▁the", "<0x0A>") are shown as the text that
            they stand for, incomplete characters as their bytes. A sequence shorter than the pattern is padded: the padding
            is cropped (see `padding_side`).
        heads: (layer, head) or a list of such pairs, shown in this order. Negative indices count from the end.
        layers: a layer or a list of layers, all heads of each. None with heads=None: every layer in the cache. Give
            `heads` or `layers`, not both. Where the cache has no model, negative layers count from the last one cached.
        batch_idx: a sequence of the batch (int), or several (list); None for all.
        attention_type: where the view starts; it offers all types that the cache has the data for.
            "standard": the pattern A[h, q, k].
            "value-weighted": A[h, q, k] * |v[h, k]| / max_k |v[h, k]|. Needs "blocks.L.attn.hook_v".
            "info-weighted": the same with |v[h, k] W_O[h]|. Needs hook_v and the model's W_O.
            Norms are L2; the maximum is over the shown (unpadded) source positions, per head and sequence. v is as cached:
            it includes the value bias unless the model was loaded with that folded away.
        mode: "small": all heads blended beside thumbnails. "large": thumbnails above one labelled heatmap.
            "lines": lines from query to source tokens, and for one query q, k, their product dimension by dimension, its sum
            divided by the head's divisor, what the model adds to that (position bias, soft cap), and the probability.
            With `heads` the view has one selector, else one for the layer and one for the head. Which tensors lead to
            the pattern is told from the numbers: "hook_rot_q" and "hook_rot_k", else "hook_q" and "hook_k", with a fitted
            divisor, and "hook_attn_scores" where the model adds something. What is shown leads to the pattern; where
            nothing in the cache does, or too few numbers test it (texts of one to four tokens, mostly in half precision),
            the view says so in words and shows the scores or the pattern alone.
        radioitems: choose the sequence with radio buttons in place of a dropdown.
        batch_labels: what the selector shows: a list of strings, one per sequence shown (in their order) or one per sequence
            of the batch, or a function of (tokens) or of (batch_idx, tokens). May hold simple HTML (<b>, <code>, colours);
            everything else is removed.
        return_mode: "html": the figure, which displays itself as the last line of a cell. "view": displays it now.
            "browser": opens it in the browser from a temporary file. The last two return None.
        help: adds a text that explains the view.
        title: heading, plain text.
        display_mode: "dark", "light" or "auto"; only for mode="lines".
        head_notation: "dot" for 9.6, "LH" for L9H6.
        model: the model, where `cache.model` is None or the cache is a dict. Only info-weights and token ids need it.
        module: hook prefix of the attention modules with "{layer}" in it, default "blocks.{layer}.attn"; e.g.
            "decoder.{layer}.cross_attn".
        src_tokens: tokens of the source positions where they are not those of the destination (cross-attention, or a
            cache of the last positions only); `tokens` are then the destination's.
        attention_mask: [batch, position], 1 where a token is real; crops each sequence to those positions.
        padding_side: "left" or "right", for sequences shorter than the pattern. None: told from the data and the model's
            tokenizer.
        precision: bits per value, 16 or 8. 8 makes a page about a third as heavy and its values exact only to 0.51 / 254 = 0.2 %
            of the largest of their head (0.4 % where values are signed).

    Returns:
        The figure for return_mode="html", else None. In a notebook a figure of more than 25 MB is not shown but says what it
        weighs and what to do (`Figure.save`, precision=8, fewer heads); files have no limit.

    Raises:
        TypeError, ValueError: wrong arguments; the text names the argument, the rule, the value and the fix.
        KeyError: an activation is not in the cache; the text names its hook and how to record it.
        RuntimeError: return_mode="browser" and no browser; the text names the file.

    Source: C. McDougall, "CircuitsVis (& TransformerLens)", perfectlynormal.co.uk; the formulas of the weighted types are
    from there.
    """
    options = Options(
        mode, radioitems, return_mode, help, title, display_mode, head_notation, attention_type, padding_side, precision
    )
    options.check()
    source = AttentionCache(cache, module, model)
    pairs = selection.heads(
        heads, layers, source.layers, source.n_layers, lambda layer: shape_of(source.pattern(layer), "cache")[-3]
    )
    request = cache_contents.Request(
        tokens, src_tokens, attention_mask, padding_side, attention_type, batch_labels, explain=mode == "lines"
    )
    gather = cache_contents.Gather(source, pairs, request)
    batch = selection.batch(batch_idx, gather.batch_size)
    named = [display_names.head(layer, head, head_notation) for layer, head in pairs]
    figure = attention_figure.figure(
        gather.contents(batch),
        named,
        options,
        labels=batch_labels is not None,
        head_selector="layer" if heads is None else "head",
        notes=gather.notes,
    )
    return figure.deliver(return_mode)


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
    display_mode: DisplayMode = "dark",
    q: ArrayLike | None = None,
    k: ArrayLike | None = None,
) -> Figure | None:
    """Attention patterns, or any values per (destination, source), of plain arrays.

    Values may be signed: the colours then diverge, zero is neutral. NaN is drawn as "no value". Whether the upper triangle
    is masked is told from the data: where no head has a value other than zero or NaN there, it is. Scores before the softmax
    may hold the constant of their mask (-inf, the lowest float, -1e9): where it is at least ten times as large as every other
    value and fills the sources later than the destination, or all but one run of sources in each row, it is drawn as masked.

    Args:
        attention: torch tensor, numpy array or nested lists, of shape
            (1) [dest, src], (2) [head, dest, src], (3) [batch, dest, src] or (4) [batch, head, dest, src]; or a tuple of
            layers, each [batch, head, dest, src], as Hugging Face gives with output_attentions=True (and eager attention);
            or what `generate(..., output_attentions=True)` gives, a tuple of steps of such layers, which are joined (greedy
            search or sampling: beam search changes the order of its beams on the way, which these tensors do not show).
        tokens: list of strings (1, 2) or list of lists of strings (3, 4), for square patterns. Of a generation: prompt and
            generated tokens; the last one has no row, since the model never read it, and may be left out.
        mode: "small", "large" or "lines", as in `from_cache`.
        radioitems: choose the sequence with radio buttons in place of a dropdown.
        head_names: a name for each head; default "Head 0", "Head 1", ..., with layers known "layer.head".
        return_mode: "html", "view" or "browser", as in `from_cache`.
        title: heading, plain text.
        dest_tokens: tokens of the rows, with `src_tokens` in place of `tokens`; the pattern may then be rectangular.
        src_tokens: tokens of the columns.
        batch_labels: as in `from_cache`.
        help: adds a text that explains the view.
        head_notation: "dot" or "LH", where layers are known.
        max_value: value of the full colour, > 0. Default: 1 where every row sums to 1, else the largest value.
        min_value: value of the full negative colour, <= 0. Default: the smallest value.
        attention_mask: [batch, position], 1 where a token is real; for square patterns.
        padding_side: "left" or "right", for sequences shorter than the pattern.
        precision: as in `from_cache`.
        display_mode: "dark", "light" or "auto"; only for mode="lines".
        q: queries for mode="lines", [..., head, dest, d_head] with the leading axes of `attention` ([dest, d_head] beside
            [dest, src]; a tuple of layers beside a tuple of layers), as they enter the product, e.g. after a rotary
            embedding. Needs `k`. Shown only if the softmax of q·k / divisor is the attention, for some divisor.
        k: keys, [..., key head, src, d_head]; with fewer key heads than heads, each is read by equally many in turn.

    Returns:
        The figure for return_mode="html", else None. The page's values are within 0.51 / 65534 of the largest magnitude of
        their head (0.51 / 32767 where values are signed); scores and vectors as in `from_cache`.

    Raises:
        TypeError, ValueError: wrong arguments; the text names the argument, the rule, the value and the fix.
        RuntimeError: return_mode="browser" and no browser; the text names the file.
    """
    options = Options(
        mode,
        radioitems,
        return_mode,
        help,
        title,
        display_mode,
        head_notation,
        padding_side=padding_side,
        precision=precision,
    )
    options.check()
    if mode != "lines" and (q is not None or k is not None):
        raise ValueError(f'q and k: only mode="lines" shows them, got mode={mode!r}; leave them out')
    check_limits(min_value, max_value)
    named, contents = plain_contents(
        attention,
        tokens,
        dest_tokens,
        src_tokens,
        head_names=head_names,
        notation=head_notation,
        attention_mask=attention_mask,
        padding_side=padding_side,
        batch_labels=batch_labels,
        q=q,
        k=k,
        explain=mode == "lines",
    )
    figure = attention_figure.figure(
        contents,
        named,
        options,
        labels=batch_labels is not None,
        limits=(min_value, max_value),
        head_selector="layer" if len({head.layer for head in named}) > 1 else "head",
    )
    return figure.deliver(return_mode)


if not TYPE_CHECKING:  # for a type checker the module has its names, and no others

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)

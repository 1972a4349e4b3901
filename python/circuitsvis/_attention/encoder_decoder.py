"""`attention.from_encoder_decoder`: encoder, decoder and cross-attention in one figure."""

from __future__ import annotations

from typing import Literal, overload

from circuitsvis._attention import encoder_decoder_figure
from circuitsvis._attention.encoder_decoder_input import EncoderDecoderInput
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.options import HeadNotation, Mode, Options
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, Layers
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.attention import AttentionType
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName, Hide


# fmt: off
@overload
def from_encoder_decoder(
    output: object | None = None, encoder_tokens: ArrayLike | None = None, decoder_tokens: ArrayLike | None = None,
    mode: Mode = "small", radioitems: bool = False, return_mode: Literal["html"] = "html", title: str | None = None, *,
    encoder_attention: ArrayLike | None = None, decoder_attention: ArrayLike | None = None,
    cross_attention: ArrayLike | None = None, encoder_mask: ArrayLike | None = None, decoder_mask: ArrayLike | None = None,
    batch_labels: BatchLabels = None, help: bool = False, head_notation: HeadNotation = "dot",
    max_value: float | None = None, min_value: float | None = None, padding_side: Side | None = None,
    precision: Precision = 16, display_mode: DisplayMode | None = None, attention_type: AttentionType = "standard",
    layers: Layers = None, batch_idx: BatchIdx = None, model: object | None = None, color_scale: ColorScaleName = "linear",
    hide: Hide | None = None, renormalize: bool = False,
) -> Figure: ...
@overload
def from_encoder_decoder(
    output: object | None = None, encoder_tokens: ArrayLike | None = None, decoder_tokens: ArrayLike | None = None,
    mode: Mode = "small", radioitems: bool = False, *, return_mode: Literal["view", "browser"], title: str | None = None,
    encoder_attention: ArrayLike | None = None, decoder_attention: ArrayLike | None = None,
    cross_attention: ArrayLike | None = None, encoder_mask: ArrayLike | None = None, decoder_mask: ArrayLike | None = None,
    batch_labels: BatchLabels = None, help: bool = False, head_notation: HeadNotation = "dot",
    max_value: float | None = None, min_value: float | None = None, padding_side: Side | None = None,
    precision: Precision = 16, display_mode: DisplayMode | None = None, attention_type: AttentionType = "standard",
    layers: Layers = None, batch_idx: BatchIdx = None, model: object | None = None, color_scale: ColorScaleName = "linear",
    hide: Hide | None = None, renormalize: bool = False,
) -> None: ...
# fmt: on
@public
def from_encoder_decoder(
    output: object | None = None,
    encoder_tokens: ArrayLike | None = None,
    decoder_tokens: ArrayLike | None = None,
    mode: Mode = "small",
    radioitems: bool = False,
    return_mode: ReturnMode = "html",
    title: str | None = None,
    *,
    encoder_attention: ArrayLike | None = None,
    decoder_attention: ArrayLike | None = None,
    cross_attention: ArrayLike | None = None,
    encoder_mask: ArrayLike | None = None,
    decoder_mask: ArrayLike | None = None,
    batch_labels: BatchLabels = None,
    help: bool = False,
    head_notation: HeadNotation = "dot",
    max_value: float | None = None,
    min_value: float | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
    display_mode: DisplayMode | None = None,
    attention_type: AttentionType = "standard",
    layers: Layers = None,
    batch_idx: BatchIdx = None,
    model: object | None = None,
    color_scale: ColorScaleName = "linear",
    hide: Hide | None = None,
    renormalize: bool = False,
) -> Figure | None:
    """Shows encoder, decoder and cross-attention of a model such as T5 in one figure, with a switch between them.

    Args:
        output: what Hugging Face's model returns with output_attentions=True and eager attention, or its
            `generate(..., output_attentions=True, return_dict_in_generate=True)` (not of beam search), with "encoder_attentions",
            "decoder_attentions" and "cross_attentions" as attributes or keys; or a TransformerLens cache with the patterns of an
            encoder and a decoder, such as "encoder.0.attn.hook_pattern" or "decoder_blocks.0.cross_attn.hook_pattern". None for
            plain arrays. What it does not have gets no tab.
        encoder_tokens, decoder_tokens: a list of strings for one sequence, a list of lists of strings for a batch; token ids too
            if there is a cache and its model has a tokenizer. Of a generation, the last token may be left out: the model never
            read it. Cross-attention needs both: its rows are decoder tokens, its columns encoder tokens.
        encoder_attention, decoder_attention, cross_attention: arrays instead of `output`, one or more: each a tuple of layers, every
            layer [batch, head, dest, src], with tokens as lists of lists; or an array [head, dest, src] for one sequence; or any
            other form that `from_values` takes.
        encoder_mask, decoder_mask: [batch, position], 1 where a token is real. Crop each sequence to these positions.
        padding_side: "left" or "right", for sequences that are shorter than their patterns, without masks.
        max_value, min_value: ends of the color scale, in all tabs; as in `from_values`. Not for a cache.
        attention_type, layers, batch_idx, model: as in `from_cache`, for a cache. Layers are those of encoder and decoder.
        mode, radioitems, return_mode, title, batch_labels, help, head_notation, precision, display_mode, color_scale, hide, renormalize:
            as in `from_values`, in all tabs.

    Returns:
        The figure if return_mode="html", else None.

    Raises:
        TypeError, ValueError: wrong arguments. The text names the tab, the argument, the rule, the value and the fix.
        KeyError: an activation that attention_type needs is not in the cache.

    Notes:
        Largest difference between the page and the data: as in `from_values` and `from_cache`.
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
        color_scale=color_scale,
        hide=hide,
        renormalize=renormalize,
    )
    inputs = EncoderDecoderInput(
        output=output,
        attention=(encoder_attention, decoder_attention, cross_attention),
        tokens=(encoder_tokens, decoder_tokens),
        masks=(encoder_mask, decoder_mask),
        batch_labels=batch_labels,
        limits=(min_value, max_value),
        layers=layers,
        batch_idx=batch_idx,
        model=model,
    )
    return deliver(encoder_decoder_figure.figure(inputs, options), return_mode)

"""The figure of `attention.from_encoder_decoder`: a figure for each kind of attention, and tabs around them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from circuitsvis._attention import array_figure, cache_figure
from circuitsvis._attention.encoder_decoder_input import EncoderDecoderInput, Kind
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.options import Options
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._page import figure_tabs
from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.attention import AttentionProps

_NAMES: dict[Kind, str] = {"encoder": "Encoder", "decoder": "Decoder", "cross": "Cross"}
_HELP = {
    "encoder": "Encoder: the tokens of the encoder attend to each other.",
    "decoder": "Decoder: the tokens of the decoder attend to themselves and to earlier ones.",
    "cross": "Cross: the tokens of the decoder (destinations, rows) attend to those of the encoder (sources, columns).",
}
_ARGUMENTS = {
    "encoder": "attention is that of the encoder, tokens are encoder_tokens, attention_mask is encoder_mask",
    "decoder": "attention is that of the decoder, tokens are decoder_tokens, attention_mask is decoder_mask",
    "cross": "attention is the cross-attention, tokens and dest_tokens are decoder_tokens, src_tokens are encoder_tokens",
}


def figure(inputs: EncoderDecoderInput, options: Options) -> Figure:
    """Arguments and errors as in `attention.from_encoder_decoder`."""
    inner = dataclasses.replace(options, title=None)
    draw: dict[Kind, Callable[[], Figure]]
    if inputs.is_cache:
        if inputs.limits != (None, None):
            raise ValueError("min_value, max_value: only for arrays and model outputs, not for a cache; leave them out")
        draw = {
            kind: lambda kind=kind, module=module: _of_cache(inputs, kind, module, inner)  # type: ignore[misc]
            for kind, module in inputs.modules().items()
        }
    else:
        _check_options_of_arrays(inputs, options)
        draw = {
            kind: lambda kind=kind, array=array: _of_array(inputs, kind, array, inner)  # type: ignore[misc]
            for kind, array in inputs.arrays().items()
        }
    _check_tokens(inputs, list(draw))
    figures = [(_NAMES[kind], _with_arguments(kind, make)) for kind, make in draw.items()]
    _check_batch(figures)
    return figure_tabs.figure(
        figures,
        label="Kind of attention",
        title=options.title,
        help=tuple(_HELP[kind] for kind in draw) if options.help else (),
        display_mode=options.display_mode or ("dark" if options.mode == "lines" else "auto"),
        same_sequences=True,
    )


def _of_array(inputs: EncoderDecoderInput, kind: Kind, attention: ArrayLike, options: Options) -> Figure:
    sequences, options = _sequences(inputs, kind, options)
    if kind == "cross":
        sequences = dataclasses.replace(sequences, tokens=None, dest_tokens=sequences.tokens)
    return array_figure.figure(attention, sequences, options, limits=inputs.limits)


def _of_cache(inputs: EncoderDecoderInput, kind: Kind, module: str, options: Options) -> Figure:
    sequences, options = _sequences(inputs, kind, options)
    cache = AttentionCache(inputs.output, module, inputs.model)
    return cache_figure.figure(cache, sequences, options, layers=inputs.layers, batch_idx=inputs.batch_idx)


def _sequences(inputs: EncoderDecoderInput, kind: Kind, options: Options) -> tuple[SequenceInput, Options]:
    """The tokens of one tab; its options, with the side of the padding if masks show it."""
    labels = inputs.batch_labels
    if kind != "cross":
        index = 0 if kind == "encoder" else 1
        return SequenceInput(inputs.tokens[index], None, inputs.masks[index], labels), options
    if all(mask is None for mask in inputs.masks):
        return SequenceInput(inputs.tokens[1], inputs.tokens[0], None, labels), options
    model = inputs.model or getattr(inputs.output, "model", None)
    dest, src, side = inputs.cropped(model)
    return SequenceInput(dest, src, None, labels), dataclasses.replace(
        options, padding_side=side or options.padding_side
    )


def _check_options_of_arrays(inputs: EncoderDecoderInput, options: Options) -> None:
    passed = {
        "attention_type": options.attention_type != "standard",
        "layers": inputs.layers is not None,
        "batch_idx": inputs.batch_idx is not None,
        "model": inputs.model is not None,
    }
    for name, is_passed in passed.items():
        if is_passed:
            raise ValueError(f"{name}: only for a cache of TransformerLens, got arrays or a model output; leave it out")


def _check_tokens(inputs: EncoderDecoderInput, kinds: list[Kind]) -> None:
    encoder, decoder = inputs.tokens
    for name, tokens, needed in (
        ("encoder_tokens", encoder, {"encoder", "cross"}),
        ("decoder_tokens", decoder, {"decoder", "cross"}),
    ):
        shown = [kind for kind in kinds if kind in needed]
        if tokens is None and shown:
            raise ValueError(
                f"{name}: needed for the {' and the '.join(_NAMES[kind] for kind in shown)} tab, got None; pass a list of strings, or a "
                "list of lists for a batch"
            )


def _with_arguments(kind: Kind, make: Callable[[], Figure]) -> Figure:
    """The figure; its errors say which of this function's arguments they are about."""
    try:
        return make()
    except (TypeError, ValueError) as error:
        text = f"{_NAMES[kind]} tab ({_ARGUMENTS[kind]}): {error}"
        raise (TypeError if isinstance(error, TypeError) else ValueError)(text) from error


def _check_batch(figures: list[tuple[str, Figure]]) -> None:
    sizes = {name: len(inner._props.sequences) for name, inner in figures if isinstance(inner._props, AttentionProps)}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{number} in {name}" for name, number in sizes.items())
        raise ValueError(
            f"encoder_tokens and decoder_tokens: need the same number of sequences, got {listed}; pass a list for each sequence"
        )

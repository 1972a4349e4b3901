"""The content of each sequence of plain arrays: values matched with tokens, masks marked, padding cropped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._attention import array_shapes, generation, score_masks
from circuitsvis._attention.array_shapes import LayerValues
from circuitsvis._common.arrays import ArrayLike, FloatArray
from circuitsvis._input import padding_checks, token_axes, token_lists
from circuitsvis._input.display_names import batch_label
from circuitsvis._input.options import Options
from circuitsvis._input.padding_checks import Positions, Side
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._input.token_axes import Axes
from circuitsvis._lines.computation import HeadComputation, computations
from circuitsvis._lines.encode_lines import LinesContent
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage
from circuitsvis._wire.encode_sequence import AttentionContent
from circuitsvis._wire.props.attention import Head

_NO_VECTORS = "Pass q= and k= to from_values to see their products."
_WRONG_VECTORS = "Pass q and k as they enter the product, for example after a rotary embedding."


def contents(
    attention: ArrayLike,
    sequences: SequenceInput,
    options: Options,
    *,
    head_names: Sequence[str] | None = None,
    q: ArrayLike | None = None,
    k: ArrayLike | None = None,
) -> tuple[list[Head], list[AttentionContent | LinesContent]]:
    """The heads, and one content per sequence. Arguments and errors as in `attention.from_values`."""
    if _is_text(attention) and not _is_text(sequences.tokens):
        raise TypeError(
            "attention: needs numbers, got a list of strings; values come before tokens: from_values(attention, tokens)"
        )
    square = _is_square(sequences)
    name, tokens = ("tokens", sequences.tokens) if square else ("dest_tokens", sequences.dest_tokens)
    dest, batched = token_lists.per_sequence(tokens, name)
    src = None if square else token_lists.per_sequence(sequences.src_tokens, "src_tokens")[0]
    if src is not None and len(src) != len(dest):
        raise ValueError(
            f"dest_tokens and src_tokens: need the same number of sequences, got {len(dest)} and {len(src)}"
        )
    mask = sequences.attention_mask
    generated = generation.are_steps(attention)
    values = generation.joined(attention, square=square) if generation.are_steps(attention) else attention
    layers = array_shapes.layers(values, batched=batched, n_sequences=len(dest))
    n_dest, n_src = layers[0].array.shape[-2:]
    if generated:
        dest = generation.without_last(dest, n_dest)
        src = None if src is None else generation.without_last(src, n_src)
    vectors = _vectors(q, k, layers, batched=batched, n_sequences=len(dest))
    heads = array_shapes.heads(layers, head_names, options.head_notation)
    if src is None:
        if generated and mask is not None and n_dest == n_src:
            mask = generation.mask_without_last(mask, n_src)
        axes = _self_attention_axes(layers, dest, mask, options.padding_side)
    else:
        axes = _cross_attention_axes((n_dest, n_src), dest, src, mask, options.padding_side)
    segments, spans = sequences.segments_of(axes), sequences.spans_of(axes)
    result: list[AttentionContent | LinesContent] = []
    for i, axis in enumerate(axes):
        patterns = [axis.crop(matrix) for matrix in _matrices(layers, i)]
        label = batch_label(sequences.batch_labels, i, i, axis.dest_tokens, len(axes), len(axes))
        content = AttentionContent(label, axis.dest_tokens, axis.src_tokens, patterns, spans=spans[i])
        if options.mode == "lines":
            result.append(LinesContent(content, _computations(layers, vectors, i, axis, patterns), segments[i]))
        else:
            result.append(content)
    return heads, result


def _is_text(value: object) -> bool:
    """Whether `value` is a list of strings, or of lists of them."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, str)


def _is_square(sequences: SequenceInput) -> bool:
    """Whether destinations and sources have the same tokens."""
    arguments = {
        "tokens": sequences.tokens,
        "dest_tokens": sequences.dest_tokens,
        "src_tokens": sequences.src_tokens,
    }
    passed = [name for name, value in arguments.items() if value is not None]
    if passed == ["tokens"]:
        return True
    if passed == ["dest_tokens", "src_tokens"]:
        return False
    raise ValueError(
        "tokens: give tokens= (square patterns), or dest_tokens= and src_tokens=, "
        f"got {' and '.join(passed) or 'none of them'}"
    )


def _matrices(layers: Sequence[LayerValues], sequence: int) -> list[FloatArray]:
    """[dest, src] of every head of one sequence, with NaN where scores hold the constant of a mask."""
    return score_masks.without_masks([head for layer in layers for head in layer.array[sequence]])


def _self_attention_axes(
    layers: Sequence[LayerValues], tokens: Sequence[tuple[str, ...]], mask: ArrayLike | None, side: Side | None
) -> list[Axes]:
    _, _, n_dest, length = layers[0].array.shape
    if n_dest != length:
        raise ValueError(
            f"attention: with tokens= it must be square, got {n_dest} destination and {length} source positions; "
            "for other shapes give dest_tokens= and src_tokens="
        )
    masks: Sequence[Positions | None] = [None] * len(tokens)
    if mask is not None:
        masks = padding_checks.from_mask(mask, len(tokens), length)
    elif side is None:
        token_axes.check_one_fills(tokens, length, len(tokens), None)

    def axes(sequence: int, row: tuple[str, ...]) -> Axes:
        where = f"tokens: sequence {sequence}"

        def padding() -> Side:
            masked = padding_checks.masked_side(_matrices(layers, sequence), len(row))
            padded = padding_checks.side_of(side, masked, where)
            if padded is None:
                raise padding_checks.unknown_side(where, len(row), length)
            return padded

        return token_axes.self_attention(row, length, mask=masks[sequence], side=padding, where=where)

    return [axes(sequence, row) for sequence, row in enumerate(tokens)]


def _cross_attention_axes(
    shape: tuple[int, int],
    dest: Sequence[tuple[str, ...]],
    src: Sequence[tuple[str, ...]],
    mask: ArrayLike | None,
    side: Side | None,
) -> list[Axes]:
    axes = [
        token_axes.cross_attention(*tokens, shape, side=side, where=f"sequence {i}")
        for i, tokens in enumerate(zip(dest, src, strict=True))
    ]
    if mask is not None:
        raise ValueError(
            "attention_mask: only for square patterns with tokens=; with dest_tokens pass padding_side instead"
        )
    return axes


def _vectors(
    q: ArrayLike | None, k: ArrayLike | None, layers: list[LayerValues], *, batched: bool, n_sequences: int
) -> list[tuple[FloatArray, FloatArray]]:
    if q is not None and k is not None:
        return array_shapes.queries_and_keys(q, k, layers, batched=batched, n_sequences=n_sequences)
    if q is not None or k is not None:
        raise ValueError(f"q and k: give both or neither, got only {'q' if k is None else 'k'}")
    return []


def _computations(
    layers: Sequence[LayerValues],
    vectors: Sequence[tuple[FloatArray, FloatArray]],
    sequence: int,
    axes: Axes,
    patterns: Sequence[FloatArray],
) -> list[HeadComputation]:
    """One per head of a sequence. `patterns`: [dest, src] of the heads of all layers, cropped."""
    result: list[HeadComputation] = []
    for number, values in enumerate(layers):
        n_heads = values.array.shape[1]
        activations = LayerActivations(number, n_heads, stages=[], advice=_NO_VECTORS)
        if vectors:
            # [position, head, d_head]
            queries, keys = (np.swapaxes(array[sequence], 0, 1) for array in vectors[number])
            stage = VectorStage(queries[axes.dest], keys[axes.src])
            activations = LayerActivations(number, n_heads, stages=[stage], advice=_WRONG_VECTORS)
        result += computations(activations, range(n_heads), patterns[len(result) : len(result) + n_heads])
    return result

"""From plain arrays and tokens to the content of each sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._attention import array_shapes, generation, score_masks
from circuitsvis._attention.array_shapes import Stack
from circuitsvis._common.arrays import ArrayLike, FloatArray
from circuitsvis._input import padding_checks, token_axes, token_lists
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.token_axes import Axes
from circuitsvis._lines import explanation
from circuitsvis._lines.candidates import Layer, Vectors
from circuitsvis._lines.encode_lines import LinesContent
from circuitsvis._lines.explanation import Explanation
from circuitsvis._wire.encode_sequence import Content
from circuitsvis._wire.props import Head

_NO_VECTORS = "Pass q= and k= to see their products."
_WRONG_VECTORS = "Pass q and k as they enter the product, for example after a rotary embedding."


def contents(
    attention: ArrayLike,
    tokens: ArrayLike | None,
    dest_tokens: ArrayLike | None,
    src_tokens: ArrayLike | None,
    *,
    head_names: Sequence[str] | None,
    notation: str,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
    batch_labels: BatchLabels,
    q: ArrayLike | None = None,
    k: ArrayLike | None = None,
    explain: bool = False,
) -> tuple[list[Head], list[Content]]:
    """The heads' names and one content per sequence. Arguments and errors as `attention.from_values`.

    explain: whether the computation of the patterns is shown (mode="lines"); q and k only with it.
    """
    if _is_text(attention) and not _is_text(tokens):
        raise TypeError(
            "attention: needs numbers, got a list of strings; values come before tokens: from_values(attention, tokens)"
        )
    square = _is_square(tokens, dest_tokens, src_tokens)
    dest, batched = token_lists.per_sequence(tokens if square else dest_tokens, "tokens" if square else "dest_tokens")
    src = None if square else token_lists.per_sequence(src_tokens, "src_tokens")[0]
    if src is not None and len(src) != len(dest):
        raise ValueError(
            f"dest_tokens and src_tokens: need the same number of sequences, got {len(dest)} and {len(src)}"
        )
    generated = generation.are_steps(attention)
    layers = generation.joined(attention, square=square) if generated else attention
    stacks = array_shapes.read(layers, batched=batched, n_sequences=len(dest))
    if generated:
        n_dest, n_src = stacks[0].array.shape[-2:]
        dest = generation.without_last(dest, n_dest)
        src = None if src is None else generation.without_last(src, n_src)
    vectors = _vectors(q, k, stacks, batched=batched, n_sequences=len(dest))
    heads = array_shapes.heads(stacks, head_names, notation)
    axes = [_cross(stacks, i, dest[i], src[i], padding_side) if src is not None else None for i in range(len(dest))]
    masks = None
    if attention_mask is not None and not square:
        raise ValueError(
            "attention_mask: only for square patterns with tokens=; with dest_tokens pass padding_side instead"
        )
    if square:
        length = _square_length(stacks)
        if generated and attention_mask is not None:
            attention_mask = generation.mask_without_last(attention_mask, length)
        masks = padding_checks.from_mask(attention_mask, len(dest), length) if attention_mask is not None else None
        if masks is None and padding_side is None:
            token_axes.check_one_fills(dest, length, len(dest), None)
    found = []
    for i, row in enumerate(dest):
        matrices = score_masks.without_masks([head for stack in stacks for head in stack.array[i]])
        axis = axes[i] or _square(matrices, i, row, masks[i] if masks is not None else None, padding_side)
        label = batch_label(batch_labels, i, i, axis.dest_tokens, len(dest), len(dest))
        cropped = [axis.crop(matrix) for matrix in matrices]
        content = Content(label, axis.dest_tokens, axis.src_tokens, cropped)
        if explain:
            explanations = _explanations(stacks, vectors, i, axis, cropped)
            content = LinesContent(**vars(content), explanations=explanations)
        found.append(content)
    return heads, found


def _vectors(
    q: ArrayLike | None, k: ArrayLike | None, stacks: list[Stack], *, batched: bool, n_sequences: int
) -> list[tuple[FloatArray, FloatArray]]:
    if q is not None and k is not None:
        return array_shapes.queries_and_keys(q, k, stacks, batched=batched, n_sequences=n_sequences)
    if q is not None or k is not None:
        raise ValueError(f"q and k: give both or neither, got only {'q' if k is None else 'k'}")
    return []


def _explanations(
    stacks: list[Stack],
    vectors: list[tuple[FloatArray, FloatArray]],
    i: int,
    axes: Axes,
    patterns: Sequence[FloatArray],
) -> list[Explanation]:
    """One per head of sequence `i`. `patterns`: cropped, of all stacks in turn."""
    found: list[Explanation] = []
    for number, stack in enumerate(stacks):
        n_heads = stack.array.shape[1]
        layer = Layer(number, n_heads, [], advice=_NO_VECTORS)
        if vectors:
            queries, keys = (np.swapaxes(array[i], 0, 1) for array in vectors[number])  # [position, head, d_head]
            layer = Layer(number, n_heads, [Vectors(queries[axes.dest], keys[axes.src])], advice=_WRONG_VECTORS)
        found += explanation.explain(layer, range(n_heads), patterns[len(found) : len(found) + n_heads])
    return found


def _is_text(value: object) -> bool:
    """Whether `value` is a list of strings, or of lists of them."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, str)


def _is_square(tokens: object, dest_tokens: object, src_tokens: object) -> bool:
    if tokens is not None and dest_tokens is None and src_tokens is None:
        return True
    if tokens is None and dest_tokens is not None and src_tokens is not None:
        return False
    given = [
        n for n, t in (("tokens", tokens), ("dest_tokens", dest_tokens), ("src_tokens", src_tokens)) if t is not None
    ]
    raise ValueError(
        f"tokens: give tokens= (square patterns), or dest_tokens= and src_tokens=, got {' and '.join(given) or 'none of them'}"
    )


def _square_length(stacks: list[Stack]) -> int:
    _, _, dest, src = stacks[0].array.shape
    if dest != src:
        raise ValueError(
            f"attention: with tokens= it must be square, got {dest} destination and {src} source positions; "
            "for other shapes give dest_tokens= and src_tokens="
        )
    return int(dest)


def _square(
    matrices: list[FloatArray],
    i: int,
    tokens: tuple[str, ...],
    mask: padding_checks.Positions | None,
    side: Side | None,
) -> Axes:
    length, where = matrices[0].shape[-1], f"tokens: sequence {i}"

    def padding() -> Side:
        known = padding_checks.side_of(side, padding_checks.masked_side(matrices, len(tokens)), where)
        if known is None:
            raise padding_checks.unknown_side(where, len(tokens), length)
        return known

    return token_axes.self_attention(tokens, length, mask=mask, side=padding, where=where)


def _cross(stacks: list[Stack], i: int, dest: tuple[str, ...], src: tuple[str, ...], side: Side | None) -> Axes:
    shape = stacks[0].array.shape
    return token_axes.cross_attention(dest, src, (shape[-2], shape[-1]), side=side, where=f"sequence {i}")

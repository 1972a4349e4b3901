"""The figure of `attention.from_values`: arrays and tokens matched, contents named and drawn."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._attention import array_contents, attention_figure
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.colors import CustomColors


def figure(
    attention: ArrayLike,
    sequences: SequenceInput,
    options: Options,
    *,
    head_names: Sequence[str] | None = None,
    limits: tuple[float | None, float | None] = (None, None),
    q: ArrayLike | None = None,
    k: ArrayLike | None = None,
    colors: CustomColors | None = None,
) -> Figure:
    """The figure of the arrays. Arguments and errors as in `attention.from_values`; `limits` are (min_value, max_value)."""
    if options.mode != "lines" and (q is not None or k is not None):
        raise ValueError(f'q and k: only mode="lines" shows them, got mode={options.mode!r}; leave them out')
    sequences.check_mode(options.mode)
    ends = color_limits(*limits)
    heads, contents = array_contents.contents(attention, sequences, options, head_names=head_names, q=q, k=k)
    return attention_figure.figure(
        contents,
        heads,
        options,
        value_names=[f"attention: {head.name}" for head in heads],
        labels=sequences.batch_labels is not None,
        limits=ends,
        colors=colors,
        head_selector="layer" if len({head.layer for head in heads}) > 1 else "head",
    )

"""The figure of `attention.from_cache`: heads and sequences selected, their contents read, named and drawn."""

from __future__ import annotations

from circuitsvis._attention import attention_figure
from circuitsvis._attention.cache_contents import CacheContents
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import PATTERN
from circuitsvis._input import display_names, selection
from circuitsvis._input.options import Options
from circuitsvis._input.selection import BatchIdx, Heads, Layers
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._page.figure import Figure
from circuitsvis._wire.props.colors import CustomColors


def figure(
    cache: AttentionCache,
    sequences: SequenceInput,
    options: Options,
    *,
    heads: Heads = None,
    layers: Layers = None,
    batch_idx: BatchIdx = None,
    limits: tuple[float | None, float | None] = (None, None),
    colors: CustomColors | None = None,
) -> Figure:
    """The figure of the chosen heads and sequences.

    Arguments and errors as in `attention.from_cache`; `limits` are (min_value, max_value), checked.
    """
    sequences.check_mode(options.mode)
    pairs = selection.heads(
        heads,
        layers,
        cached=cache.layers,
        n_layers=cache.n_layers,
        n_heads=cache.n_heads,
    )
    contents = CacheContents(cache, pairs, sequences, options)
    return attention_figure.figure(
        contents.of_sequences(selection.batch(batch_idx, contents.batch_size)),
        [display_names.head(layer, head, options.head_notation) for layer, head in pairs],
        options,
        value_names=[f"cache: {cache.name(layer, PATTERN)}, head {head}" for layer, head in pairs],
        labels=sequences.batch_labels is not None,
        head_selector="layer" if heads is None else "head",
        notes=contents.notes,
        limits=limits,
        colors=colors,
    )

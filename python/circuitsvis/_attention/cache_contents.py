"""The content of each sequence of a cache: tokens, patterns and weights of the chosen heads, padding cropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from circuitsvis._alignment.batch import Batch
from circuitsvis._attention.value_weights import ValueWeights
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.hook_names import DEFAULT_MODULE
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.made_later import MadeLater
from circuitsvis._input.display_names import batch_label
from circuitsvis._input.options import Options
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._input.token_axes import Axes
from circuitsvis._lines.cache_computations import CacheComputations
from circuitsvis._lines.encode_lines import LinesContent
from circuitsvis._wire.encode_sequence import AttentionContent


class CacheContents:
    """Reads the chosen heads of a cache, one sequence at a time.

    Args:
        cache: the activations.
        heads: (layer, head) pairs in the order they are shown.
        sequences: tokens, mask and labels as the user passed them.
        options: with mode="lines" the contents include the computation of each pattern.

    Attributes:
        batch_size: sequences of the cache, 1 without a batch axis.

    Raises:
        MissingActivationError, TypeError, ValueError: as `attention.from_cache` documents, before any value is read.
    """

    def __init__(
        self, cache: AttentionCache, heads: Sequence[tuple[int, int]], sequences: SequenceInput, options: Options
    ) -> None:
        self._heads = heads
        self._sequences = sequences
        self._cache = cache
        shape = cache.shape(sorted({layer for layer, _ in heads}))
        self.batch_size = shape[0]
        self._weights = ValueWeights(cache, heads, options.attention_type)
        self._batch = Batch(
            sequences.tokens, sequences.src_tokens, sequences.attention_mask, options.padding_side, shape, cache
        )
        self._is_live = options.live
        self._is_self_attention = cache.module == DEFAULT_MODULE
        self._computations = CacheComputations(cache, heads) if options.mode == "lines" else None

    def _patterns(self, sequence: CachedSequence, axis: Axes) -> Sequence[FloatArray]:
        """[dest, src] of each head; of a live figure read again each time it is asked for."""

        def pattern(index: int) -> FloatArray:
            return axis.crop(sequence.pattern(*self._heads[index]))

        patterns = MadeLater(len(self._heads), pattern)
        return patterns if self._is_live else list(patterns)

    @property
    def notes(self) -> Sequence[str]:
        """Sentences for the page about missing weights; complete after all contents have been read."""
        return self._weights.notes

    def of_sequences(self, indices: Sequence[int]) -> Iterator[AttentionContent | LinesContent]:
        """The content of each sequence, given its index in the batch."""
        axes = self._batch.axes(indices)
        segments = self._sequences.segments_of(axes, indices, self.batch_size)
        spans = self._sequences.spans_of(axes, indices, self.batch_size)
        weights = self._weights.all_of([(index, axis.src) for index, axis in zip(indices, axes, strict=True)])
        for position, (index, axis) in enumerate(zip(indices, axes, strict=True)):
            sequence = CachedSequence(self._cache, index)
            patterns = self._patterns(sequence, axis)
            content = AttentionContent(
                label=batch_label(
                    self._sequences.batch_labels, position, index, axis.dest_tokens, len(indices), self.batch_size
                ),
                dest_tokens=axis.dest_tokens,
                src_tokens=axis.src_tokens,
                attention=patterns,
                weights=weights[position],
                self_attention=self._is_self_attention,
                spans=spans[position],
            )
            if self._computations:
                yield LinesContent(content, self._computations.of_sequence(index, axis, patterns), segments[position])
            else:
                yield content

"""From a cache, a selection and tokens to the content of each sequence: patterns cropped, norms where they are cached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from circuitsvis._alignment.batch import Batch
from circuitsvis._attention.value_weights import ValueWeights
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import ArrayLike, FloatArray, to_float32, with_batch
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._input.padding_checks import Side
from circuitsvis._lines import cache_explanations
from circuitsvis._lines.encode_lines import LinesContent
from circuitsvis._wire.encode_sequence import Content
from circuitsvis._wire.props import AttentionType


@dataclass(frozen=True)
class Request:
    """What was asked of `from_cache`, checked as far as it can be without data."""

    tokens: ArrayLike
    src_tokens: ArrayLike | None
    attention_mask: ArrayLike | None
    padding_side: Side | None
    attention_type: AttentionType
    batch_labels: BatchLabels
    explain: bool = False
    """Whether the computation of the patterns is shown (mode="lines")."""


class Gather:
    """Reads the chosen heads of a cache, one sequence at a time.

    Args:
        cache: where the activations are.
        heads: (layer, head) pairs in the order they are shown.
        request: the other arguments.

    Raises:
        MissingActivationError, TypeError, ValueError: as `from_cache` documents; before any value is read.
    """

    def __init__(self, cache: AttentionCache, heads: Sequence[tuple[int, int]], request: Request) -> None:
        self._heads = heads
        self._request = request
        layers = sorted({layer for layer, _ in heads})
        self._patterns = {layer: with_batch(cache.pattern(layer), 4) for layer in layers}
        shape = cache.shape(layers)
        self.batch_size = shape[0]
        self._weights = ValueWeights(cache, heads, request.attention_type)
        self._batch = Batch(
            request.tokens, request.src_tokens, request.attention_mask, request.padding_side, shape, cache
        )
        self._computing = cache_explanations.Computing(cache, heads) if request.explain else None

    @property
    def notes(self) -> Sequence[str]:
        """Sentences on what the data showed; complete once the contents have been read."""
        return self._weights.notes

    def contents(self, batch: Sequence[int]) -> Iterator[Content]:
        """The content of each chosen sequence. `batch` holds checked indices."""
        axes = self._batch.axes(batch)
        weights = self._weights.all_of([(index, axis.src) for index, axis in zip(batch, axes, strict=True)])
        for position, (index, axis) in enumerate(zip(batch, axes, strict=True)):
            label = batch_label(
                self._request.batch_labels, position, index, axis.dest_tokens, len(batch), self.batch_size
            )
            attention = [axis.crop(head) for head in self._matrices(index)]
            value, info = weights[position].value, weights[position].info
            content = Content(label, axis.dest_tokens, axis.src_tokens, attention, value, info)
            if self._computing:
                explanations = self._computing.explanations(index, axis, attention)
                content = LinesContent(**vars(content), explanations=explanations)
            yield content

    def _matrices(self, index: int) -> list[FloatArray]:
        return [to_float32(self._patterns[layer][index][head], "cache") for layer, head in self._heads]

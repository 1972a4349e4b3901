"""The components of a model from its cache: each head by source, the rest of the shown layers, and everything else in sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from circuitsvis._arrays import FloatArray, to_float32, with_batch
from circuitsvis._cache import AttentionCache
from circuitsvis._decompose import Float64, HeadPart, Part, head_values, reading_directions
from circuitsvis._ledger import Ledger
from circuitsvis._projection import Place, Projection
from circuitsvis._residual import Residual

_WHY = "attribution"


class Components:
    """Splits a logit, one sequence at a time.

    Args:
        cache: with the model.
        pairs: the (layer, head) pairs that are shown; MLP and attention bias of their layers are too.

    Raises:
        MissingActivationError, ValueError: something that is shown, or the logit itself, cannot be read.
    """

    def __init__(self, cache: AttentionCache, pairs: Sequence[tuple[int, int]]) -> None:
        self._cache = cache
        self._pairs = pairs
        self._layers = sorted({layer for layer, _ in pairs})
        self.shape = cache.shape(self._layers)
        if self.shape[1] != self.shape[2]:
            raise ValueError(
                f"cache: {_WHY} needs the patterns of a whole forward pass, [position, position], got {self.shape[1]} "
                f"destination and {self.shape[2]} source positions; run without pos_slice and without a key-value cache"
            )
        for layer in self._layers:
            cache.require_values(layer, _WHY)
            if cache.output_weights(layer) is None:
                raise ValueError(
                    f"model: {_WHY} needs W_O of {cache.module.format(layer=layer)}, "
                    f"which {type(cache.model).__name__} has not there; pass the model that made the cache"
                )
        self._stream = Residual(cache)
        self._stream.require(self._layers)

    def check_sum(self, index: int) -> None:
        """Raises ValueError where the model's logits are not a sum over its components."""
        self._stream.check_sum(index)

    def patterns(self, index: int) -> list[FloatArray]:
        """The patterns of the shown heads over all positions of the cache, [dest, src] each."""
        return [self._pattern(layer, index)[head] for layer, head in self._pairs]

    def split(
        self, place: Place, projection: Projection, *, separate_b_u: bool
    ) -> tuple[tuple[HeadPart, ...], tuple[Part, ...], FloatArray]:
        """Heads and other parts of one sequence as `Attribution` holds them, and the total, [dest]."""
        ledger = Ledger(self._stream, place, projection)
        heads: dict[tuple[int, int], HeadPart] = {}
        ledger.show("embed", None, ledger.embed())
        ledger.show("pos_embed", None, ledger.pos_embed())
        for layer in range(self._stream.n_layers):
            if layer in self._layers:
                heads |= self._shown_layer(layer, place, ledger)
            elif self._stream.knows(layer):
                self._hide_layer(layer, place, ledger)
            else:
                ledger.miss()
        ledger.show_constants(separate_b_u=separate_b_u)
        total = ledger.close().astype(np.float32)
        return tuple(heads[pair] for pair in self._pairs), tuple(ledger.parts), total

    def _shown_layer(self, layer: int, place: Place, ledger: Ledger) -> dict[tuple[int, int], HeadPart]:
        shown = {}
        for head, values in enumerate(self._heads(layer, place, ledger)):
            if (layer, head) not in self._pairs:
                ledger.hide(values.sum(-1))
                continue
            own = values[:, place.kept]
            shown[layer, head] = HeadPart(layer, head, own.astype(np.float32))
            ledger.count(own.sum(-1))
            beyond = values.sum(-1) - own.sum(-1)
            if len(place.kept) < place.length and beyond.any():
                ledger.hide(beyond)  # read from padding that the model did not mask
        ledger.show("attention bias", layer, ledger.attention_bias(layer))
        ledger.show("mlp", layer, ledger.mlp(layer))
        return shown

    def _hide_layer(self, layer: int, place: Place, ledger: Ledger) -> None:
        attention = ledger.attention_output(layer)
        if attention is not None:
            ledger.hide(attention)
        else:
            for values in self._heads(layer, place, ledger):
                ledger.hide(values.sum(-1))
            ledger.hide(ledger.attention_bias(layer))
        ledger.hide(ledger.mlp(layer))

    def _heads(self, layer: int, place: Place, ledger: Ledger) -> Iterator[Float64]:
        """What each head of a layer wrote, [dest, position of the cache]."""
        direction, divisor = ledger.before_attention_norm(layer)
        pattern = self._pattern(layer, place.index)
        v = to_float32(with_batch(self._cache.require_values(layer, _WHY), 4)[place.index], "cache")
        reads = reading_directions(to_float32(self._cache.output_weights(layer), "W_O"), direction)
        group = len(pattern) // v.shape[1]  # query heads that read the same key head are neighbours
        for head, rows in enumerate(pattern):
            yield head_values(rows[ledger.rows], v[:, head // group], reads[head], divisor)

    def _pattern(self, layer: int, index: int) -> FloatArray:
        return to_float32(with_batch(self._cache.pattern(layer), 4)[index], "cache")

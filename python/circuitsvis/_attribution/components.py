"""The components of a model from its cache: each head by source, the rest of the shown layers, and everything else in sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._attribution.decompose import HeadPart, Part, head_values, reading_directions
from circuitsvis._attribution.projection import Place, Projection
from circuitsvis._attribution.residual_sum import Ledger
from circuitsvis._cache.activations import recorded
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.head_outputs import HeadOutputs, LayerOutputs, names, scaled
from circuitsvis._cache.residual_stream import Residual
from circuitsvis._common.arrays import Float64, FloatArray, shape_of, to_float32
from circuitsvis._common.rounding import sum_tolerance

_WHY = "attribution"

_NOTABLE = 1e-3
"""Share of a logit that is pointed out where it is unaccounted for, or `_ROUNDINGS` times the cache's precision if that is more."""

_ROUNDINGS = 3.2
"""bfloat16 caches lack up to 0.02 of a logit, 1.3 times the error of a sum of their numbers."""


class Split(NamedTuple):
    """One sequence's heads and other parts as `Attribution` holds them, the total [dest], and notes on what the data showed."""

    heads: tuple[HeadPart, ...]
    parts: tuple[Part, ...]
    total: FloatArray
    notes: tuple[str, ...]


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
        self._outputs = {layer: LayerOutputs(cache, layer, _WHY) for layer in self._layers}
        for layer in self._layers:
            self._check_weights(layer)
        self._stream = Residual(cache)
        self._stream.require(self._layers)
        self.width = self._stream.width

    def check_logit_path(self, index: int, *, over_vocabulary: bool) -> None:
        """Raises ValueError where the model's logits are not a sum over its components."""
        self._stream.check_logit_path(index, over_vocabulary=over_vocabulary)

    def patterns(self, index: int) -> list[FloatArray]:
        """The patterns of the shown heads over all positions of the cache, [dest, src] each."""
        return [self._pattern(layer, index)[head] for layer, head in self._pairs]

    def split(self, place: Place, projection: Projection, *, separate_b_u: bool) -> Split:
        """The components of one sequence."""
        ledger = Ledger(self._stream, place, projection)
        heads: dict[tuple[int, int], HeadPart] = {}
        notes: list[str] = []
        ledger.show("embed", None, ledger.embed())
        ledger.show("pos_embed", None, ledger.pos_embed())
        for layer in range(self._stream.n_layers):
            if layer in self._layers:
                heads |= self._shown_layer(layer, place, ledger, notes)
            elif self._stream.knows(layer):
                self._hide_layer(layer, place, ledger)
            else:
                ledger.miss()
        ledger.show_constants(separate_b_u=separate_b_u)
        total = ledger.close().astype(np.float32)
        notes += self._multiplied(place.index)
        notes += _unaccounted(ledger, total)
        return Split(tuple(heads[pair] for pair in self._pairs), tuple(ledger.parts), total, tuple(notes))

    def _shown_layer(
        self, layer: int, place: Place, ledger: Ledger, notes: list[str]
    ) -> dict[tuple[int, int], HeadPart]:
        outputs = self._outputs[layer].read(place.index)
        explained, reach = np.zeros(len(ledger.rows)), np.zeros(len(ledger.rows))
        shown = {}
        for head, values in enumerate(self._heads(layer, outputs, ledger)):
            explained += values.sum(-1)
            reach += np.abs(values).sum(-1)
            if (layer, head) not in self._pairs:
                ledger.hide(values.sum(-1))
                continue
            own = values[:, place.kept]
            shown[layer, head] = HeadPart(layer, head, own.astype(np.float32))
            ledger.count(own.sum(-1))
            beyond = values.sum(-1) - own.sum(-1)
            if len(place.kept) < place.length and beyond.any():
                ledger.hide(beyond)  # read from padding that the model did not mask
        bias = ledger.attention_bias(layer)
        ledger.show("attention bias", layer, bias)
        if bias is not None:
            explained += bias
            reach += np.abs(bias)
        precision = sum_tolerance(outputs.pattern, outputs.values)
        ledger.precision = max(ledger.precision, precision)
        tolerance = 0.0 if outputs.differing else precision  # what is known to differ is shown however little it is
        differs = ledger.show_attention_remainder(layer, explained, reach, tolerance)
        notes += _notes(layer, outputs, differs=differs)
        ledger.show("mlp", layer, ledger.mlp(layer))
        ledger.show_branch(layer, precision)
        return shown

    def _hide_layer(self, layer: int, place: Place, ledger: Ledger) -> None:
        change = ledger.block_change(layer)
        if change is not None:
            ledger.hide(change)
            return
        attention = ledger.attention_output(layer)
        if attention is not None:
            ledger.hide(attention)
        else:
            for values in self._heads(layer, LayerOutputs(self._cache, layer, _WHY).read(place.index), ledger):
                ledger.hide(values.sum(-1))
            ledger.hide(ledger.attention_bias(layer))
        ledger.hide(ledger.mlp(layer))

    def _heads(self, layer: int, outputs: HeadOutputs, ledger: Ledger) -> Iterator[Float64]:
        """What each head of a layer wrote, [dest, position of the cache]."""
        direction, divisor = ledger.before_attention_norm(layer)
        reads = reading_directions(to_float32(self._cache.output_weights(layer), "W_O"), direction)
        for head, rows in enumerate(outputs.pattern):
            gate = 1.0 if outputs.gate is None else outputs.gate[ledger.rows, head]
            yield head_values(rows[ledger.rows], outputs.values_of(head), reads[head] * gate, divisor)

    def _multiplied(self, index: int) -> list[str]:
        """Sentences on layers whose heads' outputs are multiplied by something on their way into the stream."""
        layers: dict[str, list[str]] = {}
        for layer in self._layers:
            factor = self._stream.after_attention(layer).unusual_factor(index)
            if factor is not None:
                layers.setdefault(f"{factor:.3g}", []).append(str(layer))
        return [
            f"Layer{'s' if len(names) > 1 else ''} {', '.join(names)}: what the heads wrote is multiplied by {factor} before it "
            "reaches the residual stream. The values shown include it."
            for factor, names in layers.items()
        ]

    def _check_weights(self, layer: int) -> None:
        """Raises ValueError unless the heads' outputs can be projected, and no unseen step lies between."""
        cache, name = self._cache, type(self._cache.model).__name__
        module = cache.module.format(layer=layer)
        weights, values = cache.output_weights(layer), cache.values(layer)
        if weights is None or values is None:
            reason = "there is no model" if cache.model is None else f"{name} has none of that name"
            raise ValueError(f"model: {_WHY} needs W_O of {module}, but {reason}; pass the model that made the cache")
        d_head, width = shape_of(weights, "W_O")[1], shape_of(values, "cache")[-1]
        if d_head != width:
            raise ValueError(
                f"model: W_O of {module} reads vectors of length {d_head}, but the values in the cache have length {width}; "
                "pass the model that made the cache"
            )
        unseen = cache.unseen_step(layer)
        if unseen is not None:
            raise cache.missing(unseen, _WHY, recorded())

    def _pattern(self, layer: int, index: int) -> FloatArray:
        return self._cache.of_sequence(layer, self._cache.pattern(layer), index)


def _notes(layer: int, outputs: HeadOutputs, *, differs: bool) -> list[str]:
    """Sentences on what lies between pattern · v and the stream in this layer."""
    notes = []
    if outputs.gate is not None and outputs.gate.shape[-1] > 1:
        notes.append(
            f"Layer {layer}: the model multiplies each dimension of the heads' outputs by a gate of the destination before W_O. "
            "The values shown include it."
        )
    factor = scaled(layer, outputs)
    if factor is not None:
        notes.append(f"{factor}. The values shown include it.")
    if outputs.differing:
        notes.append(
            f"Layer {layer}: what {names(layer, outputs.differing)} passed to W_O (hook_z) is not pattern · v. "
            f'The values shown are those of pattern · v; the difference is in "Attn remainder {layer}".'
        )
    elif differs:
        notes.append(
            f"Layer {layer}: the heads and their bias do not add up to hook_attn_out; the difference is "
            f'"Attn remainder {layer}".'
        )
    return notes


def _unaccounted(ledger: Ledger, total: FloatArray) -> list[str]:
    """A sentence where the parts lack more of the total than rounding explains, or nothing was compared."""
    if not ledger.compared:
        return [
            "The cache holds neither the last residual stream nor the output of the final norm: the logit shown is the sum of the "
            "parts, and what else the model may have written is not in it."
        ]
    missing = [np.abs(part.values).max() for part in ledger.parts if part.kind == "unaccounted"]
    notable = max(_NOTABLE, _ROUNDINGS * ledger.precision)
    if not missing or missing[0] <= notable * max(1.0, float(np.abs(total).max())):
        return []
    return [
        f"Up to {missing[0]:.3g} of the logit is unaccounted for: something else wrote to the residual stream or changed the logit, "
        "for example a hook; the cache is of another model; or it was rounded after the forward pass."
    ]

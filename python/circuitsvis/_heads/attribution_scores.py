"""What each head adds to the logit of the correct next token, through the final norm and the unembedding alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._attribution.contraction import value_directions
from circuitsvis._attribution.contributions import Contributions
from circuitsvis._attribution.directions import Destinations, NextToken
from circuitsvis._cache import attention_module, model_attributes, output_path
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.finite_check import check_finite
from circuitsvis._cache.head_outputs import LayerOutputs
from circuitsvis._cache.hook_names import DEFAULT_MODULE, FOR_ATTRIBUTION
from circuitsvis._cache.residual_stream import ResidualStream
from circuitsvis._cache.unembedding import Unembedding
from circuitsvis._common.arrays import Float64, to_float32
from circuitsvis._heads.definitions import ABSOLUTE_ATTRIBUTION, ATTRIBUTION
from circuitsvis._heads.fractions import Fraction, Fractions

_FEATURE = "attribution"


class AttributionScores:
    """Computes both scores, one sequence at a time.

    Args:
        cache: the activations, with the model.
        layers: the layers whose heads are scored.

    Raises:
        MissingActivationError, ValueError: the cache or the model lacks something, or the model's logits are not a sum over its heads.
    """

    def __init__(self, cache: AttentionCache, layers: Sequence[int]) -> None:
        if cache.module != DEFAULT_MODULE:
            raise ValueError(f"module: attribution is of {DEFAULT_MODULE}, which decoders have, not of {cache.module}")
        if cache.model is None:
            raise ValueError("model: attribution needs the model's weights, but there is no model; pass model=")
        model_attributes.check_decoder(cache.model)
        self._cache, self._layers = cache, layers
        self._stream = ResidualStream(cache)
        self._unembedding = Unembedding(cache.model, self._stream.width)
        self._unembedding.check_vocabulary()

    def of_sequence(self, index: int, ids: tuple[int, ...], positions: npt.NDArray[np.intp]) -> list[Fractions]:
        """The scores of each layer.

        Args:
            index: index of the sequence in the batch.
            ids: its tokens, without padding.
            positions: [token], where they are among the positions of the cache.

        Raises:
            MissingActivationError, ValueError: as the class, where only this sequence shows it.
        """
        n_positions = self._cache.shape(self._layers)[1]
        destinations = Destinations(index, tuple(range(len(ids) - 1)), positions, n_positions)
        if not destinations.dest:
            return [_fractions(np.zeros((self._cache.n_heads(layer), 0))) for layer in self._layers]
        next_token = NextToken(ids)
        check_finite(self._cache, index, destinations.cache_positions)
        next_token.check(destinations, self._unembedding.d_vocab)
        self._stream.check_logit_path(index, over_vocabulary=True)
        direction = next_token.resolve(destinations, self._unembedding, self._cache.model)
        contributions = Contributions(self._stream, destinations, direction)
        return [_fractions(self._added(layer, index, contributions)) for layer in self._layers]

    def _added(self, layer: int, index: int, contributions: Contributions) -> Float64:
        """[head, dest]: what each head adds to the logit."""
        direction, divisor = contributions.head_direction(layer)
        weights = attention_module.require_output_weights(self._cache, layer)
        along = value_directions(to_float32(weights, "W_O"), direction)
        outputs = self._outputs(layer, index)[:, contributions.rows]
        if outputs.shape[-1] != along.shape[-1]:
            raise ValueError(
                f"model: W_O of layer {layer} reads vectors of length {along.shape[-1]}, but the heads' outputs in the cache have length "
                f"{outputs.shape[-1]}; pass the model that made the cache"
            )
        added: Float64 = np.einsum("hqe,hqe->hq", outputs, np.broadcast_to(along, outputs.shape)) / divisor
        return added

    def _outputs(self, layer: int, index: int) -> Float64:
        """[head, position, d_head]: hook_z, which W_O reads; if it is not cached, pattern · v."""
        n_heads = self._cache.n_heads(layer)
        z = CachedSequence(self._cache, index).head_outputs(layer)
        if z is not None and z.shape[1] % n_heads == 0:
            return z.reshape(len(z), n_heads, -1).swapaxes(0, 1).astype(np.float64)
        unseen = output_path.unseen_step(self._cache, layer)
        if unseen is not None:
            raise self._cache.missing(unseen, _FEATURE, FOR_ATTRIBUTION)
        outputs = LayerOutputs(self._cache, layer, _FEATURE).read(index)
        return np.stack(
            [
                pattern.astype(np.float64) @ outputs.values_of(head).astype(np.float64)
                for head, pattern in enumerate(outputs.pattern)
            ]
        )


def _fractions(added: Float64) -> Fractions:
    """Both scores from what each head adds, [head, dest]."""
    n_dest = float(added.shape[1])
    return {
        ATTRIBUTION.name: Fraction(added.sum(-1), n_dest),
        ABSOLUTE_ATTRIBUTION.name: Fraction(np.abs(added).sum(-1), n_dest),
    }

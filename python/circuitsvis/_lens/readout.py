"""The numbers of a logit lens for one sequence, block by block: at no time is there more than a block of distributions in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.batch_axis import of_sequence
from circuitsvis._cache.stream_cache import Stage, StreamCache
from circuitsvis._common.arrays import is_torch_tensor
from circuitsvis._lens import lens_function
from circuitsvis._lens.lens_function import LensFunction
from circuitsvis._lens.output_head import OutputHead
from circuitsvis._lens.summary import Int64, Summary, joined

BLOCK = 2**23
"""Logits that are computed at once, 32 MB in float32 (64 MB of numpy arrays, in float64): of some positions, and of as many stages
as fit. A few arrays of this size are in memory at a time."""


class Readout:
    """Reads stages of the residual stream through the output head, or through a lens of the user's.

    Args:
        cache: the activations.
        head: the model's.
        stages: those that are read, from the embedding on.
        lens: instead of the head, for all stages but the last.
        top_k: likeliest tokens to keep.
    """

    def __init__(
        self, cache: StreamCache, head: OutputHead, stages: Sequence[Stage], lens: LensFunction | None, top_k: int
    ) -> None:
        self._cache, self._head, self._lens, self._k = cache, head, lens, min(top_k, head.d_vocab)
        self._last = cache.before(cache.n_layers)
        self._others = [stage for stage in stages if stage != self._last]
        self._shows_last = self._last in stages

    def sequence(self, index: int, positions: npt.NDArray[np.intp], targets: Int64) -> Summary:
        """The numbers of one sequence.

        Args:
            index: of the sequence in the batch.
            positions: of the cache, in the order in which they are shown.
            targets: [position] ids, negative where there is none.

        Raises:
            TypeError, ValueError: the cache holds NaN or infinity there, or the lens fails.
        """
        rows = max(1, BLOCK // self._head.d_vocab)
        per_block = min(len(positions), rows)
        parts = [
            self._block(index, positions[start : start + per_block], targets[start : start + per_block], rows)
            for start in range(0, len(positions), per_block)
        ]
        return joined(parts, axis=1).without_targets(targets < 0)

    def _block(self, index: int, positions: npt.NDArray[np.intp], targets: Int64, rows: int) -> Summary:
        """The numbers of all stages at some positions."""
        backend, known = self._head.backend, np.maximum(targets, 0)
        last = self._head.logits(self._streams(self._last, index, positions))
        final = backend.log_probs(last)
        parts = []
        at_once = 1 if self._lens else max(1, rows // len(positions))
        for start in range(0, len(self._others), at_once):
            stages = self._others[start : start + at_once]
            parts.append(backend.summary(self._logits(stages, index, positions), final, known, self._k))
        if self._shows_last:
            own = backend.summary(last[None], final, known, self._k)
            parts.append(own._replace(divergences=np.zeros_like(own.divergences)))
        return joined(parts, axis=0)

    def _logits(self, stages: Sequence[Stage], index: int, positions: npt.NDArray[np.intp]) -> Any:
        """[stage, position, d_vocab]."""
        streams = [self._streams(stage, index, positions) for stage in stages]
        if self._lens is None:
            return self._head.logits(self._head.backend.stacked(streams))
        (stage,) = stages
        return lens_function.apply(self._lens, streams[0], stage.layer, self._head.d_vocab, self._head.backend)[None]

    def _streams(self, stage: Stage, index: int, positions: npt.NDArray[np.intp]) -> Any:
        """A copy of the cached rows [position, d_model]."""
        hook = self._cache.hook_of(stage)
        tensor = None if hook is None else self._cache.activation(hook)
        if hook is None or tensor is None:
            raise ValueError(f"cache: it no longer holds {stage.hooks[0]!r}")
        part: Any = of_sequence(tensor, index, 2)[positions]
        part = part.detach() if is_torch_tensor(part) else np.asarray(part)
        finite = self._head.backend.finite_rows(part)
        if not finite.all():
            raise ValueError(
                f"cache: the logit lens needs finite streams, got NaN or infinity in {hook} of sequence {index} at position "
                f"{int(positions[finite.argmin()])} of the cache; run the model in float32 or bfloat16 if float16 overflowed, or leave "
                "the position out with seq_pos="
            )
        return part

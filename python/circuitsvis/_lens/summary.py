"""What is kept of the distributions of a block of positions: a few numbers for each, whatever the length of the vocabulary."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64

Int64 = npt.NDArray[np.int64]


class Summary(NamedTuple):
    """Numbers for each stage and position.

    Attributes:
        top: [stage, position, k] ids of the likeliest tokens, likeliest first.
        top_log_probs: [stage, position, k].
        target_log_probs: [stage, position]; NaN where there is no target.
        target_ranks: [stage, position], 1 plus the number of strictly likelier tokens; 0 where there is no target.
        entropies: [stage, position], in nats.
        divergences: [stage, position], D_KL(final || stage) in nats: 0 where a stage predicts what the model does.
    """

    top: Int64
    top_log_probs: Float64
    target_log_probs: Float64
    target_ranks: Int64
    entropies: Float64
    divergences: Float64

    def without_targets(self, missing: npt.NDArray[np.bool_]) -> Summary:
        """The same with no target at the positions where `missing`, [position], is true."""
        return self._replace(
            target_log_probs=np.where(missing, np.nan, self.target_log_probs),
            target_ranks=np.where(missing, 0, self.target_ranks),
        )


def joined(parts: list[Summary], axis: int) -> Summary:
    """Summaries of consecutive stages (axis 0) or positions (axis 1) as one."""
    return Summary(*(np.concatenate(columns, axis=axis) for columns in zip(*parts, strict=True)))

"""Heads without some of their sources. The twin of `frontend/src/data/hidden.ts` and `sinks.ts`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._wire.props.switches import Hide

Positions: TypeAlias = npt.NDArray[np.intp]

SINK_SHARE, SINK_QUERIES = 0.3, 5
"""As in `sinks.ts`."""


def hidden_sources(values: Float64, hide: Hide, own: Positions) -> Bools:
    """[..., src]: the hidden sources of heads [..., dest, src], NaN where there is no value; `own` as for `sinks`."""
    if hide == "first":
        marks = np.zeros(values.shape[:-2] + values.shape[-1:], bool)
        marks[..., 0] = True
        return marks
    return sinks(values, own)


def sinks(values: Float64, own: Positions) -> Bools:
    """[..., src]: whether a source is a sink: its share of the attention is above `SINK_SHARE`, in the mean over queries of other tokens
    that have a value there.

    Args:
        values: [..., dest, src].
        own: the source that is a destination's own token, -1 for none.
    """
    present = ~np.isnan(values)
    sizes = np.abs(np.where(present, values, 0.0))
    all_ = sizes.sum(axis=-1, keepdims=True)
    present &= all_ > 0
    others = np.arange(values.shape[-1]) != own[:, None]
    present &= others
    shares = (sizes * others / np.where(all_ > 0, all_, 1.0)).sum(axis=-2)
    queries = present.sum(axis=-2)
    found: Bools = (queries >= SINK_QUERIES) & (shares > SINK_SHARE * queries)
    return found


def without(values: Float64, sources: Bools, *, renormalize: bool) -> Float64:
    """The values with NaN for hidden sources; renormalized, each row is divided by the sum of what remains, NaN if nothing does."""
    kept = np.where(sources[..., None, :], np.nan, values)
    if not renormalize:
        return kept
    rest = np.nansum(kept, axis=-1, keepdims=True)
    divided: Float64 = kept / np.where(rest > 0, rest, np.nan)
    return divided

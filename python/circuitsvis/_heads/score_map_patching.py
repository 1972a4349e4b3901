"""Results of TransformerLens's patching functions (`PatchingResult`, TransformerLens 4) as arrays [layer, head]."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from circuitsvis._common.arrays import to_float64

_AXES = ["layer", "head"]
_RENAMED = {"head_index": "head"}


def is_result(scores: object) -> bool:
    """Whether it is a `PatchingResult`. Its class is not imported."""
    return all(hasattr(scores, name) for name in ("values", "axis_names", "metric_names", "reduced"))


def arrays(result: Any) -> Iterator[tuple[str, Any]]:
    """A name and an array [layer, head] for each metric and each kind of patch; a batch is averaged.

    Raises:
        ValueError: the result has other axes than layer and head.
    """
    axes = [_RENAMED.get(axis, axis) for axis in result.axis_names]
    kinds = list(result.patch_type_names or []) if axes[:1] == ["patch_type"] else []
    if axes[bool(kinds) :] != _AXES:
        raise ValueError(
            f"scores: needs patching of whole heads, with the axes layer and head, got axes {', '.join(axes) or 'of an index_df'}; use "
            "get_act_patch_attn_head_out_all_pos or another of the all_pos functions of TransformerLens"
        )
    values = to_float64(result.values, "scores")
    if not result.reduced:
        values = values.mean(-1)
    metrics = list(result.metric_names)
    if not result.has_metric_axis:
        values = values[None]
    for metric, of_metric in zip(metrics, values, strict=True):
        prefix = "" if len(metrics) == 1 and metric == "metric" else metric
        if not kinds:
            yield prefix or "patching", of_metric
            continue
        for kind, grid in zip(kinds, of_metric, strict=True):
            yield f"{prefix}, {kind}" if prefix else f"patching {kind}", grid

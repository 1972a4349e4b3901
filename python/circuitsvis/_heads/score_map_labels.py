"""Values with a label for each component, as TransformerLens returns them: those of heads as an array [layer, head].

`cache.stack_head_results(return_labels=True)` and `cache.get_full_resid_decomposition(return_labels=True)` name heads "L9H6", and
`direct_logit_attribution` of TransformerLens 4 returns both as one object.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from circuitsvis._common.arrays import Float64, to_float64

_HEAD = re.compile(r"L(\d+)H(\d+)|(\d+)\.(\d+)")
_LISTED = 4


def is_attribution(value: Any) -> bool:
    """Whether it is the result of TransformerLens's `direct_logit_attribution`. Its class is not imported."""
    return all(hasattr(value, name) for name in ("attribution", "labels", "unit"))


def is_labelled(value: Any) -> bool:
    """Whether it has labels: such a result, or a pair (values, labels)."""
    return is_attribution(value) or (isinstance(value, (tuple, list)) and len(value) == 2 and _are_texts(value[1]))


def grid(value: Any, argument: str) -> tuple[tuple[int, ...], Float64, tuple[str, ...]]:
    """The layers, the values of heads [layer, head] with NaN for a head without a label, and lines of text about both.

    Further axes, of a batch or of positions, are averaged.

    Raises:
        ValueError: labels that do not fit the values, or name no head.
    """
    values, labels = (value.attribution, list(value.labels)) if is_attribution(value) else (value[0], list(value[1]))
    numbers = to_float64(values, argument)
    if numbers.ndim == 0 or len(labels) != len(numbers):
        raise ValueError(
            f"{argument}: needs a label for each value along the first axis, got {len(labels)} labels for shape {numbers.shape}"
        )
    matches = [_HEAD.fullmatch(label) for label in labels]
    heads = [tuple(int(n) for n in match.groups() if n is not None) for match in matches if match]
    if not heads:
        unit = getattr(value, "unit", None)
        fix = (
            f'got unit={unit!r}; use unit="head"'
            if unit is not None
            else f"got {_some(labels)}; use cache.stack_head_results(return_labels=True)"
        )
        raise ValueError(f'{argument}: its labels must name heads, such as "L0H0": {fix}')
    if len(set(heads)) < len(heads):
        raise ValueError(f"{argument}: its labels must name each head once, got {len(heads) - len(set(heads))} twice")
    layers = tuple(sorted({layer for layer, _ in heads}))
    result = np.full((len(layers), 1 + max(head for _, head in heads)), np.nan)
    of_heads = numbers[[match is not None for match in matches]]
    further = of_heads.shape[1:]
    if 0 in further:
        raise ValueError(f"{argument}: needs at least one value for each head, got shape {numbers.shape}")
    rows = [layers.index(layer) for layer, _ in heads]
    result[rows, [head for _, head in heads]] = of_heads.reshape(len(heads), -1).mean(1)
    others = [label for label, match in zip(labels, matches, strict=True) if not match]
    lines = []
    if np.prod(further) > 1:
        lines.append(f"Mean over {' x '.join(map(str, further))} values of each head (its other axes).")
    if others:
        lines.append(f"Components that are no heads are left out: {_some(others)}.")
    return layers, result, tuple(lines)


def _are_texts(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) > 0
        and all(isinstance(item, str) for item in value)
    )


def _some(labels: Sequence[str]) -> str:
    more = f" and {len(labels) - _LISTED} more" if len(labels) > _LISTED else ""
    return ", ".join(labels[:_LISTED]) + more

"""The scores of heads by loops over queries and keys, in float64, as docs/decisions/0053 defines them. Nothing here uses circuitsvis."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float64]
Sums: TypeAlias = dict[str, tuple[float, float]]
"""Numerator and denominator by name."""


def visible(patterns: Matrix) -> list[range]:
    """The sources that each query can see: what any head of the layer, [head, dest, src], shows of it, or of another query.

    From the first source to which it or a later query attends, to the last to which it or an earlier one does; at least to itself.
    """
    attended = [
        [k for k in range(patterns.shape[2]) if any(head[q, k] > 0 for head in patterns)]
        for q in range(patterns.shape[1])
    ]
    out = []
    for q in range(len(attended)):
        first = min(row[0] for row in attended[q:])
        out.append(range(first, max(q, *(row[-1] for row in attended[: q + 1])) + 1))
    return out


def of_head(pattern: Matrix, seen: list[range], tokens: Sequence[Hashable] | None = None) -> Sums:
    """The scores of one head, [dest, src], of one sequence. Those that compare positions mean something in self-attention only."""
    n_dest, n = pattern.shape
    out: dict[str, list[tuple[float, float]]] = {}

    def add(name: str, numerator: float, denominator: float = 1.0) -> None:
        out.setdefault(name, []).append((numerator, denominator))

    columns = [0.0] * n
    for q in range(n_dest):
        row = [float(pattern[q, k]) for k in range(n)]
        if q >= 1:
            add("previous_token@text", row[q - 1])
            add("first_token", row[0])
        if tokens is not None:
            copies = [j for j in range(q) if tokens[j] == tokens[q]]
            if copies:
                add("duplicate_token@text", sum(row[j] for j in copies))
                add("induction@text", sum(row[j + 1] for j in copies))
        if len(seen[q]) >= 2:
            entropy = _entropy(row)
            add("current_token", row[q])
            add("entropy", entropy)
            add("normalized_entropy", entropy / math.log(len(seen[q])))
            add("confidence", max(row))
            add("effective_keys", math.exp(entropy))
            add("distance", sum(a * (q - k) for k, a in enumerate(row)), sum(row))
            add("distance_variance", sum(row) * _variance(row), sum(row))
            columns = [total + a for total, a in zip(columns, row, strict=True)]
            add("queries", 1.0)
        n_others = len([k for k in seen[q] if k > 0])
        if n_others >= 2:
            _add_without_first(add, q, row, n_others)
    if "queries" in out:
        largest = max(columns)
        add("largest_column", largest, len(out.pop("queries")))
        add("largest_column_position", float(columns.index(largest)))
    return {name: (sum(a for a, _ in parts), sum(b for _, b in parts)) for name, parts in out.items()}


def _add_without_first(add: Callable[[str, float, float], None], q: int, row: list[float], n_others: int) -> None:
    mass = sum(row[1:])
    rest = [0.0] + [a / mass if mass else 0.0 for a in row[1:]]
    entropy = _entropy(rest)
    add("entropy_without_first", mass * entropy, mass)
    add("normalized_entropy_without_first", mass * entropy / math.log(n_others), mass)
    add("confidence_without_first", mass * max(rest), mass)
    add("effective_keys_without_first", mass * math.exp(entropy), mass)
    add("distance_without_first", mass * sum(a * (q - k) for k, a in enumerate(rest)), mass)
    add("distance_variance_without_first", mass * _variance(rest) if mass else 0.0, mass)


def logits(scores: Matrix, seen: list[range]) -> Sums:
    """Margin and z-score of one head's scores before the softmax, [dest, src]."""
    margins, z_scores = [], []
    for q, sources in enumerate(seen):
        values = sorted((float(scores[q, k]) for k in sources), reverse=True)
        if len(values) >= 2:
            mean = sum(values) / len(values)
            deviation = math.sqrt(sum((x - mean) ** 2 for x in values) / len(values))
            margins.append(values[0] - values[1])
            z_scores.append((values[0] - mean) / deviation if deviation else 0.0)
    return {"logit_margin": (sum(margins), len(margins)), "logit_z_score": (sum(z_scores), len(z_scores))}


def repeated(pattern: Matrix, start: int, length: int, repeats: int) -> Sums:
    """The scores of one head on one sequence of repeated tokens."""
    n = start + repeats * length
    out: dict[str, list[float]] = {"previous_token@repeated": [float(pattern[q, q - 1]) for q in range(1, n)]}
    for copy in range(1, repeats):
        for place in range(length):
            q = start + copy * length + place
            same = [start + c * length + place for c in range(copy)]
            out.setdefault("duplicate_token@repeated", []).append(float(pattern[q, same[-1]]))
            out.setdefault("induction@repeated", []).append(float(pattern[q, same[-1] + 1]))
            out.setdefault("prefix_matching@repeated", []).append(sum(float(pattern[q, k + 1]) for k in same))
    return {name: (sum(values), float(len(values))) for name, values in out.items()}


def add(sums: Sequence[Sums]) -> Sums:
    """The sums of several sequences."""
    names = {name for one in sums for name in one}
    return {name: tuple(sum(one.get(name, (0.0, 0.0))[i] for one in sums) for i in (0, 1)) for name in names}  # type: ignore[misc]


def _entropy(row: Sequence[float]) -> float:
    return -sum(a * math.log(a) for a in row if a > 0)


def _variance(row: Sequence[float]) -> float:
    """The variance of k under the row, divided by its sum."""
    mass = sum(row)
    mean = sum(a * k for k, a in enumerate(row)) / mass
    return sum(a * (k - mean) ** 2 for k, a in enumerate(row)) / mass

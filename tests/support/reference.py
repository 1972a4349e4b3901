"""Slow, obvious references: the decoder as a reader of the format would write it, and formulas as loops in float64."""

from __future__ import annotations

import math
import zlib

import numpy as np
import numpy.typing as npt
from circuitsvis._wire.props.attention import AttentionProps, AttentionSequence
from circuitsvis._wire.props.lines import Computation, LinesViewProps
from circuitsvis._wire.props.tensor import Tensor
from circuitsvis.figure import Figure

Float64 = npt.NDArray[np.float64]


def decode(tensor: Tensor) -> Float64:
    """All values of a tensor; NaN where it has none."""
    shape = tensor.shape
    out = np.full(shape, np.nan)
    parts = list(range(shape[0])) if len(tensor.chunks) == shape[0] and shape[0] > 1 else None
    for number, data in enumerate(tensor.chunks):
        codes = iter(_codes(tensor, data))
        for i in [number] if parts else range(shape[0]):
            for cell in np.ndindex(*shape[1:]):
                if tensor.layout == "causal" and cell[1] > cell[0] + shape[2] - shape[1]:
                    continue
                code = next(codes)
                if code != tensor.missing:
                    out[(i, *cell)] = (code - tensor.zero) * tensor.scales[i]
        assert next(codes, None) is None, "codes left over"
    return out


def decode_rows(tensor: Tensor) -> Float64:
    """A tensor of two axes, one scale per index of the first."""
    codes = iter([code for data in tensor.chunks for code in _codes(tensor, data)])
    rows = [[(next(codes) - tensor.zero) * scale for _ in range(tensor.shape[1])] for scale in tensor.scales]
    assert next(codes, None) is None, "codes left over"
    return np.array(rows)


def _codes(tensor: Tensor, data: bytes) -> list[int]:
    planes = zlib.decompress(data)
    if tensor.dtype == "uint8":
        return list(planes)
    width = {"uint16": 2, "uint24": 3}[tensor.dtype]
    n = len(planes) // width
    assert len(planes) == n * width, "the planes are of different length"
    return [sum(planes[plane * n + i] << 8 * (width - 1 - plane) for plane in range(width)) for i in range(n)]


def props(figure: Figure | None) -> AttentionProps:
    """The props behind a figure of attention heads."""
    assert figure is not None and isinstance(figure._props, AttentionProps)
    return figure._props


def shown(figure: Figure | None, sequence: int = 0, attention_type: str = "standard") -> Float64:
    """[head, dest, src] as the page shows it: decoded, weighted, masked cells as NaN."""
    row = props(figure).sequences[sequence]
    values = decode(row.attention)
    factors = weights(row, attention_type)
    return values if factors is None else values * decode(factors)[:, None, :]


def bound(figure: Figure | None, sequence: int = 0, attention_type: str = "standard") -> float:
    """The error bound that the page states for `shown` (weights are at most 1, and so are probabilities)."""
    row = props(figure).sequences[sequence]
    factors = weights(row, attention_type)
    return row.attention.error_bound + (factors.error_bound if factors else 0.0)


def weights(sequence: AttentionSequence, attention_type: str) -> Tensor | None:
    """The weights of an attention type, None where it has none or they are not on the page."""
    return next((tensor for name, tensor in sequence.weights.items() if name == attention_type), None)


def lines(figure: Figure | None) -> LinesViewProps:
    """The props of a figure in mode="lines"."""
    lines_props = props(figure)
    assert isinstance(lines_props, LinesViewProps)
    return lines_props


def computation(figure: Figure | None, head: int, sequence: int = 0) -> Computation:
    """The computation of a head's pattern as the page receives it."""
    return lines(figure).sequences[sequence].computations[head]


def computed(figure: Figure | None, head: int, sequence: int = 0) -> Float64:
    """[dest, src] as a reader of the page would compute it: the softmax of dot + added_term; NaN where there is no score."""
    product = computation(figure, head, sequence)
    scores = sum(decode(tensor)[0] for tensor in (product.dot, product.added_term) if tensor is not None)
    assert isinstance(scores, np.ndarray), "no scores to compute from"
    out = np.full(scores.shape, np.nan)
    for q, row in enumerate(scores):
        sources = [k for k, score in enumerate(row) if not math.isnan(score)]
        top = max((float(row[k]) for k in sources), default=0.0)
        total = math.fsum(math.exp(float(row[k]) - top) for k in sources)
        for k in sources:
            out[q, k] = math.exp(float(row[k]) - top) / total
    return out


def multiplied(figure: Figure | None, head: int, sequence: int = 0) -> tuple[Float64, Float64]:
    """The decoded vectors' q·k / divisor, [dest, src], and the largest error that their rounding may cause."""
    product = computation(figure, head, sequence)
    row = lines(figure).sequences[sequence]
    assert product.queries is not None and product.keys is not None and product.divisor
    q, k = decode(product.queries), decode(row.keys[product.keys])
    q_error = 0.51 * np.array(product.queries.scales)[:, None]
    k_error = 0.51 * np.array(row.keys[product.keys].scales)[:, None]
    largest = (np.abs(q) + q_error) @ (np.abs(k) + k_error).T - np.abs(q) @ np.abs(k).T
    return q @ k.T / product.divisor, largest / product.divisor


def value_weighted(pattern: Float64, v: Float64) -> Float64:
    """A[q, k] * |v[k]| / max |v| of one head. pattern [dest, src], v [src, d_head]."""
    norms = [math.sqrt(sum(float(x) ** 2 for x in row)) for row in v]
    return _weighted(pattern, norms)


def info_weighted(pattern: Float64, v: Float64, w_o: Float64) -> Float64:
    """A[q, k] * |v[k] @ W_O| / max |v W_O| of one head. w_o [d_head, d_model]."""
    norms = []
    for row in v:
        written = [sum(float(row[e]) * float(w_o[e, d]) for e in range(len(row))) for d in range(w_o.shape[1])]
        norms.append(math.sqrt(sum(x * x for x in written)))
    return _weighted(pattern, norms)


def _weighted(pattern: Float64, norms: list[float]) -> Float64:
    top = max(norms)
    out = np.zeros(pattern.shape)
    for q in range(pattern.shape[0]):
        for k in range(pattern.shape[1]):
            out[q, k] = float(pattern[q, k]) * (norms[k] / top if top else 0.0)
    return out

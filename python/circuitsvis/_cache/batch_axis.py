"""The batch axis of cached tensors: a cache may lack it (`remove_batch_dim`), and some tensors are cached once for all sequences."""

from __future__ import annotations

from circuitsvis._common.arrays import TensorLike, shape_of


def with_batch(tensor: TensorLike, n_axes: int) -> TensorLike:
    """The tensor with a batch axis in front; `n_axes` is the number of axes of one sequence."""
    return tensor if len(shape_of(tensor, "cache")) > n_axes else tensor[None]


def of_sequence(tensor: TensorLike, index: int, n_axes: int) -> TensorLike:
    """The values of sequence `index`, with `n_axes` axes. A batch axis of length 1 (position embeddings) serves all sequences."""
    shape = shape_of(tensor, "cache")
    if len(shape) <= n_axes:
        return tensor
    part: TensorLike = tensor[index if shape[0] > 1 else 0]
    return part

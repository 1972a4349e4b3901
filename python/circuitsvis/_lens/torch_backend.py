"""The arithmetic of a logit lens on torch tensors, in float32 on the device of W_U."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64, is_torch_tensor
from circuitsvis._lens.summary import Int64, Summary

_COLUMNS = 2**14
"""Columns of a W_U in half precision that are converted to float32 at once, so that no second W_U is in memory."""

_WITH_FLOAT64 = ("cpu", "cuda")


class TorchBackend:
    """Final norm and unembedding. Arguments as in `NumpyBackend`; W_U may be on any device and of any float type."""

    def __init__(self, weights: Any, norm: NormWeights | None, bias: Float64 | None) -> None:
        self._weights = weights.detach()
        self._wide = self._weights.device.type in _WITH_FLOAT64
        self._norm = norm
        self._gain: Any = None if norm is None else self._vector(norm.gain)
        self._norm_bias: Any = None if norm is None else self._vector(norm.bias)
        self._bias = None if bias is None else self._vector(bias).float()

    def unembed(self, streams: Any) -> Any:
        """As `NumpyBackend.unembed`: the norm in float64 where the device has it, the product in float32."""
        with _exactly(self._weights.device.type):
            x = self.array(streams, "cache")
            x = x.double() if self._wide else x
            if self._norm is not None:
                x = x - x.mean(-1, keepdim=True) if self._norm.centre else x
                x = x / ((x * x).mean(-1, keepdim=True) + self._norm.epsilon).sqrt()
                x = x if self._gain is None else x * self._gain
                x = x if self._norm_bias is None else x + self._norm_bias
            x = x.float()
            product = x @ self._weights if self._weights.dtype == x.dtype else self._by_columns(x)
            return product if self._bias is None else product + self._bias

    def array(self, values: Any, name: str) -> Any:
        """Values of any library as a float32 tensor on the device of W_U."""
        import torch

        tensor = values.detach() if is_torch_tensor(values) else torch.from_numpy(np.array(values, np.float32))
        if tensor.is_complex():
            raise TypeError(f"{name}: needs real numbers, got a complex tensor (use .real or .abs())")
        return tensor.to(self._weights.device).float()

    def stacked(self, arrays: list[Any]) -> Any:
        """As `NumpyBackend.stacked`."""
        import torch

        return torch.stack([self.array(array, "cache") for array in arrays])

    def finite_rows(self, array: Any) -> npt.NDArray[np.bool_]:
        """As `NumpyBackend.finite_rows`."""
        return np.asarray(self.array(array, "cache").isfinite().all(-1).cpu().numpy())

    def capped(self, logits: Any, factor: float, cap: float | None) -> Any:
        """As `NumpyBackend.capped`."""
        logits = logits if factor == 1.0 else logits * factor
        return logits if cap is None else cap * (logits / cap).tanh()

    def log_probs(self, logits: Any) -> Any:
        """As `NumpyBackend.log_probs`."""
        return logits.log_softmax(-1)

    def summary(self, logits: Any, final: Any, targets: Int64, k: int) -> Summary:
        """As `NumpyBackend.summary`."""
        import torch

        log_probs = logits.log_softmax(-1)
        top_logits, top = logits.topk(k, -1)
        index = torch.from_numpy(targets).to(logits.device)[None, :, None].expand(*logits.shape[:2], 1)
        ranks = (logits > logits.gather(-1, index)).sum(-1) + 1
        divergences = (final.exp() * (final - log_probs)).sum(-1)
        entropies = -(log_probs.exp() * log_probs).sum(-1)
        found, keys = _numbers(top), _numbers(top_logits)
        order = np.lexsort((found, -keys), axis=-1)  # equally likely tokens in the order of their ids
        return Summary(
            np.take_along_axis(found, order, -1),
            np.take_along_axis(_numbers(log_probs.gather(-1, top)), order, -1).astype(np.float64),
            _numbers(log_probs.gather(-1, index)[..., 0]).astype(np.float64),
            _numbers(ranks),
            _numbers(entropies.clamp(min=0)).astype(np.float64),
            _numbers(divergences.clamp(min=0)).astype(np.float64),
        )

    def _by_columns(self, x: Any) -> Any:
        import torch

        columns = range(0, self._weights.shape[1], _COLUMNS)
        return torch.cat([x @ self._weights[:, start : start + _COLUMNS].float() for start in columns], -1)

    def _vector(self, values: Float64 | None) -> Any:
        import torch

        if values is None:
            return None
        vector = torch.from_numpy(values)
        return vector.to(self._weights.device) if self._wide else vector.float().to(self._weights.device)


def _numbers(tensor: Any) -> Any:
    return tensor.cpu().numpy()


@contextmanager
def _exactly(device: str) -> Iterator[None]:
    """Without gradients, and without the faster products of fewer bits that a program may have allowed for its training."""
    import torch

    precision = torch.get_float32_matmul_precision()
    try:
        if precision != "highest":
            torch.set_float32_matmul_precision("highest")
        with torch.no_grad(), torch.autocast(device_type=device, enabled=False):
            yield
    finally:
        if precision != "highest":
            torch.set_float32_matmul_precision(precision)

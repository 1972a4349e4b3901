"""What running a model must leave as it was: the modes of its modules; and the device that its input belongs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from circuitsvis._cache.model_attributes import attribute

MAX_LOGITS = 1 << 26
"""Logits that a forward pass may make: 256 MB in float32. Bridges make them although nobody reads them."""


@contextmanager
def evaluation(model: Any) -> Iterator[None]:
    """Evaluation mode of all modules; afterwards each is in the mode that it was in."""
    modules = list(model.modules())
    modes = [module.training for module in modules]
    model.eval()
    try:
        yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode


def device(model: Any) -> Any:
    """Where the embedding of the tokens is."""
    weights = attribute(model, "W_E")
    if weights is not None:
        return weights.device
    return next(iter(model.parameters())).device

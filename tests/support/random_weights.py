"""Random weights for small models, the same in every run."""

from __future__ import annotations

from typing import Any

import torch


def normal(model: Any) -> Any:
    """The model in evaluation mode, every parameter drawn around 0 with standard deviation 0.3."""
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        parameter.data.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
    return model.eval()


def spread(model: Any, *, gains: float, others: float) -> Any:
    """The model with every parameter random and far from its initial value, so that each gain, bias and factor matters.

    Args:
        model: of Hugging Face or TransformerLens.
        gains: standard deviation of the gains of norms, around 1.
        others: standard deviation of everything else, around 0.
    """
    generator = torch.Generator().manual_seed(0)
    for name, parameter in model.named_parameters():
        if parameter.is_floating_point():
            gain = parameter.ndim == 1 and name.split(".")[-1] in ("w", "weight")
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.data.copy_(1 + gains * noise if gain else others * noise)
    return model

"""Small models with random weights of many Hugging Face architectures (transformers 5.23), for the sweep over families.

Gains of norms are around 1, everything else is far from its initial value, so that every bias, gain and factor matters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from tests.support import bridges, random_weights, word_tokenizer
from tests.support.dense_families import DENSE
from tests.support.family_configs import N_VOCAB
from tests.support.mixed_families import MIXED

N_TOKENS = 11
IDS = torch.randint(2, N_VOCAB, (2, N_TOKENS), generator=torch.Generator().manual_seed(3))
"""Token ids of the batch that every family is run on."""
TOKENS = [[f"t{i}" for i in row] for row in IDS.tolist()]
"""Their text."""


def make(name: str) -> Any:
    """The Hugging Face model of a family, with random weights and eager attention."""
    model = random_weights.spread(FAMILIES[name]().eval(), gains=0.3, others=0.25)
    model.tie_weights()
    model.set_attn_implementation("eager")
    model.config.architectures = [type(model).__name__]
    return model


def tokenizer() -> Any:
    """A tokenizer of one word per id."""
    return word_tokenizer.make([f"t{i}" for i in range(2, N_VOCAB)], end="<pad>", unknown="<unk>")


def bridge(model: Any, *, folded: bool) -> Any:
    """A TransformerBridge around a model of a family, whose modules it changes; folded: in compatibility mode."""
    return bridges.wrap(model, folded=folded, tokenizer=tokenizer())


FAMILIES: dict[str, Callable[[], Any]] = dict(sorted({**DENSE, **MIXED}.items()))
"""A Hugging Face model by name."""

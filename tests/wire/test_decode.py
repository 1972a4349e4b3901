"""The decoder agrees with the slow one of the tests."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from circuitsvis._wire import decode
from circuitsvis._wire.props.tensor import Tensor

from scripts.fixtures.catalogue import FIGURES
from tests.support import reference

NAMES = [
    "small-12-heads",
    "large-rectangular",
    "large-no-value",
    "lines-alibi",
    "attribution-batch",
    "tokens-hostile",
    "topk-samples",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_of_a_figure_has_the_values_of_the_slow_decoder(name: str) -> None:
    tensors = list(_tensors(FIGURES[name]()._props))
    assert tensors
    for tensor in tensors:
        wanted = reference.decode(tensor)
        np.testing.assert_array_equal(decode.whole(tensor), wanted)
        for index in {0, tensor.shape[0] - 1}:
            np.testing.assert_array_equal(decode.part(tensor, index), wanted[index])


def _tensors(value: object) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _tensors(getattr(value, field.name))
    elif isinstance(value, (tuple, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _tensors(item)

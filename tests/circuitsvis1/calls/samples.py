"""Calls of `activations.text_neuron_activations` and `topk_samples.topk_samples`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from tests.circuitsvis1.calls.call import Call, call

TOKENS = ["<|endoftext|>", "The", " cat", " sat", "\n", " <b>", " קטן"]
NEURONS, TOP = "activations.text_neuron_activations", "topk_samples.topk_samples"


def values(*shape: int, seed: int = 0) -> npt.NDArray[np.float64]:
    """Positive and negative, of different magnitudes."""
    cubes: npt.NDArray[np.float64] = np.random.default_rng(seed).normal(size=shape) ** 3
    return cubes


FIRST = np.array([[[0, 1, 0], [0, 1, 1]], [[0, 1, 1], [1, 1, 1]]])
SECOND = np.array([[[0, 1, 0], [0, 1, 1]], [[0, 1, 1], [1, 1, 1]], [[0, 1, 1], [1, 1, 1]]])

CALLS: dict[str, Callable[[], Call]] = {
    "text_neuron_activations, one text, of its own tests": lambda: call(NEURONS, tokens=["a", "b"], activations=FIRST),
    "text_neuron_activations, two texts, of its own tests": lambda: call(
        NEURONS, tokens=[["a", "b"], ["c", "d", "e"]], activations=[FIRST, SECOND]
    ),
    "text_neuron_activations, tensor": lambda: call(
        NEURONS, TOKENS, torch.tensor(values(7, 3, 40), dtype=torch.float32)
    ),
    "text_neuron_activations, all arguments": lambda: call(
        NEURONS,
        [TOKENS, TOKENS[:3]],
        [values(7, 2, 5), values(3, 2, 5, seed=1)],
        "Block",
        "<b>",
        ["x", "</script>"],
        list("abcde"),
    ),
    "text_neuron_activations, all zero": lambda: call(NEURONS, TOKENS, np.zeros((7, 1, 2))),
    "topk_samples, of its own tests": lambda: call(
        TOP,
        tokens=[
            [[["And", " here"], ["This", " is", " another"]], [["Another", " example"], ["Weee", " is", " another"]]]
        ],
        activations=[[[[0.2, 1], [1, 0.0, 0]], [[0, 1], [0.5, 1, 1]]]],
    ),
    "topk_samples, all arguments": lambda: call(
        TOP,
        [[[TOKENS, TOKENS[:3]], [TOKENS[2:], TOKENS[:1]]]] * 2,
        [
            [[values(7, seed=s).tolist(), values(3, seed=s).tolist()], [values(5, seed=s).tolist(), [-1.5]]]
            for s in range(2)
        ],
        "Block",
        "Feature",
        ["x", "</script>"],
        ["a", "b"],
    ),
}

"""Scores of heads, one pass over the same patterns, and the logarithms that entropies need. Prints their times as JSON.

    python -m benchmarks.workers.head_scores

The pass adds up all values, layer by layer, which reads the memory once; attention to later tokens (0) is read by it too. It is timed
in one thread, as numpy does it, and with the layers shared out over as many threads as processors, as the scores are: that is
the bandwidth of the memory. The logarithms are those of the cells that a causal head has, in a block that stays in the processor's
cache, in as many threads: what no order of work can avoid beside the pass.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any

import circuitsvis as cv
import numpy as np

from benchmarks.cases import Size
from benchmarks.inputs.patterns import make_patterns, make_tokens

SIZE = Size(12, 12, 512, 8)
REPEATS = 9
BLOCK = 1 << 16


def main() -> None:
    one = make_patterns(Size(SIZE.layers, SIZE.heads, SIZE.tokens))[0]
    layers = [
        np.repeat(layer[None], SIZE.sequences, axis=0) for layer in one
    ]  # the same values, in memory of their own
    cache = {f"blocks.{number}.attn.hook_pattern": layer for number, layer in enumerate(layers)}
    tokens = [make_tokens(SIZE)] * SIZE.sequences
    parts = [sequence for layer in layers for sequence in layer]
    block = np.abs(np.random.default_rng(0).standard_normal(BLOCK, dtype=np.float32))
    n_visible = len(parts) * SIZE.heads * SIZE.tokens * (SIZE.tokens + 1) // 2

    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def logarithms(_: Any) -> None:
            room = np.empty_like(block)
            for _ in range(n_visible // BLOCK // len(parts)):
                np.log(block, out=room)

        calls: dict[str, Callable[[], object]] = {
            "scores_s": lambda: cv.heads.scores(cache, tokens),
            "pass_s": lambda: [layer.sum() for layer in layers],
            "threads_pass_s": lambda: list(pool.map(np.sum, parts)),
            "logarithms_s": lambda: list(pool.map(logarithms, parts)),
        }
        times: dict[str, list[float]] = {name: [] for name in calls}
        for _ in range(REPEATS):  # in turn, so that all see the same load of the machine
            for name, call in calls.items():
                times[name].append(_seconds(call))
    size = sum(layer.nbytes for layer in layers)
    print(json.dumps({**{name: median(values[1:]) for name, values in times.items()}, "bytes": size}))


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

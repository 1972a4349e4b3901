"""Our Python side on one case. Prints its times as JSON.

    python -m benchmarks.workers.ours INPUTS.npz MODE PAGE.html

The call that counts is `from_cache` on a cache with patterns and value vectors, as a real one has them: it does more than
the peers' call, which gets the patterns alone. `from_values` on the patterns alone is timed beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

import circuitsvis as cv
import numpy as np
import torch

from benchmarks.cases import Mode
from benchmarks.timing import time_call

Tokens = list[str] | list[list[str]]


def load(inputs: str) -> tuple[dict[str, torch.Tensor], Tokens, torch.Tensor]:
    """The cache and tokens for `from_cache`, and all patterns for `from_values`."""
    with np.load(inputs) as data:
        arrays = {name: torch.from_numpy(data[name]) for name in data.files if name != "tokens"}
        words = [str(token) for token in data["tokens"]]
    patterns, values = arrays["patterns"], arrays["values"]
    cache: dict[str, torch.Tensor] = {}
    for layer in range(patterns.shape[1]):
        cache[f"blocks.{layer}.attn.hook_pattern"] = patterns[:, layer]
        cache[f"blocks.{layer}.attn.hook_v"] = values[:, layer]
        if "q" in arrays:
            cache[f"blocks.{layer}.attn.hook_q"] = arrays["q"][layer][None]
            cache[f"blocks.{layer}.attn.hook_k"] = arrays["k"][layer][None]
            cache[f"blocks.{layer}.attn.hook_attn_scores"] = arrays["scores"][layer][None]
    if len(patterns) == 1:
        return cache, words, patterns[0].flatten(0, 1)
    return cache, [words] * len(patterns), patterns.flatten(1, 2)


def main() -> None:
    inputs, mode_name, page = sys.argv[1:]
    mode = cast("Mode", mode_name)
    cache, tokens, all_heads = load(inputs)
    times, html = time_call(lambda: cv.attention.from_cache(cache, tokens, mode=mode).data)
    Path(page).write_text(html, encoding="utf-8")
    result: dict[str, Any] = {"version": cv.__version__, "call": times, "from_values": None}
    if mode != "lines":
        result["from_values"], _ = time_call(lambda: str(cv.attention.from_values(all_heads, tokens, mode=mode)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()

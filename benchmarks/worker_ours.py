"""Runs in a process of its own: our Python side for one case. Prints its times as JSON.

    python -m benchmarks.worker_ours INPUTS.npz MODE PAGE.html

The call that counts is `from_cache` on a cache with patterns and value vectors, as a real one has them: it does more than
the peers' call, which gets the patterns alone. `from_values` on the patterns alone is timed beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

import circuitsvis as cv
import numpy as np
import torch

from benchmarks.cases import Mode
from benchmarks.timing import time_call


def main() -> None:
    inputs, mode_name, page = sys.argv[1:]
    mode = cast("Mode", mode_name)
    with np.load(inputs) as data:
        patterns = torch.from_numpy(data["patterns"])
        values = torch.from_numpy(data["values"])
        tokens = [str(token) for token in data["tokens"]]
    cache = {}
    for layer in range(len(patterns)):
        cache[f"blocks.{layer}.attn.hook_pattern"] = patterns[layer][None]
        cache[f"blocks.{layer}.attn.hook_v"] = values[layer][None]
    all_heads = patterns.flatten(0, 1)

    times, html = time_call(lambda: cv.attention.from_cache(cache, tokens, mode=mode).data)
    Path(page).write_text(html, encoding="utf-8")
    from_values, _ = time_call(lambda: str(cv.attention.from_values(all_heads, tokens, mode=mode)))
    print(json.dumps({"version": cv.__version__, "call": times, "from_values": from_values}))


if __name__ == "__main__":
    main()

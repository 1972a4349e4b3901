"""Compresses the same byte planes with zstandard at level 19, in the peers' environment, and prints their size as JSON.

    python -m benchmarks.workers.zstd INPUTS.npz

Heads are compressed one by one, because a page decodes them one by one. If heads are many and large, only the first ones are
compressed and the size is scaled up: the kinds of heads come in turn, so that the first ones represent all.
"""

from __future__ import annotations

import json
import sys

import numpy as np
import zstandard

from benchmarks.inputs.patterns import KINDS
from benchmarks.measurements.limits import causal_planes

LEVEL = 19
SAMPLED_BYTES = 8_000_000


def main() -> None:
    with np.load(sys.argv[1]) as data:
        patterns = data["patterns"]
    heads = patterns.reshape(-1, *patterns.shape[-2:])
    enough = -(-SAMPLED_BYTES // (heads.shape[-1] ** 2))
    sampled = min(len(heads), -(-enough // len(KINDS)) * len(KINDS))
    compress = zstandard.ZstdCompressor(level=LEVEL).compress
    size = sum(len(compress(planes)) for planes in causal_planes(heads[:sampled]))
    print(json.dumps({"bytes": round(size * len(heads) / sampled), "sampled_heads": sampled}))


if __name__ == "__main__":
    main()

"""Outputs of live figures, from one head to 1,024 and from 64 tokens to 8,192. Writes a page of each, and prints times and sizes as JSON.

python -m benchmarks.workers.live FOLDER

Eight different heads stand for all, so that the arrays of a large model need no memory: each head is read and encoded as any other. The
kernel is left out: an output is made as for a notebook, and a chunk as the kernel would send it.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import circuitsvis as cv
import numpy as np
from circuitsvis._live import connection
from circuitsvis._wire.references import FromKernel

from benchmarks.cases import Size
from benchmarks.inputs.patterns import make_patterns, make_tokens

SIZES = (
    Size(1, 1, 64),
    Size(1, 1, 1024),
    Size(1, 1, 8192),
    Size(18, 8, 64),
    Size(18, 8, 1024),
    Size(128, 8, 64),
    Size(128, 8, 1024),
    Size(128, 8, 1024, sequences=4),
)
DIFFERENT = 8
REPEATS = 9


def main() -> None:
    folder = Path(sys.argv[1])
    connection._is_installed = lambda: True  # type: ignore[assignment]  # nothing here needs the widget itself
    connection.is_possible = lambda: True  # type: ignore[assignment]
    connection.connect = lambda _: "nobody"  # type: ignore[assignment]
    print(json.dumps({size.name: _measured(size, folder) for size in SIZES}))


def _measured(size: Size, folder: Path) -> dict[str, Any]:
    few = make_patterns(Size(1, min(DIFFERENT, size.heads), size.tokens))[0, 0]
    shape = (size.sequences, size.heads, size.tokens, size.tokens)
    cache = {f"blocks.{layer}.attn.hook_pattern": np.broadcast_to(few, shape) for layer in range(size.layers)}
    tokens = [make_tokens(size)] * size.sequences
    start = time.perf_counter()
    figure = cv.attention.from_cache(cache, tokens, live=True)
    call = time.perf_counter() - start
    output = figure._repr_html_()
    (folder / f"live-{size.slug}.html").write_text(f"<!doctype html><meta charset=utf-8>{output}", encoding="utf-8")
    chunks = FromKernel(figure._props)
    last = len(chunks) - 1  # a head of the last sequence, or its preview
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        chunk = chunks.chunk(min(size.n_heads - 1, last))
        seconds.append(time.perf_counter() - start)
    return {"call_s": call, "output_bytes": len(output), "chunk_s": median(seconds), "chunk_bytes": len(chunk)}


if __name__ == "__main__":
    main()

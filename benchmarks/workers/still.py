"""The still picture of figures of several sizes, made without a browser. Prints times and sizes as JSON.

python -m benchmarks.workers.still
"""

from __future__ import annotations

import json
import time
from statistics import median
from typing import Any

import circuitsvis as cv
from circuitsvis._page import stills

from benchmarks.cases import Size
from benchmarks.inputs.patterns import make_patterns, make_tokens

SIZES = (Size(1, 12, 16), Size(12, 12, 128), Size(12, 12, 512), Size(32, 32, 128))
REPEATS = 15


def main() -> None:
    print(json.dumps({size.name: _measured(size) for size in SIZES}))


def _measured(size: Size) -> dict[str, Any]:
    patterns = make_patterns(size)[0]
    cache = {f"blocks.{layer}.attn.hook_pattern": heads for layer, heads in enumerate(patterns)}
    figure = cv.attention.from_cache(cache, make_tokens(size))
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        picture = stills.picture(figure._props)
        seconds.append(time.perf_counter() - start)
    if picture is None:
        raise RuntimeError(f"a figure of {size.name} has no still picture")
    return {"seconds": median(seconds), "picture_bytes": len(picture.png), "page_bytes": len(figure.data)}


if __name__ == "__main__":
    main()

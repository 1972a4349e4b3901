"""Pages of one and of many outputs of a notebook, each a figure of its own. Prints their sizes in bytes as JSON.

python -m benchmarks.workers.many_figures FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import circuitsvis as cv

from benchmarks.cases import Size
from benchmarks.inputs.patterns import make_patterns, make_tokens

SIZE = Size(1, 12, 16)
COUNTS = (1, 2, 50)


def main() -> None:
    folder = Path(sys.argv[1])
    cache = {"blocks.0.attn.hook_pattern": make_patterns(SIZE)[0][0]}
    sizes = {}
    for count in COUNTS:
        figures = [cv.attention.from_cache(cache, make_tokens(SIZE), title=f"Figure {i}") for i in range(count)]
        cells = "".join(f"<div>{figure._repr_html_()}</div>" for figure in figures)
        text = f"<!doctype html><title>{count} figures</title><body>{cells}</body>"
        (folder / f"many-{count}.html").write_text(text, encoding="utf-8")
        sizes[count] = len(text.encode())
    print(json.dumps(sizes))


if __name__ == "__main__":
    main()

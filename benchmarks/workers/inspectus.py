"""The attention view of inspectus 0.2.0 on one case, in the peers' environment. Prints its times as JSON.

    python -m benchmarks.workers.inspectus INPUTS.npz FUNCTION PAGE.html

It displays its two pieces of HTML and returns nothing, so what it displays is collected. It shows the mean of the chosen heads: not
the same job as a picture per head, but the same data and the same question.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest.mock import patch

import inspectus
import numpy as np

from benchmarks.timing import time_call


def main() -> None:
    inputs, function, page = sys.argv[1:]
    with np.load(inputs) as data:
        patterns = data["patterns"][0]
        tokens = [str(token) for token in data["tokens"]]
    draw = getattr(inspectus, function)

    def call() -> str:
        shown: list[str] = []
        with patch("IPython.display.display", lambda *objects: shown.extend(each.data for each in objects)):
            draw(patterns, tokens)
        return "".join(shown)

    times, html = time_call(call)
    # Its HTML is a fragment, which a user would put into a document too.
    Path(page).write_text(f'<!doctype html><meta charset="utf-8"><body>{html}', encoding="utf-8")
    print(json.dumps({"version": inspectus.__version__, "call": times}))


if __name__ == "__main__":
    main()

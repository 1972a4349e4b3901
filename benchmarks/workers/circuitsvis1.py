"""The Python side of circuitsvis 1.43.3 on one case, in the peers' environment. Prints its times as JSON.

Usage: python -m benchmarks.workers.circuitsvis1 INPUTS.npz FUNCTION PAGE.html
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import circuitsvis
import numpy as np
import torch

from benchmarks.timing import time_call


def main() -> None:
    inputs, function, page = sys.argv[1:]
    with np.load(inputs) as data:
        patterns = torch.from_numpy(data["patterns"][0]).flatten(0, 1)
        tokens = [str(token) for token in data["tokens"]]
    draw = getattr(circuitsvis.attention, function)

    def call() -> str:
        # Its offline form, which it shows when there is no network. The call builds both of its forms.
        return str(draw(attention=patterns, tokens=tokens).local_src)

    times, html = time_call(call)
    # Its HTML is a fragment, which a user would put into a document too.
    Path(page).write_text(f'<!doctype html><meta charset="utf-8"><body>{html}', encoding="utf-8")
    print(json.dumps({"version": circuitsvis.__version__, "call": times}))


if __name__ == "__main__":
    main()

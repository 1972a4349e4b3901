"""model_view or head_view of bertviz 1.4.1 on one case, in the peers' environment. Prints its times as JSON.

Usage: python -m benchmarks.workers.bertviz INPUTS.npz FUNCTION PAGE.html
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import bertviz
import numpy as np
import torch

from benchmarks.timing import time_call


def main() -> None:
    inputs, function, page = sys.argv[1:]
    with np.load(inputs) as data:
        layers = [layer[None] for layer in torch.from_numpy(data["patterns"][0])]
        tokens = [str(token) for token in data["tokens"]]
    draw = getattr(bertviz, function)

    times, html = time_call(lambda: str(draw(layers, tokens, html_action="return").data))
    # Its HTML is a fragment, which a user would put into a document too.
    Path(page).write_text(f'<!doctype html><meta charset="utf-8"><body>{html}', encoding="utf-8")
    print(json.dumps({"version": version("bertviz"), "call": times}))


if __name__ == "__main__":
    main()

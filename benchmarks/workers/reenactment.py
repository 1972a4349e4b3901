"""Writes data by the method of the fork's lines view, in the peers' environment. Prints its times as JSON.

    python -m benchmarks.workers.reenactment INPUTS.npz FUNCTION PAGE.html

The fork (callummcdougall/CircuitsVis) is on no registry, so it cannot be measured here. Its method writes q, k and patterns of every
layer of the model as nested lists, with zeros for layers that are not shown, and converts them by `str`. This does the same without
a page or script around the data, so the fork itself cannot take less.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from benchmarks.timing import time_call

MODEL_LAYERS = 12


def main() -> None:
    inputs, _, page = sys.argv[1:]
    with np.load(inputs) as data:
        shown = {
            "q": data["q"].transpose(0, 2, 1, 3),
            "k": data["k"].transpose(0, 2, 1, 3),
            "patterns": data["patterns"][0],
        }

    def call() -> str:
        texts = []
        for name, layers in shown.items():
            everything = np.zeros((MODEL_LAYERS, *layers.shape[1:]), np.float32)
            everything[: len(layers)] = layers
            texts.append(f"{name} = {everything.tolist()}")
        return "\n".join(texts)

    times, text = time_call(call)
    Path(page).with_suffix(".txt").write_text(text, encoding="utf-8")
    print(json.dumps({"version": "none", "call": times}))


if __name__ == "__main__":
    main()

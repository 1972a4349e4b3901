"""One call that both packages have, in the environment of either. Prints its times as JSON.

    python -m benchmarks.workers.drop_in MODULE.FUNCTION SIZE PAGE.html

The page of circuitsvis 1.43.3 is its offline form (`local_src`), put into a document; ours is `data`. Its call builds both of its forms.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import cast

import circuitsvis

from benchmarks.drop_in_cases import SizeName
from benchmarks.inputs.drop_in import arguments
from benchmarks.timing import time_call


def main() -> None:
    name, size, page = sys.argv[1:]
    module, _, function = name.rpartition(".")
    draw = getattr(importlib.import_module(f"circuitsvis.{module}"), function)
    inputs = arguments(function, cast("SizeName", size))
    ours = circuitsvis.__version__.startswith("2.")

    def call() -> str:
        figure = draw(**inputs)
        return str(figure.data if ours else figure.local_src)

    times, html = time_call(call)
    document = html if ours else f'<!doctype html><meta charset="utf-8"><body>{html}'
    Path(page).write_text(document, encoding="utf-8")
    print(json.dumps({"version": circuitsvis.__version__, "call": times}))


if __name__ == "__main__":
    main()

"""Peak memory of one of our calls. Prints JSON.

    python -m benchmarks.workers.memory INPUTS.npz MODE save|data resident|traced PAGE.html

"resident" is the peak resident set during the call less the resident set before it. Linux can set the peak back (/proc/self/clear_refs);
elsewhere it is `getrusage`'s peak of the whole process, so that a peak while loading would hide a smaller one of the call.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import cast

import circuitsvis as cv

from benchmarks.cases import Mode
from benchmarks.workers.ours import load

KIB = 1024
STATUS = Path("/proc/self/status")


def main() -> None:
    inputs, mode_name, name, how, page = sys.argv[1:]
    mode = cast("Mode", mode_name)
    cache, tokens, _ = load(inputs)

    def call() -> object:
        figure = cv.attention.from_cache(cache, tokens, mode=mode)
        return figure.save(page) if name == "save" else figure.data

    # A small call first, so that imports and what is created once per process are not counted.
    small = {hook: values[..., :2, :2] if hook.endswith("pattern") else values[:, :2] for hook, values in cache.items()}
    first = tokens[0] if isinstance(tokens[0], list) else tokens
    _ = cv.attention.from_cache(small, first[:2], mode=mode).data
    gc.collect()
    peak, result = (peak_resident if how == "resident" else _traced)(call)
    size = Path(page).stat().st_size if name == "save" else len(str(result))
    held = sum(values.numel() * values.element_size() for values in cache.values())
    print(json.dumps({"peak_bytes": peak, "page_bytes": size, "input_bytes": held}))


def peak_resident(call: Callable[[], object]) -> tuple[int, object]:
    """The growth of peak resident memory during the call, in bytes, and the result of the call."""
    if not STATUS.exists():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        result = call()
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * KIB, result
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _status("VmRSS")
    result = call()
    return _status("VmHWM") - before, result


def _traced(call: Callable[[], object]) -> tuple[int, object]:
    tracemalloc.start()
    result = call()
    return tracemalloc.get_traced_memory()[1], result


def _status(name: str) -> int:
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(name + ":"))
    return int(line.split()[1]) * KIB


if __name__ == "__main__":
    main()

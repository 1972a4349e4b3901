"""One stage of work in threads while the next input is made: the compressor lets go of the interpreter while it works."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_MOST = 4
"""More threads than this wait for the one that makes their inputs."""

T = TypeVar("T")
R = TypeVar("R")


def staged(inputs: Iterable[T], work: Callable[[T], R], *, threads: bool) -> Iterator[R]:
    """work(x) for x in inputs, in order; with `threads`, work overlaps with making the inputs.

    Few inputs and results wait at a time, so that they never are in memory together. An error in `work` is raised as without threads.
    Small work is done sooner without: below about 100 000 numbers a thread mostly waits for the interpreter.
    """
    workers = min(_MOST, os.cpu_count() or 1)
    if not threads or workers < 2:
        yield from map(work, inputs)
        return
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for x in inputs:
            waiting.append(pool.submit(work, x))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

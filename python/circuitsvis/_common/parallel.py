"""Work in threads while the next inputs are made, for work that releases the interpreter lock, as compression does."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_MAX_WORKERS = 4
"""The thread that makes the inputs cannot feed more workers than this."""

T = TypeVar("T")
R = TypeVar("R")


def staged(inputs: Iterable[T], work: Callable[[T], R], *, threads: bool) -> Iterator[R]:
    """work(x) for x in inputs, in order. With `threads`, work overlaps with making the inputs.

    Only a few inputs and results wait at a time, so memory stays bounded. Errors in `work` are raised as without threads.
    Work on fewer than about 100 000 numbers is faster without threads, which then mostly wait for the interpreter lock.
    """
    n_workers = min(_MAX_WORKERS, os.cpu_count() or 1)
    if not threads or n_workers < 2:
        yield from map(work, inputs)
        return
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(n_workers) as pool:
        for x in inputs:
            waiting.append(pool.submit(work, x))
            if len(waiting) > n_workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

"""Stages in threads give what a loop gives, in its order, with its errors, and a few inputs at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from circuitsvis._common import parallel


@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("count", [0, 1, 50])
def test_results_come_in_the_order_of_the_inputs(count: int, threads: bool) -> None:
    squares = list(parallel.staged(iter(range(count)), lambda x: x * x, threads=threads))
    assert squares == [x * x for x in range(count)]


@pytest.mark.parametrize("threads", [False, True])
def test_an_error_is_raised_as_it_was(threads: bool) -> None:
    def fail(x: int) -> int:
        raise ValueError(f"number {x}")

    with pytest.raises(ValueError, match="number 0"):
        list(parallel.staged(range(3), fail, threads=threads))


def test_inputs_are_not_made_far_ahead_of_the_work() -> None:
    made, finished, ahead = 0, 0, []
    lock = threading.Lock()

    def inputs() -> Iterator[int]:
        nonlocal made
        for x in range(200):
            made += 1
            ahead.append(made - finished)
            yield x

    def work(x: int) -> int:
        nonlocal finished
        with lock:
            finished += 1
        return x

    list(parallel.staged(inputs(), work, threads=True))
    assert max(ahead) <= 3 * parallel._MAX_WORKERS + 2

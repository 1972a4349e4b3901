"""Runs the whole test suite several times while every core is busy, and counts how often each test fails.

    python -m scripts.tools.stress [--runs 10] [pytest arguments]

A test that depends on the speed of the machine, the order of tests or another process fails here sooner or later: every run has
other examples, because hypothesis is not derandomized, and another order, because two workers share the tests.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUSY = "while True: sum(range(100_000))"
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def main() -> int:
    """Returns exit code 1 if any run failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10, help="number of runs (10)")
    options, pytest_arguments = parser.parse_known_args()
    failures: Counter[str] = Counter()
    failed_runs = 0
    with load(os.cpu_count() or 1):
        for number in range(1, options.runs + 1):
            started = time.monotonic()
            result = run(pytest_arguments or ["tests", "e2e"])
            failed_runs += result.returncode != 0
            failures.update(FAILED.findall(result.stdout))
            summary = (result.stdout.strip().splitlines() or [result.stderr[-500:]])[-1]
            print(
                f"run {number} of {options.runs}: {summary.strip('= ')}, {time.monotonic() - started:.0f} s", flush=True
            )
            for name in FAILED.findall(result.stdout):
                print(f"  {name}", flush=True)
    print(f"{failed_runs} of {options.runs} runs failed")
    for name, count in failures.most_common():
        print(f"{count:4d}  {name}")
    return 1 if failed_runs else 0


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """One run of the suite, as `make test` runs it."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--hypothesis-profile=stress", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Keeps this many processes busy, and ends them afterwards."""
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())

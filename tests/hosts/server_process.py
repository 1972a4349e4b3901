"""Runs a program of the hosts' environment that serves a page, until it answers, and ends it."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.hosts.environment import PYTHON

START_SECONDS = 300.0
"""Time limit for the start, which a busy machine does not reach."""

STOP_SECONDS = 20.0


@contextmanager
def server_process(
    arguments: Sequence[str],
    folder: Path,
    log: Path,
    environment: Mapping[str, str],
    address: Callable[[int], str | None],
) -> Iterator[str]:
    """Runs `python *arguments` in a folder and gives the address where it answers; ends it afterwards.

    Args:
        arguments: of Python, such as ["-m", "jupyterlab"].
        folder: its working directory.
        log: the file for what it prints.
        environment: its environment variables.
        address: finds a URL at which the server answers, given its process id; None while that is not known.
    """
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(PYTHON), *arguments], cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield _wait(server, lambda: address(server.pid), log)
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(server: subprocess.Popen[bytes], address: Callable[[], str | None], log: Path) -> str:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        found = address()
        if found is not None and _answers(found):
            return found
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310  # always our own server
            return True
    except OSError:
        return False

"""Functions that circuitsvis 1.43.3 has too, called in the same way with the same arguments: both packages, one run."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.browser.page import PageTimes, measure_page
from benchmarks.browser.switching import use
from benchmarks.drop_in_cases import PEER, Function, Pages, SizeName
from benchmarks.environments import OUT, progress, run_worker
from benchmarks.timing import CallTimes


@dataclass
class DropInTool:
    """One package on one case; `python` is None if it was not tried, `failed` says why a call gave no page."""

    python: CallTimes | None = None
    page: PageTimes = field(default_factory=PageTimes)
    failed: str | None = None


@dataclass
class DropInResult:
    """One function at one size."""

    function: str
    size: SizeName
    described: str
    ours: DropInTool
    peer: DropInTool


def measure_drop_in(function: Function, peers: Path | None) -> list[DropInResult]:
    """All sizes of one function. Without `peers`, the Python of the peer's environment, only ours is measured."""
    return [_measure_size(function, size, peers) for size in function.sizes()]


def _measure_size(function: Function, size: SizeName, peers: Path | None) -> DropInResult:
    ours = _measure(function, size, Path(sys.executable), function.ours, ours=True)
    tried = peers is not None and not (size == "large" and function.why)
    peer = _measure(function, size, peers, function.peer, ours=False) if peers and tried else DropInTool()
    if size == "large" and function.why:
        peer.failed = function.why
    return DropInResult(function.name, size, function.describe(size), ours, peer)


def _measure(function: Function, size: SizeName, python: Path, pages: Pages, *, ours: bool) -> DropInTool:
    tool = "ours" if ours else PEER
    progress(f"{function.name}, {size}: {tool}")
    page = OUT / f"{'ours' if ours else 'circuitsvis1'}-{function.slug}-{size}.html"
    try:
        result = run_worker(python, "drop_in", function.name, size, str(page), ours=ours)
    except RuntimeError as error:
        return DropInTool(failed=str(error).splitlines()[-1])
    times = measure_page(page, screenshots=True, tokens=pages.tokens, use=partial(use, pages=pages))
    return DropInTool(python=result["call"], page=times)

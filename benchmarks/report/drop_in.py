"""The report on the functions that circuitsvis 1.43.3 has too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.browser.page import TIMEOUT_S, PageTimes
from benchmarks.drop_in_cases import PEER
from benchmarks.measurements.drop_in import DropInResult, DropInTool
from benchmarks.report.formats import megabytes, seconds, table

DROP_IN_MARKER = "<!-- drop-in: written by `python -m benchmarks --drop-in --record` -->"
LARGE_FACTOR = 10
"""How many times smaller and sooner a page of the large size must be than the peer's, at its large or its largest size."""
FRAME_S = 0.017


@dataclass(frozen=True)
class Measure:
    """A column: its name, and how to read and write its value."""

    name: str
    read: Callable[[DropInTool], float | None]
    write: Callable[[float | None], str]


MEASURES = (
    Measure("page", lambda tool: tool.python["page_bytes"] if tool.python else None, megabytes),
    Measure("Python", lambda tool: tool.python["warm_s"] if tool.python else None, seconds),
    Measure("first pixels", lambda tool: tool.page.first_pixels_s, seconds),
)


def drop_in_report(results: list[DropInResult], floor: PageTimes, machine: dict[str, str]) -> tuple[str, bool]:
    """The report as Markdown, and whether all promises are kept."""
    promises = [promise for result in results for promise in _promises(result, floor)]
    facts = "; ".join(f"{name}: {value}" for name, value in machine.items())
    header = ["call", "size", *(measure.name for measure in MEASURES), "switching"]
    parts = [
        f"### The functions of {PEER}: ours beside it",
        f"Machine: {facts}.\n\nCells: ours / {PEER} (ratio); the floor page draws after {seconds(floor.first_pixels_s)} and "
        f"answers after {seconds(floor.choose_s)}.",
        table(header, [_row(result) for result in results]),
        *_notes(results),
        f"{sum(kept for _, kept in promises)} of {len(promises)} promises are kept: never behind (switching: by more than a frame), and "
        f"{LARGE_FACTOR} times smaller and sooner at the large size, or against the peer's largest.",
        *[f"- missed: {text}" for text, kept in promises if not kept],
    ]
    return "\n\n".join(parts) + "\n", all(kept for _, kept in promises)


def _row(result: DropInResult) -> list[str]:
    cells = [f"`{result.function}`", f"{result.size}: {result.described}"]
    for measure in MEASURES:
        ours, theirs = measure.read(result.ours), measure.read(result.peer)
        cells.append(_beside(ours, theirs, measure.write))
    names = dict.fromkeys([*result.ours.page.switches, *result.peer.page.switches])
    switched = (
        f"{name} {_beside(result.ours.page.switches.get(name), result.peer.page.switches.get(name), seconds)}"
        for name in names
    )
    return [*cells, "; ".join(switched) or "-"]


def _beside(ours: float | None, theirs: float | None, write: Callable[[float | None], str]) -> str:
    factor = f" ({theirs / ours:.1f})" if ours and theirs else ""
    return f"{write(ours)} / {write(theirs)}{factor}"


def _notes(results: list[DropInResult]) -> Iterator[str]:
    for result in results:
        for tool, name in ((result.ours, "ours"), (result.peer, PEER)):
            where = f"`{result.function}`, {result.size}, {name}"
            if tool.failed:
                yield f"{where}: not measured, {tool.failed}."
            if tool.page.problem:
                yield f"{where}: {tool.page.problem}."
            if tool.page.errors:
                yield f"{where}: page error: {tool.page.errors[0]}."


def _promises(result: DropInResult, floor: PageTimes) -> Iterator[tuple[str, bool]]:
    """What must hold of a result, and whether it does. A peer's page that never drew counts as its time limit."""
    where = f"{result.function}, {result.size}"
    large = result.size != "small"
    if result.ours.failed or result.ours.page.problem:
        yield f"{where}: our page opens", False
    for measure in MEASURES:
        ours, theirs = measure.read(result.ours), measure.read(result.peer)
        if theirs is None and measure.name == "first pixels" and result.peer.page.problem:
            theirs = TIMEOUT_S
        if ours and theirs:
            least = LARGE_FACTOR if large and measure.name != "Python" else 1
            floor_s = floor.first_pixels_s if measure.name == "first pixels" else None
            possible = f" (the floor page: {theirs / floor_s:.1f})" if floor_s else ""
            yield f"{where}: {measure.name} {theirs / ours:.1f} of {least} times{possible}", theirs >= least * ours
    for name, theirs in result.peer.page.switches.items():
        mine = result.ours.page.switches.get(name)
        if result.ours.page.switches:
            yield (
                f"{where}: switching {name}, {seconds(mine)} beside {seconds(theirs)}",
                mine is not None and mine <= theirs + FRAME_S,
            )

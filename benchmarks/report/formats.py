"""Numbers and tables of reports, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable


def seconds(value: float | None) -> str:
    """A time with two or three digits, because more would differ from run to run."""
    if value is None:
        return "-"
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1e3:.{1 if value < 0.01 else 0}f} ms"


def block(value: float | None) -> str:
    """The length of the longest task; the browser does not report tasks below 50 ms."""
    return "< 50 ms" if value == 0 else seconds(value)


def megabytes(value: float | None) -> str:
    """A size in megabytes of 10^6 bytes."""
    return "-" if value is None else f"{value / 1e6:.2f} MB"


def ratio(ours: float | None, theirs: float | None) -> str:
    """The peer's value divided by ours; a dash if one is missing."""
    return f"{theirs / ours:.1f}" if ours and theirs else "-"


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    header = list(header)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows))

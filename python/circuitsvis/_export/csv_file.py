"""A table as a CSV file: UTF-8, comma, a line of names first, nothing where there is no value."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from circuitsvis._export.table import Block, Column, Table, length


def write(table: Table, path: Path) -> None:
    """Writes the file block by block. Numbers have 9 digits, more than the page's data are exact to."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(table.columns)
        for block in table.blocks():
            out.writerows(zip(*(_fields(block, name) for name in table.columns), strict=True))


def _fields(block: Block, name: str) -> Sequence[str | int]:
    if name not in block:
        return ("",) * length(block)
    column = block[name]
    if column.dtype == object:
        return [_encodable(text) for text in column.tolist()]
    if column.dtype.kind == "f":
        return _numbers(column)
    whole: list[int] = column.tolist()
    return whole


def _numbers(column: Column) -> list[str]:
    """Numbers as texts; "" for NaN."""
    return ["" if number != number else f"{number:.9g}" for number in column.tolist()]


def _encodable(text: str) -> str:
    """`text` with U+FFFD for each half of a surrogate pair, which UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text

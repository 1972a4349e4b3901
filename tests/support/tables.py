"""The rows of a figure's table, from its columns or from its CSV file."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

from circuitsvis.figure import Figure

Row = dict[str, Any]


def rows(figure: Figure | None) -> list[Row]:
    """One dict for each row of `to_dict`, of Python's own numbers."""
    assert figure is not None
    columns = {name: column.tolist() for name, column in figure.to_dict().items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def csv_rows(figure: Figure | None, path: Path) -> list[dict[str, str]]:
    """One dict for each row of the CSV file."""
    assert figure is not None
    with figure.save(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def same_field(text: str, value: object) -> bool:
    """Whether a field of a CSV file is that value: a number to 9 digits, nothing for NaN."""
    if isinstance(value, str):
        return text == value
    assert isinstance(value, (int, float))
    if text == "":
        return math.isnan(value)
    return float(text) == value or abs(float(text) - value) <= 5e-9 * abs(value)

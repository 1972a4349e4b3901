"""A table as a pandas DataFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitsvis._common import data_frame as columns
from circuitsvis._export.table import Table

if TYPE_CHECKING:
    import pandas


def data_frame(table: Table) -> pandas.DataFrame:
    """The DataFrame.

    Raises:
        ImportError: pandas is not installed.
    """
    without = 'to_dict() gives the columns as numpy arrays, and save("values.csv") writes a file'
    return columns.of_columns(table.arrays(), without)

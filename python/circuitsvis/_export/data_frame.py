"""A table as a pandas DataFrame. pandas is imported only here, and need not be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitsvis._export.table import Table

if TYPE_CHECKING:
    import pandas


def data_frame(table: Table) -> pandas.DataFrame:
    """The DataFrame.

    Raises:
        ImportError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise ImportError(
            "to_pandas: needs pandas: pip install pandas. Without it, to_dict() gives the columns as numpy arrays, "
            'and save("values.csv") writes a file'
        ) from error
    return pandas.DataFrame(table.arrays())

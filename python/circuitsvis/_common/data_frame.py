"""Columns as a pandas DataFrame. pandas is imported only here, and need not be installed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas


def of_columns(columns: Mapping[str, npt.NDArray[np.generic]], without: str) -> pandas.DataFrame:
    """The DataFrame.

    Args:
        columns: arrays of equal length, by name.
        without: what gives the same without pandas, for the error: "to_dict() gives ...".

    Raises:
        ImportError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise ImportError(f"to_pandas: needs pandas: pip install pandas. Without it, {without}") from error
    return pandas.DataFrame(dict(columns))

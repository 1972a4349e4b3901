"""The columns of a table that say which neuron a value is of."""

from __future__ import annotations

from circuitsvis._export.table import Column, texts
from circuitsvis._wire.props.dimension import Dimension


def label_columns(first: Dimension, second: Dimension) -> tuple[str, ...]:
    """Names of the columns of labels, of the dimensions that have some."""
    given = (("layer_label", first), ("neuron_label", second))
    return tuple(name for name, dimension in given if dimension.labels is not None)


def neuron_columns(first: Dimension, second: Dimension, layers: Column, neurons: Column) -> dict[str, Column]:
    """Indices of the first and second dimension, and their labels."""
    columns = {"layer": layers, "neuron": neurons}
    if first.labels is not None:
        columns["layer_label"] = texts(first.labels)[layers]
    if second.labels is not None:
        columns["neuron_label"] = texts(second.labels)[neurons]
    return columns

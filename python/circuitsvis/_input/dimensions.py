"""Names and labels of the axes that a figure's selectors choose from."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import checks
from circuitsvis._wire.props.dimension import Dimension

Labels = Sequence[str] | None


def dimension(prefix: str, name: str | None, labels: Labels, size: int, *, default: str) -> Dimension:
    """The axis whose arguments are `{prefix}_name` and `{prefix}_labels`.

    Args:
        prefix: such as "first_dimension".
        name: what the selector is called; None for the default.
        labels: one text, or number, per index; None for numbers from zero.
        size: length of the axis.
        default: the name where the user set it to None.

    Raises:
        TypeError, ValueError: not a text, not a list of texts, or not one per index.
    """
    checks.text(f"{prefix}_name", name)
    return Dimension(default if name is None else name, texts(f"{prefix}_labels", labels, size))


def texts(argument: str, labels: Labels, size: int) -> tuple[str, ...] | None:
    """`labels` as texts, or None. Integers become their digits.

    Raises:
        TypeError: not a list of texts or integers.
        ValueError: another number of labels than `size`.
    """
    if labels is None:
        return None
    values = labels.tolist() if hasattr(labels, "tolist") else labels
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise TypeError(f"{argument}: must be a list of strings, got {type(labels).__name__} {labels!r}")
    for label in values:
        if isinstance(label, bool) or not isinstance(label, (str, int)):
            raise TypeError(f"{argument}: must be a list of strings, got {type(label).__name__} {label!r} in it")
    if len(values) != size:
        raise ValueError(
            f"{argument}: needs one label for each of {size}, got {len(values)}; leave it out for numbers from 0"
        )
    return tuple(map(str, values))

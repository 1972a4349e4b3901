"""Names on the page: heads in dot or LH notation, batch labels."""

from __future__ import annotations

import html
import inspect
from collections.abc import Callable, Sequence

from circuitsvis._wire.props.attention import Head

BatchLabels = Sequence[str] | Callable[[Sequence[str]], str] | Callable[[int, Sequence[str]], str] | None

_DEFAULT_LENGTH = 120
"""Characters of a default label: enough to distinguish sentences, short enough for one line."""


def head(layer: int, index: int, notation: str) -> Head:
    """The head with its name on the page: "9.6" with notation "dot", "L9H6" with "LH"."""
    return Head(name=f"L{layer}H{index}" if notation == "LH" else f"{layer}.{index}", layer=layer)


def batch_label(
    labels: BatchLabels, position: int, batch_index: int, tokens: Sequence[str], shown: int, batch_size: int
) -> str:
    """The HTML that the batch selector shows for one sequence.

    Args:
        labels: None for "index: text"; a list with one HTML label per sequence shown (in their order) or per sequence of the
            batch; or a function of (tokens) or of (batch_idx, tokens).
        position: index of the sequence among those shown.
        batch_index: index of the sequence in the batch.
        tokens: tokens of the sequence.
        shown: number of sequences shown.
        batch_size: number of sequences in the batch.

    Raises:
        TypeError: neither a list nor a function, or a label that is not a string.
        ValueError: wrong number of labels, or a function that needs no argument or more than two.
    """
    if labels is None:
        text = "".join(tokens)
        text = text if len(text) <= _DEFAULT_LENGTH else text[: _DEFAULT_LENGTH - 1] + "…"
        return html.escape(f"{batch_index}: {text}", quote=False)
    if callable(labels):
        label: object = _call(labels, batch_index, tokens)
        source = f"batch_labels: the function's result for sequence {batch_index}"
    else:
        if isinstance(labels, str) or not isinstance(labels, Sequence):
            raise TypeError(
                f"batch_labels: must be a list of strings or a function, got {type(labels).__name__} {labels!r}"
            )
        if len(labels) not in (shown, batch_size):
            raise ValueError(
                f"batch_labels: needs one label per sequence shown, got {len(labels)} labels for {shown} sequences"
                + (f" (or one for each of the {batch_size} in the batch)" if batch_size != shown else "")
            )
        index = position if len(labels) == shown else batch_index
        label = labels[index]
        source = f"batch_labels: label {index}"
    if not isinstance(label, str):
        raise TypeError(f"{source} must be a string, got {type(label).__name__} {label!r} (wrap it in str())")
    return label


def _call(function: Callable[..., object], batch_index: int, tokens: Sequence[str]) -> object:
    parameters = inspect.signature(function).parameters.values()
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = [p for p in positional if p.default is p.empty]
    takes_any = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(required) == 1 or (len(required) == 0 and len(positional) == 1):
        return function(list(tokens))
    if len(required) == 2 or (len(required) == 0 and (len(positional) >= 2 or takes_any)):
        return function(batch_index, list(tokens))
    raise ValueError(
        f"batch_labels: the function must take (tokens) or (batch_idx, tokens), got {len(required)} required arguments"
    )

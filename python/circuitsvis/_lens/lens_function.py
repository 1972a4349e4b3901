"""A lens of the user's instead of the model's output head: a function, whose results are checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from circuitsvis._cache.stream_cache import Stage
from circuitsvis._common.arrays import shape_of

LensFunction: TypeAlias = Callable[[Any, int], Any]

_RULE = "must return the logits of each stream, [n, d_vocab]"


def check(lens: object) -> None:
    """Raises TypeError unless `lens` is None or a function."""
    if lens is not None and not callable(lens):
        raise TypeError(
            f"lens: must be a function (resid [n, d_model], layer) -> logits [n, d_vocab], got {type(lens).__name__} {lens!r}"
        )


def check_stages(stages: tuple[Stage, ...]) -> None:
    """Raises ValueError for a stage inside of a block: the number of a layer does not name it."""
    inside = [stage.name for stage in stages if stage.is_mid]
    if inside:
        raise ValueError(
            f"lens: is a function of the stream before a layer, and {inside[0]} is not one; leave out include_mid and names "
            'such as "0_mid"'
        )


def apply(lens: LensFunction, streams: Any, layer: int, d_vocab: int, backend: Any) -> Any:
    """The logits [n, d_vocab] of streams [n, d_model] of one layer, in the backend's library.

    Raises:
        TypeError, ValueError: the function failed, or returned something else.
    """
    n = shape_of(streams, "cache")[0]
    try:
        given = lens(streams, layer)
    except Exception as error:
        raise ValueError(
            f"lens: raised {type(error).__name__} for layer {layer} ({error}); it is called with the streams before that layer, "
            f"{list(shape_of(streams, 'cache'))}, and its number, and {_RULE}"
        ) from error
    if given is None or isinstance(given, (str, bytes)) or not hasattr(given, "shape"):
        raise TypeError(f"lens: {_RULE}, got {type(given).__name__} for layer {layer}")
    shape = shape_of(given, "lens")
    if shape != (n, d_vocab):
        raise ValueError(f"lens: {_RULE} = [{n}, {d_vocab}], got shape {list(shape)} for layer {layer}")
    logits = backend.array(given, "lens")
    finite = backend.finite_rows(logits)
    if not finite.all():
        raise ValueError(
            f"lens: {_RULE}, all finite, got NaN or infinity for layer {layer} in row {int(finite.argmin())}; give impossible tokens a "
            "large negative logit such as -1e4"
        )
    return logits

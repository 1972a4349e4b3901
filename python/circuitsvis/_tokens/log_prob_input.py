"""The arguments of `token_log_probs`, checked: ids and log probabilities of one text, and the text of ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from circuitsvis._common import arrays
from circuitsvis._common.arrays import ArrayLike, TensorLike

Int64 = npt.NDArray[np.int64]


def matched(token_indices: ArrayLike, log_probs: ArrayLike) -> tuple[Int64, TensorLike]:
    """The ids [position] and the log probabilities [position, d_vocab], without batch axes.

    Raises:
        TypeError, ValueError: they do not fit, or an id is not in the vocabulary.
    """
    rows = arrays.sliceable(log_probs, "log_probs")
    if has_batch(rows, "log_probs", "[position, d_vocab]", 2):
        rows = rows[0]
    ids = whole_numbers(token_indices, "token_indices")
    if has_batch(ids, "token_indices", "[position]", 1):
        ids = ids[0]
    n, d_vocab = (int(length) for length in rows.shape)
    if len(ids) != n:
        advice = (
            "; predictions at a position are for the token after it, so keep the last row, and the first token"
            if abs(len(ids) - n) == 1
            else ""
        )
        raise ValueError(
            f"token_indices and log_probs: must have as many positions, got {len(ids)} and {n}; pass the tokens that the model read, "
            f"and its log probabilities at each{advice}"
        )
    in_vocabulary(ids, d_vocab, "token_indices")
    return ids, rows


def has_batch(array: TensorLike, name: str, axes: str, n_axes: int) -> bool:
    """Whether the array has a batch axis, of length 1. Raises ValueError for another number of axes, and for nothing to show."""
    shape = tuple(int(length) for length in array.shape)
    batch = len(shape) == n_axes + 1 and shape[0] == 1
    if len(shape) != n_axes and not batch:
        advice = f"; choose a sequence of the batch, {name}[0]" if len(shape) == n_axes + 1 else ""
        raise ValueError(f"{name}: must have the axes {axes}, got shape {shape}{advice}")
    if 0 in shape:
        raise ValueError(f"{name}: needs at least one position, got shape {shape}")
    return batch


def whole_numbers(given: object, name: str) -> Int64:
    """Token ids as integers; numbers of a float type are taken if they are whole.

    Raises:
        TypeError, ValueError: not numbers, or not whole.
    """
    numbers = given.detach().cpu() if arrays.is_torch_tensor(given) else given
    if isinstance(numbers, (list, tuple)):
        numbers = [item.tolist() if hasattr(item, "tolist") else item for item in numbers]
    try:
        values = np.asarray(numbers)
    except ValueError as error:
        raise ValueError(f"{name}: needs rows of equal length, got ragged nested lists") from error
    if values.dtype.kind in "iu" or values.size == 0:
        return values.astype(np.int64)
    if values.dtype.kind != "f" or not (values == np.rint(values)).all():
        got = f"dtype {values.dtype}" if values.dtype.kind != "f" else f"{values[values != np.rint(values)].flat[0]!s}"
        raise TypeError(f"{name}: must be token ids, which are whole numbers, got {got}; e.g. model.to_tokens(prompt)")
    return values.astype(np.int64)


def in_vocabulary(ids: Int64, d_vocab: int, name: str) -> None:
    """Raises ValueError for an id that log_probs has no column for."""
    outside = np.flatnonzero((ids < 0) | (ids >= d_vocab))
    if outside.size:
        first = int(outside[0])
        raise ValueError(
            f"{name}: id {ids[first]} at index {first} is out of range, log_probs has {d_vocab} tokens (0..{d_vocab - 1}); "
            "tokens and model must belong together"
        )


def texts(ids: Iterable[int], to_string: object) -> tuple[str, ...]:
    """The text of each id. `to_string` is called once for each.

    Raises:
        TypeError: `to_string` is not a function, or returned something else than a string.
        ValueError: it raised an error.
    """
    text_of = text_function(to_string)
    return tuple(text_of(i) for i in ids)


def text_function(to_string: object) -> Callable[[int], str]:
    """`to_string` with its results checked. Raises TypeError if it is not a function."""
    if not callable(to_string):
        advice = "; for a tokenizer pass tokenizer.decode" if hasattr(to_string, "decode") else ""
        raise TypeError(
            f"to_string: must be a function from a token id to its text, got {type(to_string).__name__}{advice}"
        )
    return lambda token: _text(token, to_string)


def _text(token: int, to_string: Callable[[int], object]) -> str:
    try:
        text = to_string(token)
    except Exception as error:
        raise ValueError(
            f"to_string: raised {type(error).__name__} for the id {token} ({error}); it is called with an int and must return its text, "
            "e.g. to_string=lambda i: tokenizer.decode([i])"
        ) from error
    if not isinstance(text, str):
        raise TypeError(
            f"to_string: must return a string, got {type(text).__name__} {text!r} for the id {token}; "
            "e.g. to_string=lambda i: tokenizer.decode([i])"
        )
    return text

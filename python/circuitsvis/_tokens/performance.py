"""How well a model predicts each token of a text: its logit, log probability and probability, from the logits of the token before."""

from __future__ import annotations

from typing import Any

import numpy as np

from circuitsvis._common.arrays import Float64, shape_of, to_float32, to_float64
from circuitsvis._input import token_lists

KINDS = ("logit", "log probability", "probability")

_BLOCK = 2_000_000
"""Logits that are converted at once: 16 MB of float64 at most, however long the text."""


def predictions(logits: Any, ids: tuple[int, ...]) -> Float64:
    """[token, kind] in the order of `KINDS`. The first token is predicted by nothing, and has NaN.

    A token whose logits hold NaN or +inf, or whose own logit is -inf, has NaN as well.

    Args:
        logits: [position, vocabulary], as `checked_logits` returns them.
        ids: of each position, in 0 .. vocabulary - 1.
    """
    n, size = shape_of(logits, "logits")
    result = np.full((n, len(KINDS)), np.nan)
    rows = max(1, _BLOCK // size)
    for start in range(0, n - 1, rows):
        end = min(start + rows, n - 1)
        block = _numbers(logits[start:end])
        target = block[np.arange(end - start), list(ids[start + 1 : end + 1])].astype(np.float64)
        highest = block.max(axis=1)
        with np.errstate(invalid="ignore", over="ignore"):  # NaN and infinite logits become NaN
            # Summed in float64: the terms have the precision of the logits.
            total = np.exp(block - highest[:, None]).sum(axis=1, dtype=np.float64)
            log_probability = target - highest.astype(np.float64) - np.log(total)
        values = np.stack([target, log_probability, np.exp(log_probability)], axis=1)
        values[~np.isfinite(log_probability)] = np.nan
        result[start + 1 : end + 1] = values
    return result


def checked_logits(logits: Any, n_tokens: int) -> Any:
    """The logits as [position, vocabulary], unchanged in type, so that rows can be converted in blocks.

    Raises:
        TypeError: no numbers.
        ValueError: another shape, or another number of positions.
    """
    if isinstance(logits, (list, tuple)):
        logits = to_float64(logits, "logits")
    shape = shape_of(logits, "logits")
    if len(shape) == 3 and shape[0] == 1:
        logits, shape = logits[0], shape[1:]
    if len(shape) != 2 or shape[1] == 0:
        hint = "; select one text, e.g. logits[0]" if len(shape) == 3 else ""
        raise ValueError(
            f"logits: must be [position, vocabulary], or [1, position, vocabulary], got shape {shape}{hint}"
        )
    if shape[0] != n_tokens:
        hint = ""
        if shape[0] == n_tokens - 1:
            hint = "; pass the logits of all positions, those of the last one are not used"
        elif shape[1] == n_tokens:
            hint = "; swap the axes"
        raise ValueError(f"logits: needs one row per token, got shape {shape} for {n_tokens} tokens{hint}")
    return logits


def checked_ids(tokens: Any) -> tuple[int, ...]:
    """Token ids as integers.

    Raises:
        TypeError: no integers.
        ValueError: more than one text, or no tokens.
    """
    ids = to_float64(tokens, "tokens")
    if ids.ndim == 2 and len(ids) == 1:
        ids = ids[0]
    if ids.ndim != 1 or len(ids) == 0:
        hint = "; select one text, e.g. tokens[0]" if ids.ndim == 2 else ""
        raise ValueError(
            f"tokens: must be the token ids of one text, [position] or [1, position], got shape {ids.shape}{hint}"
        )
    if not np.array_equal(ids, np.rint(ids)):
        raise TypeError(
            f"tokens: must be token ids, whole numbers, got {ids[ids != np.rint(ids)][0]}; the texts are str_tokens="
        )
    return tuple(int(i) for i in ids)


def checked_texts(str_tokens: Any, n_tokens: int) -> tuple[str, ...]:
    """The text of each token.

    Raises:
        TypeError: no list of strings.
        ValueError: more than one text, or another number of tokens.
    """
    texts, _ = token_lists.per_sequence(str_tokens, "str_tokens")
    if len(texts) != 1 or len(texts[0]) != n_tokens:
        got = f"{len(texts)} texts" if len(texts) != 1 else f"{len(texts[0])} strings"
        raise ValueError(
            f"str_tokens: needs the text of each token, got {got} for {n_tokens} ids in tokens=; take both from the same text, for "
            "example str_tokens=model.to_str_tokens(tokens[0])"
        )
    return texts[0]


def check_vocabulary(ids: tuple[int, ...], size: int) -> None:
    """Raises ValueError for an id that is not in 0 .. size - 1."""
    for position, token in enumerate(ids):
        if not 0 <= token < size:
            raise ValueError(
                f"tokens: ids must be in 0..{size - 1}, because logits has a vocabulary of {size}, got {token} at position {position}; "
                "tokens and logits must come from the same model"
            )


def notes(values: Float64) -> tuple[str, ...]:
    """A sentence on tokens after the first that have no value; none if all have one."""
    missing = int(np.isnan(values[1:, 1]).sum())
    if missing == 0:
        return ()
    verb = "tokens have" if missing > 1 else "token has"
    return (f"{missing} {verb} no value: their logits hold NaN or +inf, or their own logit is -inf.",)


def _numbers(block: Any) -> np.typing.NDArray[np.floating]:
    """A block of logits in its own precision: float64, or float32 for all others."""
    return (
        to_float64(block, "logits")
        if str(getattr(block, "dtype", "")).endswith("float64")
        else to_float32(block, "logits")
    )

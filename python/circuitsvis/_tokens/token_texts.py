"""Texts that belong to samples, kinds and tokens: labels, names, HTML shown on hover."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import checks


def names(name: str, given: object, n: int, what: str, *, numbers: bool = True) -> tuple[str, ...] | None:
    """One string for each of `n` things, from strings or whole numbers; None if the user passed None.

    Args:
        name: the argument.
        given: what the user passed.
        n: number of things.
        what: the thing in the singular, e.g. "text".
        numbers: whether whole numbers are taken too.

    Raises:
        TypeError: no list of strings.
        ValueError: another number of strings.
    """
    if given is None:
        return None
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence):
        raise TypeError(f"{name}: must be a list of strings, one per {what}, got {type(given).__name__} {given!r}")
    if len(given) != n:
        raise ValueError(f"{name}: needs one per {what}, got {len(given)} for {n}")
    texts = tuple(map(checks.label, given))
    for i, (item, text) in enumerate(zip(given, texts, strict=True)):
        if text is None or not (numbers or isinstance(item, str)):
            raise TypeError(f"{name}: item {i} must be a string, got {type(item).__name__} {item!r} (wrap it in str())")
    return tuple(text for text in texts if text is not None)


def hover_html(given: object, texts: Sequence[Sequence[str]]) -> list[tuple[str, ...]] | None:
    """The HTML of each token of each text; "" where the user passed None for a token. None if there is none at all.

    Args:
        given: one string or None per token; for several texts a list of such lists, or None for a text.
        texts: the tokens of each text.

    Raises:
        TypeError, ValueError: as `names`.
    """
    if given is None:
        return None
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence):
        raise TypeError(f"hover_html: must be a list with the HTML of each token, got {type(given).__name__} {given!r}")
    single = len(texts) == 1 and not any(isinstance(item, (list, tuple)) for item in given)
    rows: Sequence[object] = [given] if single else given
    if len(rows) != len(texts):
        raise ValueError(f"hover_html: needs one list per text, got {len(rows)} for {len(texts)}")
    result: list[tuple[str, ...]] = []
    for i, (row, tokens) in enumerate(zip(rows, texts, strict=True)):
        if row is None:
            result.append(())
            continue
        name = "hover_html" if single else f"hover_html[{i}]"
        filled = ["" if item is None else item for item in row] if isinstance(row, (list, tuple)) else row
        result.append(names(name, filled, len(tokens), "token", numbers=False) or ())
    return result

"""The files that a figure can be saved as, by the ending of their name."""

from __future__ import annotations

from pathlib import Path

ENDINGS = {
    ".html": "the interactive page",
    ".svg": "a picture of one head",
    ".pdf": "the same picture",
    ".png": "the same picture as pixels",
    ".csv": "its values as a table",
}
"""What each kind of file holds."""

_SAME = {".htm": ".html"}


def ending_of(path: str | Path) -> str:
    """The ending of a path in lower case, a key of `ENDINGS`.

    Raises:
        ValueError: it is none.
    """
    ending = Path(path).suffix.lower()
    ending = _SAME.get(ending, ending)
    if ending not in ENDINGS:
        kinds = ", ".join(f"{known} ({what})" for known, what in ENDINGS.items())
        found = f"{ending!r} of {str(path)!r}" if ending else f"none in {str(path)!r}"
        raise ValueError(
            f"path: its ending says what is saved and must be one of {kinds}; got {found}: nothing was written"
        )
    return ending


def check_only_of_png(ending: str, **given: bool) -> None:
    """Checks that options of a ".png" are not given for another file, which would ignore them.

    Args:
        ending: of the file, a key of `ENDINGS`.
        given: for each option, whether it differs from its default.

    Raises:
        ValueError: one does.
    """
    for name, differs in given.items():
        if differs and ending != ".png":
            raise ValueError(f"{name}: is for .png only, and this file is a {ending}: leave it out, or save a .png")

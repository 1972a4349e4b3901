"""A folder that is there as a whole or not at all: it is written beside its place and then moved there."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

PAGE = "index.html"
STORE = "data.zarr"
MARK = '<meta name="generator" content="circuitsvis">'
"""What the page of a site has within its first characters, by which `replace` knows its own folders."""

_OWN = re.compile(r"index\.html|data\.zarr|circuitsvis-[0-9a-f]+\.js")


def checked(folder: str | Path) -> Path:
    """The folder's full path.

    Raises:
        FileNotFoundError: there is no folder to write it in.
        NotADirectoryError: it is a file.
        FileExistsError: it holds what `save_site` has not written.
    """
    path = Path(folder).resolve()
    if not path.parent.is_dir():
        raise FileNotFoundError(f"folder: {path.parent} is not there to write {path.name} in; make that folder first")
    if path.is_dir():
        foreign = _foreign(path)
        if foreign is not None:
            raise FileExistsError(
                f"folder: {path} holds {foreign!r}, which save_site has not written, and save_site replaces the whole folder; "
                f"name a folder that is new or empty, such as {str(path / 'site')!r}"
            )
    elif path.exists():
        raise NotADirectoryError(f"folder: {path} is a file; name a folder, which is made if it is not there")
    return path


def replace(path: Path, write: Callable[[Path], None]) -> None:
    """Writes a folder and moves it to `path`, in place of what an earlier call has written there.

    Args:
        path: from `checked`.
        write: fills the new folder, which it is given. If it fails, nothing changes.
    """
    mark = secrets.token_hex(4)
    fresh, earlier = (path.with_name(f".{path.name}-{mark}{ending}") for ending in ("-new", "-old"))
    fresh.mkdir()
    try:
        write(fresh)
        if path.is_dir():
            path.rename(earlier)
        fresh.rename(path)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        if earlier.is_dir() and not path.exists():
            earlier.rename(path)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _foreign(path: Path) -> str | None:
    """Something in a folder that `save_site` has not written; None if it is empty or all of it is a site."""
    names = sorted(entry.name for entry in path.iterdir())
    foreign = next((name for name in names if not _OWN.fullmatch(name)), None)
    if foreign is not None or not names:
        return foreign
    try:
        with (path / PAGE).open(encoding="utf-8", errors="replace") as page:
            return None if MARK in page.read(400) else PAGE
    except OSError:
        return names[0]

"""The compiled front end: the bundle, the loader that unpacks it, and their hash, which distinguishes versions on one page."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

PATH = Path(__file__).parent.parent / "static" / "circuitsvis.js"
LOADER = PATH.with_name("loader.js")


@dataclass(frozen=True)
class Bundle:
    """The code, the script that unpacks it, and the hash under which a page stores what it exports."""

    code: str
    loader: str
    hash: str

    @cached_property
    def packed(self) -> str:
        """The code as base64 of zlib, half as long, because every figure contains it."""
        return base64.b64encode(zlib.compress(self.code.encode("ascii"), 9)).decode("ascii")


@lru_cache(maxsize=1)
def bundle() -> Bundle:
    """The compiled front end, read once per process.

    Raises:
        RuntimeError: it has not been built.
    """
    try:
        code, loader = (file.read_text(encoding="utf-8") for file in (PATH, LOADER))
    except FileNotFoundError as error:
        raise RuntimeError(
            f"circuitsvis: its front end {PATH.name} has not been built (looked in {PATH.parent}); "
            "run `make build` in the repository, or reinstall the package"
        ) from error
    name = hashlib.blake2b((code + loader).encode(), digest_size=6).hexdigest()
    return Bundle(code, loader.strip().replace("HASH", name), name)

"""The compiled front end: the bundles, the loader that unpacks one, and the hash that distinguishes bundles on one page."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from circuitsvis._wire.views import VIEWS

FOLDER = Path(__file__).parent.parent / "static"

BUNDLES: dict[str, frozenset[str]] = {
    "attention": frozenset({"AttentionPatterns", "AttentionHeads"}),
    "lines": frozenset({"LinesView"}),
    "attribution": frozenset({"AttributionView"}),
    "map": frozenset({"ScoreMap", "PatchingMap"}),
    "edge": frozenset({"EdgeSplit"}),
    "lens": frozenset({"LogitLens"}),
    "tokens": frozenset(
        {"ColoredTokens", "Hello", "TextNeuronActivations", "TokenLogProbs", "TopkSamples", "TopkTokens"}
    ),
    "all": frozenset(VIEWS),
}
"""The views of each bundle, a file of `frontend/src/bundles`. A figure carries the first that has its views, half of "all"."""


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


def bundle_of(views: Set[str]) -> Bundle:
    """The bundle that draws these views.

    Raises:
        RuntimeError: as `bundle`.
    """
    return bundle(next(name for name, those in BUNDLES.items() if views <= those))


@lru_cache
def bundle(name: str = "all") -> Bundle:
    """A bundle, read once per process.

    Raises:
        RuntimeError: the front end has not been built.
    """
    files = [FOLDER / f"{name}.js", FOLDER / "loader.js"]
    try:
        code, loader = (file.read_text(encoding="utf-8") for file in files)
    except FileNotFoundError as error:
        raise RuntimeError(
            f"circuitsvis: its front end {files[0].name} has not been built (looked in {FOLDER}); "
            "run `make build` in the repository, or reinstall the package"
        ) from error
    made_of = hashlib.blake2b((code + loader).encode(), digest_size=6).hexdigest()
    return Bundle(code, loader.strip().replace("HASH", made_of), made_of)

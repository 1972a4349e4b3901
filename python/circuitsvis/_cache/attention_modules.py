"""The attention modules whose patterns are in a cache."""

from __future__ import annotations

import re
from collections.abc import Iterable

from circuitsvis._cache.hook_names import PATTERN


def templates(names: Iterable[object]) -> list[str]:
    """The modules among full hook names, with "{layer}" for the layer, sorted: e.g. "decoder.{layer}.cross_attn"."""
    suffix = PATTERN.name.format(attn="")
    found = (re.sub(r"(^|\.)\d+\.", r"\1{layer}.", str(name), count=1) for name in names)
    return sorted({template.removesuffix(suffix) for template in found if template.endswith(suffix)})

"""What a store's groups and arrays are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._store.head_arrays import HeadArray

Texts: TypeAlias = tuple[str, ...]
Content: TypeAlias = HeadArray | npt.NDArray[np.generic] | Texts


@dataclass(frozen=True)
class Array:
    """One array.

    Attributes:
        name: in its group.
        dimensions: the name of each axis.
        content: heads, of which each is a chunk; or numbers or texts, all in one chunk.
        attributes: besides those of a `HeadArray`.
    """

    name: str
    dimensions: Sequence[str]
    content: Content
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """A group of arrays, which share their dimensions.

    Attributes:
        path: from the root of the store.
        attributes: of the group.
        arrays: those in it.
    """

    path: str
    attributes: Mapping[str, Any]
    arrays: Sequence[Array]

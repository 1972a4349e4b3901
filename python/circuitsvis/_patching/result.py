"""The result of activation patching: the metric after every patch, and what it is relative to both unpatched runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._common import checks, data_frame
from circuitsvis._common.arrays import Float64
from circuitsvis._heads.head_score import read_only
from circuitsvis._patching import effects
from circuitsvis._patching.kinds import KINDS

if TYPE_CHECKING:
    import pandas

Direction = Literal["denoise", "noise"]

_CELLS_OF = {"position": "positions", "head": "heads"}


@dataclass(frozen=True, eq=False, repr=False)
class Patching(Mapping[str, Float64]):
    """Effects of patching by kind of activation: `patching["resid_pre"]`, [layer, position], `patching["z"]`, [layer, head].

    An effect is (metric after the patch - metric of the unpatched run) / (metric of the other run - metric of the unpatched run), each the
    mean over the pairs: 0 where the patch changes nothing, 1 where the metric becomes that of the other run, from which the
    activations come. With direction "denoise" the unpatched run is the corrupted one, with "noise" the clean one.

    Attributes:
        direction: "denoise": clean activations are patched into the corrupted run. "noise": the other way round.
        metric: what was measured, in words.
        layers: the numbers of the layers, the rows of all grids.
        positions: the numbers of the positions, the columns of grids by position.
        clean_tokens, corrupted_tokens: texts of all tokens of each pair.
        clean, corrupted: [pair], float64, the metric of the unpatched runs.
        patched: by kind, [pair, layer, column], float64: the metric after each patch. NaN where the model has no such activation.
        missing: why a kind is not among them, by name.
    """

    direction: Direction
    metric: str
    layers: tuple[int, ...]
    positions: tuple[int, ...]
    clean_tokens: tuple[tuple[str, ...], ...]
    corrupted_tokens: tuple[tuple[str, ...], ...]
    clean: Float64
    corrupted: Float64
    patched: Mapping[str, Float64]
    missing: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("clean", "corrupted"):
            object.__setattr__(self, name, read_only(getattr(self, name), name))
        grids = {name: read_only(values, name) for name, values in self.patched.items()}
        object.__setattr__(self, "patched", MappingProxyType(grids))
        object.__setattr__(self, "missing", MappingProxyType(dict(self.missing)))

    def __reduce__(self) -> tuple[object, ...]:  # a MappingProxyType cannot be pickled
        texts = (self.clean_tokens, self.corrupted_tokens)
        numbers = (self.clean, self.corrupted, dict(self.patched), dict(self.missing))
        return Patching, (self.direction, self.metric, self.layers, self.positions, *texts, *numbers)

    @property
    def unpatched(self) -> Float64:
        """[pair]: the metric of the run into which activations are patched, whose effect is 0."""
        return self.corrupted if self.direction == "denoise" else self.clean

    @property
    def other(self) -> Float64:
        """[pair]: the metric of the run from which activations come, whose effect is 1."""
        return self.clean if self.direction == "denoise" else self.corrupted

    def __getitem__(self, kind: str) -> Float64:
        return effects.of_mean(self._metric_of(kind), self.unpatched, self.other)

    def of_pair(self, kind: str, pair: int) -> Float64:
        """The effects in one pair of prompts, [layer, column]; NaN if both of its unpatched runs have the same metric.

        Args:
            kind: name of the kind.
            pair: index of the pair. Negative ones count from the end.

        Raises:
            KeyError: there is no such kind.
            TypeError, ValueError: there is no such pair.
        """
        n = len(self.clean)
        index = checks.index("pair", pair, n, "index", f"{n} pair{'s' * (n > 1)}")
        one = slice(index, index + 1)
        return effects.of_mean(self._metric_of(kind)[one], self.unpatched[one], self.other[one])

    def __iter__(self) -> Iterator[str]:
        return iter(self.patched)

    def __len__(self) -> int:
        return len(self.patched)

    def to_dict(self, pairs: bool = False) -> dict[str, npt.NDArray[np.generic]]:
        """A table with a row for each cell of each grid.

        Its columns: "kind", "layer", "position" and "head" (float64, NaN for the one that the kind lacks), "clean_token" and
        "corrupted_token" of the position ("" where pairs differ), "effect", and "metric" after the patch.

        Args:
            pairs: a row for each pair of prompts, with the column "pair" and the effect in that pair, instead of the mean.
        """
        checks.boolean("pairs", pairs)
        numbers: list[int | None] = [*range(len(self.clean))] if pairs else [None]
        blocks = [self._rows(kind, pair) for kind in self for pair in numbers]
        return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}

    def to_pandas(self, pairs: bool = False) -> pandas.DataFrame:
        """The table of `to_dict` as a pandas DataFrame.

        Args:
            pairs: as in `to_dict`.

        Raises:
            ImportError: pandas is not installed.
        """
        return data_frame.of_columns(self.to_dict(pairs), "to_dict() gives the columns as numpy arrays")

    def __repr__(self) -> str:
        n = len(self.clean)
        into = (
            "clean activations into the corrupted run"
            if self.direction == "denoise"
            else "corrupted activations into the clean run"
        )
        lines = [
            f"<Patching of {n} pair{'s' * (n > 1)} of prompts, {self.direction}: {into}",
            f"  {self.metric}: clean {self.clean.mean():.4g}, corrupted {self.corrupted.mean():.4g}{', means' * (n > 1)}",
            *(self._line(kind) for kind in self),
        ]
        if self.missing:
            lines.append(f"  missing, see .missing: {', '.join(self.missing)}")
        return "\n".join(lines) + ">"

    def _line(self, kind: str) -> str:
        """E.g. "  z          4 layers x 4 heads, effects -0.1 to 0.8, largest in layer 3, head 1"."""
        values, columns = self[kind], KINDS[kind].columns
        rows, cols = values.shape
        width = max(map(len, self))
        start = f"  {kind:{width}}  {rows} layer{'s' * (rows > 1)} x {cols} {_CELLS_OF[columns]}"
        if np.isnan(values).all():
            return f"{start}, no value"
        row, col = np.unravel_index(np.nanargmax(values), values.shape)
        number = self.positions[col] if columns == "position" else col
        largest = f"layer {self.layers[row]}, {columns} {number}"
        return f"{start}, effects {np.nanmin(values):.3g} to {np.nanmax(values):.3g}, largest in {largest}"

    def _rows(self, kind: str, pair: int | None) -> dict[str, npt.NDArray[np.generic]]:
        """The rows of a grid in `to_dict`, of one pair or of the mean of all."""
        effect = self[kind] if pair is None else self.of_pair(kind, pair)
        metric = self.patched[kind].mean(0) if pair is None else self.patched[kind][pair]
        rows, cols = effect.shape
        absent = np.full(rows * cols, np.nan)
        tokens: list[list[str]] = [[""] * cols] * 2
        by_position = KINDS[kind].columns == "position"
        if by_position:
            both = (self.clean_tokens, self.corrupted_tokens)
            shared = [effects.common(texts if pair is None else [texts[pair]]) for texts in both]
            tokens = [[texts[i] or "" for i in self.positions] for texts in shared]
        numbers = np.tile(np.array(self.positions if by_position else range(cols), np.float64), rows)
        return {
            "kind": _objects([kind] * (rows * cols)),
            **({} if pair is None else {"pair": np.full(rows * cols, pair)}),
            "layer": np.repeat(np.array(self.layers, np.int64), cols),
            "position": numbers if by_position else absent,
            "head": absent if by_position else numbers,
            "clean_token": _objects(tokens[0] * rows),
            "corrupted_token": _objects(tokens[1] * rows),
            "effect": effect.reshape(-1),
            "metric": metric.reshape(-1),
        }

    def _metric_of(self, kind: str) -> Float64:
        if kind in self.patched:
            return self.patched[kind]
        if kind in self.missing:
            raise KindNotFoundError(f"{kind}: not patched: {self.missing[kind]}")
        close = difflib.get_close_matches(str(kind), list(self), n=1, cutoff=0.4)
        meant = f": did you mean {close[0]!r}?" if close else "."
        raise KindNotFoundError(f"no kind {kind!r}{meant} There are: {', '.join(self)}")


def _objects(texts: Sequence[str]) -> npt.NDArray[np.generic]:
    column = np.empty(len(texts), object)
    column[:] = texts
    return column


class KindNotFoundError(KeyError):
    """There is no grid of this kind. The text lists those that there are."""

    def __str__(self) -> str:  # KeyError would show the repr, with its quotes and escapes
        return str(self.args[0])

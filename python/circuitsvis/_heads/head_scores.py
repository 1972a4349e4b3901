"""A table of scores of the same heads: read by name, sorted, pooled over sequences, joined with other scores."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from circuitsvis._common import checks, data_frame
from circuitsvis._heads import head_groups
from circuitsvis._heads.head_score import HeadScore

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, eq=False, repr=False)
class HeadScores(Mapping[str, HeadScore]):
    """Scores of the heads of some layers of a model, by name: `scores["induction@text"].values`, [layer, head].

    `a + b` pools the same scores of the same heads over the sequences of both. `a | b` joins different scores of the same heads.

    Attributes:
        layers: the numbers of the layers, one for each row of a score.
        n_heads: heads of each layer.
        scores: the scores, in order. A mapping's methods (`scores[name]`, `keys`, `items`, `len`, `in`) go by their names.
        missing: why a score is not among them, by name.

    Raises:
        TypeError, ValueError: scores of other layers or heads, or two of one name.
    """

    layers: tuple[int, ...]
    n_heads: int
    scores: tuple[HeadScore, ...]
    missing: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(checks.integer("layers", layer) for layer in self.layers))
        object.__setattr__(self, "n_heads", checks.integer("n_heads", self.n_heads))
        object.__setattr__(self, "scores", tuple(self.scores))
        object.__setattr__(self, "missing", MappingProxyType(dict(self.missing)))
        for score in self.scores:
            if not isinstance(score, HeadScore):
                raise TypeError(f"scores: must be HeadScore objects, got {type(score).__name__}")
            if score.numerator.shape != (len(self.layers), self.n_heads):
                raise ValueError(
                    f"scores: {score.name} must have a row for each of the {len(self.layers)} layers and a column for each of the "
                    f"{self.n_heads} heads, got shape {list(score.numerator.shape)}"
                )
        repeated = {name for name in self.names if self.names.count(name) > 1}
        if repeated:
            raise ValueError(f"scores: each name must occur once, but {', '.join(sorted(repeated))} occurs twice")

    def __reduce__(self) -> tuple[object, ...]:  # a MappingProxyType cannot be pickled
        return HeadScores, (self.layers, self.n_heads, self.scores, dict(self.missing))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the scores, in order."""
        return tuple(score.name for score in self.scores)

    def __getitem__(self, name: str) -> HeadScore:
        for score in self.scores:
            if score.name == name:
                return score
        raise ScoreNotFoundError(self._not_found(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.scores)

    def select(self, names: str | Sequence[str]) -> HeadScores:
        """The scores of these names, in this order; reasons for missing ones are left out.

        Args:
            names: a name, or several.

        Raises:
            KeyError: there is no score of a name.
        """
        chosen = [names] if isinstance(names, str) else names
        return HeadScores(self.layers, self.n_heads, tuple(self[name] for name in chosen))

    def sorted(self, name: str, descending: bool = True) -> list[tuple[int, int, float]]:
        """All heads as (layer, head, value), the highest value first. Equal values keep the order of the model, and NaN comes last.

        Args:
            name: name of the score.
            descending: whether the highest comes first, else the lowest.

        Raises:
            KeyError: there is no such score.
        """
        checks.boolean("descending", descending)
        values = self[name].values.ravel()
        order = np.argsort(-values if descending else values, kind="stable")  # NaN is sorted to the end
        return [
            (self.layers[place // self.n_heads], place % self.n_heads, float(values[place])) for place in order.tolist()
        ]

    def groups(self, deviations: float = head_groups.DEVIATIONS) -> dict[str, list[tuple[int, int]]]:
        """Groups of similar heads as (layer, head), by names such as "high induction@text": those that a score map lists.

        A head is in the group of the score in which it differs most from the mean of all heads, in standard deviations, and comes the
        earlier there the more it does. Heads that differ less in every score are in none.

        Args:
            deviations: standard deviations from which on a head is in a group, above 0.

        Raises:
            ValueError: not a number above 0.
        """
        least = head_groups.check_deviations(deviations)
        found = head_groups.groups([score.values for score in self.scores], least) if self.scores else []
        return {
            f"{group.side} {self.names[group.score]}": [
                (self.layers[head // self.n_heads], head % self.n_heads) for head in group.heads
            ]
            for group in found
        }

    def to_dict(self) -> dict[str, npt.NDArray[np.generic]]:
        """A table with a row per head: the columns "layer" and "head" (int64), and one of each score's values (float64, NaN: none)."""
        heads = {
            "layer": np.repeat(np.array(self.layers, np.int64), self.n_heads),
            "head": np.tile(np.arange(self.n_heads), len(self.layers)),
        }
        return {**heads, **{score.name: score.values.ravel() for score in self.scores}}

    def to_pandas(self) -> pandas.DataFrame:
        """The table of `to_dict` as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed.
        """
        return data_frame.of_columns(self.to_dict(), "to_dict() gives the columns as numpy arrays")

    def __add__(self, other: HeadScores) -> HeadScores:
        if not isinstance(other, HeadScores):
            return NotImplemented
        self._check_same_heads(other, "+")
        if set(self.names) != set(other.names):
            only = sorted(set(self.names) ^ set(other.names))
            raise ValueError(
                f"+: pools scores that both sides have, but only one has {', '.join(only)}; choose the others on both "
                "with .select([...])"
            )
        different = [name for name in self.names if not self[name].is_defined_as(other[name])]
        if different:
            name = different[0]
            raise ValueError(
                f"+: {name} is defined differently on both sides: {self[name].formula!r}, over {self[name].population!r}; and "
                f"{other[name].formula!r}, over {other[name].population!r}; leave it out with .select([...])"
            )
        pooled = tuple(
            replace(
                score,
                numerator=score.numerator + other[score.name].numerator,
                denominator=score.denominator + other[score.name].denominator,
            )
            for score in self.scores
        )
        return replace(self, scores=pooled, missing={**other.missing, **self.missing})

    def __radd__(self, other: object) -> HeadScores:
        """0 + scores, with which `sum` begins."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __or__(self, other: HeadScores) -> HeadScores:
        if not isinstance(other, HeadScores):
            return NotImplemented
        self._check_same_heads(other, "|")
        both = [name for name in self.names if name in other.names]
        if both:
            raise ValueError(
                f"|: joins different scores, but both sides have {', '.join(both)}; pool them with +, or choose others with "
                ".select([...])"
            )
        missing = {**other.missing, **self.missing}
        joined = (*self.scores, *other.scores)
        return replace(self, scores=joined, missing={n: why for n, why in missing.items() if n not in (*self, *other)})

    def __repr__(self) -> str:
        width = max((len(name) for name in self.names), default=0)
        lines = [f"<HeadScores of {self._heads()}: {len(self)} scores", *(self._line(s, width) for s in self.scores)]
        if self.missing:
            lines.append(f"  missing, see .missing: {', '.join(self.missing)}")
        return "\n".join(lines) + ">"

    def _line(self, score: HeadScore, width: int) -> str:
        """E.g. "  entropy    0.12 to 2.31, highest in 1.3"."""
        layer, head, highest = self.sorted(score.name)[0]
        if np.isnan(highest):
            return f"  {score.name:{width}}  no value"
        return f"  {score.name:{width}}  {np.nanmin(score.values):.3g} to {highest:.3g}, highest in {layer}.{head}"

    def _heads(self) -> str:
        n = len(self.layers)
        numbers = list(self.layers)
        run = n > 2 and numbers == list(range(numbers[0], numbers[0] + n))
        listed = f"{numbers[0]} to {numbers[-1]}" if run else ", ".join(map(str, numbers))
        return f"{n * self.n_heads} heads, layer{'s' if n != 1 else ''} {listed} with {self.n_heads} each"

    def _check_same_heads(self, other: HeadScores, operator: str) -> None:
        """Raises ValueError unless both are of the same layers and heads."""
        if (self.layers, self.n_heads) != (other.layers, other.n_heads):
            raise ValueError(
                f"{operator}: both sides must be of the same layers and heads, got {self._heads()}; and {other._heads()}; "
                "compute both with the same layers="
            )

    def _not_found(self, name: object) -> str:
        if name in self.missing:
            return f"{name}: not computed: {self.missing[str(name)]}"
        close = difflib.get_close_matches(str(name), self.names, n=1, cutoff=0.4)
        meant = f": did you mean {close[0]!r}?" if close else "."
        return f"no score {name!r}{meant} There are: {', '.join(self.names) or 'none'}"


class ScoreNotFoundError(KeyError):
    """There is no score of this name. The text lists those that there are, or why it could not be computed."""

    def __str__(self) -> str:  # KeyError would show the repr, with its quotes and escapes
        return str(self.args[0])

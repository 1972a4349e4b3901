"""Why a query attends to a key: the result of `heads.edge`, which a notebook shows as a figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from circuitsvis._heads import edge_view
from circuitsvis._heads.edge_numbers import EdgeNumbers
from circuitsvis._page.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Edge(EdgeNumbers):
    """One cell of a head's pattern: where its score comes from, and what it writes. A notebook shows it as `edge_split` draws it.

    Attributes:
        head: (layer, head).
        dest, src: positions of query and key among the tokens, without padding.
        tokens: their texts, (of the query, of the key).
        attention: the probability A.
        score: what the softmax read: q·k / divisor, plus `added`. Its softmax over the row is the pattern.
        divisor: what q·k is divided by.
        query_parts, key_parts: what contributed to the query and to the key, in the order of the model; "unaccounted" comes last.
        table: [query part, key part], float64, read-only: what each pair adds to q·k / divisor. It sums to that of the cached q and k.
        added: what the model adds to q·k / divisor: 0, a position bias, or what a soft cap changes.
        added_name: "position bias", "soft cap", "difference", or None.
        promoted, suppressed: tokens whose logit the cell raises and lowers most, the strongest first; empty where the direct path
            is not linear, for which `notes` have the reason.
        notes: sentences on what is approximate or missing.
    """

    def _figure(self) -> Figure:
        return edge_view.edge_split(self)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
        """The output of a notebook cell: the figure, and in a terminal the text of `repr`."""
        data, metadata = self._figure()._repr_mimebundle_()
        return {**data, "text/plain": repr(self)}, metadata

    def _repr_html_(self) -> str:
        return self._figure()._repr_html_()

    def _mime_(self) -> tuple[Literal["text/html"], str]:
        """The output of a marimo cell."""
        return self._figure()._mime_()

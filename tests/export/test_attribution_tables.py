"""Tables of attributions: the rows of a destination add up to its logit, and are those of a loop over the decoded page."""

from __future__ import annotations

import math

import numpy as np
import pytest
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis.figure import Figure

from scripts.fixtures.catalogue import FIGURES
from tests.support import reference
from tests.support.tables import Row, rows

NAMES = ["attribution-small", "attribution-3-destinations", "attribution-batch"]


def by_loop(figure: Figure) -> list[Row]:
    props = figure._props
    assert isinstance(props, AttributionViewProps)
    out: list[Row] = []
    for number, sequence in enumerate(props.sequences):
        values, totals = reference.decode(sequence.attention), reference.decode(sequence.component_totals)
        logits = reference.decode(sequence.total)[0]
        src_tokens = sequence.src_tokens or sequence.dest_tokens
        for component in range(len(props.heads) + len(props.parts)):
            head = props.heads[component] if component < len(props.heads) else None
            part = None if head else props.parts[component - len(props.heads)]
            described = head or part
            assert described is not None
            for dest, token in enumerate(sequence.dest_tokens):
                position = sequence.dest_positions[dest] if sequence.dest_positions else dest
                shared: Row = {
                    "sequence": number,
                    "component": described.name,
                    "kind": part.kind if part else "head",
                    "layer": math.nan if described.layer is None else described.layer,
                    "dest": position,
                    "dest_token": token,
                    "target": sequence.targets[dest],
                }
                ends: Row = {"component_total": float(totals[component, dest]), "logit": float(logits[dest])}
                if part:
                    total = float(totals[component, dest])
                    out.append({**shared, "src": math.nan, "src_token": "", "attribution": total, **ends})
                    continue
                for src, src_token in enumerate(src_tokens):
                    value = float(values[component, dest, src])
                    if not (math.isnan(value) and src > position):
                        out.append({**shared, "src": src, "src_token": src_token, "attribution": value, **ends})
    return out


@pytest.mark.parametrize("name", NAMES)
def test_a_table_of_attributions_has_every_value_of_the_page(name: str) -> None:
    figure = FIGURES[name]()
    np.testing.assert_equal(rows(figure), by_loop(figure))


@pytest.mark.parametrize("name", NAMES)
def test_the_rows_of_a_destination_add_up_to_its_logit(name: str) -> None:
    figure = FIGURES[name]()
    props = figure._props
    assert isinstance(props, AttributionViewProps)
    sums: dict[tuple[int, int], list[float]] = {}
    logits: dict[tuple[int, int], float] = {}
    for row in rows(figure):
        key = (row["sequence"], row["dest"])
        sums.setdefault(key, []).append(row["attribution"])
        logits[key] = row["logit"]
    for (number, dest), values in sums.items():
        sequence = props.sequences[number]
        heads, sources = len(props.heads), sequence.attention.shape[2]
        bound = sources * sum(sequence.attention.error_steps * scale for scale in sequence.attention.scales)
        bound += (heads + len(props.parts)) * sequence.component_totals.error_bound + sequence.total.error_bound
        assert abs(math.fsum(values) - logits[number, dest]) <= bound

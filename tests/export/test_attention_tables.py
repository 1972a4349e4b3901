"""Tables of attention: every value is that of a loop over the decoded page, and within its bound of the array that was passed."""

from __future__ import annotations

import math
from pathlib import Path

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.lines import LinesSequence
from circuitsvis.figure import Figure

from scripts.fixtures.catalogue import FIGURES
from tests.support import reference
from tests.support.caches import softmax_patterns, words
from tests.support.tables import Row, csv_rows, rows, same_field

ATTENTION = [
    "small-12-heads",
    "small-batch-dropdown",
    "small-signed",
    "large-rectangular",
    "large-no-value",
    "small-spans",
]


def by_loop(figure: Figure) -> list[Row]:
    """The table as its documentation says, cell by cell."""
    props = reference.props(figure)
    out: list[Row] = []
    for number, sequence in enumerate(props.sequences):
        values = reference.decode(sequence.attention)
        weights = {name: reference.decode(tensor) for name, tensor in sequence.weights.items()}
        src_tokens = sequence.src_tokens or sequence.dest_tokens
        shift = len(src_tokens) - len(sequence.dest_tokens)
        for head, described in enumerate(props.heads):
            for dest, dest_token in enumerate(sequence.dest_tokens):
                for src, src_token in enumerate(src_tokens):
                    value = float(values[head, dest, src])
                    last = len(src_tokens) - 1
                    if sequence.dest_positions is not None:
                        last = sequence.dest_positions[dest]
                    elif sequence.attention.layout == "causal":
                        last = dest + shift
                    if src > last and math.isnan(value):
                        continue
                    row: Row = {
                        "sequence": number,
                        "head": described.name,
                        "layer": math.nan if described.layer is None else described.layer,
                        "dest": sequence.dest_positions[dest] if sequence.dest_positions else dest,
                        "dest_token": dest_token,
                        "src": src,
                        "src_token": src_token,
                        "attention": value,
                    }
                    for name, factors in weights.items():
                        short = {"value-weighted": "value_weight", "info-weighted": "info_weight"}[name]
                        row[short] = float(factors[head, src])
                        row[name.replace("-", "_")] = value * float(factors[head, src])
                    out.append(row)
    return out


@pytest.mark.parametrize("name", ATTENTION)
def test_a_table_of_attention_has_a_row_for_each_cell_that_is_not_masked(name: str) -> None:
    figure = FIGURES[name]()
    found, wanted = rows(figure), by_loop(figure)
    assert [list(row) for row in found[:1]] == [list(row) for row in wanted[:1]]
    np.testing.assert_equal(found, wanted)


def test_values_are_those_that_were_passed_within_the_bound_of_the_page() -> None:
    pattern = softmax_patterns((3, 9, 9))
    figure = cv.attention.from_values(pattern, words(9))
    bound = reference.bound(figure)
    found = rows(figure)
    assert len(found) == 3 * 9 * 10 / 2
    for row in found:
        head = int(row["head"].removeprefix("Head "))
        assert abs(row["attention"] - float(pattern[head, row["dest"], row["src"]])) <= bound


def test_destinations_have_the_numbers_that_the_page_shows() -> None:
    pattern = softmax_patterns((1, 6, 6))[:, [2, 4]]
    tokens = words(6)
    figure = cv.attention.from_values(pattern, dest_tokens=[tokens[2], tokens[4]], src_tokens=tokens)
    assert reference.props(figure).sequences[0].dest_positions == (2, 4)
    found = rows(figure)
    assert [(row["dest"], row["src"]) for row in found] == [(dest, src) for dest in (2, 4) for src in range(6)]
    assert {row["dest_token"] for row in found} == {tokens[2], tokens[4]}


@pytest.mark.parametrize("name", ["lines-12-heads", "lines-alibi", "lines-scores-only", "lines-pattern-only"])
def test_tables_of_lines_have_scores_whose_softmax_is_the_pattern(name: str) -> None:
    figure = FIGURES[name]()
    found = rows(figure)
    props = reference.lines(figure)
    for head in range(0, len(props.heads), 5):
        computation = reference.computation(figure, head)
        own = [row for row in found if row["head"] == props.heads[head].name]
        if computation.kind == "pattern":
            assert all(math.isnan(row["score"]) for row in own)
            continue
        computed = reference.computed(figure, head)
        for dest in range(computed.shape[0]):
            scores = {row["src"]: row["score"] for row in own if row["dest"] == dest}
            total = math.fsum(math.exp(score) for score in scores.values())
            for src, score in scores.items():
                assert math.isclose(math.exp(score) / total, computed[dest, src], rel_tol=1e-9, abs_tol=1e-12)
        if computation.kind == "product" and computation.added_term is not None:
            assert all(math.isclose(row["dot"] + row["added_term"], row["score"], abs_tol=1e-12) for row in own)
        assert isinstance(props.sequences[0], LinesSequence)


@pytest.mark.parametrize(
    "name",
    [
        "small-batch-dropdown",
        "lines-soft-cap",
        "tabs-encoder-decoder",
        "topk-tokens-samples",
        "log-probs",
        "tokens-many-kinds",
    ],
)
def test_a_csv_file_has_the_same_rows(name: str, tmp_path: Path) -> None:
    figure = FIGURES[name]()
    found, wanted = csv_rows(figure, tmp_path / "values.csv"), rows(figure)
    assert len(found) == len(wanted)
    for fields, row in zip(found, wanted, strict=True):
        assert list(fields) == list(row)
        assert all(same_field(fields[key], row[key]) for key in row)


def test_half_a_surrogate_pair_which_utf_8_cannot_hold_becomes_a_replacement_character(tmp_path: Path) -> None:
    figure = cv.attention.from_values(softmax_patterns((2, 2)), ["\udcc3", '😀",\n'])
    found = csv_rows(figure, tmp_path / "values.csv")
    assert [row["src_token"] for row in found] == ["\ufffd", "\ufffd", '😀",\n']


def test_tabs_have_one_table_with_the_name_of_the_tab() -> None:
    figure = FIGURES["tabs-encoder-decoder"]()
    found = rows(figure)
    props = figure._props
    names = [tab.name for tab in props.tabs]  # type: ignore[attr-defined]  # the fixture is one of tabs
    for name, tab in zip(names, props.tabs, strict=True):  # type: ignore[attr-defined]
        assert isinstance(tab.figure, AttentionProps)
        own = [{key: row[key] for key in list(row)[1:]} for row in found if row["tab"] == name]
        np.testing.assert_equal(own, by_loop(Figure(tab.figure)))

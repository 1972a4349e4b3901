"""spans=: named runs of tokens that the attention views collapse."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import reference
from tests.support.caches import cache, softmax_patterns, words

PATTERNS = softmax_patterns((2, 6, 6))


def shown(figure: Any) -> list[list[tuple[str, int, int]]]:
    return [[(span.name, span.start, span.end) for span in row.spans] for row in reference.props(figure).sequences]


@pytest.mark.parametrize("mode", ["small", "large"])
def test_spans_travel_with_their_sequence_in_the_order_of_its_tokens(mode: Any) -> None:
    figure = cv.attention.from_values(PATTERNS, words(6), mode, spans={"b": (3, None), "a": (0, 2)})
    assert shown(figure) == [[("a", 0, 2), ("b", 3, 6)]]
    batch = cv.attention.from_values(
        np.stack([PATTERNS, PATTERNS]), [words(6)] * 2, mode, spans=[None, {"image": slice(1, 4)}]
    )
    assert shown(batch) == [[], [("image", 1, 4)]]
    for_all = cv.attention.from_cache(
        cache(batch=3), [words(6)] * 3, mode=mode, spans={"x": (-3, -1)}, batch_idx=[2, 0]
    )
    assert shown(for_all) == [[("x", 3, 5)]] * 2
    of_batch = cv.attention.from_cache(
        cache(batch=3), [words(6)] * 3, mode=mode, batch_idx=[2, 0], spans=[{"0": (0, 1)}, None, {"2": (1, 2)}]
    )
    assert shown(of_batch) == [[("2", 1, 2)], [("0", 0, 1)]]
    assert shown(cv.attention.from_values(PATTERNS, words(6), mode)) == [[]]


def test_positions_count_tokens_without_padding() -> None:
    mask = [[0, 0, 1, 1, 1, 1]]
    figure = cv.attention.from_values(
        PATTERNS[None], [words(6)], attention_mask=mask, spans={"first": (0, 2), "last": (-1, None)}
    )
    assert shown(figure) == [[("first", 0, 2), ("last", 3, 4)]]
    assert reference.props(figure).sequences[0].dest_tokens[:2] == (" t2", " t3")


def test_spans_are_of_sources_where_destinations_are_others() -> None:
    figure = cv.attention.from_values(PATTERNS[:, :2], dest_tokens=["a", "b"], src_tokens=words(6), spans={"x": (2, 6)})
    assert shown(figure) == [[("x", 2, 6)]]


@pytest.mark.parametrize(
    ("spans", "error", "text"),
    [
        ({"x": (2, 9)}, ValueError, r"spans: 'x' needs 0 <= start < end <= 6"),
        ({"x": (2, 4), "y": (3, 5)}, ValueError, "spans: parts must not overlap"),
        ({}, ValueError, "spans: needs at least one name"),
        ([], ValueError, "spans: needs at least one dict .* None for none"),
        ({"x": 3}, TypeError, r"spans: 'x' must be \(start, end\)"),
        (3, TypeError, r"spans: must be a dict from names to \(start, end\), .* got int 3"),
        ([2, 4], TypeError, "spans: must be a dict .* got int 2"),
        ([{"x": (0, 1)}, None], ValueError, "spans: needs one entry per sequence shown, got 2 entries for 1"),
    ],
)
def test_spans_that_do_not_fit_are_refused(spans: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        cv.attention.from_values(PATTERNS, words(6), spans=spans)
    with pytest.raises(error, match=text):
        cv.attention.from_cache(cache(batch=None), words(6), spans=spans)


def test_lines_have_no_rows_to_collapse_and_say_what_they_take_instead() -> None:
    with pytest.raises(ValueError, match=r"spans: .* pass segments="):
        cv.attention.from_values(PATTERNS, words(6), "lines", spans={"x": (0, 2)})
    assert cv.attention.from_values(PATTERNS, words(6), "lines", segments={"x": (0, 2)})


def test_the_help_text_explains_spans_where_there_are_some() -> None:
    def text(**options: Any) -> str:
        figure = cv.attention.from_values(PATTERNS, words(6), help=True, **options)
        return " ".join(figure._props.help)

    assert "mean over its queries, its column the sum over its keys" in text(spans={"x": (0, 2)})
    assert "collapsed" not in text() and "mean over the chosen queries" in text()

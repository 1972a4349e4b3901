"""The sum of an attribution on plain arrays: what is shown, "other", and "unaccounted"."""

from __future__ import annotations

import numpy as np
from circuitsvis._attribution import notes
from circuitsvis._attribution.residual_sum import ResidualSum
from circuitsvis._attribution.result import Part
from circuitsvis._common.arrays import Float64

TOTAL = np.array([10.0, 20.0])


def row(*values: float) -> Float64:
    return np.array(values)


def with_head_and_mlp() -> ResidualSum:
    parts = ResidualSum(2)
    parts.add_head(row(1, 2))
    parts.add_part("mlp", 0, row(3, 4))
    return parts


def values(parts: ResidualSum) -> dict[str, list[float]]:
    return {part.name: part.values.tolist() for part in parts.parts}


def test_unaccounted_is_the_logit_minus_everything_that_was_added() -> None:
    parts = with_head_and_mlp()
    assert parts.close(TOTAL) is TOTAL
    assert values(parts) == {"MLP 0": [3, 4], "unaccounted": [6, 14]}


def test_what_is_not_shown_is_summed_in_one_part_called_other() -> None:
    parts = with_head_and_mlp()
    parts.add_other(row(1, 1))
    parts.add_other(None)
    parts.add_other(row(0, 5))
    parts.close(TOTAL)
    assert values(parts) == {"MLP 0": [3, 4], "other": [1, 6], "unaccounted": [5, 8]}


def test_a_layer_that_is_not_cached_makes_other_the_rest_of_the_logit() -> None:
    parts = with_head_and_mlp()
    parts.add_other(row(1, 1))
    parts.add_uncached()
    parts.close(TOTAL)
    assert values(parts) == {"MLP 0": [3, 4], "other": [6, 14]}


def test_without_a_cached_logit_the_total_is_the_sum_of_the_parts() -> None:
    parts = with_head_and_mlp()
    parts.add_other(row(1, 1))
    assert parts.close(None).tolist() == [5, 7]
    assert values(parts) == {"MLP 0": [3, 4], "other": [1, 1]}


def test_a_part_that_does_not_exist_is_not_listed() -> None:
    parts = with_head_and_mlp()
    parts.add_part("attention bias", 0, None)
    assert [part.kind for part in parts.parts] == ["mlp"]


def test_an_unaccounted_part_has_a_note_where_rounding_does_not_explain_it() -> None:
    part = Part("unaccounted", None, np.array([0.05, -0.2], np.float32))
    total = np.array([10.0, 20.0], np.float32)
    [note] = notes.unaccounted([part], total, rounding=2.0**-20)
    assert note.startswith("Up to 0.2 of the logit is unaccounted for")
    assert not notes.unaccounted([part], total, rounding=2.0**-6)
    assert not notes.unaccounted([part], total * 20, rounding=2.0**-20)
    assert not notes.unaccounted([], total, rounding=2.0**-20)


def test_layers_with_equal_factors_share_a_note() -> None:
    assert [text.split(":")[0] for text in notes.factors({0: 0.5, 2: 2.0, 3: 0.5})] == ["Layers 0, 3", "Layer 2"]

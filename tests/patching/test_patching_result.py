"""Effects are relative to both unpatched runs: the result's numbers, table and text, made without a model."""

from __future__ import annotations

import pickle
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

FINITE = st.floats(-100, 100)


def result(**changes: Any) -> cv.heads.Patching:
    fields: dict[str, Any] = {
        "direction": "denoise",
        "metric": "logit difference",
        "layers": (2, 5),
        "positions": (0, 2),
        "clean_tokens": (("a", "b", "c"), ("a", "x", "d")),
        "corrupted_tokens": (("a", "q", "c"), ("a", "q", "d")),
        "clean": [3.0, 5.0],
        "corrupted": [-1.0, 1.0],
        "patched": {
            "resid_pre": [[[-1.0, 1.0], [3.0, 5.0]], [[1.0, 5.0], [3.0, -3.0]]],
            "z": [[[0.0, 1.0, np.nan], [2.0, 3.0, 4.0]]] * 2,
        },
        "missing": {"mlp_out": "the model has no hook"},
    }
    return cv.heads.Patching(**{**fields, **changes})


def test_an_effect_is_that_of_the_mean_metric_and_each_pair_has_its_own() -> None:
    found = result()
    # mean clean 4, corrupted 0; mean of the patched metric 0, 3, 3, 1
    np.testing.assert_array_equal(found["resid_pre"], [[0.0, 0.75], [0.75, 0.25]])
    np.testing.assert_array_equal(found.of_pair("resid_pre", 0), [[0.0, 0.5], [1.0, 1.5]])
    np.testing.assert_array_equal(found.of_pair("resid_pre", -1), [[0.0, 1.0], [0.5, -1.0]])
    assert np.isnan(found["z"][0, 2]) and found["z"].dtype == np.float64


def test_with_noise_the_clean_run_is_0_and_the_corrupted_one_1() -> None:
    np.testing.assert_array_equal(result(direction="noise")["resid_pre"], [[1.0, 0.25], [0.25, 0.75]])


@given(st.lists(FINITE, min_size=3, max_size=3), st.sampled_from(["denoise", "noise"]))
def test_the_effects_of_both_unpatched_metrics_are_0_and_1(numbers: list[float], direction: Any) -> None:
    clean, corrupted, patched = numbers
    if abs(clean - corrupted) < 1e-3:
        return
    one = {"clean_tokens": (("a",),), "corrupted_tokens": (("b",),), "positions": (0,), "layers": (0,)}
    grid = [[[clean, corrupted, patched]]]
    found = result(**one, clean=[clean], corrupted=[corrupted], patched={"z": grid}, direction=direction)
    zero, scale = (corrupted, clean - corrupted) if direction == "denoise" else (clean, corrupted - clean)
    want = [1.0 if direction == "denoise" else 0.0, 0.0 if direction == "denoise" else 1.0, (patched - zero) / scale]
    np.testing.assert_allclose(found["z"][0], want, rtol=1e-12, atol=1e-12)


def test_a_pair_whose_runs_have_the_same_metric_has_no_effects_of_its_own() -> None:
    found = result(clean=[3.0, 1.0])
    assert np.isnan(found.of_pair("resid_pre", 1)).all() and np.isfinite(found["resid_pre"]).all()


def test_the_table_has_a_row_for_each_cell_and_with_pairs_for_each_pair() -> None:
    table = result().to_dict()
    assert list(table) == [*("kind", "layer", "position", "head", "clean_token", "corrupted_token", "effect", "metric")]
    rows = list(zip(*table.values(), strict=True))
    assert len(rows) == 4 + 6
    assert rows[1][:3] == ("resid_pre", 2, 2.0) and rows[1][4:] == ("", "", 0.75, 3.0)  # tokens of the pairs differ
    assert rows[2][4:6] == ("a", "a")
    assert rows[-1][0] == "z" and rows[-1][3] == 2.0 and np.isnan(rows[-1][2]) and rows[-1][6:] == (1.0, 4.0)
    pairs = result().to_dict(pairs=True)
    assert pairs["pair"].tolist() == [0] * 4 + [1] * 4 + [0] * 6 + [1] * 6
    assert pairs["clean_token"][:4].tolist() == ["a", "c", "a", "c"] and pairs["metric"][4] == 1.0
    pandas = pytest.importorskip("pandas")
    assert isinstance(result().to_pandas(), pandas.DataFrame)


def test_it_is_frozen_is_pickled_and_says_what_it_is() -> None:
    found = result()
    for array in (found.clean, found.patched["z"], found["z"]):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        found.metric = "other"  # type: ignore[misc]  # it is frozen
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301  # made above
    np.testing.assert_array_equal(copy["z"], found["z"])
    assert repr(found) == (
        "<Patching of 2 pairs of prompts, denoise: clean activations into the corrupted run\n"
        "  logit difference: clean 4, corrupted 0, means\n"
        "  resid_pre  2 layers x 2 positions, effects 0 to 0.75, largest in layer 2, position 2\n"
        "  z          2 layers x 3 heads, effects 0 to 1, largest in layer 5, head 2\n"
        "  missing, see .missing: mlp_out>"
    )


def test_names_that_are_not_there_are_explained() -> None:
    with pytest.raises(KeyError, match="no kind 'resid': did you mean 'resid_pre'"):
        result()["resid"]
    with pytest.raises(KeyError, match="mlp_out: not patched: the model has no hook"):
        result()["mlp_out"]
    with pytest.raises(ValueError, match=r"pair: index 2 is out of range for 2 pairs \(use -2..1\)"):
        result().of_pair("z", 2)

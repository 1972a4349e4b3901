"""The same inputs through both packages: both pages show the same."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from tests.circuitsvis1 import peer
from tests.circuitsvis1.calls import CALLS
from tests.circuitsvis1.shown import READERS
from tests.circuitsvis1.shown.reader import check_equal


@pytest.mark.parametrize("name", CALLS)
def test_both_pages_show_the_same(name: str) -> None:
    call = CALLS[name]()
    reader = READERS[call.function]
    module, _, function = call.function.rpartition(".")
    figure = getattr(importlib.import_module(f"circuitsvis.{module}"), function)(*call.args, **call.kwargs)
    page = peer.pages()[name]
    assert "error" not in page, page["error"]
    check_equal(
        reader.ours(figure, call), reader.theirs(page["props"], call), reader.bound(figure), reader.unmasked(call)
    )


def test_every_function_is_compared() -> None:
    compared = {make().function for make in CALLS.values()}
    assert compared == set(READERS)
    assert compared == set(peer.signatures())


def test_a_difference_is_found() -> None:
    """The comparison itself: of values, masks, texts and names."""
    values = np.array([[1.0, np.nan], [2.0, 3.0]])
    check_equal({"values": values}, {"values": values + 0.001}, 0.002, frozenset())
    hidden = np.where(values == 2.0, np.nan, values)
    check_equal({"values": values}, {"values": hidden}, 0.0, frozenset({"values"}))
    for other, unmasked in [
        ({"values": values + 0.001}, frozenset[str]()),
        ({"values": hidden}, frozenset[str]()),
        ({"values": np.nan_to_num(values, nan=5.0)}, frozenset({"values"})),
        ({"values": values[:1]}, frozenset[str]()),
        ({"other": values}, frozenset[str]()),
    ]:
        with pytest.raises(AssertionError):
            check_equal({"values": values}, other, 0.0, unmasked)
    with pytest.raises(AssertionError):
        check_equal({"names": ["a"]}, {"names": ["b"]}, 0.0, frozenset())

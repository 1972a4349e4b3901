"""The smallest figure: its name reaches the page as text."""

from __future__ import annotations

import inspect
import json
from typing import Any

import circuitsvis as cv
import pytest
from circuitsvis._page.figure import to_json

HOSTILE = ["</script><b>x</b>", "\udcc3", "\u202eoof", "", "a" * 10_000]


@pytest.mark.parametrize("name", ["Ada", *HOSTILE], ids=repr)
def test_the_name_reaches_the_page_as_it_is(name: str) -> None:
    figure = json.loads(to_json(cv.examples.hello(name)))
    assert (figure["view"], figure["props"]["name"]) == ("Hello", name)
    assert "<b>x</b>" not in cv.examples.hello(name).data


def test_a_name_is_required_as_in_circuitsvis_1() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        cv.examples.hello()  # type: ignore[call-arg]  # the error is the test
    assert repr(cv.examples.hello("World")) == "<circuitsvis Hello>"


@pytest.mark.parametrize("name", [None, 3, b"Ada", ["Ada"]])
def test_a_name_that_is_no_string_is_refused(name: Any) -> None:
    with pytest.raises(TypeError, match=r"name: must be a string, got \w+ .*; for example hello\('World'\)"):
        cv.examples.hello(name)


def test_its_signature_is_that_of_circuitsvis_1() -> None:
    assert list(inspect.signature(cv.examples.hello).parameters) == ["name"]

"""`circuitsvis.utils.render`, which code written for CircuitsVis 1 imports."""

from __future__ import annotations

import circuitsvis as cv
import pytest
from circuitsvis.utils.render import RenderedHTML, render

from tests.support.page_data import read


def test_figures_have_the_type_that_circuitsvis_1_names() -> None:
    assert RenderedHTML is cv.Figure
    assert isinstance(cv.examples.hello("Ada"), RenderedHTML)


def test_a_component_is_drawn_by_its_name_with_props_in_either_spelling() -> None:
    assert read(str(render("Hello", name="Ada"))).props["name"] == "Ada"


def test_an_unknown_component_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValueError, match=r"must be one of AttentionHeads, .*cannot be drawn"):
        render("MyComponent", x=1)
    with pytest.raises(ValueError, match=r"got 'TopkTokens'; use topk_tokens\.topk_tokens, which computes its props"):
        render("TopkTokens")


def test_a_prop_that_the_function_does_not_have_is_named() -> None:
    with pytest.raises(TypeError, match="'dev_mode'"):
        render("Hello", devMode=True)

"""The overloads of the public functions: the parameters of the function itself, and a return type for each `return_mode`."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable
from typing import TYPE_CHECKING

import circuitsvis as cv
import pytest
from circuitsvis._common.arrays import ArrayLike
from circuitsvis.figure import ReturnMode

FUNCTIONS = [
    cv.attention.from_cache,
    cv.attention.from_values,
    cv.attention.from_encoder_decoder,
    cv.attribution.from_cache,
]
MODULES = [getattr(cv, name) for name in cv.__all__ if inspect.ismodule(getattr(cv, name))]
PUBLIC: list[Callable[..., object]] = [
    function
    for module in MODULES
    for function in (getattr(module, name) for name in module.__all__)
    if inspect.isfunction(function)
]


@pytest.mark.parametrize("module", [cv, *MODULES])
def test_completion_shows_public_names_and_no_others(module: object) -> None:
    assert set(dir(module)) == set(getattr(module, "__all__"))


if TYPE_CHECKING:  # mypy checks these calls; they are never made
    from typing_extensions import assert_type

    def types_of_from_cache(cache: object, mode: ReturnMode) -> None:
        assert_type(cv.attention.from_cache(cache, ["a"]), cv.Figure)
        assert_type(cv.attention.from_cache(cache, ["a"], return_mode="html", help=True), cv.Figure)
        assert_type(cv.attention.from_cache(cache, ["a"], return_mode="view"), None)
        assert_type(cv.attention.from_cache(cache, ["a"], return_mode="browser", mode="lines"), None)
        assert_type(cv.attention.from_cache(cache, ["a"], return_mode=mode), cv.Figure | None)

    def types_of_from_values(array: ArrayLike, mode: ReturnMode) -> None:
        assert_type(cv.attention.from_values(array, ["a"], "large"), cv.Figure)
        assert_type(cv.attention.from_values(array, return_mode="view", dest_tokens=["a"]), None)
        assert_type(cv.attention.from_values(array, return_mode=mode), cv.Figure | None)

    def types_of_attribution(cache: object, mode: ReturnMode) -> None:
        assert_type(cv.attribution.from_cache(cache, None, ["a"]), cv.Figure)
        assert_type(cv.attribution.from_cache(cache, tokens=["a"], return_mode="browser"), None)
        assert_type(cv.attribution.from_cache(cache, tokens=["a"], return_mode=mode), cv.Figure | None)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="typing.get_overloads is new in Python 3.11")
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: f"{function.__module__}.{function.__name__}")
def test_overloads_have_the_parameters_of_the_function(function: Callable[..., object]) -> None:
    signature = inspect.signature(function)
    html, other = map(inspect.signature, typing.get_overloads(function))
    expected = [(p.name, p.default, p.annotation) for p in signature.parameters.values() if p.name != "return_mode"]
    for overload in (html, other):
        parameters = overload.parameters.values()
        assert [(p.name, p.default, p.annotation) for p in parameters if p.name != "return_mode"] == expected
        assert list(overload.parameters) == list(signature.parameters)
    assert [p.kind for p in html.parameters.values()] == [p.kind for p in signature.parameters.values()]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="typing.get_overloads is new in Python 3.11")
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: f"{function.__module__}.{function.__name__}")
def test_overloads_return_a_figure_for_html_alone(function: Callable[..., object]) -> None:
    html, other = map(inspect.signature, typing.get_overloads(function))
    assert (html.parameters["return_mode"].annotation, html.return_annotation) == ("Literal['html']", "Figure")
    assert html.parameters["return_mode"].default == inspect.signature(function).parameters["return_mode"].default
    assert (other.parameters["return_mode"].annotation, other.return_annotation) == (
        "Literal['view', 'browser']",
        "None",
    )

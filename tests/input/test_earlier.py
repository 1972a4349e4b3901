"""Calls of CircuitsVis 1: the error names the call that shows the same, or says that there is none yet."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import pytest

from tests.support.caches import softmax_patterns, words

ATTENTIONS = tuple(softmax_patterns((1, 2, 4, 4), seed=layer) for layer in range(2))
CACHE = {"blocks.0.attn.hook_pattern": softmax_patterns((2, 4, 4))}
ELSEWHERE = ["head_view", "model_view", "neuron_view", "attention"]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_function_of_another_package_names_the_call_that_shows_the_same(name: str) -> None:
    for module in (cv.attention, *([cv] if name != "attention" else [])):
        with pytest.raises(AttributeError) as raised:
            getattr(module, name)
        (call,) = re.findall(r" is (attention\.\w+\(.*\))$", str(raised.value))
        names = {"attention": ATTENTIONS, "tokens": words(4), "query_tokens": words(4), "key_tokens": words(4)}
        figure = eval(f"cv.{call}", names | {"cv": cv, "cache": CACHE, "attn": ATTENTIONS[0][0]})  # noqa: S307
        assert isinstance(figure, cv.Figure)


@pytest.mark.parametrize(
    ("name", "calls"),
    [("from_values", r"attention\.from_values"), ("from_cache", r"attention\.from_cache or attribution\.from_cache")],
)
def test_a_function_of_another_module_is_named(name: str, calls: str) -> None:
    with pytest.raises(AttributeError, match=rf"'{name}': use {calls}$"):
        getattr(cv, name)


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("from circuitsvis.attention import head_view", "'head_view' from 'circuitsvis.attention': BertViz's"),
        ("from circuitsvis import model_view", "'model_view' from 'circuitsvis': BertViz's"),
        ("from circuitsvis import nonsense", "'nonsense' from 'circuitsvis'"),
    ],
)
def test_an_import_keeps_the_advice(statement: str, text: str) -> None:
    with pytest.raises(ImportError, match=f"^cannot import name {text}"):
        exec(statement)  # noqa: S102  # mypy would report these names


@pytest.mark.parametrize("module", [cv, cv.attention])
def test_other_names_have_the_usual_error(module: Any) -> None:
    with pytest.raises(AttributeError, match=rf"^module '{module.__name__}' has no attribute 'nonsense'$"):
        module.nonsense  # noqa: B018  # the look-up is the test
    assert getattr(module, "nonsense", 3) == 3


def test_what_completion_offers_is_what_exists() -> None:
    for module in (cv, cv.attention):
        for name in dir(module):
            getattr(module, name)
        assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("tokens", [words(4), [words(4)] * 2, tuple(words(4))])
def test_tokens_before_values_are_refused_with_the_order(tokens: Any) -> None:
    values = softmax_patterns((2, 4, 4))
    with pytest.raises(TypeError, match=r"values come before tokens: from_values\(attention, tokens\)"):
        cv.attention.from_values(tokens, values)
    with pytest.raises(TypeError, match="attention: needs numbers, got list"):
        cv.attention.from_values(list(tokens), tokens)

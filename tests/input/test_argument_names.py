"""Wrong names of arguments: the TypeError names the argument of this package, and following it works."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._input.public_functions import public

from tests.package.test_signatures import PUBLIC
from tests.support.caches import softmax_patterns, words

PATTERNS, TOKENS = softmax_patterns((2, 4, 4)), words(4)
CACHE = {f"blocks.{layer}.attn.hook_pattern": PATTERNS for layer in range(2)}

# A function, its right arguments, and a wrong name with its value.
RENAMED: list[tuple[Callable[..., object], dict[str, Any], str, object]] = [
    (cv.attention.from_values, {"attention": PATTERNS, "tokens": TOKENS}, "attention_head_names", ["a", "b"]),
    (cv.attention.from_values, {"tokens": TOKENS}, "attns", PATTERNS),
    (cv.attention.from_values, {"attention": PATTERNS, "src_tokens": TOKENS}, "query_tokens", TOKENS),
    (cv.attention.from_values, {"attention": PATTERNS, "dest_tokens": TOKENS}, "key_tokens", TOKENS),
    (cv.attention.from_values, {"attention": PATTERNS, "tokens": TOKENS}, "theme", "dark"),
    (cv.attention.from_cache, {"cache": CACHE, "tokens": TOKENS}, "include_layers", [1]),
    (cv.attention.from_cache, {"cache": CACHE, "tokens": TOKENS}, "include_heads", [(0, 1)]),
    (cv.attention.from_cache, {"cache": CACHE}, "str_tokens", TOKENS),
    (cv.attention.from_cache, {"cache": CACHE, "tokens": TOKENS}, "titel", "t"),
]


@pytest.mark.parametrize(("function", "right", "wrong", "value"), RENAMED, ids=[case[2] for case in RENAMED])
def test_the_error_names_the_argument_and_the_call_with_it_works(
    function: Callable[..., object], right: dict[str, Any], wrong: str, value: object
) -> None:
    with pytest.raises(TypeError, match=rf"got an unexpected keyword argument '{wrong}'") as raised:
        function(**right, **{wrong: value})
    named = re.search(r": (?:use|did you mean) (\w+)=", str(raised.value))
    assert named, str(raised.value)
    assert isinstance(function(**right, **{named[1]: value}), cv.Figure)


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("prettify_tokens", "leave it out"),
        ("tokenizer", "pass texts"),
        ("encoder_attention", r"attention\.from_encoder_decoder has encoder_attention="),
        ("chart_types", "leave it out"),
        ("include_layers", r"attention\[2:4\]"),
        ("heads", r"attention\[\[0, 3\]\]"),
        ("cache", r"attention=cache\['pattern', 2\]"),
    ],
)
def test_an_argument_without_a_counterpart_says_what_to_do(name: str, advice: str) -> None:
    with pytest.raises(TypeError, match=advice):
        cv.attention.from_values(PATTERNS, TOKENS, **{name: None})  # type: ignore[call-overload]  # the error is the test


def test_a_name_of_another_function_is_found_there() -> None:
    with pytest.raises(TypeError, match=r"its arguments are name.*attention\.from_cache.* have layers="):
        cv.examples.hello(layers=3)  # type: ignore[call-arg]  # the error is the test


def test_any_other_name_lists_the_arguments() -> None:
    with pytest.raises(TypeError, match=r"hello\(\) got an unexpected keyword argument 'xyz': its arguments are name"):
        cv.examples.hello(xyz=3)  # type: ignore[call-arg]  # the error is the test


@pytest.mark.parametrize("function", PUBLIC, ids=lambda function: f"{function.__module__}.{function.__name__}")
def test_every_public_function_advises_and_keeps_its_signature(function: Callable[..., object]) -> None:
    plain = inspect.unwrap(function)
    assert plain is not function, "decorate it with circuitsvis._input.public_functions.public"
    assert inspect.signature(plain) == inspect.signature(function)
    assert function.__doc__ == plain.__doc__
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'no_such_name': its arguments are"):
        function(no_such_name=1)


def test_errors_of_the_function_itself_pass_through() -> None:
    @public
    def add(a: int, b: int = 1) -> int:
        return a + b

    assert (add(1), add(1, 2), add(a=1, b=3)) == (2, 3, 4)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        add()  # type: ignore[call-arg]  # the error is the test


def test_labels_and_names_of_heads_may_be_whole_numbers_as_in_circuitsvis_1() -> None:
    assert "[3,7]" not in (page := cv.attention.attention_heads(PATTERNS, TOKENS, [3, 7]).data)  # type: ignore[list-item]
    assert '"name":"3"' in page.replace(" ", "")
    kinds = cv.tokens.colored_tokens_multi(TOKENS, PATTERNS[0, :, :2], np.array([5, 6]).tolist()).data
    assert '"name":"6"' in kinds.replace(" ", "")


def test_a_cache_or_dict_instead_of_an_array_is_named() -> None:
    with pytest.raises(TypeError, match=r"attention: needs numbers, got a dict; .* attention\.from_cache and"):
        cv.attention.from_values(CACHE, TOKENS)  # type: ignore[call-overload]  # the error is the test

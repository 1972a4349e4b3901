"""What all public functions do with their arguments: figures say by which call they were made, and errors for arguments that a function
does not have name the argument that does the same here.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

from circuitsvis._wire import calls

P = ParamSpec("P")
R = TypeVar("R")

_SAME = (
    ("head_names", "attention_head_names", "head_labels", "headLabels"),
    ("attention", "attn", "attns", "attentions", "pattern", "patterns", "attention_pattern", "attention_patterns"),
    ("tokens", "str_tokens", "token_strings", "tokens_list"),
    ("dest_tokens", "query_tokens", "dst_tokens"),
    ("src_tokens", "key_tokens", "source_tokens"),
    ("token_indices", "token_ids", "tokens_ids", "input_ids"),
    ("activations", "acts", "activation"),
    ("max_value", "vmax", "zmax"),
    ("min_value", "vmin", "zmin"),
    ("positive_color", "max_color"),
    ("negative_color", "min_color"),
    ("layers", "include_layers", "layer"),
    ("heads", "include_heads", "head"),
    ("segments", "sentence_b_start"),
    ("display_mode", "theme", "color_scheme"),
    ("return_mode", "html_action", "open_in_browser"),
    ("max_k", "top_k", "topk", "k"),
    ("to_string", "to_str", "decode"),
    ("first_dimension_name", "first_dim"),
    ("second_dimension_name", "second_dim"),
    ("batch_labels", "seq_labels", "sample_labels"),
    ("hover_html", "token_html", "token_info"),
)
"""Names of one thing: of this package, CircuitsVis 1, its fork, BertViz and Inspectus."""

_NOT_NEEDED = {
    "development_mode": "leave it out: the page always carries its script",
    "prettify_tokens": "leave it out: pieces of a vocabulary are always shown as their text",
    "html_action": "the call returns the figure, its HTML is figure.data",
    "open_in_browser": "call figure.open_in_browser()",
    "tokenizer": "pass texts; where ids are taken, to_string=tokenizer.decode or a cache with its model",
    "chart_types": "leave it out: the view has all parts",
    "remove_padding": "leave it out, or pass the tokens and values without padding",
}
"""What to do instead, where no argument of the called function does the same."""

_SELECT_BEFORE = {
    "include_layers": "select the layers before the call, e.g. attention=attention[2:4]",
    "include_heads": "select the heads before the call, e.g. attention=attention[[0, 3]]",
    "layers": "select the layers before the call, e.g. attention=attention[2:4]",
    "heads": "select the heads before the call, e.g. attention=attention[[0, 3]]",
    "layer": "select the layer before the call, e.g. attention=attention[2]",
    "head": "select the head before the call, e.g. attention=attention[3]",
    "cache": "pass the values, e.g. attention=cache['pattern', 2]; attention.from_cache takes a cache",
}
"""What to do instead, where values are passed as `attention`."""

_owners: dict[str, list[str]] = {}
"""Public functions by the names of their arguments."""
_calls: list[str] = []
"""All public functions, with their modules."""


def advises(function: Callable[P, R]) -> Callable[P, R]:
    """Decorator of public functions. For an argument that the function does not have, the TypeError states what to do.

    The figure that it returns knows its call.

    Signature, docstring and types stay those of the function.
    """
    signature = inspect.signature(function)
    names = tuple(signature.parameters)
    known = frozenset(names)
    # The functions of a private folder are those of the public module of that name.
    module = function.__module__.split(".")[1].lstrip("_")
    call = f"{module}.{function.__name__}"
    _calls.append(call)
    for name in names:
        _owners.setdefault(name, []).append(call)

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        for name in kwargs:
            if name not in known:
                text = f"{function.__name__}() got an unexpected keyword argument {name!r}: {_advice(name, names)}"
                raise TypeError(text)
        with calls.running(f"cv.{call}", signature, args, kwargs):
            return function(*args, **kwargs)

    return checked


def public_functions(name: str) -> list[str]:
    """The public functions of this name, with their modules, e.g. ["attention.from_cache", "attribution.from_cache"]."""
    return [call for call in _calls if call.partition(".")[2] == name]


def _advice(name: str, names: tuple[str, ...]) -> str:
    for same in _renamed(name, names):
        return f"use {same}="
    instead = _NOT_NEEDED | (_SELECT_BEFORE if "attention" in names else {})
    if name in instead:
        return instead[name]
    for close in get_close_matches(name, names, n=1, cutoff=0.75):
        return f"did you mean {close}=?"
    listed = f"its arguments are {', '.join(names)}"
    for same in (name, *_synonyms(name)):
        others = _owners.get(same)
        if others:
            return f"{listed}; {', '.join(others)} {'have' if len(others) > 1 else 'has'} {same}="
    return listed


def _renamed(name: str, names: tuple[str, ...]) -> Iterable[str]:
    """The function's own names for what `name` means elsewhere."""
    return (same for same in _synonyms(name) if same in names)


def _synonyms(name: str) -> Iterable[str]:
    return (same for group in _SAME if name in group for same in group)

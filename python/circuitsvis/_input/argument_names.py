"""Errors for arguments that a function does not have: they name the argument that does the same here."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

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


def register(call: str, names: Iterable[str]) -> None:
    """Remembers a public function, such as "attention.from_cache", by the names of its arguments: errors of others advise it."""
    for name in names:
        _owners.setdefault(name, []).append(call)


def check(function: str, names: tuple[str, ...], passed: Iterable[str]) -> None:
    """Checks that a function has the arguments that were passed by keyword.

    Args:
        function: its name, for the error.
        names: of its arguments.
        passed: names of those that were passed.

    Raises:
        TypeError: one is not among `names`. The text states what to do.
    """
    for name in passed:
        if name not in names:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}: {_advice(name, names)}")


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

"""Errors for names that a module of this package does not have: of CircuitsVis 1, its fork, BertViz and Inspectus."""

from __future__ import annotations

import opcode
import sys

from circuitsvis._input import public_functions

_ELSEWHERE = {
    "head_view": 'BertViz\'s head_view(attention, tokens) is attention.from_values(attention, [tokens], mode="lines")',
    "model_view": "BertViz's model_view(attention, tokens) is attention.from_values(attention, [tokens])",
    "neuron_view": 'what BertViz\'s neuron_view shows is attention.from_cache(cache, tokens, mode="lines")',
    "attention_multi": "it is attention.attention_patterns(tokens, attention), with heads as the first axis of attention",
    "AttentionMulti": "it is attention.attention_patterns(tokens, attention), with heads as the first axis of attention",
    "get_weighted_attention": 'pass attention_type="value-weighted" or "info-weighted" to attention.from_cache',
    "distribution": "distributions, as Inspectus plots them, are not among the figures of this package",
}
"""What shows the same as a function that another package has."""

_IN_MODULE = {
    ("attention", "attention"): (
        "Inspectus's attention(attn, query_tokens, key_tokens) is "
        "attention.from_values(attn, dest_tokens=query_tokens, src_tokens=key_tokens)"
    ),
}
"""The same for a name that only in this module means the other package's function."""


def missing(module: str, name: str) -> AttributeError | ImportError:
    """The error for an attribute that a module of this package does not have.

    An ImportError for `from module import name`, because Python discards the text of an AttributeError there.

    Args:
        module: the module's `__name__`.
        name: name of the attribute.
    """
    advice = _advice(module, name)
    if advice and _is_import():
        return ImportError(f"cannot import name {name!r} from {module!r}{advice}", name=module)
    return AttributeError(
        f"module {module!r} has no attribute {name!r}{advice}", name=name, obj=sys.modules.get(module)
    )


def _advice(module: str, name: str) -> str:
    known = _IN_MODULE.get((module.rpartition(".")[2], name), _ELSEWHERE.get(name))
    if known is not None:
        return f": {known}"
    calls = public_functions.named(name)
    return f": use {' or '.join(calls)}" if calls else ""


def _is_import() -> bool:
    """Whether `missing` is called for a `from ... import ...`."""
    frame = sys._getframe(3)  # above this function, `missing` and the module's `__getattr__`
    return frame.f_code.co_code[frame.f_lasti] == opcode.opmap["IMPORT_FROM"]

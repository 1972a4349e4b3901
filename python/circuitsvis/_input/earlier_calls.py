"""Errors for calls of CircuitsVis 1 that version 2 does not have: they name the new call, or say that there is none yet."""

from __future__ import annotations

_CALLS = {
    "circuitsvis.attention": {
        "attention_pattern": 'attention.from_values(attention, tokens, mode="large")',
        "attention_patterns": "attention.from_values(attention, tokens)",
        "attention_heads": 'attention.from_values(attention, tokens, mode="large")',
    },
}
"""For each module, functions of CircuitsVis 1 and the calls that show the same."""

_FUNCTIONS = {
    "activations": "text_neuron_activations",
    "logits": "token_log_probs",
    "tokens": "colored_tokens, colored_tokens_multi and visualize_model_performance",
    "topk_samples": "topk_samples",
    "topk_tokens": "topk_tokens",
}
"""Modules of CircuitsVis 1 that do not exist yet, and their functions."""


def missing(module: str, name: str) -> AttributeError:
    """The error for an attribute that a module of this package does not have.

    Args:
        module: the module's `__name__`.
        name: name of the attribute.
    """
    text = f"module {module!r} has no attribute {name!r}"
    call = _CALLS.get(module, {}).get(name)
    if call is not None:
        text += (
            f": since CircuitsVis 2 it is {call}. Values come before tokens, attention_head_names= is head_names=, min_value= and "
            "max_value= are still there, colors and mask follow from the values"
        )
    elif module == "circuitsvis" and name in _FUNCTIONS:
        text += (
            f": CircuitsVis 2 does not have it yet ({_FUNCTIONS[name]}). It has attention.from_cache, attention.from_values, "
            'attribution.from_cache and examples.hello; for the others pip install "circuitsvis<2"'
        )
    return AttributeError(text, name=name)

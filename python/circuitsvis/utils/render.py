"""`RenderedHTML` and `render`, which code written for CircuitsVis 1 imports from here."""

from __future__ import annotations

import importlib
import re

from circuitsvis.figure import Figure

__all__ = ["RenderedHTML", "render"]

RenderedHTML = Figure
"""The type of all figures, by its name in CircuitsVis 1."""

_COMPONENTS = {
    "AttentionHeads": "attention.attention_heads",
    "AttentionPattern": "attention.attention_pattern",
    "AttentionPatterns": "attention.attention_patterns",
    "ColoredTokens": "tokens.colored_tokens",
    "ColoredTokensMulti": "tokens.colored_tokens_multi",
    "Hello": "examples.hello",
    "TextNeuronActivations": "activations.text_neuron_activations",
    "TopkSamples": "topk_samples.topk_samples",
}
_COMPUTED = {"TokenLogProbs": "logits.token_log_probs", "TopkTokens": "topk_tokens.topk_tokens"}
"""Components whose props are computed from the arguments of these functions."""


def render(react_element_name: str, **props: object) -> Figure:
    """Calls the function of a component of CircuitsVis 1.

    Args:
        react_element_name: name of the component, e.g. "ColoredTokens".
        props: the arguments of its function, in camelCase or as Python names: minValue or min_value.

    Returns:
        The figure.

    Raises:
        TypeError: the function has no such argument.
        ValueError: there is no function for this component.
    """
    call = _COMPONENTS.get(react_element_name)
    if call is None:
        computed = _COMPUTED.get(str(react_element_name))
        use = f"use {computed}, which computes its props" if computed else "components of your own cannot be drawn"
        listed = ", ".join(_COMPONENTS)
        raise ValueError(f"react_element_name: must be one of {listed}, got {react_element_name!r}; {use}")
    module, _, function = call.partition(".")
    draw = getattr(importlib.import_module(f"circuitsvis.{module}"), function)
    figure: Figure = draw(**{_python_name(name): value for name, value in props.items()})
    return figure


def _python_name(prop: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", prop)


def __dir__() -> list[str]:
    return __all__

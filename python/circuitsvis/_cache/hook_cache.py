"""A cache of activations by full hook names, the model's own list of hooks, and how to record what is missing.

Works on an ActivationCache of HookedTransformer or TransformerBridge (TransformerLens 2 to 4) and on a plain dict of
full hook names. transformer_lens is not imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from circuitsvis._cache import hook_names
from circuitsvis._cache.hook_names import Hook
from circuitsvis._common.arrays import TensorLike

EAGER_ADVICE = (
    "on a TransformerBridge, attention that Hugging Face computes is cached only with "
    'hf_model.set_attn_implementation("eager")'
)
"""The second half of an error about a pattern that was not computed where its hook is."""

_UNFILTERED_SHARE = 0.6
"""A cache with more than this share of the model's hooks was made without names_filter. Some hooks exist but never run."""


class MissingActivationError(KeyError):
    """An activation that is needed is not in the cache. The text names its hook and how to record it."""

    def __str__(self) -> str:  # KeyError would show the repr, with its quotes and escapes
        return str(self.args[0])


class HookCache:
    """The activations of one forward pass.

    Args:
        cache: ActivationCache or mapping of full hook names to tensors.
        model: the model, if the cache does not have it (`cache.model`).

    Attributes:
        tensors: the activations by full hook name.
        model: the model, or None.
        n_layers: layers of the model, which each subclass counts.

    Raises:
        TypeError: `cache` is not a mapping.
    """

    n_layers: int

    def __init__(self, cache: object, model: object | None = None) -> None:
        items = getattr(cache, "items", None)
        if not callable(items):
            raise TypeError(
                "cache: must be an ActivationCache or a dict of full hook names, "
                f"got {type(cache).__name__}; for plain arrays use circuitsvis.attention.from_values"
            )
        self.model: Any = model if model is not None else getattr(cache, "model", None)
        self.tensors: Mapping[str, TensorLike] = dict(items())

    def activation(self, name: str) -> TensorLike | None:
        """An activation by its full name; None if it is not cached."""
        return self.tensors.get(name)

    def missing(self, name: str, why: str, record: Sequence[Hook], holds: str = "") -> MissingActivationError:
        """The error for an activation that is needed and not cached, with advice how to record it.

        Args:
            name: full name of the missing activation.
            why: the argument or feature that needs it.
            record: all hooks that the feature reads.
            holds: what the cache has instead, e.g. " (it holds patterns of layers 0, 1)".
        """
        hook = hook_names.find(name)
        description = f" ({hook.holds}, {hook.shape})" if hook else ""
        text = f"{why}: the cache{holds} has no {name!r}{description}"
        return MissingActivationError(f"{text}{self.how_to_record(name, record)}")

    def how_to_record(self, name: str, record: Sequence[Hook]) -> str:
        """The second half of the text of `missing`, which begins with its punctuation."""
        model = type(self.model).__name__
        if self.hooks and name not in self.hooks:
            return f", and {model} has no hook of that name: this model does not expose it, so no cache can hold it"
        advice = f"; record it with model.run_with_cache(tokens, {hook_names.names_filter(record)})"
        if self.was_unfiltered:
            advice += f". Almost all other hooks of this {model} are cached, so its forward pass may not reach this one"
        computed_elsewhere = hook_names.find(name) in (hook_names.PATTERN, hook_names.SCORES) and not self._is_eager()
        return f"{advice}; {EAGER_ADVICE}" if computed_elsewhere else advice

    @cached_property
    def hooks(self) -> Mapping[str, object]:
        """The model's hooks by name; empty without a model."""
        hooks = getattr(self.model, "hook_dict", None)
        return hooks if isinstance(hooks, Mapping) else {}

    @property
    def was_unfiltered(self) -> bool:
        """Whether the cache was made without names_filter, judged by the model's list of hooks; False without a model."""
        cached = sum(name in self.tensors for name in self.hooks)
        return bool(self.hooks) and cached > _UNFILTERED_SHARE * len(self.hooks)

    def _is_eager(self) -> bool:
        """Whether the Hugging Face model uses eager attention, the only implementation that its hooks can record."""
        config = getattr(getattr(self.model, "original_model", None), "config", None)
        return getattr(config, "_attn_implementation", None) == "eager"

"""Runs a model for its attention patterns, of which only one layer's are held at a time, and leaves the model as it was."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import attention_modules, model_attributes
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_cache import EAGER_ADVICE, HookCache, MissingActivationError
from circuitsvis._cache.hook_names import DEFAULT_MODULE, PATTERN
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common.arrays import FloatArray, to_float32
from circuitsvis._heads import model_run


def pattern_layers(model: Any) -> list[int]:
    """The layers whose patterns the model has a hook for.

    Raises:
        TypeError: not a model of TransformerLens.
        ValueError: no layer has one, or the model is an encoder-decoder.
    """
    hooks = HookCache({}, model).hooks
    if not callable(getattr(model, "run_with_hooks", None)) or not hooks:
        raise TypeError(
            "model: must be a model of TransformerLens with run_with_hooks and hook_dict, such as a TransformerBridge or a "
            f"HookedTransformer, got {type(model).__name__}"
        )
    modules = attention_modules.templates(hooks)
    if DEFAULT_MODULE not in modules:
        listed = ", ".join(f'"{module}"' for module in modules)
        why = f"its attention modules are {listed}" if modules else "no layer has a hook for one"
        raise ValueError(
            f"model: scores on repeated tokens need the patterns of one stack of blocks, {PATTERN.at(0)} and so on, but of "
            f"{model_attributes.name(model)} {why}; heads.scores takes the cache of any module"
        )
    return AttentionCache(dict.fromkeys(hooks), model=model).layers


def run(model: Any, ids: npt.NDArray[np.int64], layers: Sequence[int], read: Callable[[int, FloatArray], None]) -> None:
    """Runs the model on sequences and passes on each layer's patterns.

    Args:
        model: a model of TransformerLens. It runs in evaluation mode and without gradients; its modes and hooks are restored.
        ids: [sequence, position].
        layers: the layers to read.
        read: is called with the place of a layer in `layers` and its patterns, [sequence, head, dest, src], for a part of the sequences
            at a time.

    Raises:
        MissingActivationError: the model computed no pattern of a layer.
    """
    torch: Any = importlib.import_module("torch")
    d_vocab = attribute(attribute(model, "cfg"), "d_vocab")
    at_once = max(1, model_run.MAX_LOGITS // (ids.shape[1] * max(1, int(d_vocab or 1))))
    for start in range(0, len(ids), at_once):
        seen: set[int] = set()
        hooks = [(PATTERN.at(layer), _reader(read, place, seen)) for place, layer in enumerate(layers)]
        batch = torch.as_tensor(ids[start : start + at_once], device=model_run.device(model))
        with torch.no_grad(), model_run.evaluation(model):
            model.run_with_hooks(batch, fwd_hooks=hooks, return_type=None)
        unseen = [layer for place, layer in enumerate(layers) if place not in seen]
        if unseen:
            name = PATTERN.at(unseen[0])
            raise MissingActivationError(f"model: {name} was not computed in the forward pass; {EAGER_ADVICE}")


def _reader(read: Callable[[int, FloatArray], None], place: int, seen: set[int]) -> Callable[..., None]:
    def hook_function(tensor: Any, hook: object = None) -> None:
        if place not in seen:  # an alias of the hook may be called too
            seen.add(place)
            read(place, to_float32(tensor, "pattern"))

    return hook_function

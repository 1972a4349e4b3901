"""What a TransformerLens cache holds, recognised by its keys: hook names and weights of attention modules.

Works on an ActivationCache of HookedTransformer or TransformerBridge (TransformerLens 2 to 4) and on a plain dict of
full hook names. Nothing of transformer_lens is imported.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from circuitsvis._arrays import ArrayLike, shape_of, with_batch

DEFAULT_MODULE = "blocks.{layer}.attn"

_RECORD = "record it with model.run_with_cache(tokens, names_filter=lambda name: name.endswith({hooks}))"
_EAGER = (
    "; on a TransformerBridge, attention that Hugging Face computes is cached only with "
    'hf_model.set_attn_implementation("eager")'
)

_EXPLAINING = ("pattern", "q", "k", "rot_q", "rot_k", "attn_scores")


class QueriesAndKeys(NamedTuple):
    """q [(batch,) dest, head, d_head] and k [(batch,) src, key head, d_head] as one stage of the model holds them."""

    queries: ArrayLike
    keys: ArrayLike
    words: str


class MissingActivationError(KeyError):
    """An activation that is needed is not in the cache. The text names its hook and how to record it."""

    def __str__(self) -> str:  # KeyError would show the repr, with its quotes and escapes
        return str(self.args[0])


class AttentionCache:
    """The activations of one kind of attention module, by layer.

    Args:
        cache: ActivationCache or mapping of full hook names to tensors.
        module: name of the attention module with "{layer}" for the layer, e.g. "decoder.{layer}.cross_attn".
        model: the model, where the cache does not carry it (`cache.model`).

    Raises:
        TypeError: `cache` is no mapping.
        ValueError: `module` has no "{layer}".
        MissingActivationError: no pattern of such a module in the cache.
    """

    def __init__(self, cache: object, module: str | None = None, model: object | None = None) -> None:
        items = getattr(cache, "items", None)
        if not callable(items):
            raise TypeError(
                "cache: must be an ActivationCache or a dict of full hook names, "
                f"got {type(cache).__name__}; for plain arrays use circuitsvis.attention.from_values"
            )
        if module is not None and (not isinstance(module, str) or "{layer}" not in module):
            raise ValueError(f'module: must be a hook prefix with "{{layer}}" in it, got {module!r}')
        self.module = module or DEFAULT_MODULE
        self.model: Any = model if model is not None else getattr(cache, "model", None)
        self._tensors: Mapping[str, ArrayLike] = dict(items())
        before, after = self.module.split("{layer}", 1)
        pattern = re.compile(re.escape(before) + r"(\d+)" + re.escape(after) + r"\.hook_pattern")
        found = (pattern.fullmatch(name) for name in self._tensors if isinstance(name, str))
        self.layers = sorted(int(match.group(1)) for match in found if match)
        if not self.layers:
            raise MissingActivationError(self._nothing_found())
        self.n_layers = self._count_layers()

    def pattern(self, layer: int) -> ArrayLike:
        """[(batch,) head, dest, src]; what counts as batch is decided by the number of axes."""
        tensor = self._tensor(layer, "pattern")
        n_axes = len(shape_of(tensor, "cache"))
        if n_axes not in (3, 4):
            raise ValueError(
                f"cache: {self.hook(layer, 'pattern')} must have shape [head, dest, src] or [batch, head, dest, src], "
                f"got {shape_of(tensor, 'cache')}"
            )
        return tensor

    def shape(self, layers: Sequence[int]) -> tuple[int, int, int]:
        """(batch, dest, src) of the patterns of these layers, which must agree; 1 without a batch dimension."""
        shapes = {layer: shape_of(with_batch(self.pattern(layer), 4), "cache") for layer in layers}
        sizes = {(shape[0], shape[2], shape[3]) for shape in shapes.values()}
        if len(sizes) > 1:
            listed = ", ".join(f"{self.hook(layer, 'pattern')} {shape}" for layer, shape in shapes.items())
            raise ValueError(f"cache: the chosen layers must agree in batch and positions, got {listed}")
        return sizes.pop()

    def values(self, layer: int) -> ArrayLike | None:
        """v, [(batch,) src, kv head, d_head], or None where it is not cached (or with other positions than the pattern)."""
        v = self._tensors.get(self.hook(layer, "v"))
        if v is None:
            return None
        pattern, shape = shape_of(self.pattern(layer), "cache"), shape_of(v, "cache")
        fits = len(shape) == len(pattern) and shape[-3] == pattern[-1] and pattern[-3] % shape[-2] == 0
        return v if fits else None

    def require_values(self, layer: int, why: str) -> ArrayLike:
        """As `values`, but raises MissingActivationError or ValueError where `values` gives None."""
        v = self.values(layer)
        if v is None:
            whole = self._tensor(layer, "v", why)
            raise ValueError(
                f"{why}: needs v at every source position of the pattern, but {self.hook(layer, 'v')} has shape "
                f"{shape_of(whole, 'cache')} and {self.hook(layer, 'pattern')} {shape_of(self.pattern(layer), 'cache')}; "
                "a cache made with pos_slice lacks them: run without it"
            )
        return v

    def queries_and_keys(self, layer: int) -> list[QueriesAndKeys]:
        """The pairs of q and k that may be multiplied, the last stage before the product first; [] where none is cached.

        Pairs of other positions than the pattern (a cache made with pos_slice) are left out.
        """
        stages = [("rot_q", "rot_k", "q and k are those after the rotary embedding."), ("q", "k", "")]
        pairs = []
        for q_name, k_name, words in stages:
            q, k = self._tensors.get(self.hook(layer, q_name)), self._tensors.get(self.hook(layer, k_name))
            if q is not None and k is not None and self._fit(layer, shape_of(q, "cache"), shape_of(k, "cache")):
                pairs.append(QueriesAndKeys(q, k, words))
        return pairs

    def scores(self, layer: int) -> ArrayLike | None:
        """What is cached as scores before the softmax, of the pattern's shape, or None. Some models put the pattern here."""
        scores = self._tensors.get(self.hook(layer, "attn_scores"))
        same = scores is not None and shape_of(scores, "cache") == shape_of(self.pattern(layer), "cache")
        return scores if same else None

    def divisor(self) -> float | None:
        """What the configuration says q·k is divided by, or None. Several configurations are wrong: compare with the data."""
        cfg = getattr(self.model, "cfg", None)
        if getattr(cfg, "use_attn_scale", True) is False:
            return 1.0
        return _positive(getattr(cfg, "attn_scale", None))

    def soft_cap(self) -> float | None:
        """The configuration's soft cap of the scores, or None."""
        return _positive(getattr(getattr(self.model, "cfg", None), "attn_scores_soft_cap", None))

    def how_to_explain(self, layer: int) -> str:
        """A sentence on how to record what leads to the pattern; empty where the cache seems to hold all that there is.

        z is what nobody filters for who looks at patterns: with it in the cache, the model has no more hooks to record.
        """
        if (
            all(self.hook(layer, name) in self._tensors for name in _EXPLAINING)
            or self.hook(layer, "z") in self._tensors
        ):
            return ""
        hooks = ", ".join(f'"hook_{name}"' for name in _EXPLAINING)
        return f"To see more, record what the model has of it: names_filter=lambda name: name.endswith(({hooks}))."

    def output_weights(self, layer: int) -> ArrayLike | None:
        """W_O of the layer, [head, d_head, d_model], or None without a model that has it."""
        block: Any = self.model
        try:
            for step in self.module.format(layer=layer).split("."):
                block = block[int(step)] if step.isdigit() else getattr(block, step)
            weights = block.W_O
        except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
            return None
        n_heads = shape_of(self.pattern(layer), "cache")[-3]
        shape = shape_of(weights, "W_O")
        return weights if len(shape) == 3 and shape[0] == n_heads else None

    def activation(self, name: str) -> ArrayLike | None:
        """An activation by its full name, None where it is not cached."""
        return self._tensors.get(name)

    def hook(self, layer: int, name: str) -> str:
        """Full hook name of an activation of the module."""
        return f"{self.module.format(layer=layer)}.hook_{name}"

    def _fit(self, layer: int, q: tuple[int, ...], k: tuple[int, ...]) -> bool:
        """Whether q and k of these shapes make one score for each cell of the layer's pattern."""
        *batch, head, dest, src = shape_of(self.pattern(layer), "cache")
        if len(q) != len(k) or len(q) != len(batch) + 3 or 0 in k:
            return False
        return q[:-1] == (*batch, dest, head) and k[:-2] == (*batch, src) and head % k[-2] == 0 and q[-1] == k[-1]

    def _tensor(self, layer: int, name: str, why: str = "cache") -> ArrayLike:
        hook = self.hook(layer, name)
        if hook not in self._tensors:
            hooks = '"hook_pattern"' if name == "pattern" else '("hook_pattern", "hook_v")'
            cached = ", ".join(map(str, self.layers))
            raise MissingActivationError(
                f"{why}: the cache has no {hook!r} (patterns are cached for layers {cached}); {_RECORD.format(hooks=hooks)}"
                + (_EAGER if name == "pattern" else "")
            )
        return self._tensors[hook]

    def _count_layers(self) -> int:
        """The model's number of layers where it tells; else up to the last one cached."""
        last = self.layers[-1] + 1
        if self.module != DEFAULT_MODULE:
            return last
        n_layers = getattr(getattr(self.model, "cfg", None), "n_layers", None)
        return max(last, n_layers) if isinstance(n_layers, int) else last

    def _nothing_found(self) -> str:
        ends = (re.sub(r"(^|\.)\d+\.", r"\1{layer}.", str(name), count=1) for name in self._tensors)
        others = sorted({end.removesuffix(".hook_pattern") for end in ends if end.endswith(".hook_pattern")})
        if others:
            listed = ", ".join(f'"{other}"' for other in others)
            return f"module: the cache has no pattern of {self.module!r}; its attention modules are {listed}: pass one as module="
        hook = self.hook(0, "pattern")
        return f"cache: no attention pattern such as {hook!r} in it; {_RECORD.format(hooks=chr(34) + 'hook_pattern' + chr(34))}{_EAGER}"


def _positive(value: Any) -> float | None:
    """`value` as a float where it is a finite number above 0: configurations write -1 for "none"."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0.0 < number < math.inf else None

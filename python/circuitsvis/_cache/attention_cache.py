"""What a TransformerLens cache holds of attention modules, recognised by its keys: hook names, axes and weights."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from circuitsvis._cache.hook_cache import HookCache, MissingActivationError
from circuitsvis._common.arrays import ArrayLike, FloatArray, shape_of, to_float32, with_batch

DEFAULT_MODULE = "blocks.{layer}.attn"

_EXPLAINING = ("pattern", "q", "k", "rot_q", "rot_k", "attn_scores")


class QueriesAndKeys(NamedTuple):
    """q [(batch,) dest, head, d_head] and k [(batch,) src, key head, d_head] as one stage of the model holds them."""

    queries: ArrayLike
    keys: ArrayLike
    words: str


class Values(NamedTuple):
    """An activation that a pattern may mix: its hook's name, and [(batch,) src, key head, d_head]."""

    hook: str
    tensor: ArrayLike


class AttentionCache(HookCache):
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
        super().__init__(cache, model)
        if module is not None and (not isinstance(module, str) or "{layer}" not in module):
            raise ValueError(f'module: must be a hook prefix with "{{layer}}" in it, got {module!r}')
        self.module = module or DEFAULT_MODULE
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
        """The values as the pattern mixes them, [(batch,) src, key head, d_head], or None where the cache has none that fits.

        Where several activations or orders of axes fit, the first of `value_candidates`; `_cache/head_outputs.py` compares them with
        what the heads pass on.
        """
        return next((candidate.tensor for candidate in self.value_candidates(layer)), None)

    def value_candidates(self, layer: int) -> list[Values]:
        """What the pattern of the layer may mix, the most likely first; [] where nothing of these positions is cached.

        A norm of the values (Gemma 4) comes after hook_v. Multi-head latent attention (DeepSeek) caches
        [batch, head, position, d_head], everything else [batch, position, head, d_head]: both orders are given where the
        sizes allow both. Layers that share the keys and values of an earlier layer (Gemma 4) have none of their own: then the
        values of earlier layers are given, nearest first.
        """
        own = self._values_of(layer, layer)
        if own:
            return own
        shared = (source for source in range(layer - 1, -1, -1) if self.shares_values(layer))
        return [candidate for source in shared for candidate in self._values_of(source, layer)]

    def shares_values(self, layer: int) -> bool:
        """Whether the layer computes a pattern but no values, though other layers of the cache have theirs."""
        others = (self.hook(other, "v") in self._tensors for other in self.layers)
        return self.hook(layer, "v") not in self._tensors and self.hook(layer, "z") in self._tensors and any(others)

    def of_sequence(self, layer: int, tensor: ArrayLike, index: int) -> FloatArray:
        """The part of sequence `index` of an activation that has a batch axis where the pattern of the layer has one."""
        batched = len(shape_of(self.pattern(layer), "cache")) == 4
        return to_float32(tensor[index] if batched else tensor, "cache")

    def head_outputs(self, layer: int) -> ArrayLike | None:
        """What the heads pass to W_O, [(batch,) dest, head * d_head], or None where it is not cached.

        Flat, since some bridges cut it into other heads than the layer has.
        """
        z = self._tensors.get(self.hook(layer, "z"))
        if z is None:
            return None
        *batch, _, dest, _ = shape_of(self.pattern(layer), "cache")
        shape = shape_of(z, "cache")
        lead = (*batch, dest)
        if shape[: len(lead)] != lead or not len(lead) < len(shape) <= len(lead) + 2:
            return None
        return z.reshape(*lead, math.prod(shape[len(lead) :]))

    def gates(self, layer: int) -> list[ArrayLike]:
        """What the model may multiply the heads' outputs by, after a sigmoid; as cached. [] where nothing is."""
        return [self._tensors[name] for name in self._gate_hooks(layer) if name in self._tensors]

    def unseen_step(self, layer: int) -> str | None:
        """The hook of a step that the model has between v and W_O and the cache does not show; None where there is none.

        Without hook_z nothing else would reveal a norm of the values or an output gate.
        """
        if self.head_outputs(layer) is not None:
            return None
        module = self.module.format(layer=layer)
        norm = f"{module}.v_norm.hook_out"
        if norm in self.hooks and norm not in self._tensors:
            return norm
        gated = any(name in self.hooks for name in self._gate_hooks(layer))
        return self.hook(layer, "z") if gated else None

    def _gate_hooks(self, layer: int) -> tuple[str, ...]:
        """Qwen 3-Next, Qwen 3.5, and AFMoE, which has a module for its gate."""
        return self.hook(layer, "q_gate"), self.hook(layer, "gate"), f"{self.module.format(layer=layer)}.gate.hook_out"

    def require_values(self, layer: int, why: str) -> ArrayLike:
        """As `values`, but raises MissingActivationError or ValueError where `values` gives None."""
        v = self.values(layer)
        if v is None:
            whole = self._tensor(layer, "v", why)
            raise ValueError(
                f"{why}: needs v at every source position of the pattern, but {self.hook(layer, 'v')} has shape "
                f"{shape_of(whole, 'cache')} and {self.hook(layer, 'pattern')} {shape_of(self.pattern(layer), 'cache')}; "
                "a cache made with pos_slice lacks positions: run without it"
            )
        return v

    def queries_and_keys(self, layer: int) -> list[QueriesAndKeys]:
        """The pairs of q and k that may be multiplied, the last stage before the product first; [] where none is cached.

        Pairs of other positions than the pattern (a cache made with pos_slice) are left out. Multi-head latent attention
        (DeepSeek) caches [batch, head, position, d_head]: where the sizes allow both orders of axes, both are given.
        """
        stages = [("rot_q", "rot_k", "q and k are those after the rotary embedding."), ("q", "k", "")]
        pairs: list[QueriesAndKeys] = []
        for q_name, k_name, words in stages:
            q, k = self._tensors.get(self.hook(layer, q_name)), self._tensors.get(self.hook(layer, k_name))
            if q is None or k is None or len(shape_of(q, "cache")) < 3 or len(shape_of(k, "cache")) < 3:
                continue
            pairs += [
                QueriesAndKeys(*order, words)
                for order in ((q, k), (q.swapaxes(-3, -2), k.swapaxes(-3, -2)))
                if self._fit(layer, shape_of(order[0], "cache"), shape_of(order[1], "cache"))
            ]
            if pairs and q_name == "rot_q" and self._are_whole(layer, q):
                break
        return pairs

    def _are_whole(self, layer: int, rotated: ArrayLike) -> bool:
        """Whether the rotated queries are all that is multiplied: latent attention rotates a part of each query."""
        before = self._tensors.get(self.hook(layer, "q"))
        return before is None or shape_of(before, "cache")[-1] == shape_of(rotated, "cache")[-1]

    def scores(self, layer: int) -> ArrayLike | None:
        """What is cached as scores before the softmax, of the pattern's shape, or None. Some models put the pattern here."""
        scores = self._tensors.get(self.hook(layer, "attn_scores"))
        same = scores is not None and shape_of(scores, "cache") == shape_of(self.pattern(layer), "cache")
        return scores if same else None

    def divisors(self, layer: int) -> list[float]:
        """What the configuration and the layer's module name as divisor of q·k, the most likely first; some are wrong.

        A bridge's configuration has no scale of its own; the Hugging Face module below it has, under various names.
        """
        cfg, module = getattr(self.model, "cfg", None), self._attention_module(layer)
        if getattr(cfg, "use_attn_scale", True) is False:
            return [1.0]
        below = getattr(module, "original_component", None)
        factors = [_positive(getattr(below, name, None)) for name in ("scaling", "softmax_scale", "inv_norm_factor")]
        named = [1.0 / factor for factor in factors if factor is not None]
        named += [value for of in (module, cfg) if (value := _positive(getattr(of, "attn_scale", None))) is not None]
        return list(dict.fromkeys(named))

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
        try:
            weights = self._attention_module(layer).W_O
        except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
            return None
        n_heads = shape_of(self.pattern(layer), "cache")[-3]
        shape = shape_of(weights, "W_O")
        return weights if len(shape) == 3 and shape[0] == n_heads else None

    def hook(self, layer: int, name: str) -> str:
        """Full hook name of an activation of the module."""
        return f"{self.module.format(layer=layer)}.hook_{name}"

    def _attention_module(self, layer: int) -> Any:
        """The model's module of this kind in the layer; None where there is none."""
        module: Any = self.model
        try:
            for step in self.module.format(layer=layer).split("."):
                module = module[int(step)] if step.isdigit() else getattr(module, step)
        except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
            return None
        return module

    def _values_of(self, source: int, layer: int) -> list[Values]:
        """The values cached for layer `source`, in each order of axes in which the pattern of `layer` can mix them."""
        *batch, n_heads, _, src = shape_of(self.pattern(layer), "cache")
        found = []
        for name in (f"{self.module.format(layer=source)}.v_norm.hook_out", self.hook(source, "v")):
            if name not in self._tensors:
                continue
            tensor = self._tensors[name]
            shape = shape_of(tensor, "cache")
            if len(shape) != len(batch) + 3 or shape[: len(batch)] != tuple(batch) or 0 in shape:
                continue
            first, second = shape[-3:-1]
            if first == src and n_heads % second == 0:
                found.append(Values(name, tensor))
            if second == src and n_heads % first == 0:
                heads_first = Values(name, tensor.swapaxes(-3, -2))
                found.insert(0 if self._is_latent(source) else len(found), heads_first)
        return found

    def _is_latent(self, layer: int) -> bool:
        """Whether the module is known to be multi-head latent attention: by a hook of its own, or by its class."""
        module = self._attention_module(layer)
        return self.hook(layer, "kv_latent") in self._tensors or "MLA" in type(module).__name__

    def _fit(self, layer: int, q: tuple[int, ...], k: tuple[int, ...]) -> bool:
        """Whether q and k of these shapes make one score for each cell of the layer's pattern."""
        *batch, head, dest, src = shape_of(self.pattern(layer), "cache")
        if len(q) != len(k) or len(q) != len(batch) + 3 or 0 in k:
            return False
        return q[:-1] == (*batch, dest, head) and k[:-2] == (*batch, src) and head % k[-2] == 0 and q[-1] == k[-1]

    def _tensor(self, layer: int, name: str, why: str = "cache") -> ArrayLike:
        hook = self.hook(layer, name)
        if hook not in self._tensors:
            endings = '"hook_pattern"' if name == "pattern" else '("hook_pattern", "hook_v")'
            raise self.missing(hook, why, endings, f" (it holds patterns of layers {', '.join(map(str, self.layers))})")
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
        before, after = self.module.split("{layer}", 1)
        known = [name for name in self.hooks if name.startswith(before) and name.endswith(f"{after}.hook_pattern")]
        hook = known[0] if known else self.hook(0, "pattern")
        text = f"cache: it holds no attention pattern such as {hook!r}"
        if self.hooks and not known and self.module == DEFAULT_MODULE:
            name = type(self.model).__name__
            return f"{text}, and no layer of this {name} has a hook for one: the model keeps its patterns to itself"
        return text + self.how_to_record(hook, '"hook_pattern"')


def _positive(value: Any) -> float | None:
    """`value` as a float where it is a finite number above 0: configurations write -1 for "none"."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0.0 < number < math.inf else None

"""One kind of attention module in a cache: the layers whose patterns are cached, and their activations by layer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from circuitsvis._cache import attention_modules
from circuitsvis._cache.batch_axis import with_batch
from circuitsvis._cache.hook_cache import HookCache, MissingActivationError
from circuitsvis._cache.hook_names import DEFAULT_MODULE, FOR_PATTERNS, PATTERN, Hook
from circuitsvis._common.arrays import TensorLike, shape_of


class AttentionCache(HookCache):
    """The activations of one kind of attention module, as cached. `CachedSequence` reads those of one sequence.

    Args:
        cache: ActivationCache or mapping of full hook names to tensors.
        module: name of the attention module with "{layer}" for the layer, e.g. "decoder.{layer}.cross_attn".
        model: the model, if the cache does not have it (`cache.model`).

    Attributes:
        module: the argument, by default "blocks.{layer}.attn".
        layers: the layers whose patterns are cached, ascending.
        n_layers: layers of the model; without a model, up to the last cached one.

    Raises:
        TypeError: `cache` is not a mapping.
        ValueError: `module` has no "{layer}".
        MissingActivationError: the cache has no pattern of such a module.
    """

    def __init__(self, cache: object, module: str | None = None, model: object | None = None) -> None:
        super().__init__(cache, model)
        if module is not None and (not isinstance(module, str) or "{layer}" not in module):
            raise ValueError(f'module: must be a hook prefix with "{{layer}}" in it, got {module!r}')
        self.module = module or DEFAULT_MODULE
        before, after = PATTERN.name.format(attn=self.module).split("{layer}", 1)
        layer_of = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
        matches = (layer_of.fullmatch(name) for name in self.tensors if isinstance(name, str))
        self.layers = sorted(int(match.group(1)) for match in matches if match)
        if not self.layers:
            raise MissingActivationError(self._no_pattern())
        self.n_layers = self._count_layers()

    def name(self, layer: int, hook: Hook) -> str:
        """Full hook name of an activation of the module."""
        return hook.at(layer, attn=self.module)

    def tensor(self, layer: int, hook: Hook) -> TensorLike | None:
        """The activation as cached; None if it is not."""
        return self.tensors.get(self.name(layer, hook))

    def require(self, layer: int, hook: Hook, why: str, record: Sequence[Hook]) -> TensorLike:
        """The activation as cached.

        Args:
            layer: number of the layer.
            hook: which activation.
            why: the argument or feature that needs it, for the error.
            record: all hooks that the feature reads.

        Raises:
            MissingActivationError: it is not cached.
        """
        tensor = self.tensor(layer, hook)
        if tensor is None:
            layers = ", ".join(map(str, self.layers))
            raise self.missing(self.name(layer, hook), why, record, f" (it holds patterns of layers {layers})")
        return tensor

    def pattern(self, layer: int) -> TensorLike:
        """[(batch,) head, dest, src]. A pattern with four axes has a batch axis."""
        tensor = self.require(layer, PATTERN, "cache", FOR_PATTERNS)
        shape = shape_of(tensor, "cache")
        if len(shape) not in (3, 4):
            raise ValueError(
                f"cache: {self.name(layer, PATTERN)} must have shape {PATTERN.shape} or [batch, {PATTERN.shape[1:]}, got {shape}"
            )
        return tensor

    def pattern_shape(self, layer: int) -> tuple[int, ...]:
        """([batch,] head, dest, src) of one layer's pattern."""
        return shape_of(self.pattern(layer), "cache")

    def n_heads(self, layer: int) -> int:
        """Heads of the layer, which may share key heads."""
        return self.pattern_shape(layer)[-3]

    def shape(self, layers: Sequence[int]) -> tuple[int, int, int]:
        """(batch, dest, src) of the patterns of these layers, which must agree; batch is 1 without a batch axis."""
        shapes = {layer: shape_of(with_batch(self.pattern(layer), 3), "cache") for layer in layers}
        sizes = {(shape[0], shape[2], shape[3]) for shape in shapes.values()}
        if len(sizes) > 1:
            listed = ", ".join(f"{self.name(layer, PATTERN)} {shape}" for layer, shape in shapes.items())
            raise ValueError(f"cache: the chosen layers must agree in batch and positions, got {listed}")
        return sizes.pop()

    def _count_layers(self) -> int:
        """Layers of the model, from its configuration; else up to the last cached one."""
        n_cached = self.layers[-1] + 1
        if self.module != DEFAULT_MODULE:
            return n_cached
        n_layers = getattr(getattr(self.model, "cfg", None), "n_layers", None)
        return max(n_cached, n_layers) if isinstance(n_layers, int) else n_cached

    def _no_pattern(self) -> str:
        """The error for a cache without a pattern of the module: other modules that have one, or how to record it."""
        others = attention_modules.templates(self.tensors)
        if others:
            listed = ", ".join(f'"{other}"' for other in others)
            return f"module: the cache has no pattern of {self.module!r}; its attention modules are {listed}: pass one as module="
        before, after = PATTERN.name.format(attn=self.module).split("{layer}", 1)
        hooks = [name for name in self.hooks if name.startswith(before) and name.endswith(after)]
        name = hooks[0] if hooks else self.name(0, PATTERN)
        text = f"cache: it holds no attention pattern such as {name!r}"
        if self.hooks and not hooks and self.module == DEFAULT_MODULE:
            return (
                f"{text}, and no layer of this {type(self.model).__name__} has a hook for one: "
                "the model does not expose its patterns"
            )
        return text + self.how_to_record(name, FOR_PATTERNS)

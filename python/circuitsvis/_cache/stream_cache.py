"""The residual stream in a cache: which of its stages are cached, by TransformerLens's names. Patterns are not needed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import FINAL_NORM_INPUT, FIRST_RESID, RESID_MID, RESID_POST, RESID_PRE, UNEMBED_INPUT
from circuitsvis._cache.model_attributes import attribute

_BLOCK = re.compile(re.escape(RESID_POST.name).replace(r"\{layer\}", r"(\d+)"))


@dataclass(frozen=True)
class Stage:
    """The residual stream at one place of the model.

    Attributes:
        name: as in TransformerLens's `accumulated_resid`: "0_pre" is the embedding, "3_pre" the stream before block 3, "3_mid" between
            its attention and MLP, "final_post" after the last block.
        layer: number of blocks that are complete before it.
        is_mid: whether it is between attention and MLP of block `layer`.
        hooks: full names of the activations that hold it, the first cached one is read.
    """

    name: str
    layer: int
    is_mid: bool
    hooks: tuple[str, ...]


class StreamCache(HookCache):
    """The residual stream of one forward pass.

    Args:
        cache: ActivationCache or mapping of full hook names to tensors.
        model: the model, if the cache does not have it (`cache.model`).

    Attributes:
        n_layers: layers of the model; without a model that states it, up to the last cached one.

    Raises:
        TypeError: `cache` is not a mapping.
    """

    def __init__(self, cache: object, model: object | None = None) -> None:
        super().__init__(cache, model)
        matches = (_BLOCK.fullmatch(name) for name in self.tensors if isinstance(name, str))
        n_cached = max((int(match.group(1)) + 1 for match in matches if match), default=0)
        n_layers = getattr(getattr(self.model, "cfg", None), "n_layers", None)
        self.n_layers = max(n_cached, n_layers) if isinstance(n_layers, int) else n_cached

    def before(self, layer: int) -> Stage:
        """The stream before a block; of the number behind the last one, the stream after the last block."""
        if layer == self.n_layers:
            # GPT-1 has no final norm, and on a bridge no hook after its last block but the unembedding's
            without_norm = () if attribute(self.model, "ln_final") is not None else (UNEMBED_INPUT.name,)
            return Stage("final_post", layer, False, (RESID_POST.at(layer - 1), FINAL_NORM_INPUT.name, *without_norm))
        hooks = (FIRST_RESID.name,) if layer == 0 else (RESID_POST.at(layer - 1), RESID_PRE.at(layer))
        return Stage(f"{layer}_pre", layer, False, hooks)

    def inside(self, layer: int) -> Stage:
        """The stream between the attention and the MLP of a block."""
        return Stage(f"{layer}_mid", layer, True, (RESID_MID.at(layer),))

    def hook_of(self, stage: Stage) -> str | None:
        """Full name of the activation that holds a stage; None if none is cached."""
        return next((hook for hook in stage.hooks if self.activation(hook) is not None), None)

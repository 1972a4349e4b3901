"""Forward passes of activation patching. Several patches are made in one pass, each in its own copy of the prompts."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common.arrays import Float64
from circuitsvis._heads import model_run
from circuitsvis._patching.kinds import Kind
from circuitsvis._patching.metric import Metric
from circuitsvis._patching.prompts import Ids


@dataclass
class Runs:
    """Runs of a model on pairs of prompts, without gradients; to be used within `model_run.evaluation`.

    Attributes:
        model: a TransformerLens model.
        base: [pair, position] ids of the prompts that are run with patches.
        source: of the prompts whose activations are patched in.
        metric: what is measured.
    """

    model: Any
    base: Ids
    source: Ids
    metric: Metric
    _hooks: set[str] = field(init=False)
    _at_once: int = field(init=False)

    def __post_init__(self) -> None:
        self._hooks = set(self.model.hook_dict)
        config = attribute(self.model, "cfg")
        d_vocab, d_mlp, n_heads = (int(attribute(config, name) or 1) for name in ("d_vocab", "d_mlp", "n_heads"))
        largest = max(
            d_vocab, d_mlp, n_heads * self.base.shape[1]
        )  # numbers for each token: logits, neurons, or patterns
        self._at_once = max(1, model_run.MAX_LOGITS // (self.base.size * largest))

    def unpatched(self) -> tuple[Float64, Float64, float]:
        """[pair]: the metric of both runs, base and source; and the relative rounding error of their logits' type."""
        torch: Any = importlib.import_module("torch")
        base, source = (self._logits(ids, []) for ids in (self.base, self.source))
        return self.metric(base), self.metric(source), float(torch.finfo(base.dtype).eps)

    def grid(
        self,
        kind: Kind,
        layers: Sequence[int],
        columns: Sequence[int] | None,
        done: Callable[[int], None],
        base: Float64,
    ) -> Float64:
        """[pair, layer, column]: the metric with one activation of the base run replaced by that of the source run.

        NaN where the model computes no such activation, or a layer has fewer heads.

        Args:
            kind: what is patched.
            layers: rows.
            columns: positions. None: all heads.
            done: is told how many more columns are done.
            base: [pair], the metric of the base run, which a patch that changes no number leaves as it is.
        """
        hooks = {layer: kind.hook.at(layer) for layer in layers if kind.hook.at(layer) in self._hooks}
        source, own = (self._activations(ids, hooks, kind) for ids in (self.source, self.base))
        widths = [value.shape[2] for value in source.values()] if columns is None else []
        chosen = list(range(max(widths, default=0))) if columns is None else list(columns)
        values = np.full((len(self.base), len(layers), len(chosen)), np.nan)
        for row, layer in enumerate(layers):
            changed: list[int] = []
            if layer in source:
                places = [
                    place
                    for place, column in enumerate(chosen)
                    if columns is not None or column < source[layer].shape[2]
                ]
                changed = [i for i in places if not _same(source[layer], own[layer], kind, chosen[i])]
                values[:, row, places] = base[:, None]
            done(len(chosen) - len(changed))
            for start in range(0, len(changed), self._at_once):
                batch = changed[start : start + self._at_once]
                patch = _Patch(kind, source[layer], [chosen[i] for i in batch])
                values[:, row, batch] = self._patched(hooks[layer], patch)
                done(len(batch))
        return values

    def _patched(self, hook: str, patch: _Patch) -> Float64:
        """[pair, column]: the metric for each column of the patch."""
        n = len(self.base)
        logits = self._logits(np.tile(self.base, (len(patch.columns), 1)), [(hook, patch)])
        return np.stack([self.metric(logits[i * n : (i + 1) * n]) for i in range(len(patch.columns))], axis=-1)

    def _activations(self, ids: Ids, hooks: dict[int, str], kind: Kind) -> dict[int, Any]:
        """What each layer's hook holds in an unpatched run: [pair, position, ...], heads as the third axis."""
        found: dict[int, Any] = {}
        n_heads = int(attribute(attribute(self.model, "cfg"), "n_heads") or 1)

        def keep(layer: int) -> Callable[..., None]:
            def hook_function(tensor: Any, hook: object = None) -> None:
                found[layer] = _by_columns(tensor.detach().clone(), kind, ids.shape, n_heads)

            return hook_function

        self._logits(ids, [(name, keep(layer)) for layer, name in hooks.items()])
        return found

    def _logits(self, ids: Ids, hooks: list[tuple[str, Callable[..., Any]]]) -> Any:
        torch: Any = importlib.import_module("torch")
        batch = torch.as_tensor(ids, device=model_run.device(self.model))
        with torch.no_grad():
            return self.model.run_with_hooks(batch, fwd_hooks=hooks, return_type="logits")


@dataclass(frozen=True)
class _Patch:
    """A hook function that replaces another column in each copy of the base prompts.

    Attributes:
        kind: what is patched.
        source: [pair, position, ...] of the source run.
        columns: one for each copy.
    """

    kind: Kind
    source: Any
    columns: list[int]

    def __call__(self, tensor: Any, hook: object = None) -> Any:
        torch: Any = importlib.import_module("torch")
        patched = tensor.clone(memory_format=torch.contiguous_format)  # the user's other hooks may keep the original
        parts = patched.view(len(self.columns), *self.source.shape)
        for part, column in zip(parts, self.columns, strict=True):
            _column(part, self.kind, column).copy_(_column(self.source, self.kind, column))
        return patched


def _column(values: Any, kind: Kind, column: int) -> Any:
    return values[:, column] if kind.columns == "position" else values[:, :, column]


def _same(a: Any, b: Any, kind: Kind, column: int) -> bool:
    """Whether a column of both runs is equal in every bit: patching it changes nothing."""
    return bool((_column(a, kind, column) == _column(b, kind, column)).all())


def _by_columns(tensor: Any, kind: Kind, shape: tuple[int, ...], n_heads: int) -> Any:
    """The activation as [pair, position, ...] or [pair, position, head, d_head]. Some bridges join the first two, or the last two.

    Raises:
        ValueError: it has other axes.
    """
    if tuple(tensor.shape[:2]) == shape or (tensor.ndim > 1 and tensor.shape[0] == shape[0] * shape[1]):
        by_position = tensor.reshape(*shape, *tensor.shape[2 if tuple(tensor.shape[:2]) == shape else 1 :])
        if kind.columns == "position":
            return by_position
        swapped = (
            by_position.ndim == 4 and by_position.shape[2] != n_heads and by_position.shape[3] == n_heads
        )  # DeepSeek
        if swapped or (by_position.ndim == 3 and by_position.shape[2] % n_heads == 0):
            return by_position.reshape(*shape, n_heads, -1)  # heads follow each other in memory
        if by_position.ndim == 4:
            return by_position
    raise ValueError(
        f"what: {kind.name!r} must be {kind.hook.shape} for each prompt, got shape {list(tensor.shape)} for {shape[0]} prompts of "
        f"{shape[1]} tokens; leave {kind.name!r} out"
    )

"""The direct logit attribution of one sequence: heads by source, all other parts, and their sum."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._common.arrays import FloatArray
from circuitsvis._wire.props.attribution import PartKind


@dataclass(frozen=True)
class HeadAttribution:
    """What one head adds to the logit, by source: `values` is [dest, src]."""

    layer: int
    head: int
    values: FloatArray


@dataclass(frozen=True)
class Part:
    """What one component other than a head adds to the logit: `values` is [dest].

    Attributes:
        kind:
            "embed", "pos_embed": the token embedding, the position embedding.
            "mlp": the MLP of a layer.
            "attention bias": b_O of a layer, and the bias of a norm after its attention.
            "attention remainder": what the attention of a layer wrote beyond pattern · v of its heads and its bias.
            "branch": what a block wrote beyond its attention and MLP, e.g. the Mamba branch of a hybrid.
            "bias": the bias of the final norm, and b_U unless that is a part of its own.
            "b_U": the bias of the unembedding.
            "other": the sum of all heads and parts that were not selected.
            "unaccounted": the logit minus everything else. It is rounding (about 1e-7 of the logit in float32, 1e-2 in
            bfloat16) unless the cache does not show something that wrote to the stream.
        layer: the layer of "mlp", "attention bias", "attention remainder" and "branch"; else None.
        module: for "branch", the module that wrote it, where a cached output shows which; else None.
    """

    kind: PartKind
    layer: int | None
    values: FloatArray
    module: str | None = None

    @property
    def name(self) -> str:
        """The name on the page."""
        names_with_layer = {
            "mlp": f"MLP {self.layer}",
            "attention bias": f"Attn bias {self.layer}",
            "attention remainder": f"Attn remainder {self.layer}",
            "branch": f"{self.module or 'Layer remainder'} {self.layer}",
        }
        return names_with_layer.get(self.kind, self.kind)


@dataclass(frozen=True)
class Attribution:
    """The attribution of one sequence. At every destination all heads, summed over sources, and all parts add up to `total`.

    Attributes:
        label: HTML for the batch selector.
        dest: the destinations as positions among `src_tokens`, in the order in which they are shown.
        dest_tokens, src_tokens: text per destination and per source position.
        targets: per destination, the name of what is attributed: a token, "a − b", or the kind of direction.
        heads: in the order in which they were requested.
        parts: embedding first, "other" and "unaccounted" last. "other" is missing where everything is shown; "unaccounted"
            is missing where the cache does not hold the logit, or does not hold what would separate it from "other".
        total: [dest], the model's logit or logit difference, before a soft cap of the logits.
        soft_cap: c where the model's own logits are c * tanh(total / c), else None.
        notes: sentences for the page on what the data showed, e.g. a gate between pattern · v and W_O.
    """

    label: str
    dest: tuple[int, ...]
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...]
    targets: tuple[str, ...]
    heads: tuple[HeadAttribution, ...]
    parts: tuple[Part, ...]
    total: FloatArray
    soft_cap: float | None
    notes: tuple[str, ...] = ()

    def part(self, kind: PartKind, layer: int | None = None) -> FloatArray | None:
        """The values of one part, None where there is no such part."""
        return next((part.values for part in self.parts if (part.kind, part.layer) == (kind, layer)), None)

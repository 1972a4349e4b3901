"""Exact direct logit attribution: what each head reads from each source, and what the rest writes. Pure arithmetic.

The final norm divides by a number per destination, so with that number taken from the forward pass every logit is a sum over
everything that was written into the residual stream. The direction is contracted first: with d the direction at the norm's
output and d' = C(w * d) at its input,

    head(l, h, q, k) = pattern[q, k] * (v[k] . W_O[h] d') / scale[q]        written(x, q) = x[q] . d' / scale[q]

so that nothing of size components x dest x src x d_model ever exists. Sums run in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray

Kind = Literal[
    "embed",
    "pos_embed",
    "mlp",
    "attention bias",
    "attention remainder",
    "branch",
    "bias",
    "b_U",
    "other",
    "unaccounted",
]


@dataclass(frozen=True)
class HeadPart:
    """What one head wrote along the direction, by source: `values` is [dest, src]."""

    layer: int
    head: int
    values: FloatArray


@dataclass(frozen=True)
class Part:
    """What a component without sources wrote along the direction: `values` is [dest].

    Attributes:
        kind: "embed", "pos_embed"; of one layer "mlp", "attention bias" (b_O and the bias of a norm behind the attention),
            "attention remainder" (what the attention wrote beyond its heads' pattern · v and its bias) and "branch" (what the
            block wrote beyond attention and MLP, e.g. the Mamba branch of a hybrid); "bias": bias of the final norm, and
            b_U unless that is a part of its own; "b_U"; "other": everything that was not asked for, together;
            "unaccounted": what the logit has beyond all of these, which is rounding (about 1e-7 of the logit in float32,
            1e-2 in bfloat16) unless something wrote to the stream that the cache does not show.
        layer: of what belongs to one, else None.
        module: of a "branch", the module that wrote it, where a cached output shows which.
    """

    kind: Kind
    layer: int | None
    values: FloatArray
    module: str | None = None

    @property
    def name(self) -> str:
        """What the page calls it."""
        names = {
            "mlp": f"MLP {self.layer}",
            "attention bias": f"Attn bias {self.layer}",
            "attention remainder": f"Attn remainder {self.layer}",
            "branch": f"{self.module or 'Layer remainder'} {self.layer}",
        }
        return names.get(self.kind, self.kind)


@dataclass(frozen=True)
class Attribution:
    """One sequence, decomposed: all `heads`, over all their sources, plus all `parts` are `total`, at every destination.

    Attributes:
        label: HTML for the batch selector.
        dest: positions of the destinations among `src_tokens`, in the order they are shown.
        dest_tokens, src_tokens: text per destination and per source position.
        targets: per destination, what it is the logit of: a token, "a − b", or the kind of direction that was given.
        heads: in the order asked for.
        parts: embedding first, "other" and "unaccounted" last. "other" is missing where everything is shown;
            "unaccounted" where nothing in the cache tells it from "other", or tells the logit at all.
        total: [dest], the model's logit or logit difference, before an output soft cap.
        soft_cap: c where the model's own logits are c * tanh(total / c), else None.
        notes: sentences on what the data showed, e.g. a gate between pattern · v and W_O.
    """

    label: str
    dest: tuple[int, ...]
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...]
    targets: tuple[str, ...]
    heads: tuple[HeadPart, ...]
    parts: tuple[Part, ...]
    total: FloatArray
    soft_cap: float | None
    notes: tuple[str, ...] = ()

    def part(self, kind: Kind, layer: int | None = None) -> FloatArray | None:
        """The values of one part, None where there is no such part."""
        return next((part.values for part in self.parts if (part.kind, part.layer) == (kind, layer)), None)

    @property
    def shown(self) -> FloatArray:
        """[dest]: the sum over what was asked for, i.e. without "other" and "unaccounted"."""
        values = np.zeros(len(self.dest))
        for head in {(head.layer, head.head): head for head in self.heads}.values():
            values += head.values.sum(-1, dtype=np.float64)
        for part in self.parts:
            if part.kind not in ("other", "unaccounted"):
                values += part.values
        return values.astype(np.float32)


def reading_directions(w_o: FloatArray, direction: Float64) -> Float64:
    """W_O d': what each head's v is multiplied with, [head, 1 or dest, d_head].

    Args:
        w_o: [head, d_head, d_model].
        direction: [1 or dest, d_model], at the residual stream.
    """
    n_heads, d_head, d_model = w_o.shape
    flat = direction @ w_o.reshape(-1, d_model).T.astype(np.float64)
    return flat.reshape(len(direction), n_heads, d_head).swapaxes(0, 1)


def head_values(pattern: FloatArray, v: FloatArray, reads: Float64, divisor: Float64) -> Float64:
    """What one head writes along a direction, by source: [dest, src].

    Args:
        pattern: [dest, src].
        v: [src, d_head], of the key head that this head reads.
        reads: [1 or dest, d_head], its `reading_directions`.
        divisor: [dest].
    """
    values: Float64 = reads @ v.T.astype(np.float64)
    return pattern * values / divisor[:, None]


def position_values(written: Float64, direction: Float64, divisor: Float64 | None = None) -> Float64:
    """What a vector written at each destination is along a direction.

    Args:
        written: [dest, d_model], or [d_model] for the same everywhere.
        direction: [1 or dest, d_model].
        divisor: [dest], or None for 1.

    Returns:
        [dest], or [1] where neither of the three has that axis.
    """
    values: Float64 = np.einsum("...d,...d->...", written, direction)
    return values if divisor is None else values / divisor

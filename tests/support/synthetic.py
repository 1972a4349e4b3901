"""A random pre-norm transformer in numpy, with a selectable step at each place between v and the residual stream, and its cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt

Float64 = npt.NDArray[np.float64]

N_HEADS, D_HEAD, D_MODEL, N_VOCAB = 3, 4, 10, 7
EPSILON = 1e-5

MASKS = ("causal", "window", "left padding", "none")
ON_HEADS = (
    "nothing", "cached gate", "hidden gate", "factor", "ablated head", "added vector", "clip", "norm", "shuffled",
)  # fmt: skip
AFTER_W_O = ("nothing", "factor", "norm", "norm with bias", "hidden clip")
BEFORE_STREAM = ("nothing", "factor", "cached branch", "hidden branch", "added vector", "stream scaled")


@dataclass(frozen=True)
class Steps:
    """Unusual steps of one layer; the tuples above list the kinds."""

    mask: str = "causal"
    on_heads: str = "nothing"
    after_w_o: str = "nothing"
    before_stream: str = "nothing"
    bias: bool = True
    mlp: bool = True


@dataclass
class Run:
    """A forward pass.

    Attributes:
        cache: activations by hook name, float32.
        model: what attribution reads of a model.
        logits: [position, vocabulary], float64.
        heads: by layer, [dest, head, d_model], what each head truly adds to the residual stream.
        scale: [position], the divisor of the final norm.
        gain: of the final norm.
    """

    cache: dict[str, Any]
    model: Any
    logits: Float64 = field(default_factory=lambda: np.zeros(0))
    heads: dict[int, Float64] = field(default_factory=dict)
    scale: Float64 = field(default_factory=lambda: np.zeros(0))
    gain: Float64 = field(default_factory=lambda: np.zeros(0))

    def along(self, layer: int, token: int) -> Float64:
        """[dest, head]: the heads' share of a logit. The final norm is an RMSNorm."""
        direction = self.gain * self.model.W_U[:, token]
        share: Float64 = self.heads[layer] @ direction / self.scale[:, None]
        return share


def run(steps: list[Steps], n: int, seed: int) -> Run:
    """A forward pass of random weights over `n` positions."""
    rng = np.random.default_rng(seed)
    out = Run(
        {},
        SimpleNamespace(cfg=SimpleNamespace(n_layers=len(steps)), blocks=[], W_U=rng.normal(size=(D_MODEL, N_VOCAB))),
    )
    stream = rng.normal(size=(n, D_MODEL))
    _keep(out, "hook_embed", stream)
    for layer, chosen in enumerate(steps):
        stream = _layer(out, layer, chosen, stream, rng)
    model, gain = out.model, 1 + 0.3 * rng.normal(size=D_MODEL)
    model.ln_final = SimpleNamespace(uses_rms_norm=True, w=gain, eps=EPSILON)
    model.b_U = rng.normal(size=N_VOCAB)
    scale = np.sqrt((stream**2).mean(-1) + EPSILON)
    _keep(out, "ln_final.hook_scale", scale[:, None])
    _keep(out, "ln_final.hook_out", stream / scale[:, None] * gain)
    out.logits, out.scale, out.gain = stream / scale[:, None] * gain @ model.W_U + model.b_U, scale, gain
    return out


def _layer(out: Run, layer: int, steps: Steps, stream: Float64, rng: np.random.Generator) -> Float64:
    n = len(stream)
    block = SimpleNamespace(
        attn=SimpleNamespace(W_O=rng.normal(size=(N_HEADS, D_HEAD, D_MODEL)), b_O=rng.normal(size=D_MODEL) * steps.bias)
    )
    out.model.blocks.append(block)
    name = f"blocks.{layer}"
    _keep(out, f"{name}.hook_resid_pre", stream)
    pattern, v = _pattern(steps.mask, n, rng), rng.normal(size=(n, N_HEADS, D_HEAD))
    _keep(out, f"{name}.attn.hook_pattern", pattern)
    _keep(out, f"{name}.attn.hook_v", v)
    z = _on_heads(out, name, steps.on_heads, np.einsum("hqk,khe->qhe", pattern, v), rng)
    _keep(out, f"{name}.attn.hook_z", z)
    heads = np.einsum("qhe,hed->qhd", z, block.attn.W_O)
    heads, attention = _after_w_o(block, steps.after_w_o, heads, block.attn.b_O, rng)
    _keep(out, f"{name}.hook_attn_out", attention)
    mlp = rng.normal(size=(n, D_MODEL)) * steps.mlp
    if steps.mlp:
        block.mlp = SimpleNamespace()
        _keep(out, f"{name}.hook_mlp_out", mlp)
    factor, beyond = 1.0, np.zeros((n, D_MODEL))
    if steps.before_stream == "factor":
        factor = 0.4
    elif steps.before_stream in ("cached branch", "hidden branch"):
        beyond = rng.normal(size=(n, D_MODEL))
    elif steps.before_stream == "added vector":
        beyond = np.broadcast_to(rng.normal(size=D_MODEL), (n, D_MODEL))
    elif steps.before_stream == "stream scaled":
        beyond = 0.5 * stream
    if steps.before_stream == "cached branch":
        _keep(out, f"{name}.ssm.hook_out", beyond)
    out.heads[layer] = factor * heads
    stream = stream + factor * attention + mlp + beyond
    _keep(out, f"{name}.hook_resid_post", stream)
    return stream


def _pattern(mask: str, n: int, rng: np.random.Generator) -> Float64:
    scores = rng.normal(0, 2, (N_HEADS, n, n))
    visible = np.ones((n, n), bool) if mask == "none" else np.tri(n, dtype=bool)
    if mask == "window":
        visible &= ~np.tri(n, k=-2, dtype=bool)
    if mask == "left padding":
        visible[:, 0] = np.arange(n) == 0
    exponentials = np.where(visible, np.exp(scores), 0.0)
    pattern: Float64 = exponentials / exponentials.sum(-1, keepdims=True)
    return pattern


def _on_heads(out: Run, name: str, kind: str, mixed: Float64, rng: np.random.Generator) -> Float64:
    n = len(mixed)
    if kind in ("cached gate", "hidden gate"):
        gate = rng.normal(size=mixed.shape)
        if kind == "cached gate":
            _keep(out, f"{name}.attn.hook_q_gate", gate.reshape(n, -1))
        return mixed / (1 + np.exp(-gate))
    changed = mixed.copy()
    if kind == "factor":
        changed *= rng.uniform(0.2, 3, (n, N_HEADS, 1))
    elif kind == "ablated head":
        changed[:, 1] = 0.0
    elif kind == "added vector":
        changed[:, 2] += rng.normal(size=D_HEAD)
    elif kind == "clip":
        changed = np.clip(changed, -0.3, 0.3)
    elif kind == "norm":
        changed /= np.sqrt((changed**2).mean((1, 2), keepdims=True) + EPSILON)
        changed *= 1 + 0.3 * rng.normal(size=(N_HEADS, D_HEAD))
    elif kind == "shuffled":
        changed = changed[:, ::-1]
    return changed


def _after_w_o(
    block: Any, kind: str, heads: Float64, bias: Float64, rng: np.random.Generator
) -> tuple[Float64, Float64]:
    """What each head adds to the stream, and hook_attn_out."""
    written = heads.sum(1) + bias
    if kind == "factor":
        return 0.7 * heads, 0.7 * written
    if kind == "hidden clip":
        return heads, np.clip(written, -0.5, 0.5)
    if kind == "nothing":
        return heads, written
    gain = 1 + 0.3 * rng.normal(size=D_MODEL)
    scale = np.sqrt((written**2).mean(-1) + EPSILON)
    block.ln1_post = SimpleNamespace(uses_rms_norm=True, w=gain, eps=EPSILON)
    beyond = np.zeros(D_MODEL)
    if kind == "norm with bias":
        centred = written - written.mean(-1, keepdims=True)
        scale, beyond = np.sqrt((centred**2).mean(-1) + EPSILON), rng.normal(size=D_MODEL)
        block.ln1_post = SimpleNamespace(uses_rms_norm=False, w=gain, b=beyond, eps=EPSILON)
        written, heads = centred, heads - heads.mean(-1, keepdims=True)
    return heads * gain / scale[:, None, None], written * gain / scale[:, None] + beyond


def _keep(out: Run, name: str, array: Float64) -> None:
    out.cache[name] = np.asarray(array, np.float32)

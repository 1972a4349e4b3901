"""What a model really computes, in float64, from the modules of the Hugging Face model alone.

Nothing here uses circuitsvis, or what TransformerLens caches. Weights are found by probing: a linear module is applied to unit
vectors, a norm to random ones, so that folded weights, transposed layouts and gains of 1 + w are read like any other.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

Float64 = npt.NDArray[np.float64]

OUTPUT_PROJECTION = re.compile(
    r"\.(self_attn\.(o_proj|dense|out_proj)|attn\.(out_proj|c_proj|Wo)|self_attention\.dense|attention\.dense"
    r"|attention\.output\.dense|attn\.attention\.out_proj)$"
)
FINAL_NORM = re.compile(
    r"^(model|transformer|gpt_neox|model\.decoder)\."
    r"(norm|final_layernorm|norm_f|ln_f|final_layer_norm|final_norm|embedding_norm|layer_norm)$"
)
POST_NORMS = {
    "afmoe": "post_attention_layernorm",
    "exaone4": "post_attention_layernorm",
    "exaone4_window": "post_attention_layernorm",
    "flexolmo": "post_attention_layernorm",
    "gemma2": "post_attention_layernorm",
    "gemma3": "post_attention_layernorm",
    "gemma4": "post_attention_layernorm",
    "gemma4_shared": "post_attention_layernorm",
    "glm4": "post_self_attn_layernorm",
    "olmo2_tied": "post_attention_layernorm",
    "olmo3": "post_attention_layernorm",
    "olmohybrid": "post_attention_layernorm",
}
"""The norm between an attention's output and the residual stream, by family: the name of its module in a decoder layer."""
FACTORS = {"falconh1": 0.6, "granite": 0.5, "granitehybrid": 0.5, "granitemoe": 0.5}
"""What an attention's output is multiplied by before it is added to the residual stream."""
VALUES = {
    "bloom": ("self_attention.query_key_value", "thirds of each head"),
    "codegen": ("attn.qkv_proj", "second of three, of each quarter"),
    "falcon_alibi": ("self_attention.query_key_value", "thirds of each head"),
    "falcon_multi_query": ("self_attention.query_key_value", "last"),
    "gptj": ("attn.v_proj", "all"),
    "gptneo": ("attn.attention.v_proj", "all"),
    "mpt": ("attn.Wqkv", "thirds"),
    "openaigpt": ("attn.c_attn", "thirds"),
    "xglm": ("self_attn.v_proj", "all"),
}
"""Families without the interface that shows queries, keys and values: the module that computes v, and where v is in it."""


@dataclass(frozen=True)
class Norm:
    """y = gain * C(x) / sqrt(mean(C(x)^2) + epsilon) + bias, where C subtracts the mean or does nothing.

    epsilon None: there is no norm, and nothing is divided.
    """

    gain: Float64
    bias: Float64
    centre: bool
    epsilon: float | None

    def divisor(self, x: Float64) -> Float64:
        """[...]: the number that each vector of `x`, [..., d_model], is divided by."""
        if self.epsilon is None:
            return np.ones(x.shape[:-1])
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        return np.sqrt((centred**2).mean(-1) + self.epsilon)

    def linear(self, x: Float64, divisor: Float64) -> Float64:
        """What a part of the norm's input becomes in its output: the divisor is that of the whole input."""
        centred = x - x.mean(-1, keepdims=True) if self.centre else x
        return self.gain * centred / divisor[..., None]


@dataclass(frozen=True)
class Layer:
    """One attention layer in one forward pass.

    Attributes:
        z: [batch, dest, head, d_head], what enters the output projection.
        w_o: [head, d_head, d_model].
        b_o: [d_model].
        post_norm: between the output and the residual stream, or None.
        factor: what the output is multiplied by.
    """

    z: Float64
    w_o: Float64
    b_o: Float64
    post_norm: Norm | None
    factor: float = 1.0

    def before_norm(self, z: Float64) -> Float64:
        """[batch, dest, head, d_model]: each head's share of the output projection."""
        return np.einsum("bqhe,hed->bqhd", z, self.w_o)

    def written(self, z: Float64) -> Float64:
        """[batch, dest, head, d_model]: what each head adds to the residual stream. The divisor of a norm is the true one."""
        heads = self.before_norm(z)
        if self.post_norm is None:
            return self.factor * heads
        divisor = self.post_norm.divisor(self.before_norm(self.z).sum(2) + self.b_o)
        return self.factor * self.post_norm.linear(heads, np.repeat(divisor[:, :, None], heads.shape[2], 2))


@dataclass(frozen=True)
class Run:
    """One forward pass.

    Attributes:
        layers: by number; attention layers only.
        stream: [batch, position, d_model], what the final norm reads.
        norm: the final norm; None where the logits do not read its output.
        w_u: [d_model, vocabulary], with the factor of the logits.
        logits: [batch, position, vocabulary], before a soft cap.
        blocks: what goes into and comes out of each decoder layer, [batch, position, d_model].
    """

    layers: dict[int, Layer]
    stream: Float64
    norm: Norm | None
    w_u: Float64
    logits: Float64
    blocks: list[tuple[Float64, Float64]]

    def along(self, x: Float64, token: int, minus: int | None) -> Float64:
        """[batch, position, ...]: what parts of the stream, [batch, position, ..., d_model], add to a logit or a difference."""
        direction = self.w_u[:, token] - (0.0 if minus is None else self.w_u[:, minus])
        assert self.norm is not None
        divisor = self.norm.divisor(self.stream)
        shape = divisor.shape + (1,) * (x.ndim - 3)
        return self.norm.linear(x, np.broadcast_to(divisor.reshape(shape), x.shape[:-1])) @ direction


@dataclass(frozen=True)
class Attention:
    """What one attention layer of the model as Hugging Face runs it multiplies. None where the model does not show it.

    Attributes:
        pattern: [batch, head, dest, src].
        v: [batch, src, head, d_head].
        scores: [batch, head, dest, src], q · k times the scale: before bias, cap and mask.
    """

    pattern: Float64
    v: Float64
    scores: Float64 | None


class Recorder:
    """Records forward passes of a model, also after TransformerLens has wrapped it: its modules stay those that compute.

    Args:
        model: of Hugging Face, not yet wrapped.
        family: its name.
    """

    def __init__(self, model: Any, family: str) -> None:
        self._model, self._family = model, family
        self._outputs = {
            int(re.findall(r"\.(\d+)\.", name)[0]): (name, module)
            for name, module in model.named_modules()
            if OUTPUT_PROJECTION.search(name)
        }
        self._norm = next((name for name, _ in model.named_modules() if FINAL_NORM.match(name)), None)
        self._head = model.get_output_embeddings()
        self._seen: dict[object, Float64] = {}
        for layer, (_, module) in self._outputs.items():
            module.register_forward_pre_hook(self._keep_input(layer))
        self._head.register_forward_hook(self._keep_output("logits"))
        self._blocks = sorted({path[: path.index(f".{i}.")] for i, (path, _) in self._outputs.items()})

    def watch(self) -> None:
        """Records the decoder layers and the final norm, which a bridge replaces: call it when the model has been wrapped."""
        if self._norm is not None:
            self._model.get_submodule(self._norm).register_forward_pre_hook(self._keep_input("stream"))
        for path in self._blocks:
            for layer, block in enumerate(self._model.get_submodule(path)):
                block.register_forward_pre_hook(self._keep_stream(("before", layer)), with_kwargs=True)
                block.register_forward_hook(self._keep_output(("after", layer)))

    def run(self, n_heads: int, logits: Float64) -> Run:
        """The last forward pass, whose result was `logits`, [batch, position, vocabulary]."""
        layers = {}
        for layer, (name, module) in self._outputs.items():
            z = self._seen[layer]
            zero, w_o = probe_linear(module, z.shape[-1])
            post = POST_NORMS.get(self._family)
            path = name[: name.index(f".{layer}.") + len(f".{layer}")]
            layers[layer] = Layer(
                z.reshape(*z.shape[:2], n_heads, -1),
                w_o.reshape(n_heads, -1, w_o.shape[-1]),
                zero,
                None if post is None else probe_norm(self._model.get_submodule(f"{path}.{post}"), w_o.shape[-1]),
                FACTORS.get(self._family, 1.0),
            )
        before_cap = self._seen["logits"]
        stream = self._seen.get("stream", np.zeros((*before_cap.shape[:2], 1)))
        _, w_u = probe_linear(self._head, self._head.weight.shape[1])
        factor = _factor(before_cap, logits)
        norm = None if self._norm is None else probe_norm(self._model.get_submodule(self._norm), stream.shape[-1])
        n_blocks = sum(isinstance(key, tuple) for key in self._seen) // 2
        blocks = [(self._seen["before", i], self._seen["after", i]) for i in range(n_blocks)]
        return Run(layers, stream, norm, w_u * factor, before_cap * factor, blocks)

    def _keep_input(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any) -> None:
            self._seen[key] = array(inputs[0])

        return hook

    def _keep_stream(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any, options: Any) -> None:
            self._seen[key] = array(inputs[0] if inputs else options["hidden_states"])

        return hook

    def _keep_output(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any, output: Any) -> None:
            self._seen[key] = array(output[0] if isinstance(output, (tuple, list)) else output)

        return hook


class HookedRecorder:
    """Records forward passes of a HookedTransformer: what passes through its hook points, and its own weights.

    Args:
        model: the HookedTransformer.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._seen: dict[object, Float64] = {}
        for layer, block in enumerate(model.blocks):
            for name in ("hook_pattern", "hook_v", "hook_z", "hook_q", "hook_k", "hook_rot_q", "hook_rot_k"):
                if hasattr(block.attn, name):
                    getattr(block.attn, name).register_forward_hook(self._keep((name, layer)))
            block.register_forward_pre_hook(lambda _, inputs, i=layer: self._store(("before", i), inputs[0]))
            block.register_forward_hook(self._keep(("after", layer)))
        model.unembed.register_forward_hook(self._keep("logits"))

    def result(self) -> tuple[dict[int, Attention], Run]:
        """Of the last forward pass."""
        model, seen = self._model, self._seen
        n_layers, width = len(model.blocks), model.cfg.d_model
        attention, layers = {}, {}
        for i, block in enumerate(model.blocks):
            pattern, v = seen["hook_pattern", i], seen["hook_v", i]
            stage = "hook_rot_" if ("hook_rot_q", i) in seen else "hook_"
            q, k = seen[f"{stage}q", i], seen[f"{stage}k", i]
            group = pattern.shape[1] // v.shape[2]
            divisor = float(model.cfg.attn_scale) if model.cfg.use_attn_scale else 1.0
            scores = np.einsum("bqhe,bkhe->bhqk", q, np.repeat(k, group, 2)) / divisor
            attention[i] = Attention(pattern, np.repeat(v, group, 2), scores)
            post = probe_norm(block.ln1_post, width) if hasattr(block, "ln1_post") else None
            layers[i] = Layer(seen["hook_z", i], array(block.attn.W_O), array(block.attn.b_O), post)
        named = type(getattr(model, "ln_final", None)).__name__
        norm = _identity(width) if named in ("Identity", "NoneType") else probe_norm(model.ln_final, width)
        blocks = [(seen["before", i], seen["after", i]) for i in range(n_layers)]
        return attention, Run(layers, blocks[-1][1], norm, array(model.unembed.W_U), seen["logits"], blocks)

    def _keep(self, key: object) -> Callable[..., None]:
        return lambda module, inputs, output: self._store(key, output)

    def _store(self, key: object, tensor: Any) -> None:
        self._seen[key] = array(tensor)


@dataclass
class HuggingFace:
    """The model as Hugging Face runs it, without TransformerLens.

    Attributes:
        attention: by number of the layer; attention layers only.
        run: the same forward pass.
        logits: [batch, position, vocabulary], its result.
    """

    attention: dict[int, Attention]
    run: Run
    logits: Float64
    patterns: list[Float64] = field(default_factory=list)


def hugging_face(model: Any, family: str, ids: torch.Tensor) -> HuggingFace:
    """Runs a model that is not wrapped, with eager attention."""
    recorder = Recorder(model, family)
    recorder.watch()
    result = model(ids, output_attentions=True)
    patterns = [array(pattern) for pattern in result.attentions]
    logits = array(result.logits)
    run = recorder.run(patterns[0].shape[1], logits)
    attention = {}
    multiplied = _multiplied(model, family, ids)
    numbers = sorted(run.layers) or list(range(len(patterns)))  # JetMoE has no output projection of its own
    for layer, pattern, (v, scores) in zip(numbers, patterns, multiplied, strict=True):
        n_heads = pattern.shape[1]
        attention[layer] = Attention(pattern, np.repeat(v, n_heads // v.shape[2], axis=2), scores)
    return HuggingFace(attention, run, logits, patterns)


def mixes(pattern: Float64, v: Float64, z: Float64) -> float:
    """Largest relative difference of z, [batch, dest, head, d_head], from the sum over sources of pattern times v."""
    mixed = np.einsum("bhqk,bkhe->bqhe", pattern, v)
    return float(np.abs(mixed - z).max() / np.abs(mixed).max())


def probe_linear(module: Any, width: int) -> tuple[Float64, Float64]:
    """Bias [out] and weights [in, out] of a linear module."""
    dtype = next(module.parameters()).dtype
    zero = array(module(torch.zeros(1, width, dtype=dtype)))[0]
    weight = module.weight.detach().double().numpy()
    # Linear holds [out, in], Conv1D [in, out]: apply it once to see which it is, then read the exact numbers.
    probe = torch.linspace(-1, 1, width, dtype=dtype)
    found = array(module(probe[None]))[0] - zero
    for matrix in (weight.T, weight):
        if matrix.shape[0] == width and np.allclose(probe.double().numpy() @ matrix, found, rtol=0, atol=1e-4):
            return zero, matrix
    raise ValueError(f"{type(module).__name__} does not multiply by its weight")


def probe_norm(module: Any, width: int) -> Norm:
    """A norm's gain, bias and centring, from what it makes of random vectors."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 16, width, generator=generator)
    y, shifted, zero = array(module(x))[0], array(module(x + 3.0))[0], array(module(0 * x))[0, 0]
    centre = bool(np.allclose(y, shifted, rtol=0, atol=1e-3))
    trial = Norm(np.ones(width), zero, centre, _epsilon(module))
    vectors = array(x)[0]
    plain = trial.linear(vectors, trial.divisor(vectors))
    gain = ((y - zero) * plain).sum(0) / (plain**2).sum(0)
    norm = Norm(gain, zero, centre, trial.epsilon)
    again = norm.linear(vectors, norm.divisor(vectors)) + zero
    if not np.allclose(again, y, rtol=0, atol=1e-4):
        raise ValueError(f"{type(module).__name__} is neither a LayerNorm nor an RMSNorm")
    return norm


def array(tensor: Any) -> Float64:
    """A tensor as float64, on its own memory."""
    return np.array(tensor.detach().double().cpu().numpy())


def _identity(width: int) -> Norm:
    return Norm(np.ones(width), np.zeros(width), centre=False, epsilon=None)


def _epsilon(module: Any) -> float:
    for owner in (module, *(child for child in (getattr(module, "original_component", None),) if child is not None)):
        for name in ("eps", "variance_epsilon"):
            value = getattr(owner, name, None)
            if isinstance(value, float):
                return value
    return 1e-5


def _factor(before: Float64, after: Float64) -> float:
    """What the logits are multiplied by behind the unembedding: from the smallest ones, on which a soft cap has no effect."""
    small = np.abs(before) <= np.quantile(np.abs(before), 0.02)
    return round(float(np.vdot(before[small], after[small]) / np.vdot(before[small], before[small])), 3)


def _multiplied(model: Any, family: str, ids: torch.Tensor) -> list[tuple[Float64, Float64 | None]]:
    """V [batch, src, key head, d_head] and scaled q · k of each attention layer, in order."""
    if family in VALUES:
        return [(v, None) for v in _projected_values(model, family, ids)]
    found: list[tuple[Float64, Float64 | None]] = []

    def recorded(eager: Callable[..., Any]) -> Callable[..., Any]:
        def attend(module: Any, query: Any, key: Any, value: Any, *args: Any, **options: Any) -> Any:
            q, k = array(query), array(key)
            k_of_head = np.repeat(k, q.shape[1] // k.shape[1], axis=1)
            scaling = options.get("scaling") or q.shape[-1] ** -0.5
            found.append((array(value).swapaxes(1, 2), float(scaling) * np.einsum("bhqe,bhke->bhqk", q, k_of_head)))
            return eager(module, query, key, value, *args, **options)

        return attend

    name = "eager_attention_forward"
    sources = {type(module).__module__: sys.modules[type(module).__module__] for module in model.modules()}
    originals = {source: getattr(source, name) for source in sources.values() if hasattr(source, name)}
    try:
        for source, eager in originals.items():
            setattr(source, name, recorded(eager))
        model(ids, output_attentions=True)
    finally:
        for source, eager in originals.items():
            setattr(source, name, eager)
    return found


def _projected_values(model: Any, family: str, ids: torch.Tensor) -> list[Float64]:
    name, layout = VALUES[family]
    config = model.config
    n_heads = getattr(config, "num_attention_heads", None) or getattr(config, "n_head", None) or config.n_heads
    found: list[Float64] = []

    def hook(module: Any, inputs: Any, output: Any) -> None:
        x = array(output)
        batch, n, width = x.shape
        if layout == "thirds of each head":
            found.append(x.reshape(batch, n, n_heads, 3, -1)[..., 2, :])
        elif layout == "second of three, of each quarter":
            found.append(x.reshape(batch, n, 4, 3, -1)[..., 1, :].reshape(batch, n, n_heads, -1))
        elif layout == "last":
            d_head = width // (n_heads + 2)
            found.append(x[:, :, None, -d_head:])
        else:
            found.append((x[..., -width // 3 :] if layout == "thirds" else x).reshape(batch, n, n_heads, -1))

    hooks = [m.register_forward_hook(hook) for path, m in model.named_modules() if path.endswith(f".{name}")]
    model(ids, output_attentions=True)
    for handle in hooks:
        handle.remove()
    return found

"""The truth about a Hugging Face model, from its modules alone, also after TransformerLens has wrapped it.

Nothing here uses circuitsvis, or what TransformerLens caches.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from tests.support import hugging_face_values, probes
from tests.support.oracle_run import Attention, Layer, Run
from tests.support.probes import Float64

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
"""The constant factor of an attention's output before it is added to the residual stream, by family."""


class Recorder:
    """Records forward passes of a model, also after TransformerLens has wrapped it, because its modules still do the computing.

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
            zero, w_o = probes.linear(module, z.shape[-1])
            post = POST_NORMS.get(self._family)
            path = name[: name.index(f".{layer}.") + len(f".{layer}")]
            layers[layer] = Layer(
                z.reshape(*z.shape[:2], n_heads, -1),
                w_o.reshape(n_heads, -1, w_o.shape[-1]),
                zero,
                None if post is None else probes.norm(self._model.get_submodule(f"{path}.{post}"), w_o.shape[-1]),
                FACTORS.get(self._family, 1.0),
            )
        before_cap = self._seen["logits"]
        stream = self._seen.get("stream", np.zeros((*before_cap.shape[:2], 1)))
        _, w_u = probes.linear(self._head, self._head.weight.shape[1])
        factor = _factor(before_cap, logits)
        norm = None if self._norm is None else probes.norm(self._model.get_submodule(self._norm), stream.shape[-1])
        n_blocks = sum(isinstance(key, tuple) for key in self._seen) // 2
        blocks = [(self._seen["before", i], self._seen["after", i]) for i in range(n_blocks)]
        return Run(layers, stream, norm, w_u * factor, before_cap * factor, blocks)

    def _keep_input(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any) -> None:
            self._seen[key] = probes.array(inputs[0])

        return hook

    def _keep_stream(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any, options: Any) -> None:
            self._seen[key] = probes.array(inputs[0] if inputs else options["hidden_states"])

        return hook

    def _keep_output(self, key: object) -> Callable[..., None]:
        def hook(module: Any, inputs: Any, output: Any) -> None:
            self._seen[key] = probes.array(output[0] if isinstance(output, (tuple, list)) else output)

        return hook


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


def run(model: Any, family: str, ids: torch.Tensor) -> HuggingFace:
    """Runs a model that is not wrapped, with eager attention."""
    recorder = Recorder(model, family)
    recorder.watch()
    result = model(ids, output_attentions=True)
    patterns = [probes.array(pattern) for pattern in result.attentions]
    logits = probes.array(result.logits)
    run = recorder.run(patterns[0].shape[1], logits)
    attention = {}
    multiplied = hugging_face_values.values_and_scores(model, family, ids)
    numbers = sorted(run.layers) or list(range(len(patterns)))  # JetMoE has no output projection of its own
    for layer, pattern, (v, scores) in zip(numbers, patterns, multiplied, strict=True):
        n_heads = pattern.shape[1]
        attention[layer] = Attention(pattern, np.repeat(v, n_heads // v.shape[2], axis=2), scores)
    return HuggingFace(attention, run, logits, patterns)


def _factor(before: Float64, after: Float64) -> float:
    """The factor of the logits after the unembedding, from the smallest logits, on which a soft cap has no effect."""
    small = np.abs(before) <= np.quantile(np.abs(before), 0.02)
    return round(float(np.vdot(before[small], after[small]) / np.vdot(before[small], before[small])), 3)

"""Every hook that is read from a cache: its name, what it holds, and its shape.

A hook name of a new model family is added here. Error messages and the names_filter that they advise are written from this table.
Shapes are those of one sequence, without the batch axis. Bridges (TransformerBridge) add the hooks of Hugging Face's modules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

DEFAULT_MODULE = "blocks.{layer}.attn"
"""The attention modules of a decoder-only model."""


@dataclass(frozen=True)
class Hook:
    """One kind of activation.

    Attributes:
        name: full name, with "{attn}" for the attention module, "{layer}" for the block, "{module}" for a module of the block.
        holds: a noun phrase for error messages.
        shape: axes of one sequence.
        ending: the end of the name that a names_filter matches; "" if that is all that follows the attention module, block or module.
    """

    name: str
    holds: str
    shape: str
    ending: str = ""

    def at(self, layer: int, *, attn: str = DEFAULT_MODULE, module: str = "") -> str:
        """The full name in one layer, e.g. "blocks.0.attn.hook_pattern".

        Args:
            layer: number of the layer.
            attn: name of the attention module, with "{layer}" for the layer.
            module: name of another module of the block, e.g. "ln1_post".
        """
        return self.name.format(attn=attn.format(layer=layer), layer=layer, module=module)

    @property
    def short(self) -> str:
        """The end of the name that is the same in all layers, e.g. "hook_pattern", for names_filter and texts."""
        return self.ending or self.name.rpartition("}.")[2]


# Inside an attention module
PATTERN = Hook("{attn}.hook_pattern", "attention after the softmax", "[head, dest, src]")
SCORES = Hook("{attn}.hook_attn_scores", "scores before the softmax", "[head, dest, src]")
QUERIES = Hook("{attn}.hook_q", "queries", "[dest, head, d_head]")
KEYS = Hook("{attn}.hook_k", "keys", "[src, key head, d_head]")
ROTATED_QUERIES = Hook("{attn}.hook_rot_q", "queries after the rotary embedding", "[dest, head, d_head]")
ROTATED_KEYS = Hook("{attn}.hook_rot_k", "keys after the rotary embedding", "[src, key head, d_head]")
VALUES = Hook("{attn}.hook_v", "value vectors", "[src, key head, d_head]")
NORMALIZED_VALUES = Hook(  # Gemma 4
    "{attn}.v_norm.hook_out", "value vectors after their norm", "[src, key head, d_head]"
)
KEY_VALUE_LATENT = Hook(  # DeepSeek
    "{attn}.hook_kv_latent", "compressed keys and values of multi-head latent attention", "[src, d_latent]"
)
HEAD_OUTPUTS = Hook("{attn}.hook_z", "outputs of the heads, which W_O reads", "[dest, head, d_head]")
GATES = (
    Hook("{attn}.hook_q_gate", "output gate before its sigmoid", "[dest, head, d_head]"),  # Qwen 3-Next
    Hook("{attn}.hook_gate", "output gate before its sigmoid", "[dest, head, d_head]"),  # Qwen 3.5
    Hook(  # AFMoE
        "{attn}.gate.hook_out", "output gate before its sigmoid", "[dest, head * d_head]", ending="attn.gate.hook_out"
    ),
)
PROJECTED_OUTPUTS = Hook("{attn}.o.hook_out", "output of W_O and b_O", "[dest, d_model]")

# Inside a block
RESID_PRE = Hook("blocks.{layer}.hook_resid_pre", "residual stream before the block", "[position, d_model]")
ATTN_OUT = Hook("blocks.{layer}.hook_attn_out", "output of the attention", "[position, d_model]")
MLP_OUT = Hook("blocks.{layer}.hook_mlp_out", "output of the MLP", "[position, d_model]")
RESID_MID = Hook("blocks.{layer}.hook_resid_mid", "residual stream between attention and MLP", "[position, d_model]")
RESID_POST = Hook("blocks.{layer}.hook_resid_post", "residual stream after the block", "[position, d_model]")
FIRST_NORM_INPUT = Hook("blocks.{layer}.ln1.hook_in", "input of the block's first norm", "[position, d_model]")
BLOCK_NORM_SCALE = Hook("blocks.{layer}.{module}.hook_scale", "divisor of a norm", "[position, 1]")
MODULE_OUTPUT = Hook("blocks.{layer}.{module}.hook_out", "output of a module of the block", "[position, d_model]")

# Before the first block and after the last block
EMBED = Hook("hook_embed", "token embeddings", "[position, d_model]")
POS_EMBED = Hook("hook_pos_embed", "position embeddings", "[position, d_model]")
FIRST_RESID = Hook("blocks.0.hook_resid_pre", "residual stream before the first block", "[position, d_model]")
FINAL_NORM_INPUT = Hook("ln_final.hook_in", "input of the final norm", "[position, d_model]")
FINAL_NORM_SCALE = Hook("ln_final.hook_scale", "divisor of the final norm", "[position, 1]", ending="hook_scale")
FINAL_NORM_NORMALIZED = Hook(  # HookedTransformer; some classes cache it before gain and bias
    "ln_final.hook_normalized", "normalized residual stream", "[position, d_model]"
)
FINAL_NORM_OUTPUT = Hook("ln_final.hook_out", "output of the final norm", "[position, d_model]")
UNEMBED_INPUT = Hook("unembed.hook_in", "input of the unembedding", "[position, d_model]")
UNEMBED_OUTPUT = Hook("unembed.hook_out", "output of the unembedding", "[position, d_vocab]")

HOOKS: tuple[Hook, ...] = tuple(
    hook
    for value in list(globals().values())
    for hook in (value if isinstance(value, tuple) else (value,))
    if isinstance(hook, Hook)
)
"""The whole table."""

# What the features of the package read
FOR_PATTERNS = (PATTERN,)
FOR_WEIGHTS = (PATTERN, VALUES)
FOR_CHECKED_WEIGHTS = (PATTERN, VALUES, NORMALIZED_VALUES, HEAD_OUTPUTS)
FOR_COMPUTATIONS = (PATTERN, QUERIES, KEYS, ROTATED_QUERIES, ROTATED_KEYS, SCORES)
FOR_ATTRIBUTION = (
    PATTERN,
    VALUES,
    HEAD_OUTPUTS,
    NORMALIZED_VALUES,
    *GATES,
    EMBED,
    POS_EMBED,
    FIRST_RESID,
    ATTN_OUT,
    MLP_OUT,
    RESID_POST,
    FINAL_NORM_SCALE,
    FINAL_NORM_OUTPUT,
    UNEMBED_INPUT,
)

FOR_LENS = (FIRST_RESID, RESID_POST, FINAL_NORM_NORMALIZED)
FOR_LENS_WITH_MID = (FIRST_RESID, RESID_MID, RESID_POST, FINAL_NORM_NORMALIZED)


def names_filter(hooks: Sequence[Hook]) -> str:
    """Python source of a names_filter that records these hooks in all layers."""
    quoted = [f'"{hook.short}"' for hook in hooks]
    listed = quoted[0] if len(quoted) == 1 else f"({', '.join(quoted)})"
    return f"names_filter=lambda name: name.endswith({listed})"


def find(name: str) -> Hook | None:
    """The entry of a full hook name; None where the table has none."""
    return next((hook for hook in HOOKS if _pattern(hook).fullmatch(name)), None)


def _pattern(hook: Hook) -> re.Pattern[str]:
    escaped = re.escape(hook.name).replace(r"\{attn\}", r".+").replace(r"\{layer\}", r"\d+")
    return re.compile(escaped.replace(r"\{module\}", r"[^.]+"))

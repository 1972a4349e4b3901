"""Every causal family that attribution must be exact for, as small models with random weights: of both classes, folded or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support import models

_ROTARY = dict(positional_embedding_type="rotary", rotary_dim=8)
_RMS = dict(normalization_type="RMS")

HOOKED: dict[str, dict[str, Any]] = {
    "mha": {},
    "rms": _RMS,
    "rms_final": dict(**_RMS, final_rms=True, gated_mlp=True),
    "ln_with_final_rms": dict(normalization_type="LN", final_rms=True),
    "none_ln": dict(normalization_type=None),
    "attn_only": dict(attn_only=True),
    "parallel": dict(parallel_attn_mlp=True, positional_embedding_type="rotary", rotary_dim=4),
    "rotary": _ROTARY,
    "gqa_rotary": dict(**_ROTARY, **_RMS, n_key_value_heads=2),
    "mqa": dict(n_key_value_heads=1),
    "alibi": dict(positional_embedding_type="alibi"),
    "shortformer": dict(positional_embedding_type="shortformer"),
    "softcap": dict(**_ROTARY, **_RMS, attn_scores_soft_cap=2.0, output_logits_soft_cap=3.0),
    "local": dict(use_local_attn=True, window_size=3, attn_types=["global", "local"]),
    "noscale": dict(use_attn_scale=False),
    "customscale": dict(attn_scale=5.0),
    "bidirectional": dict(attention_dir="bidirectional"),
    "post_norm": dict(**_RMS, use_normalization_before_and_after=True),
    "qk_norm": dict(**_ROTARY, **_RMS, use_qk_norm=True),
}
"""Config of a HookedTransformer by name."""


def hooked(name: str, *, folded: bool) -> Any:
    """A HookedTransformer; folded as `from_pretrained` does it, norms, value biases and centring."""
    config = {"normalization_type": "LN", **HOOKED[name]}
    model = models.hooked(**config)
    models.spread(model, gains=0.2, others=0.15)
    if folded:
        layer_norm = config["normalization_type"] == "LN" and not config.get("final_rms")
        model.process_weights_(fold_ln=True, center_writing_weights=layer_norm, center_unembed=True)
        model.setup()  # TransformerLens 2 gives the hooks of the new norms only here
    return model.eval()


def bridge(name: str, *, folded: bool) -> Any:
    """A TransformerBridge; folded: in compatibility mode. Skips the test on TransformerLens 2."""
    models.skip_without_bridge()
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

    hf = models.spread(BRIDGES[name]().eval(), gains=0.2, others=0.15)
    hf.tie_weights()
    hf.set_attn_implementation("eager")
    made = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    if folded:
        made.enable_compatibility_mode(disable_warnings=True)
    return made


def _hugging_face() -> dict[str, Callable[[], Any]]:
    import transformers as tr

    n: dict[str, Any] = {"vocab_size": models.N_VOCAB}
    ends: dict[str, Any] = dict(bos_token_id=0, eos_token_id=0, pad_token_id=0)
    small: dict[str, Any] = dict(
        **n,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    kv = {"num_key_value_heads": 2}
    flat: dict[str, Any] = dict(**n, n_layer=2, n_head=4, n_embd=32, n_positions=64, bos_token_id=0, eos_token_id=0)
    window: dict[str, Any] = dict(sliding_window=3, head_dim=8)
    return {
        "gpt2": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**flat)),
        "llama": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**small, num_key_value_heads=4)),
        "llama_gqa": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**small, **kv)),
        "qwen3_gqa": lambda: tr.Qwen3ForCausalLM(tr.Qwen3Config(**small, **kv, head_dim=16)),
        "mistral_window": lambda: tr.MistralForCausalLM(tr.MistralConfig(**small, **kv, sliding_window=3)),
        "gemma2": lambda: tr.Gemma2ForCausalLM(
            tr.Gemma2Config(**small, **kv, **window, query_pre_attn_scalar=16, attn_logit_softcapping=2.0,
                            final_logit_softcapping=3.0)
        ),
        "gemma3": lambda: tr.Gemma3ForCausalLM(tr.Gemma3TextConfig(**small, **kv, **window)),
        "neox": lambda: tr.GPTNeoXForCausalLM(tr.GPTNeoXConfig(**small, rotary_pct=0.5)),
        "gptj": lambda: tr.GPTJForCausalLM(tr.GPTJConfig(**flat, rotary_dim=4)),
        "bloom": lambda: tr.BloomForCausalLM(tr.BloomConfig(**n, n_layer=2, n_head=4, hidden_size=32)),
        "opt": lambda: tr.OPTForCausalLM(
            tr.OPTConfig(**n, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=64,
                         max_position_embeddings=64, word_embed_proj_dim=32)
        ),
        "gptneo_local": lambda: tr.GPTNeoForCausalLM(
            tr.GPTNeoConfig(**n, hidden_size=32, num_layers=2, num_heads=4, max_position_embeddings=64,
                            attention_types=[[["global", "local"], 1]], window_size=3, bos_token_id=0, eos_token_id=0)
        ),
        "cohere": lambda: tr.CohereForCausalLM(tr.CohereConfig(**small, **kv, **ends, logit_scale=0.25)),
        "granite": lambda: tr.GraniteForCausalLM(
            tr.GraniteConfig(**small, **kv, logits_scaling=4.0, residual_multiplier=0.5, embedding_multiplier=2.0)
        ),
        "olmo2": lambda: tr.Olmo2ForCausalLM(tr.Olmo2Config(**small, **kv, pad_token_id=0)),
        "mixtral": lambda: tr.MixtralForCausalLM(tr.MixtralConfig(**small, **kv, num_local_experts=2)),
        "falcon": lambda: tr.FalconForCausalLM(
            tr.FalconConfig(**n, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, bos_token_id=0, eos_token_id=0)
        ),
    }  # fmt: skip


BRIDGES = _hugging_face()
"""A Hugging Face model by name."""

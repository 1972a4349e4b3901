"""Configs that several Hugging Face architectures of the sweep share: three layers, four heads, 40 tokens."""

from __future__ import annotations

from typing import Any

N_VOCAB = 40


def without(config: dict[str, Any], name: str) -> dict[str, Any]:
    """The config without one of its entries."""
    return {key: value for key, value in config.items() if key != name}


def rope(kind: str, **options: float) -> dict[str, Any]:
    """Config of a rotary embedding, e.g. "linear" with its factor."""
    return {"rope_parameters": dict(rope_type=kind, rope_theta=1e4, **options)}


ENDS: dict[str, Any] = dict(bos_token_id=0, eos_token_id=0, pad_token_id=0)
SMALL: dict[str, Any] = dict(
    vocab_size=N_VOCAB,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=64,
    max_position_embeddings=64,
)
PLAIN: dict[str, Any] = dict(**SMALL, **ENDS)
GROUPED: dict[str, Any] = dict(**PLAIN, num_key_value_heads=2)
FLAT: dict[str, Any] = dict(
    vocab_size=N_VOCAB, n_layer=3, n_head=4, n_embd=32, n_positions=64, bos_token_id=0, eos_token_id=0
)
FALCON: dict[str, Any] = dict(
    vocab_size=N_VOCAB, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, bos_token_id=0, eos_token_id=0
)
OPT: dict[str, Any] = dict(
    **ENDS,
    vocab_size=N_VOCAB,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    ffn_dim=64,
    max_position_embeddings=64,
)
EXPERTS: dict[str, Any] = dict(num_experts=4, num_experts_per_tok=2)
MOE: dict[str, Any] = dict(**EXPERTS, moe_intermediate_size=32)
ROUTED: dict[str, Any] = dict(
    n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=32, n_group=1, topk_group=1
)
LATENT: dict[str, Any] = dict(
    **PLAIN,
    num_key_value_heads=4,
    kv_lora_rank=16,
    q_lora_rank=16,
    qk_rope_head_dim=4,
    qk_nope_head_dim=8,
    v_head_dim=8,
)
LINEAR: dict[str, Any] = dict(
    head_dim=8, linear_num_value_heads=2, linear_num_key_heads=2, linear_key_head_dim=8, linear_value_head_dim=8
)
GRANITE: dict[str, Any] = dict(
    **GROUPED, residual_multiplier=0.5, logits_scaling=4.0, embedding_multiplier=2.0, attention_multiplier=0.2
)
ONE_OF_THREE = ["linear_attention", "full_attention", "full_attention"]
CONV_FIRST = ["conv", "full_attention", "full_attention"]

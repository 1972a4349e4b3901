"""Hugging Face architectures with mixtures of experts, or with layers without attention (state space, convolution, linear)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import transformers as tr

from tests.support.family_configs import (
    CONV_FIRST,
    EXPERTS,
    GRANITE,
    GROUPED,
    LATENT,
    LINEAR,
    MOE,
    ONE_OF_THREE,
    ROUTED,
    rope,
    without,
)

MIXED: dict[str, Callable[[], Any]] = {
    "afmoe": lambda: tr.AfmoeForCausalLM(
        tr.AfmoeConfig(**GROUPED, **MOE, head_dim=8, num_local_experts=4, num_dense_layers=1, sliding_window=3)
    ),
    "bamba": lambda: tr.BambaForCausalLM(
        tr.BambaConfig(
            **GROUPED, attn_layer_indices=[1], mamba_n_heads=8, mamba_d_head=8, mamba_d_state=4, mamba_n_groups=1
        )
    ),
    "deepseekv2": lambda: tr.DeepseekV2ForCausalLM(
        tr.DeepseekV2Config(**LATENT, **ROUTED, first_k_dense_replace=1, topk_method="greedy")
    ),
    "deepseekv3": lambda: tr.DeepseekV3ForCausalLM(tr.DeepseekV3Config(**LATENT, **ROUTED, first_k_dense_replace=1)),
    "ernie45moe": lambda: tr.Ernie4_5_MoeForCausalLM(
        tr.Ernie4_5_MoeConfig(
            **GROUPED, moe_num_experts=4, moe_k=2, moe_intermediate_size=32, moe_num_shared_experts=1
        )
    ),
    "falconh1": lambda: tr.FalconH1ForCausalLM(
        tr.FalconH1Config(
            **GROUPED, head_dim=8, mamba_d_ssm=32, mamba_n_heads=4, mamba_d_head=8, mamba_n_groups=1, mamba_d_state=4,
            attention_in_multiplier=0.8, attention_out_multiplier=0.6, ssm_out_multiplier=0.7, lm_head_multiplier=0.5,
            embedding_multiplier=2.0,
        )
    ),
    "flexolmo": lambda: tr.FlexOlmoForCausalLM(tr.FlexOlmoConfig(**GROUPED, **EXPERTS)),
    "glm4moe": lambda: tr.Glm4MoeForCausalLM(tr.Glm4MoeConfig(**GROUPED, **ROUTED, head_dim=8)),
    "glm4moelite": lambda: tr.Glm4MoeLiteForCausalLM(tr.Glm4MoeLiteConfig(**LATENT, **ROUTED)),
    "glmmoedsa": lambda: tr.GlmMoeDsaForCausalLM(tr.GlmMoeDsaConfig(**LATENT, **ROUTED, index_topk=4, index_n_heads=4, index_head_dim=8)),
    "gptoss": lambda: tr.GptOssForCausalLM(
        tr.GptOssConfig(
            **GROUPED, **rope("default"), head_dim=8, num_local_experts=4, num_experts_per_tok=2, sliding_window=4
        )
    ),
    "granitehybrid": lambda: tr.GraniteMoeHybridForCausalLM(
        tr.GraniteMoeHybridConfig(
            **GRANITE, layer_types=["attention"] * 3, num_local_experts=0, shared_intermediate_size=64,
            position_embedding_type="rope", mamba_n_heads=8, mamba_d_head=8, mamba_expand=2,
        )
    ),
    "granitemoe": lambda: tr.GraniteMoeForCausalLM(
        tr.GraniteMoeConfig(**GRANITE, num_local_experts=4, num_experts_per_tok=2)
    ),
    "jamba": lambda: tr.JambaForCausalLM(
        tr.JambaConfig(
            **GROUPED, attn_layer_period=2, attn_layer_offset=1, num_experts=2, expert_layer_period=2,
            expert_layer_offset=1, mamba_d_state=4, mamba_d_conv=2, mamba_expand=2,
        )
    ),
    "jetmoe": lambda: tr.JetMoeForCausalLM(
        tr.JetMoeConfig(
            **without(GROUPED, "num_attention_heads"), kv_channels=8, num_local_experts=4, num_experts_per_tok=2
        )
    ),
    "lfm2": lambda: tr.Lfm2ForCausalLM(tr.Lfm2Config(**GROUPED, layer_types=CONV_FIRST)),
    "lfm2moe": lambda: tr.Lfm2MoeForCausalLM(
        tr.Lfm2MoeConfig(**GROUPED, **MOE, layer_types=CONV_FIRST, num_dense_layers=1)
    ),
    "llama4": lambda: tr.Llama4ForCausalLM(
        tr.Llama4TextConfig(**GROUPED, head_dim=8, num_local_experts=2, intermediate_size_mlp=64)
    ),
    "minimaxm2": lambda: tr.MiniMaxM2ForCausalLM(
        tr.MiniMaxM2Config(**GROUPED, head_dim=8, num_local_experts=4, num_experts_per_tok=2)
    ),
    "mixtral": lambda: tr.MixtralForCausalLM(tr.MixtralConfig(**GROUPED, num_local_experts=4)),
    "nemotronh": lambda: tr.NemotronHForCausalLM(
        tr.NemotronHConfig(
            **GROUPED, head_dim=8, layers_block_type=["mamba", "attention", "mlp"], mamba_num_heads=4,
            mamba_head_dim=8, ssm_state_size=4, n_groups=1,
        )
    ),
    "olmoe": lambda: tr.OlmoeForCausalLM(tr.OlmoeConfig(**GROUPED, **EXPERTS)),
    "olmohybrid": lambda: tr.OlmoHybridForCausalLM(tr.OlmoHybridConfig(**GROUPED, layer_types=ONE_OF_THREE)),
    "qwen2moe": lambda: tr.Qwen2MoeForCausalLM(
        tr.Qwen2MoeConfig(**GROUPED, **MOE, shared_expert_intermediate_size=32)
    ),
    "qwen35": lambda: tr.Qwen3_5ForCausalLM(tr.Qwen3_5TextConfig(**GROUPED, **LINEAR, layer_types=ONE_OF_THREE)),
    "qwen35moe": lambda: tr.Qwen3_5MoeForCausalLM(
        tr.Qwen3_5MoeTextConfig(
            **GROUPED, **MOE, **LINEAR, shared_expert_intermediate_size=32, layer_types=ONE_OF_THREE
        )
    ),
    "qwen3moe": lambda: tr.Qwen3MoeForCausalLM(tr.Qwen3MoeConfig(**GROUPED, **MOE, head_dim=8)),
    "qwen3next": lambda: tr.Qwen3NextForCausalLM(
        tr.Qwen3NextConfig(
            **GROUPED, **MOE, **LINEAR, shared_expert_intermediate_size=32, layer_types=ONE_OF_THREE
        )
    ),
    "qwen3next_full": lambda: tr.Qwen3NextForCausalLM(
        tr.Qwen3NextConfig(
            **GROUPED, **MOE, **LINEAR, shared_expert_intermediate_size=32, layer_types=["full_attention"] * 3
        )
    ),
    "recurrentgemma": lambda: tr.RecurrentGemmaForCausalLM(
        tr.RecurrentGemmaConfig(
            **GROUPED, lru_width=32, attention_window_size=4, logits_soft_cap=3.0,
            block_types=("recurrent", "attention"),
        )
    ),
    "zamba2": lambda: tr.Zamba2ForCausalLM(
        tr.Zamba2Config(
            **GROUPED, layers_block_type=["mamba", "hybrid", "hybrid"], mamba_d_state=4, mamba_ngroups=1,
            n_mamba_heads=8, num_mem_blocks=1, mamba_expand=2,
        )
    ),
}  # fmt: skip
"""A Hugging Face model by name."""

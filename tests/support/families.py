"""Small models with random weights of many Hugging Face architectures (transformers 5.23), for the sweep over families.

Gains of norms are around 1, everything else is far from its initial value, so that every bias, gain and factor matters.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import torch
import transformers as tr

from tests.support.models import spread

os.environ.setdefault("HF_HUB_OFFLINE", "1")
N_VOCAB, N_TOKENS = 40, 11
IDS = torch.randint(2, N_VOCAB, (2, N_TOKENS), generator=torch.Generator().manual_seed(3))
"""Token ids of the batch that every family is run on."""
TOKENS = [[f"t{i}" for i in row] for row in IDS.tolist()]
"""Their text."""


def make(name: str) -> Any:
    """The Hugging Face model of a family, with random weights and eager attention."""
    model = spread(FAMILIES[name]().eval(), gains=0.3, others=0.25)
    model.tie_weights()
    model.set_attn_implementation("eager")
    model.config.architectures = [type(model).__name__]
    return model


def tokenizer() -> Any:
    """A tokenizer of one word per id, which TransformerLens accepts without a network."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["<pad>", "<unk>", *(f"t{i}" for i in range(2, N_VOCAB))]
    core = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    wrapped = tr.PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token="<pad>", eos_token="<pad>", unk_token="<unk>", pad_token="<pad>"
    )
    wrapped.init_kwargs.update(name_or_path="local", add_bos_token=True)
    return wrapped


def bridge(model: Any, *, folded: bool) -> Any:
    """TransformerLens's bridge around a Hugging Face model, which it takes over; folded: in compatibility mode."""
    from transformer_lens.model_bridge import TransformerBridge

    made = TransformerBridge.boot_transformers("local", hf_model=model, tokenizer=tokenizer(), device="cpu")
    if folded:
        made.enable_compatibility_mode(disable_warnings=True)
    return made


def _without(config: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key != name}


def _rope(kind: str, **options: float) -> dict[str, Any]:
    return {"rope_parameters": dict(rope_type=kind, rope_theta=1e4, **options)}


_ENDS: dict[str, Any] = dict(bos_token_id=0, eos_token_id=0, pad_token_id=0)
_SMALL: dict[str, Any] = dict(
    vocab_size=N_VOCAB,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    intermediate_size=64,
    max_position_embeddings=64,
)
_PLAIN: dict[str, Any] = dict(**_SMALL, **_ENDS)
_GROUPED: dict[str, Any] = dict(**_PLAIN, num_key_value_heads=2)
_FLAT: dict[str, Any] = dict(
    vocab_size=N_VOCAB, n_layer=3, n_head=4, n_embd=32, n_positions=64, bos_token_id=0, eos_token_id=0
)
_FALCON: dict[str, Any] = dict(
    vocab_size=N_VOCAB, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, bos_token_id=0, eos_token_id=0
)
_OPT: dict[str, Any] = dict(
    **_ENDS,
    vocab_size=N_VOCAB,
    hidden_size=32,
    num_hidden_layers=3,
    num_attention_heads=4,
    ffn_dim=64,
    max_position_embeddings=64,
)
_EXPERTS: dict[str, Any] = dict(num_experts=4, num_experts_per_tok=2)
_MOE: dict[str, Any] = dict(**_EXPERTS, moe_intermediate_size=32)
_ROUTED: dict[str, Any] = dict(
    n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=32, n_group=1, topk_group=1
)
_LATENT: dict[str, Any] = dict(
    **_PLAIN,
    num_key_value_heads=4,
    kv_lora_rank=16,
    q_lora_rank=16,
    qk_rope_head_dim=4,
    qk_nope_head_dim=8,
    v_head_dim=8,
)
_LINEAR: dict[str, Any] = dict(
    head_dim=8, linear_num_value_heads=2, linear_num_key_heads=2, linear_key_head_dim=8, linear_value_head_dim=8
)
_GRANITE: dict[str, Any] = dict(
    **_GROUPED, residual_multiplier=0.5, logits_scaling=4.0, embedding_multiplier=2.0, attention_multiplier=0.2
)
_ONE_OF_THREE = ["linear_attention", "full_attention", "full_attention"]
_CONV_FIRST = ["conv", "full_attention", "full_attention"]

FAMILIES: dict[str, Callable[[], Any]] = {
    "afmoe": lambda: tr.AfmoeForCausalLM(
        tr.AfmoeConfig(**_GROUPED, **_MOE, head_dim=8, num_local_experts=4, num_dense_layers=1, sliding_window=3)
    ),
    "apertus": lambda: tr.ApertusForCausalLM(tr.ApertusConfig(**_GROUPED)),
    "arcee": lambda: tr.ArceeForCausalLM(tr.ArceeConfig(**_GROUPED)),
    "bamba": lambda: tr.BambaForCausalLM(
        tr.BambaConfig(
            **_GROUPED, attn_layer_indices=[1], mamba_n_heads=8, mamba_d_head=8, mamba_d_state=4, mamba_n_groups=1
        )
    ),
    "bert_lm": lambda: tr.BertLMHeadModel(tr.BertConfig(**_SMALL, is_decoder=True)),
    "bitnet": lambda: tr.BitNetForCausalLM(tr.BitNetConfig(**_GROUPED)),
    "bloom": lambda: tr.BloomForCausalLM(tr.BloomConfig(vocab_size=N_VOCAB, n_layer=3, n_head=4, hidden_size=32)),
    "codegen": lambda: tr.CodeGenForCausalLM(tr.CodeGenConfig(**_FLAT, rotary_dim=4)),
    "cohere2": lambda: tr.Cohere2ForCausalLM(tr.Cohere2Config(**_GROUPED, sliding_window=3, logit_scale=0.25)),
    "cohere_qknorm": lambda: tr.CohereForCausalLM(tr.CohereConfig(**_GROUPED, use_qk_norm=True, logit_scale=0.5)),
    "deepseekv2": lambda: tr.DeepseekV2ForCausalLM(
        tr.DeepseekV2Config(**_LATENT, **_ROUTED, first_k_dense_replace=1, topk_method="greedy")
    ),
    "deepseekv3": lambda: tr.DeepseekV3ForCausalLM(tr.DeepseekV3Config(**_LATENT, **_ROUTED, first_k_dense_replace=1)),
    "ernie45": lambda: tr.Ernie4_5ForCausalLM(tr.Ernie4_5Config(**_GROUPED)),
    "ernie45moe": lambda: tr.Ernie4_5_MoeForCausalLM(
        tr.Ernie4_5_MoeConfig(
            **_GROUPED, moe_num_experts=4, moe_k=2, moe_intermediate_size=32, moe_num_shared_experts=1
        )
    ),
    "exaone4": lambda: tr.Exaone4ForCausalLM(tr.Exaone4Config(**_GROUPED)),
    "exaone4_window": lambda: tr.Exaone4ForCausalLM(
        tr.Exaone4Config(**_GROUPED, sliding_window=3, sliding_window_pattern=2)
    ),
    "falcon_alibi": lambda: tr.FalconForCausalLM(
        tr.FalconConfig(**_FALCON, alibi=True, multi_query=False, parallel_attn=False, bias=True)
    ),
    "falcon_multi_query": lambda: tr.FalconForCausalLM(tr.FalconConfig(**_FALCON, multi_query=True)),
    "falconh1": lambda: tr.FalconH1ForCausalLM(
        tr.FalconH1Config(
            **_GROUPED, head_dim=8, mamba_d_ssm=32, mamba_n_heads=4, mamba_d_head=8, mamba_n_groups=1, mamba_d_state=4,
            attention_in_multiplier=0.8, attention_out_multiplier=0.6, ssm_out_multiplier=0.7, lm_head_multiplier=0.5,
            embedding_multiplier=2.0,
        )
    ),
    "flexolmo": lambda: tr.FlexOlmoForCausalLM(tr.FlexOlmoConfig(**_GROUPED, **_EXPERTS)),
    "gemma1": lambda: tr.GemmaForCausalLM(tr.GemmaConfig(**_GROUPED, head_dim=16)),
    "gemma2": lambda: tr.Gemma2ForCausalLM(
        tr.Gemma2Config(
            **_GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=20, attn_logit_softcapping=1.0,
            final_logit_softcapping=2.0,
        )
    ),
    "gemma3": lambda: tr.Gemma3ForCausalLM(
        tr.Gemma3TextConfig(
            **_GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=20, final_logit_softcapping=3.0
        )
    ),
    "gemma4": lambda: tr.Gemma4ForCausalLM(
        tr.Gemma4TextConfig(
            **_GROUPED, head_dim=8, sliding_window=3, hidden_size_per_layer_input=0, num_kv_shared_layers=0,
            global_head_dim=8, layer_types=["sliding_attention", "full_attention", "full_attention"],
        )
    ),
    "gemma4_shared": lambda: tr.Gemma4ForCausalLM(
        tr.Gemma4TextConfig(
            **_GROUPED, head_dim=8, sliding_window=3, hidden_size_per_layer_input=0, num_kv_shared_layers=1,
            global_head_dim=8, layer_types=["sliding_attention", "full_attention", "full_attention"],
        )
    ),
    "glm": lambda: tr.GlmForCausalLM(tr.GlmConfig(**_GROUPED, head_dim=8)),
    "glm4": lambda: tr.Glm4ForCausalLM(tr.Glm4Config(**_GROUPED, head_dim=8)),
    "glm4moe": lambda: tr.Glm4MoeForCausalLM(tr.Glm4MoeConfig(**_GROUPED, **_ROUTED, head_dim=8)),
    "glm4moelite": lambda: tr.Glm4MoeLiteForCausalLM(tr.Glm4MoeLiteConfig(**_LATENT, **_ROUTED)),
    "glmmoedsa": lambda: tr.GlmMoeDsaForCausalLM(tr.GlmMoeDsaConfig(**_LATENT, **_ROUTED, index_topk=4, index_n_heads=4, index_head_dim=8)),
    "gpt2": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**_FLAT)),
    "gpt2_scale_by_layer": lambda: tr.GPT2LMHeadModel(
        tr.GPT2Config(**_FLAT, scale_attn_by_inverse_layer_idx=True)
    ),
    "gpt2_unscaled": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**_FLAT, scale_attn_weights=False)),
    "gptbigcode": lambda: tr.GPTBigCodeForCausalLM(tr.GPTBigCodeConfig(**_FLAT, multi_query=True)),
    "gptj": lambda: tr.GPTJForCausalLM(tr.GPTJConfig(**_FLAT, rotary_dim=4)),
    "gptneo": lambda: tr.GPTNeoForCausalLM(
        tr.GPTNeoConfig(
            vocab_size=N_VOCAB, hidden_size=32, num_layers=4, num_heads=4, max_position_embeddings=64,
            attention_types=[[["global", "local"], 2]], window_size=3, bos_token_id=0, eos_token_id=0,
        )
    ),
    "gptoss": lambda: tr.GptOssForCausalLM(
        tr.GptOssConfig(
            **_GROUPED, **_rope("default"), head_dim=8, num_local_experts=4, num_experts_per_tok=2, sliding_window=4
        )
    ),
    "granite": lambda: tr.GraniteForCausalLM(tr.GraniteConfig(**_GRANITE, attention_bias=True)),
    "granitehybrid": lambda: tr.GraniteMoeHybridForCausalLM(
        tr.GraniteMoeHybridConfig(
            **_GRANITE, layer_types=["attention"] * 3, num_local_experts=0, shared_intermediate_size=64,
            position_embedding_type="rope", mamba_n_heads=8, mamba_d_head=8, mamba_expand=2,
        )
    ),
    "granitemoe": lambda: tr.GraniteMoeForCausalLM(
        tr.GraniteMoeConfig(**_GRANITE, num_local_experts=4, num_experts_per_tok=2)
    ),
    "hunyuan": lambda: tr.HunYuanDenseV1ForCausalLM(tr.HunYuanDenseV1Config(**_GROUPED, head_dim=8)),
    "jais2": lambda: tr.Jais2ForCausalLM(tr.Jais2Config(**_GROUPED)),
    "jamba": lambda: tr.JambaForCausalLM(
        tr.JambaConfig(
            **_GROUPED, attn_layer_period=2, attn_layer_offset=1, num_experts=2, expert_layer_period=2,
            expert_layer_offset=1, mamba_d_state=4, mamba_d_conv=2, mamba_expand=2,
        )
    ),
    "jetmoe": lambda: tr.JetMoeForCausalLM(
        tr.JetMoeConfig(
            **_without(_GROUPED, "num_attention_heads"), kv_channels=8, num_local_experts=4, num_experts_per_tok=2
        )
    ),
    "lfm2": lambda: tr.Lfm2ForCausalLM(tr.Lfm2Config(**_GROUPED, layer_types=_CONV_FIRST)),
    "lfm2moe": lambda: tr.Lfm2MoeForCausalLM(
        tr.Lfm2MoeConfig(**_GROUPED, **_MOE, layer_types=_CONV_FIRST, num_dense_layers=1)
    ),
    "llama4": lambda: tr.Llama4ForCausalLM(
        tr.Llama4TextConfig(**_GROUPED, head_dim=8, num_local_experts=2, intermediate_size_mlp=64)
    ),
    "llama_bias": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**_GROUPED, attention_bias=True, mlp_bias=True)),
    "llama_multi_query": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(**_PLAIN, num_key_value_heads=1, tie_word_embeddings=True)
    ),
    "llama_rope_linear": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**_GROUPED, **_rope("linear", factor=4.0))),
    "llama_rope_llama3": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(
            **_GROUPED,
            **_rope(
                "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8
            ),
        )
    ),
    "llama_rope_yarn": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(**_GROUPED, **_rope("yarn", factor=4.0, original_max_position_embeddings=16))
    ),
    "minimaxm2": lambda: tr.MiniMaxM2ForCausalLM(
        tr.MiniMaxM2Config(**_GROUPED, head_dim=8, num_local_experts=4, num_experts_per_tok=2)
    ),
    "ministral3": lambda: tr.Ministral3ForCausalLM(tr.Ministral3Config(**_GROUPED, head_dim=8)),
    "mistral_window2": lambda: tr.MistralForCausalLM(tr.MistralConfig(**_GROUPED, sliding_window=2)),
    "mistral_window3": lambda: tr.MistralForCausalLM(tr.MistralConfig(**_GROUPED, sliding_window=3)),
    "mixtral": lambda: tr.MixtralForCausalLM(tr.MixtralConfig(**_GROUPED, num_local_experts=4)),
    "modernbert_decoder": lambda: tr.ModernBertDecoderForCausalLM(
        tr.ModernBertDecoderConfig(**_PLAIN, local_attention=4, cls_token_id=0, sep_token_id=0)
    ),
    "mpt": lambda: tr.MptForCausalLM(
        tr.MptConfig(vocab_size=N_VOCAB, d_model=32, n_heads=4, n_layers=3, max_seq_len=64)
    ),
    "nanochat": lambda: tr.NanoChatForCausalLM(tr.NanoChatConfig(**_GROUPED)),
    "nemotron": lambda: tr.NemotronForCausalLM(tr.NemotronConfig(**_GROUPED)),
    "nemotronh": lambda: tr.NemotronHForCausalLM(
        tr.NemotronHConfig(
            **_GROUPED, head_dim=8, layers_block_type=["mamba", "attention", "mlp"], mamba_num_heads=4,
            mamba_head_dim=8, ssm_state_size=4, n_groups=1,
        )
    ),
    "neox": lambda: tr.GPTNeoXForCausalLM(tr.GPTNeoXConfig(**_PLAIN, rotary_pct=0.5)),
    "neox_sequential": lambda: tr.GPTNeoXForCausalLM(
        tr.GPTNeoXConfig(**_PLAIN, rotary_pct=0.25, use_parallel_residual=False)
    ),
    "olmo": lambda: tr.OlmoForCausalLM(tr.OlmoConfig(**_GROUPED)),
    "olmo2_tied": lambda: tr.Olmo2ForCausalLM(tr.Olmo2Config(**_GROUPED, tie_word_embeddings=True)),
    "olmo3": lambda: tr.Olmo3ForCausalLM(tr.Olmo3Config(**_GROUPED, sliding_window=3)),
    "olmoe": lambda: tr.OlmoeForCausalLM(tr.OlmoeConfig(**_GROUPED, **_EXPERTS)),
    "olmohybrid": lambda: tr.OlmoHybridForCausalLM(tr.OlmoHybridConfig(**_GROUPED, layer_types=_ONE_OF_THREE)),
    "openaigpt": lambda: tr.OpenAIGPTLMHeadModel(
        tr.OpenAIGPTConfig(vocab_size=N_VOCAB, n_layer=3, n_head=4, n_embd=32, n_positions=64)
    ),
    "opt": lambda: tr.OPTForCausalLM(tr.OPTConfig(**_OPT, word_embed_proj_dim=32)),
    "opt_projected": lambda: tr.OPTForCausalLM(tr.OPTConfig(**_OPT, word_embed_proj_dim=16)),
    "phi": lambda: tr.PhiForCausalLM(tr.PhiConfig(**_PLAIN, num_key_value_heads=4)),
    "phi3": lambda: tr.Phi3ForCausalLM(tr.Phi3Config(**_GROUPED)),
    "phi3_window": lambda: tr.Phi3ForCausalLM(tr.Phi3Config(**_GROUPED, sliding_window=3)),
    "phi_grouped": lambda: tr.PhiForCausalLM(tr.PhiConfig(**_GROUPED)),
    "qwen2": lambda: tr.Qwen2ForCausalLM(tr.Qwen2Config(**_GROUPED)),
    "qwen2_tied": lambda: tr.Qwen2ForCausalLM(tr.Qwen2Config(**_GROUPED, tie_word_embeddings=True)),
    "qwen2moe": lambda: tr.Qwen2MoeForCausalLM(
        tr.Qwen2MoeConfig(**_GROUPED, **_MOE, shared_expert_intermediate_size=32)
    ),
    "qwen35": lambda: tr.Qwen3_5ForCausalLM(tr.Qwen3_5TextConfig(**_GROUPED, **_LINEAR, layer_types=_ONE_OF_THREE)),
    "qwen35moe": lambda: tr.Qwen3_5MoeForCausalLM(
        tr.Qwen3_5MoeTextConfig(
            **_GROUPED, **_MOE, **_LINEAR, shared_expert_intermediate_size=32, layer_types=_ONE_OF_THREE
        )
    ),
    "qwen3_bias": lambda: tr.Qwen3ForCausalLM(tr.Qwen3Config(**_GROUPED, head_dim=16, attention_bias=True)),
    "qwen3moe": lambda: tr.Qwen3MoeForCausalLM(tr.Qwen3MoeConfig(**_GROUPED, **_MOE, head_dim=8)),
    "qwen3next": lambda: tr.Qwen3NextForCausalLM(
        tr.Qwen3NextConfig(
            **_GROUPED, **_MOE, **_LINEAR, shared_expert_intermediate_size=32, layer_types=_ONE_OF_THREE
        )
    ),
    "qwen3next_full": lambda: tr.Qwen3NextForCausalLM(
        tr.Qwen3NextConfig(
            **_GROUPED, **_MOE, **_LINEAR, shared_expert_intermediate_size=32, layer_types=["full_attention"] * 3
        )
    ),
    "recurrentgemma": lambda: tr.RecurrentGemmaForCausalLM(
        tr.RecurrentGemmaConfig(
            **_GROUPED, lru_width=32, attention_window_size=4, logits_soft_cap=3.0,
            block_types=("recurrent", "attention"),
        )
    ),
    "seedoss": lambda: tr.SeedOssForCausalLM(tr.SeedOssConfig(**_GROUPED, head_dim=8)),
    "smollm3": lambda: tr.SmolLM3ForCausalLM(tr.SmolLM3Config(**_GROUPED)),
    "stablelm": lambda: tr.StableLmForCausalLM(tr.StableLmConfig(**_GROUPED)),
    "stablelm_parallel_qknorm": lambda: tr.StableLmForCausalLM(
        tr.StableLmConfig(**_GROUPED, use_parallel_residual=True, qk_layernorm=True, use_qkv_bias=True)
    ),
    "starcoder2": lambda: tr.Starcoder2ForCausalLM(tr.Starcoder2Config(**_GROUPED)),
    "vaultgemma": lambda: tr.VaultGemmaForCausalLM(
        tr.VaultGemmaConfig(
            **_GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=16, attn_logit_softcapping=2.0,
            final_logit_softcapping=3.0,
        )
    ),
    "xglm": lambda: tr.XGLMForCausalLM(
        tr.XGLMConfig(
            vocab_size=N_VOCAB, d_model=32, ffn_dim=64, num_layers=3, attention_heads=4, max_position_embeddings=64,
            **_ENDS,
        )
    ),
    "youtu": lambda: tr.YoutuForCausalLM(tr.YoutuConfig(**_LATENT, head_dim=4)),
    "zamba2": lambda: tr.Zamba2ForCausalLM(
        tr.Zamba2Config(
            **_GROUPED, layers_block_type=["mamba", "hybrid", "hybrid"], mamba_d_state=4, mamba_ngroups=1,
            n_mamba_heads=8, num_mem_blocks=1, mamba_expand=2,
        )
    ),
}  # fmt: skip
"""A Hugging Face model by name."""

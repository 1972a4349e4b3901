"""Hugging Face architectures in which every layer has attention and a single MLP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import transformers as tr

from tests.support.family_configs import ENDS, FALCON, FLAT, GRANITE, GROUPED, LATENT, N_VOCAB, OPT, PLAIN, SMALL, rope

DENSE: dict[str, Callable[[], Any]] = {
    "apertus": lambda: tr.ApertusForCausalLM(tr.ApertusConfig(**GROUPED)),
    "arcee": lambda: tr.ArceeForCausalLM(tr.ArceeConfig(**GROUPED)),
    "bert_lm": lambda: tr.BertLMHeadModel(tr.BertConfig(**SMALL, is_decoder=True)),
    "bitnet": lambda: tr.BitNetForCausalLM(tr.BitNetConfig(**GROUPED)),
    "bloom": lambda: tr.BloomForCausalLM(tr.BloomConfig(vocab_size=N_VOCAB, n_layer=3, n_head=4, hidden_size=32)),
    "codegen": lambda: tr.CodeGenForCausalLM(tr.CodeGenConfig(**FLAT, rotary_dim=4)),
    "cohere2": lambda: tr.Cohere2ForCausalLM(tr.Cohere2Config(**GROUPED, sliding_window=3, logit_scale=0.25)),
    "cohere_qknorm": lambda: tr.CohereForCausalLM(tr.CohereConfig(**GROUPED, use_qk_norm=True, logit_scale=0.5)),
    "ernie45": lambda: tr.Ernie4_5ForCausalLM(tr.Ernie4_5Config(**GROUPED)),
    "exaone4": lambda: tr.Exaone4ForCausalLM(tr.Exaone4Config(**GROUPED)),
    "exaone4_window": lambda: tr.Exaone4ForCausalLM(
        tr.Exaone4Config(**GROUPED, sliding_window=3, sliding_window_pattern=2)
    ),
    "falcon_alibi": lambda: tr.FalconForCausalLM(
        tr.FalconConfig(**FALCON, alibi=True, multi_query=False, parallel_attn=False, bias=True)
    ),
    "falcon_multi_query": lambda: tr.FalconForCausalLM(tr.FalconConfig(**FALCON, multi_query=True)),
    "gemma1": lambda: tr.GemmaForCausalLM(tr.GemmaConfig(**GROUPED, head_dim=16)),
    "gemma2": lambda: tr.Gemma2ForCausalLM(
        tr.Gemma2Config(
            **GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=20, attn_logit_softcapping=1.0,
            final_logit_softcapping=2.0,
        )
    ),
    "gemma3": lambda: tr.Gemma3ForCausalLM(
        tr.Gemma3TextConfig(
            **GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=20, final_logit_softcapping=3.0
        )
    ),
    "gemma4": lambda: tr.Gemma4ForCausalLM(
        tr.Gemma4TextConfig(
            **GROUPED, head_dim=8, sliding_window=3, hidden_size_per_layer_input=0, num_kv_shared_layers=0,
            global_head_dim=8, layer_types=["sliding_attention", "full_attention", "full_attention"],
        )
    ),
    "gemma4_shared": lambda: tr.Gemma4ForCausalLM(
        tr.Gemma4TextConfig(
            **GROUPED, head_dim=8, sliding_window=3, hidden_size_per_layer_input=0, num_kv_shared_layers=1,
            global_head_dim=8, layer_types=["sliding_attention", "full_attention", "full_attention"],
        )
    ),
    "glm": lambda: tr.GlmForCausalLM(tr.GlmConfig(**GROUPED, head_dim=8)),
    "glm4": lambda: tr.Glm4ForCausalLM(tr.Glm4Config(**GROUPED, head_dim=8)),
    "gpt2": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**FLAT)),
    "gpt2_scale_by_layer": lambda: tr.GPT2LMHeadModel(
        tr.GPT2Config(**FLAT, scale_attn_by_inverse_layer_idx=True)
    ),
    "gpt2_unscaled": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**FLAT, scale_attn_weights=False)),
    "gptbigcode": lambda: tr.GPTBigCodeForCausalLM(tr.GPTBigCodeConfig(**FLAT, multi_query=True)),
    "gptj": lambda: tr.GPTJForCausalLM(tr.GPTJConfig(**FLAT, rotary_dim=4)),
    "gptneo": lambda: tr.GPTNeoForCausalLM(
        tr.GPTNeoConfig(
            vocab_size=N_VOCAB, hidden_size=32, num_layers=4, num_heads=4, max_position_embeddings=64,
            attention_types=[[["global", "local"], 2]], window_size=3, bos_token_id=0, eos_token_id=0,
        )
    ),
    "granite": lambda: tr.GraniteForCausalLM(tr.GraniteConfig(**GRANITE, attention_bias=True)),
    "hunyuan": lambda: tr.HunYuanDenseV1ForCausalLM(tr.HunYuanDenseV1Config(**GROUPED, head_dim=8)),
    "jais2": lambda: tr.Jais2ForCausalLM(tr.Jais2Config(**GROUPED)),
    "llama_bias": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**GROUPED, attention_bias=True, mlp_bias=True)),
    "llama_multi_query": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(**PLAIN, num_key_value_heads=1, tie_word_embeddings=True)
    ),
    "llama_rope_linear": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**GROUPED, **rope("linear", factor=4.0))),
    "llama_rope_llama3": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(
            **GROUPED,
            **rope(
                "llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=8
            ),
        )
    ),
    "llama_rope_yarn": lambda: tr.LlamaForCausalLM(
        tr.LlamaConfig(**GROUPED, **rope("yarn", factor=4.0, original_max_position_embeddings=16))
    ),
    "ministral3": lambda: tr.Ministral3ForCausalLM(tr.Ministral3Config(**GROUPED, head_dim=8)),
    "mistral_window2": lambda: tr.MistralForCausalLM(tr.MistralConfig(**GROUPED, sliding_window=2)),
    "mistral_window3": lambda: tr.MistralForCausalLM(tr.MistralConfig(**GROUPED, sliding_window=3)),
    "modernbert_decoder": lambda: tr.ModernBertDecoderForCausalLM(
        tr.ModernBertDecoderConfig(**PLAIN, local_attention=4, cls_token_id=0, sep_token_id=0)
    ),
    "mpt": lambda: tr.MptForCausalLM(
        tr.MptConfig(vocab_size=N_VOCAB, d_model=32, n_heads=4, n_layers=3, max_seq_len=64)
    ),
    "nanochat": lambda: tr.NanoChatForCausalLM(tr.NanoChatConfig(**GROUPED)),
    "nemotron": lambda: tr.NemotronForCausalLM(tr.NemotronConfig(**GROUPED)),
    "neox": lambda: tr.GPTNeoXForCausalLM(tr.GPTNeoXConfig(**PLAIN, rotary_pct=0.5)),
    "neox_sequential": lambda: tr.GPTNeoXForCausalLM(
        tr.GPTNeoXConfig(**PLAIN, rotary_pct=0.25, use_parallel_residual=False)
    ),
    "olmo": lambda: tr.OlmoForCausalLM(tr.OlmoConfig(**GROUPED)),
    "olmo2_tied": lambda: tr.Olmo2ForCausalLM(tr.Olmo2Config(**GROUPED, tie_word_embeddings=True)),
    "olmo3": lambda: tr.Olmo3ForCausalLM(tr.Olmo3Config(**GROUPED, sliding_window=3)),
    "openaigpt": lambda: tr.OpenAIGPTLMHeadModel(
        tr.OpenAIGPTConfig(vocab_size=N_VOCAB, n_layer=3, n_head=4, n_embd=32, n_positions=64)
    ),
    "opt": lambda: tr.OPTForCausalLM(tr.OPTConfig(**OPT, word_embed_proj_dim=32)),
    "opt_projected": lambda: tr.OPTForCausalLM(tr.OPTConfig(**OPT, word_embed_proj_dim=16)),
    "phi": lambda: tr.PhiForCausalLM(tr.PhiConfig(**PLAIN, num_key_value_heads=4)),
    "phi3": lambda: tr.Phi3ForCausalLM(tr.Phi3Config(**GROUPED)),
    "phi3_window": lambda: tr.Phi3ForCausalLM(tr.Phi3Config(**GROUPED, sliding_window=3)),
    "phi_grouped": lambda: tr.PhiForCausalLM(tr.PhiConfig(**GROUPED)),
    "qwen2": lambda: tr.Qwen2ForCausalLM(tr.Qwen2Config(**GROUPED)),
    "qwen2_tied": lambda: tr.Qwen2ForCausalLM(tr.Qwen2Config(**GROUPED, tie_word_embeddings=True)),
    "qwen3_bias": lambda: tr.Qwen3ForCausalLM(tr.Qwen3Config(**GROUPED, head_dim=16, attention_bias=True)),
    "seedoss": lambda: tr.SeedOssForCausalLM(tr.SeedOssConfig(**GROUPED, head_dim=8)),
    "smollm3": lambda: tr.SmolLM3ForCausalLM(tr.SmolLM3Config(**GROUPED)),
    "stablelm": lambda: tr.StableLmForCausalLM(tr.StableLmConfig(**GROUPED)),
    "stablelm_parallel_qknorm": lambda: tr.StableLmForCausalLM(
        tr.StableLmConfig(**GROUPED, use_parallel_residual=True, qk_layernorm=True, use_qkv_bias=True)
    ),
    "starcoder2": lambda: tr.Starcoder2ForCausalLM(tr.Starcoder2Config(**GROUPED)),
    "vaultgemma": lambda: tr.VaultGemmaForCausalLM(
        tr.VaultGemmaConfig(
            **GROUPED, head_dim=8, sliding_window=3, query_pre_attn_scalar=16, attn_logit_softcapping=2.0,
            final_logit_softcapping=3.0,
        )
    ),
    "xglm": lambda: tr.XGLMForCausalLM(
        tr.XGLMConfig(
            vocab_size=N_VOCAB, d_model=32, ffn_dim=64, num_layers=3, attention_heads=4, max_position_embeddings=64,
            **ENDS,
        )
    ),
    "youtu": lambda: tr.YoutuForCausalLM(tr.YoutuConfig(**LATENT, head_dim=4)),
}  # fmt: skip
"""A Hugging Face model by name."""

"""Small Hugging Face models of well-known architectures: two layers, four heads, as many tokens as `models.WORDS` needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

tr = pytest.importorskip("transformers")

N_VOCAB = 16


def _models() -> dict[str, Callable[[], Any]]:
    n: dict[str, Any] = {"vocab_size": N_VOCAB}
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
        "bert": lambda: tr.BertForMaskedLM(tr.BertConfig(**small)),
        "t5": lambda: tr.T5ForConditionalGeneration(
            tr.T5Config(
                **n, d_model=32, d_kv=8, num_heads=4, num_layers=2, num_decoder_layers=2, d_ff=64, decoder_start_token_id=0
            )
        ),
    }  # fmt: skip


MODELS = _models()
"""A model by name, with the weights that Hugging Face initialises it with."""

CAUSAL = [name for name in MODELS if name not in ("bert", "t5")]
"""The decoder-only models."""

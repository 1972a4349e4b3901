"""Small TransformerLens models with random weights, made offline: HookedTransformer (2.x, 3.x) and TransformerBridge (3.x, 4.x)."""

from __future__ import annotations

import importlib.metadata
import os
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("transformer_lens")
import torch

os.environ.setdefault("HF_HUB_OFFLINE", "1")
VERSION = tuple(int(part) for part in importlib.metadata.version("transformer_lens").split(".")[:2])
HAS_HOOKED_TRANSFORMER = VERSION < (4, 0)
needs_hooked_transformer = pytest.mark.skipif(
    not HAS_HOOKED_TRANSFORMER, reason="TransformerLens 4 has no HookedTransformer"
)
HAS_BRIDGE = VERSION >= (3, 0)
needs_bridge = pytest.mark.skipif(not HAS_BRIDGE, reason="TransformerLens 2 has no TransformerBridge")
WORDS = ["the", "cat", "sat", "on", "a", "mat", "dog", "ran", "to", "and", "John", "Mary", "gave", "book"]
N_VOCAB = 2 + len(WORDS)
SIZES: dict[str, Any] = dict(
    n_layers=2,
    d_model=32,
    n_ctx=32,
    d_head=8,
    n_heads=4,
    d_mlp=64,
    d_vocab=N_VOCAB,
    act_fn="gelu",
    seed=0,
    device="cpu",
)


def tokenizer(side: str = "right") -> Any:
    """A word-level tokenizer that TransformerLens accepts without asking a hub."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    backend = Tokenizer(
        models.WordLevel({w: i for i, w in enumerate(["<|endoftext|>", "[UNK]", *WORDS])}, unk_token="[UNK]")
    )
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    made = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        bos_token="<|endoftext|>",
        eos_token="<|endoftext|>",
        unk_token="[UNK]",
        pad_token="<|endoftext|>",
        padding_side=side,
    )
    made.init_kwargs["name_or_path"] = "local"
    made.init_kwargs["add_bos_token"] = True
    return made


def hooked(**config: Any) -> Any:
    """A HookedTransformer with random weights; keyword arguments override its config."""
    from transformer_lens import HookedTransformer, HookedTransformerConfig

    side = config.pop("padding_side", None)
    model = HookedTransformer(
        HookedTransformerConfig(**{**SIZES, **config}), tokenizer=tokenizer(side) if side else None
    )
    return _randomised(model)


def encoder() -> Any:
    """A HookedEncoder, shaped like BERT."""
    from transformer_lens import HookedEncoder, HookedTransformerConfig

    config = dict(attention_dir="bidirectional", original_architecture="BertForMaskedLM", normalization_type="LN")
    return _randomised(HookedEncoder(HookedTransformerConfig(**{**SIZES, **config})))


def encoder_decoder() -> Any:
    """A HookedEncoderDecoder, shaped like T5: relative position bias, no scale."""
    from transformer_lens import HookedEncoderDecoder, HookedTransformerConfig

    config = dict(
        normalization_type="RMS",
        use_attn_scale=False,
        tie_word_embeddings=True,
        positional_embedding_type="relative_positional_bias",
        attention_dir="bidirectional",
        relative_attention_max_distance=16,
        relative_attention_num_buckets=8,
        decoder_start_token_id=0,
    )
    return _randomised(HookedEncoderDecoder(HookedTransformerConfig(**{**SIZES, **config})))


def skip_without_bridge() -> None:
    """Skips the test that is running (or that a fixture prepares) where no TransformerBridge exists."""
    if not HAS_BRIDGE:
        pytest.skip("TransformerLens 2 has no TransformerBridge")


def bridge(
    name: str,
    *,
    compatibility: bool = False,
    padding_side: str | None = None,
    attention: str = "eager",
    dtype: str = "float32",
) -> Any:
    """A TransformerBridge around a Hugging Face model with random weights; skips the test on TransformerLens 2."""
    skip_without_bridge()
    hf = _randomised(HUGGING_FACE[name]()).to(getattr(torch, dtype))
    hf.tie_weights()
    hf.set_attn_implementation(attention)
    if padding_side:
        from transformer_lens.model_bridge import TransformerBridge

        made = TransformerBridge.boot_transformers(
            "local", hf_model=hf, tokenizer=tokenizer(padding_side), device="cpu"
        )
    else:
        from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

        made = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    if compatibility:
        made.enable_compatibility_mode(disable_warnings=True)
    return made


def spread(model: Any, *, gains: float, others: float) -> Any:
    """Every parameter random, so that nothing is right by luck: gains of norms around 1, everything else around 0.

    Args:
        gains, others: standard deviations.
    """
    generator = torch.Generator().manual_seed(0)
    for name, parameter in model.named_parameters():
        if parameter.is_floating_point():
            gain = parameter.ndim == 1 and name.split(".")[-1] in ("w", "weight")
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.data.copy_(1 + gains * noise if gain else others * noise)
    return model


def _randomised(model: Any) -> Any:
    generator = torch.Generator().manual_seed(0)
    for parameter in model.parameters():
        parameter.data.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
    return model.eval()


def _hugging_face() -> dict[str, Callable[[], Any]]:
    import transformers as tr

    vocab: dict[str, Any] = {"vocab_size": N_VOCAB, "bos_token_id": 0, "eos_token_id": 0}
    small: dict[str, Any] = dict(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64, max_position_embeddings=64
    )
    kv = {"num_key_value_heads": 2}
    gpt: dict[str, Any] = dict(n_layer=2, n_head=4, n_embd=32, n_positions=64, **vocab)
    return {
        "gpt2": lambda: tr.GPT2LMHeadModel(tr.GPT2Config(**gpt)),
        "gptj": lambda: tr.GPTJForCausalLM(tr.GPTJConfig(**gpt, rotary_dim=4)),
        "gptneo_local": lambda: tr.GPTNeoForCausalLM(
            tr.GPTNeoConfig(
                hidden_size=32, num_layers=2, num_heads=4, attention_types=[[["global", "local"], 1]], window_size=3,
                max_position_embeddings=64, **vocab,
            )
        ),
        "opt": lambda: tr.OPTForCausalLM(
            tr.OPTConfig(
                hidden_size=32, num_hidden_layers=2, num_attention_heads=4, ffn_dim=64, max_position_embeddings=64,
                word_embed_proj_dim=32, **vocab,
            )
        ),
        "bloom": lambda: tr.BloomForCausalLM(tr.BloomConfig(n_layer=2, n_head=4, hidden_size=32, **vocab)),
        "llama": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**small, **vocab, num_key_value_heads=4)),
        "gemma2": lambda: tr.Gemma2ForCausalLM(
            tr.Gemma2Config(
                **small, **kv, **vocab, head_dim=8, sliding_window=3, query_pre_attn_scalar=16,
                attn_logit_softcapping=2.0, final_logit_softcapping=3.0,
            )
        ),
        "llama_gqa": lambda: tr.LlamaForCausalLM(tr.LlamaConfig(**small, **kv, **vocab)),
        "qwen3_gqa": lambda: tr.Qwen3ForCausalLM(tr.Qwen3Config(**small, **kv, **vocab, head_dim=16)),
        "mistral_window": lambda: tr.MistralForCausalLM(tr.MistralConfig(**small, **kv, **vocab, sliding_window=3)),
        "neox": lambda: tr.GPTNeoXForCausalLM(tr.GPTNeoXConfig(**small, **vocab, rotary_pct=0.5)),
        "bert": lambda: tr.BertForMaskedLM(tr.BertConfig(**small, vocab_size=N_VOCAB)),
        "t5": lambda: tr.T5ForConditionalGeneration(
            tr.T5Config(
                d_model=32, d_kv=8, num_heads=4, num_layers=2, num_decoder_layers=2, d_ff=64, decoder_start_token_id=0,
                vocab_size=N_VOCAB,
            )
        ),
    }  # fmt: skip


HUGGING_FACE = _hugging_face()
HOOKED: dict[str, dict[str, Any]] = {
    "mha": {},
    "rms": dict(normalization_type="RMS"),
    "attn_only": dict(attn_only=True),
    "parallel": dict(parallel_attn_mlp=True, positional_embedding_type="rotary", rotary_dim=4),
    "rotary": dict(positional_embedding_type="rotary", rotary_dim=8),
    "shortformer": dict(positional_embedding_type="shortformer"),
    "softcap": dict(
        attn_scores_soft_cap=2.0, positional_embedding_type="rotary", rotary_dim=8, normalization_type="RMS"
    ),
    "noscale": dict(use_attn_scale=False),
    "customscale": dict(attn_scale=5.0),
    "post_norm": dict(use_normalization_before_and_after=True, normalization_type="RMS"),
    "qk_norm": dict(use_qk_norm=True, normalization_type="RMS", positional_embedding_type="rotary", rotary_dim=8),
    "gqa_rotary": dict(positional_embedding_type="rotary", rotary_dim=8, n_key_value_heads=2, normalization_type="RMS"),
    "mqa": dict(n_key_value_heads=1),
    "alibi": dict(positional_embedding_type="alibi"),
    "local": dict(use_local_attn=True, window_size=3, attn_types=["global", "local"]),
    "bidirectional": dict(attention_dir="bidirectional"),
}


def ids(batch: int = 1, n: int = 7) -> torch.Tensor:
    """Random token ids, [batch, position]."""
    return torch.randint(2, N_VOCAB, (batch, n), generator=torch.Generator().manual_seed(1))

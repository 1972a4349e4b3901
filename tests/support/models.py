"""Small TransformerLens models with random weights, made offline: HookedTransformer (2.x, 3.x) and TransformerBridge (3.x, 4.x)."""

from __future__ import annotations

import importlib.metadata
import warnings
from typing import Any

import pytest

pytest.importorskip("transformer_lens")
import torch
from circuitsvis import demo

from tests.support import bridges, huggingface_models, random_weights, word_tokenizer

VERSION = tuple(int(part) for part in importlib.metadata.version("transformer_lens").split(".")[:2])
HAS_HOOKED_TRANSFORMER = VERSION < (4, 0)
needs_hooked_transformer = pytest.mark.skipif(
    not HAS_HOOKED_TRANSFORMER, reason="TransformerLens 4 has no HookedTransformer"
)
HAS_BRIDGE = VERSION >= (3, 0)
needs_bridge = pytest.mark.skipif(not HAS_BRIDGE, reason="TransformerLens 2 has no TransformerBridge")
MODEL_CLASSES = [
    pytest.param("TransformerBridge", marks=needs_bridge),
    pytest.param("HookedTransformer", marks=needs_hooked_transformer),
]
"""Parameters of a fixture that is a model of each class; tests of classes that are not installed are skipped."""
WORDS = ["the", "cat", "sat", "on", "a", "mat", "dog", "ran", "to", "and", "John", "Mary", "gave", "book"]
N_VOCAB = huggingface_models.N_VOCAB
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
    """A tokenizer of `WORDS`."""
    return word_tokenizer.make(WORDS, end="<|endoftext|>", unknown="[UNK]", padding_side=side)


def hooked(**config: Any) -> Any:
    """A HookedTransformer with random weights; keyword arguments override its config."""
    from transformer_lens import HookedTransformer, HookedTransformerConfig

    side = config.pop("padding_side", None)
    model = HookedTransformer(
        HookedTransformerConfig(**{**SIZES, **config}), tokenizer=tokenizer(side) if side else None
    )
    return random_weights.normal(model)


def demo_model(model_class: demo.ModelClass) -> Any:
    """The demo model, without the deprecation warnings of other libraries."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return demo.load(model_class)


def encoder() -> Any:
    """A HookedEncoder, shaped like BERT."""
    from transformer_lens import HookedEncoder, HookedTransformerConfig

    config = dict(attention_dir="bidirectional", original_architecture="BertForMaskedLM", normalization_type="LN")
    return random_weights.normal(HookedEncoder(HookedTransformerConfig(**{**SIZES, **config})))


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
    return random_weights.normal(HookedEncoderDecoder(HookedTransformerConfig(**{**SIZES, **config})))


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
    model = random_weights.normal(huggingface_models.MODELS[name]()).to(getattr(torch, dtype))
    model.tie_weights()
    model.set_attn_implementation(attention)
    return bridges.wrap(model, folded=compatibility, tokenizer=tokenizer(padding_side) if padding_side else None)


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

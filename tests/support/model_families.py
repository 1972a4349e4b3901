"""Every causal family that attribution must be exact for, as small models with random weights: of both classes, folded or not."""

from __future__ import annotations

from typing import Any

from tests.support import bridges, huggingface_models, models, random_weights

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
    random_weights.spread(model, gains=0.2, others=0.15)
    if folded:
        layer_norm = config["normalization_type"] == "LN" and not config.get("final_rms")
        model.process_weights_(fold_ln=True, center_writing_weights=layer_norm, center_unembed=True)
        model.setup()  # TransformerLens 2 gives the hooks of the new norms only here
    return model.eval()


def bridge(name: str, *, folded: bool) -> Any:
    """A TransformerBridge; folded: in compatibility mode. Skips the test on TransformerLens 2."""
    models.skip_without_bridge()
    model = random_weights.spread(huggingface_models.MODELS[name]().eval(), gains=0.2, others=0.15)
    model.tie_weights()
    model.set_attn_implementation("eager")
    return bridges.wrap(model, folded=folded)

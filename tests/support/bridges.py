"""TransformerLens's bridge around a Hugging Face model, without a network."""

from __future__ import annotations

from typing import Any


def wrap(model: Any, *, folded: bool, tokenizer: Any = None) -> Any:
    """The bridge, which changes the model's modules; folded: in compatibility mode."""
    if tokenizer is not None:
        from transformer_lens.model_bridge import TransformerBridge

        bridge = TransformerBridge.boot_transformers("local", hf_model=model, tokenizer=tokenizer, device="cpu")
    else:
        from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

        bridge = build_bridge_from_module(model, type(model).__name__, hf_config=model.config, model_name="local")
    if folded:
        bridge.enable_compatibility_mode(disable_warnings=True)
    return bridge

"""A small model with real attention patterns, loaded from the package without network.

It has the architecture of GPT-2 (4 layers, 4 heads), was trained on a few kinds of sentences, and does the indirect-object task;
`_demo/model/README.md` describes it. Loading it needs torch and transformer_lens: `pip install "circuitsvis[transformer-lens]"`.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path
from typing import Any, Literal

__all__ = ["SENTENCES", "load"]

ModelClass = Literal["auto", "TransformerBridge", "HookedTransformer"]

SENTENCES = [
    "When Mary and John went to the shops, John gave a drink to Mary.",
    "When Mary and John went to the shops, Mary gave a drink to John.",
    "The cat sat on the mat.",
]
"""No training sentence of the model has both Mary and John."""

_FOLDER = Path(__file__).parent / "_demo" / "model"
_NAME = "circuitsvis-demo"
_CLASSES = ("auto", "TransformerBridge", "HookedTransformer")


def load(model_class: ModelClass = "auto") -> Any:
    """Loads the demo model as a TransformerLens model, on the CPU and in float32.

    Args:
        model_class: "TransformerBridge" (TransformerLens 3 and later) has the weights unchanged. "HookedTransformer"
            (TransformerLens 2 and 3) has them processed as by `from_pretrained` (layer norms and value biases folded, output
            weights and unembedding centered): its log-probabilities are the same, but not its values, logits and residual
            stream. "auto": the bridge if the installed TransformerLens has it.

    Returns:
        The model in evaluation mode, with its tokenizer. Like GPT-2, it prepends <|endoftext|> by default.

    Raises:
        ImportError: torch or transformer_lens is not installed.
        ValueError: `model_class` is not one of these, or the installed TransformerLens does not have it.
    """
    if model_class not in _CLASSES:
        raise ValueError(f"model_class: must be one of {', '.join(map(repr, _CLASSES))}, got {model_class!r}")
    bridge, hooked = _classes()
    if model_class == "auto":
        model_class = "TransformerBridge" if bridge is not None else "HookedTransformer"
    if model_class == "TransformerBridge" and bridge is not None:
        return bridge.boot_transformers(_NAME, hf_model=_hugging_face_model(), tokenizer=_tokenizer(), device="cpu")
    if model_class == "HookedTransformer" and hooked is not None:
        return _hooked_transformer(hooked)
    versions, other = (
        ("TransformerLens 3 and later", "HookedTransformer")
        if model_class == "TransformerBridge"
        else ("TransformerLens before 4", "TransformerBridge")
    )
    raise ValueError(
        f'model_class: {model_class!r} exists in {versions}, not in the installed version; use "{other}" or "auto"'
    )


def load_by_name(name: str) -> Any:
    """Loads a model that TransformerLens downloads, e.g. "gpt2-small": as a bridge if there is one, else a HookedTransformer.

    Raises:
        ImportError: torch or transformer_lens is not installed.
    """
    bridge, hooked = _classes()
    if bridge is None:
        return hooked.from_pretrained(name)
    return bridge.boot_transformers(name)


def _classes() -> tuple[Any, Any]:
    """TransformerBridge and HookedTransformer; None for a class that the installed TransformerLens does not have."""
    for needed in ("torch", "transformer_lens"):
        if importlib.util.find_spec(needed) is None:
            raise ImportError(
                f'circuitsvis.demo: the demo model needs {needed}: pip install "circuitsvis[transformer-lens]"',
                name=needed,
            )
    return _attribute("transformer_lens.model_bridge", "TransformerBridge"), _attribute(
        "transformer_lens", "HookedTransformer"
    )


def _attribute(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):  # TransformerLens 4 raises ImportError for the class that it removed
        return None


def _hugging_face_model() -> Any:
    """The model from its files. `from_pretrained` would draw a progress bar."""
    from safetensors.torch import load_file
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(**json.loads((_FOLDER / "config.json").read_text(encoding="utf-8")))
    model: Any = GPT2LMHeadModel(config)
    weights = load_file(_FOLDER / "model.safetensors")
    model.load_state_dict({**weights, "lm_head.weight": weights["transformer.wte.weight"]})
    model.set_attn_implementation("eager")  # with others, TransformerLens cannot cache the pattern
    return model.eval()


def _tokenizer() -> Any:
    from transformers import PreTrainedTokenizerFast

    tokenizer: Any = PreTrainedTokenizerFast.from_pretrained(_FOLDER)
    # TransformerLens reads both. Without the second, it would look for a tokenizer of this name on the model hub.
    tokenizer.init_kwargs["name_or_path"] = _NAME
    tokenizer.init_kwargs["add_bos_token"] = True
    return tokenizer


def _hooked_transformer(hooked_transformer: Any) -> Any:
    """The model with converted configuration and weights: TransformerLens loads by name only the models that it lists."""
    from transformer_lens import HookedTransformerConfig
    from transformer_lens.pretrained.weight_conversions import convert_gpt2_weights

    hugging_face = _hugging_face_model()
    settings = hugging_face.config
    config = HookedTransformerConfig(
        n_layers=settings.n_layer,
        n_heads=settings.n_head,
        d_model=settings.n_embd,
        d_head=settings.n_embd // settings.n_head,
        d_mlp=4 * settings.n_embd,
        d_vocab=settings.vocab_size,
        n_ctx=settings.n_positions,
        eps=settings.layer_norm_epsilon,
        act_fn=settings.activation_function,
        normalization_type="LNPre",  # the gains and biases are folded below
        model_name=_NAME,
        original_architecture="GPT2LMHeadModel",
        device="cpu",
    )
    model = hooked_transformer(config, tokenizer=_tokenizer())
    weights = {name: value.detach() for name, value in convert_gpt2_weights(hugging_face, config).items()}
    model.load_and_process_state_dict(weights, fold_ln=True)
    return model.eval()

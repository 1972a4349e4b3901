"""The architecture of the demo model."""

from __future__ import annotations

import torch
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from scripts.demo_model.tokenizer import CONTEXT

WIDTH = 64  # d_model, and the number of neurons of an MLP


def make_model(tokenizer: PreTrainedTokenizerFast) -> GPT2LMHeadModel:
    """An untrained GPT-2 of 4 layers with 4 heads.

    Its position embedding starts as sines (Vaswani et al. 2017, section 3.5), from which a head learns faster to attend
    to the previous position.
    """
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(tokenizer),
            n_layer=4,
            n_head=4,
            n_embd=WIDTH,
            n_inner=WIDTH,
            n_positions=CONTEXT,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            initializer_range=0.05,  # GPT-2's 0.02 is for wide models: here attention would stay diffuse for long
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            attn_implementation="eager",
        )
    )
    rates = 200.0 ** -torch.linspace(0, 1, WIDTH // 2)
    angles = torch.arange(CONTEXT)[:, None] * rates
    with torch.no_grad():
        model.transformer.wpe.weight.copy_(0.1 * torch.cat([angles.sin(), angles.cos()], dim=1))
    return model


def padded(model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    """The same model with MLPs of 4 x d_model neurons, which TransformerLens 3 requires of a GPT-2; added weights are zero."""
    config = GPT2Config.from_dict({**model.config.to_dict(), "n_inner": None})
    wide = GPT2LMHeadModel(config)
    with torch.no_grad():
        for name, values in model.named_parameters():
            target = wide.get_parameter(name)
            target.zero_()[tuple(map(slice, values.shape))] = values
    return wide.eval()

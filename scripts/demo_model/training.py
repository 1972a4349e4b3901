"""The training loop of the demo model, and how often the trained model is right."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from tqdm import tqdm
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

from scripts.demo_model import corpus
from scripts.demo_model.batches import batches
from scripts.demo_model.dropout import Dropout

SHARPNESS = 0.02  # weight of the attention's entropy in the loss: heads that attend to few tokens are easier to read
DROPOUT_RISES = (0.5, 0.75)
"""Shares of the steps between which dropout grows from zero to its rates. With dropout from the start, nothing is learned."""


def train(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerFast, steps: int) -> None:
    matrices = [p for p in model.parameters() if p.ndim >= 2]
    vectors = [p for p in model.parameters() if p.ndim < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}],
        lr=3e-3,
        betas=(0.9, 0.98),
    )
    warm_up = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / warm_up, 0.5 + 0.5 * math.cos(math.pi * n / steps))
    )
    dropout, (begin, end) = Dropout(model), DROPOUT_RISES
    progress = tqdm(range(steps), desc="training", unit="step")
    for step, parts in zip(progress, batches(tokenizer), strict=False):
        dropout.strength = min(1, max(0, (step / steps - begin) / (end - begin)))
        results = [model(**part, output_attentions=True) for part in parts]
        losses = [result.loss for result in results]
        optimizer.zero_grad()
        (sum(losses) + SHARPNESS * sum(_entropy(result.attentions) for result in results)).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 25 == 0:
            progress.set_postfix(sentences=f"{losses[0].item():.3f}", repeats=f"{losses[1].item():.3f}")
    dropout.remove()


def _entropy(patterns: tuple[Tensor, ...]) -> Tensor:
    """Mean entropy of the attention of all heads and positions, in nats."""
    pattern = torch.stack(patterns)
    return -(pattern * (pattern + 1e-9).log()).sum(-1).mean()


@torch.no_grad()  # type: ignore[untyped-decorator]  # torch is untyped here
def accuracy(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerFast) -> float:
    """Share of held-out sentences after which the most probable token of the whole vocabulary is the indirect object."""
    model.eval()
    right = 0
    sentences = corpus.held_out()
    for sentence in sentences:
        ids = [tokenizer.bos_token_id, *tokenizer.encode(sentence.prompt, add_special_tokens=False)]
        best = model(torch.tensor([ids])).logits[0, -1].argmax()
        right += int(best) == tokenizer.convert_tokens_to_ids(sentence.indirect)
    return right / len(sentences)

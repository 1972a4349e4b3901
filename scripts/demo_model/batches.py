"""Training data of the demo model: sentences, and sequences of random words that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from scripts.demo_model import corpus
from scripts.demo_model.tokenizer import CONTEXT, SEED

SENTENCES, REPEATS = 48, 32  # sequences per step of each kind
REPEAT_LENGTHS = range(3, 17)  # words before the repetition starts
UNKNOWN_RATE = 0.005  # share of the words that become unknown, so that the embedding of "unknown" is trained


def batches(tokenizer: PreTrainedTokenizerFast) -> Iterator[list[dict[str, Tensor]]]:
    """Yields the model's arguments for each training step, without end: one batch of sentences, one of repeated words."""
    random = Random(SEED)
    pairs = corpus.split_pairs()[0]
    words = [i for i in range(len(tokenizer)) if i not in tokenizer.all_special_ids]
    while True:
        texts = [corpus.text(random, pairs) for _ in range(SENTENCES)]
        sentences = [[*tokenizer.encode(text, add_special_tokens=False), tokenizer.eos_token_id] for text in texts]
        period = random.choice(REPEAT_LENGTHS)
        repeats = [random.sample(words, period) * 2 for _ in range(REPEATS)]
        yield [_rows(tokenizer, random, sentences, skip=0), _rows(tokenizer, random, repeats, skip=period + 1)]


def _rows(
    tokenizer: PreTrainedTokenizerFast, random: Random, sequences: list[list[int]], *, skip: int
) -> dict[str, Tensor]:
    """The model's arguments, [sequence, position], with BOS before each sequence and padding after it.

    The first `skip` tokens after BOS cannot be predicted, so they have the label -100, which the loss ignores. Each
    sequence begins at a random position: otherwise heads learn at which positions names occur instead of looking for names.
    """
    length = 1 + max(map(len, sequences))
    ids = torch.full((len(sequences), length), int(tokenizer.pad_token_id))
    labels = torch.full((len(sequences), length), -100)
    unknown = int(tokenizer.unk_token_id)
    for row, sequence in enumerate(sequences):
        inputs = [unknown if random.random() < UNKNOWN_RATE else i for i in sequence]
        ids[row, 1 : 1 + len(inputs)] = torch.tensor(inputs)
        labels[row, 1 + skip : 1 + len(sequence)] = torch.tensor(sequence[skip:])
    starts = torch.tensor([[random.randint(0, CONTEXT - length)] for _ in sequences])
    return {"input_ids": ids, "labels": labels, "position_ids": starts + torch.arange(length)}

"""The tokenizer of the demo model: whole words, written as GPT-2 writes them."""

from __future__ import annotations

import re
from random import Random

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from scripts.demo_model import corpus

SEED = 0
CONTEXT = 64  # positions
END, UNKNOWN = "<|endoftext|>", "<|unknown|>"
PIECE = r" ?\w+|[^\w\s]"
"""GPT-2's way to cut a text: a word with the space before it, or one punctuation mark."""


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer whose tokens look like those of GPT-2: "When", " Mary", ",". Decoding joins them."""
    random = Random(SEED)
    pairs = corpus.split_pairs()[0]
    texts = [corpus.text(random, pairs) for _ in range(10_000)]
    words = sorted({piece for text in texts for piece in re.findall(PIECE, text)})
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate([END, UNKNOWN, *words])}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECE), behavior="removed", invert=True)
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        unk_token=UNKNOWN,
        model_max_length=CONTEXT,
        clean_up_tokenization_spaces=False,
    )

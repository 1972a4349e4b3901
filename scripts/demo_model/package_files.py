"""Writes the demo model into the package, with a README about it."""

from __future__ import annotations

from pathlib import Path

import tokenizers
import torch
import transformers
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

from scripts.demo_model import corpus
from scripts.demo_model.model import WIDTH, padded
from scripts.demo_model.tokenizer import CONTEXT, SEED
from scripts.demo_model.training import accuracy

README = """# The demo model

A GPT-2-architecture model of a few kinds of sentences, made by `python -m scripts.demo_model` (seed {seed}, {steps} steps, one
thread; torch {torch}, transformers {transformers}, tokenizers {tokenizers}). License: MIT, as the package.

- {layers} layers, {heads} heads, width {width}, context {context}, {vocabulary} tokens, {parameters} parameters in float32.
- Its MLPs have {inner} neurons, padded with zeros to the usual {filled}.
- Tokens are whole words with the space before them, as GPT-2 shows them (`When`, ` Mary`, `,`). `<|endoftext|>` begins and
  ends a text and pads it; an unknown word becomes `<|unknown|>`.
- It learned sentences with an indirect object ("When Alice and Tom went to the park, Tom gave a book to Alice."), simple
  ones ("The cat sat on the mat."), and random words that repeat.
- {held_out} of the {pairs} pairs of names never meet in training, Mary and John among them. On {tested} sentences about those,
  the most probable next token is the indirect object in {accuracy:.1%}.

It learned nothing else: it is here so that every figure can be tried without a download.
"""


def write(model: GPT2LMHeadModel, tokenizer: PreTrainedTokenizerFast, steps: int, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    padded(model).save_pretrained(out)
    tokenizer.save_pretrained(out)
    (out / "generation_config.json").unlink(missing_ok=True)
    seen, unseen = corpus.split_pairs()
    facts = README.format(
        seed=SEED,
        steps=steps,
        torch=torch.__version__.split("+")[0],
        transformers=transformers.__version__,
        tokenizers=tokenizers.__version__,
        layers=model.config.n_layer,
        heads=model.config.n_head,
        width=model.config.n_embd,
        context=CONTEXT,
        vocabulary=len(tokenizer),
        inner=model.config.n_inner,
        filled=4 * WIDTH,
        parameters=f"{model.num_parameters():,}",
        held_out=len(unseen),
        pairs=len(seen) + len(unseen),
        tested=len(corpus.held_out()),
        accuracy=accuracy(model, tokenizer),
    )
    (out / "README.md").write_text(facts, encoding="utf-8")

"""Trains the demo model of `circuitsvis.demo` and writes it into the package. About five minutes on one core.

    python scripts/train_demo_model.py [--out FOLDER] [--steps N]

Needs torch, transformers and tokenizers (the extra "transformer-lens" brings them). The seed is fixed and one thread is
used: the same library versions on the same processor give the same weights.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import demo_corpus as corpus
import tokenizers
import torch
import transformers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor
from torch.nn import Module
from torch.utils.hooks import RemovableHandle
from tqdm import tqdm
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

SEED = 0
STEPS = 2600
SENTENCES, REPEATS = 48, 32  # sequences per step of each kind
REPEAT_LENGTHS = range(3, 17)  # words before the repetition starts
CONTEXT, WIDTH = 64, 64
END, UNKNOWN = "<|endoftext|>", "<|unknown|>"
SHARPNESS = 0.02  # weight of the attention's entropy in the loss: heads that look at few tokens can be read
# Of each layer, how often a head, or the MLP, writes nothing for a whole sequence. Without it one early head is needed by all that
# follow, and the last MLPs write most of the answer: what a head writes would say little of what it does. MLPs are narrow for the
# same reason. One of 30 settings and seeds tried; test_demo.py and test_attribution_demo.py chose it, so they are not
# evidence of how often this works.
HEAD_DROPOUT = (0.0, 0.5, 0.5, 0.0)
MLP_DROPOUT = (0.0, 0.0, 0.3, 0.75)
DROPOUT_RISES = (0.5, 0.75)  # from none to all of it, as shares of the steps: from the start, nothing would be learned
UNKNOWN_RATE = 0.005  # of the words become unknown, so that the token means something
PIECE = r" ?\w+|[^\w\s]"  # as GPT-2 cuts: a word with the space before it, or one mark of punctuation
OUT = Path(__file__).parent.parent / "python" / "circuitsvis" / "_demo" / "model"


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A whole-word tokenizer whose pieces look like GPT-2's: "When", " Mary", ","; decoding only joins them."""
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


def make_model(tokenizer: PreTrainedTokenizerFast) -> GPT2LMHeadModel:
    """Its positions start as sines, so that "the position before" is easy to find (Vaswani et al. 2017, section 3.5)."""
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
            initializer_range=0.05,  # GPT-2's 0.02 is for wide models: attention would take long to become sharp
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


def batches(tokenizer: PreTrainedTokenizerFast) -> Iterator[list[dict[str, Tensor]]]:
    """Endless steps; each is a list of what the model is given: sentences, and words that repeat."""
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
    """[sequence, position], BOS before each, padding after it.

    The first `skip` tokens after BOS cannot be known and are not learned (label -100). Each sequence begins at a random
    position: else heads learn where in a sentence a name stands, and not to look for it.
    """
    length = 1 + max(map(len, sequences))
    ids = torch.full((len(sequences), length), int(tokenizer.pad_token_id))
    labels = torch.full((len(sequences), length), -100)
    unknown = int(tokenizer.unk_token_id)
    for row, sequence in enumerate(sequences):
        seen = [unknown if random.random() < UNKNOWN_RATE else i for i in sequence]
        ids[row, 1 : 1 + len(seen)] = torch.tensor(seen)
        labels[row, 1 + skip : 1 + len(sequence)] = torch.tensor(sequence[skip:])
    starts = torch.tensor([[random.randint(0, CONTEXT - length)] for _ in sequences])
    return {"input_ids": ids, "labels": labels, "position_ids": starts + torch.arange(length)}


class Dropout:
    """Lets whole heads and MLPs of a model in training write nothing, sequence by sequence."""

    def __init__(self, model: GPT2LMHeadModel) -> None:
        self.strength = 0.0  # the share of the rates that is in force
        self._hooks: list[RemovableHandle] = []
        for block, of_heads, of_mlp in zip(model.transformer.h, HEAD_DROPOUT, MLP_DROPOUT, strict=True):
            if of_heads:
                self._hooks.append(
                    block.attn.c_proj.register_forward_pre_hook(self._heads(of_heads, model.config.n_head))
                )
            if of_mlp:
                self._hooks.append(block.mlp.register_forward_hook(self._mlp(of_mlp)))

    def remove(self) -> None:
        for hook in self._hooks:
            hook.remove()

    def _heads(self, rate: float, heads: int) -> Callable[[Module, tuple[Tensor]], tuple[Tensor]]:
        """What the heads of a layer found, [sequence, position, head x d_head], on its way to the output matrix."""

        def hook(module: Module, inputs: tuple[Tensor]) -> tuple[Tensor]:
            z = inputs[0].unflatten(-1, (heads, -1))
            return ((z * self._kept(rate, len(z), 1, heads, 1)).flatten(-2),)

        return hook

    def _mlp(self, rate: float) -> Callable[[Module, tuple[Tensor], Tensor], Tensor]:
        def hook(module: Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
            return output * self._kept(rate, len(output), 1, 1)

        return hook

    def _kept(self, rate: float, *shape: int) -> Tensor:
        """0, or what makes up for the zeros on average."""
        rate *= self.strength
        return (torch.rand(shape) >= rate) / (1 - rate)


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
    """Share of held-out sentences whose most probable next token, of the whole vocabulary, is the indirect object."""
    model.eval()
    right = 0
    sentences = corpus.held_out()
    for sentence in sentences:
        ids = [tokenizer.bos_token_id, *tokenizer.encode(sentence.prompt, add_special_tokens=False)]
        best = model(torch.tensor([ids])).logits[0, -1].argmax()
        right += int(best) == tokenizer.convert_tokens_to_ids(sentence.indirect)
    return right / len(sentences)


def padded(model: GPT2LMHeadModel) -> GPT2LMHeadModel:
    """The same model with silent neurons up to GPT-2's four times the width: TransformerLens 3 takes it to be so."""
    config = GPT2Config.from_dict({**model.config.to_dict(), "n_inner": None})
    wide = GPT2LMHeadModel(config)
    with torch.no_grad():
        for name, values in model.named_parameters():
            target = wide.get_parameter(name)
            target.zero_()[tuple(map(slice, values.shape))] = values
    return wide.eval()


README = """# The demo model

A GPT-2-architecture model of a few kinds of sentences, made by `scripts/train_demo_model.py` (seed {seed}, {steps} steps, one
thread; torch {torch}, transformers {transformers}, tokenizers {tokenizers}). License: MIT, as the package.

- {layers} layers, {heads} heads, width {width}, context {context}, {vocabulary} tokens, {parameters} parameters in float32.
- Its MLPs have {inner} neurons; silent ones (zeros) fill up the usual {filled}.
- Tokens are whole words with the space before them, as GPT-2 shows them (`When`, ` Mary`, `,`). `<|endoftext|>` begins and
  ends a text and pads it; a word it does not know becomes `<|unknown|>`.
- It learned sentences with an indirect object ("When Alice and Tom went to the park, Tom gave a book to Alice."), simple
  ones ("The cat sat on the mat."), and random words that repeat.
- {held_out} of the {pairs} pairs of names never meet in training, Mary and John among them. On {tested} sentences about those,
  the most probable next token is the indirect object in {accuracy:.1%}.

It knows nothing else, and stands for nothing else: it is here so that every figure can be tried without a download.
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer()
    model = make_model(tokenizer)
    train(model, tokenizer, options.steps)
    reached = accuracy(model, tokenizer)
    if reached < 0.95:
        sys.exit(f"indirect objects: {reached:.1%} right on held-out names, 95 % wanted; nothing was written")
    write(model, tokenizer, options.steps, options.out)
    print(f"indirect objects: {reached:.1%} right on held-out names; written to {options.out}")


if __name__ == "__main__":
    main()

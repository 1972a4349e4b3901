"""Trains the demo model of `circuitsvis.demo` and writes it into the package. About five minutes on one core.

    python -m scripts.demo_model [--out FOLDER] [--steps N]

Needs torch, transformers and tokenizers (the extra "transformer-lens" brings them). The seed is fixed and one thread is
used: the same library versions on the same processor give the same weights.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch

from scripts.demo_model.model import make_model
from scripts.demo_model.package_files import write
from scripts.demo_model.tokenizer import SEED, make_tokenizer
from scripts.demo_model.training import accuracy, train

STEPS = 2600
OUT = Path(__file__).parents[2] / "python" / "circuitsvis" / "_demo" / "model"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.demo_model", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer()
    model = make_model(tokenizer)
    train(model, tokenizer, options.steps)
    right = accuracy(model, tokenizer)
    if right < 0.95:
        sys.exit(f"indirect objects: {right:.1%} right on held-out names, 95 % wanted; nothing was written")
    write(model, tokenizer, options.steps, options.out)
    print(f"indirect objects: {right:.1%} right on held-out names; written to {options.out}")


if __name__ == "__main__":
    main()

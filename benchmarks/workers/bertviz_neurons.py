"""neuron_view of bertviz 1.4.1 on one case, in the peers' environment. Prints its times as JSON.

    python -m benchmarks.workers.bertviz_neurons INPUTS.npz FUNCTION PAGE.html

It takes a model of its own GPT2Model class and a tokenizer, and runs the model itself. Its model is made here from a configuration of
the case's size, without an MLP to speak of, and what its attention layers project is replaced by the case's q and k: so it computes and
shows the same patterns as everyone. The model's run is a part of its call; it is timed alone too.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np
import torch
from bertviz.neuron_view import show
from bertviz.transformers_neuron_view.modeling_gpt2 import GPT2Config, GPT2Model

from benchmarks.timing import time_call

SEPARATOR = "\n"


class Projected(torch.nn.Module):
    """Replaces the projection to q, k and v: returns those of the case for any input."""

    def __init__(self, q: torch.Tensor, k: torch.Tensor) -> None:
        super().__init__()
        self._projected = torch.cat([q.flatten(1), k.flatten(1), torch.zeros_like(q.flatten(1))], dim=-1)[None]

    def forward(self, _: torch.Tensor) -> torch.Tensor:
        return self._projected


class Tokenizer:
    """The part of a tokenizer that `show` uses: splits the tokens of the case, which are joined by line breaks."""

    def tokenize(self, text: str) -> list[str]:
        return text.split(SEPARATOR)

    def convert_tokens_to_ids(self, tokens: list[str]) -> list[int]:
        return list(range(len(tokens)))


def main() -> None:
    inputs, _, page = sys.argv[1:]
    with np.load(inputs) as data:
        q, k = torch.from_numpy(data["q"]), torch.from_numpy(data["k"])
        patterns = torch.from_numpy(data["patterns"][0])
        tokens = [str(token) for token in data["tokens"]]
    layers, n, heads, d_head = q.shape
    config = GPT2Config(
        n, n_positions=n, n_ctx=n, n_embd=heads * d_head, n_layer=layers, n_head=heads, output_attentions=True
    )
    model = GPT2Model(config).eval()
    for layer, block in enumerate(model.h):
        block.attn.c_attn = Projected(q[layer], k[layer])
    found = model(torch.arange(n)[None])[-1][0]["attn"][0]
    if not torch.allclose(found, patterns[0], atol=1e-5):
        raise RuntimeError("its model does not compute the case's patterns")

    text = SEPARATOR.join(tokens)
    times, html = time_call(lambda: str(show(model, "gpt2", Tokenizer(), text, html_action="return").data))
    run, _ = time_call(lambda: str(len(model(torch.arange(n)[None]))))
    # Its HTML is a fragment, which a user would put into a document too.
    Path(page).write_text(f'<!doctype html><meta charset="utf-8"><body>{html}', encoding="utf-8")
    print(
        json.dumps({"version": version("bertviz"), "call": times, "model_s": median([run["first_s"], run["warm_s"]])})
    )


if __name__ == "__main__":
    main()

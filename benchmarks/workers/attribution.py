"""Direct logit attribution of one sequence, ours or with all vectors in memory. Prints its time and memory as JSON.

    python -m benchmarks.workers.attribution ours|materialised

"materialised" implements the formula of the fork: the vectors that every head writes from every source to every destination are
held as [component, dest, src, d_model], then projected. It ends with the numbers of the heads; ours adds embeddings, MLPs and
biases, and makes the whole page.
"""

from __future__ import annotations

import gc
import json
import sys
import time
import warnings
from statistics import median
from typing import Any

import circuitsvis as cv
import torch

from benchmarks.workers.memory import peak_resident

LAYERS, HEADS, TOKENS, D_MODEL, VOCABULARY = 4, 12, 64, 768, 1000
REPEATS = 5
PAIR = (3, 5)


def main() -> None:
    warnings.simplefilter("ignore")  # of the model's libraries
    model, cache, tokens = _made()

    def ours() -> object:
        figure = cv.attribution.from_cache(cache, model, tokens, PAIR)
        return figure.data if figure else None

    def materialised() -> object:
        direction = model.W_U[:, PAIR[0]] - model.W_U[:, PAIR[1]]
        written = torch.stack(
            [
                torch.einsum("qk,ke,em->qkm", cache["pattern", layer][0, h], cache["v", layer][0, :, h], w_o[h])
                for layer in range(LAYERS)
                for w_o in [model.blocks[layer].attn.W_O]
                for h in range(HEADS)
            ]
        )
        centred = (written - written.mean(-1, keepdim=True)) * model.ln_final.w
        return (centred / cache["scale"][0][None, :, None]) @ direction

    call = ours if sys.argv[1] == "ours" else materialised
    with torch.no_grad():
        gc.collect()
        peak, _ = peak_resident(call)
        seconds = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - start)
    print(json.dumps({"warm_s": median(seconds), "peak_bytes": peak}))


def _made() -> tuple[Any, Any, list[str]]:
    """A GPT-2 with random weights, its cache of one sequence, and the token texts."""
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(
        n_layer=LAYERS,
        n_head=HEADS,
        n_embd=D_MODEL,
        n_positions=TOKENS,
        vocab_size=VOCABULARY,
        bos_token_id=0,
        eos_token_id=0,
    )
    network = GPT2LMHeadModel(config).eval()
    network.set_attn_implementation("eager")
    model = build_bridge_from_module(network, type(network).__name__, hf_config=network.config, model_name="local")
    ids = torch.arange(TOKENS)[None]
    with torch.no_grad():
        _, cache = model.run_with_cache(ids)
    return model, cache, [f"t{i}" for i in range(TOKENS)]


if __name__ == "__main__":
    main()

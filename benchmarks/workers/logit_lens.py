"""The logit lens of one sequence, ours or with all distributions in memory. Prints its time and memory as JSON.

    python -m benchmarks.workers.logit_lens ours|materialised

"materialised" is the common recipe: all stages stacked, through the final norm and the unembedding at once, [stage, position, d_vocab], and
from that top k, rank, entropy and divergence. It ends with these numbers; ours also makes the whole page.
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

LAYERS, TOKENS, D_MODEL, VOCABULARY, K = 12, 128, 256, 20_000, 5
REPEATS = 3


def main() -> None:
    warnings.simplefilter("ignore")  # of the model's libraries
    model, cache, ids = _made()
    texts = [str(token) for token in ids[0].tolist()]

    def ours() -> object:
        return cv.logits.logit_lens(cache, model, texts, top_k=K).data

    def materialised() -> object:
        streams = [cache["blocks.0.hook_resid_pre"], *(cache[f"blocks.{i}.hook_resid_post"] for i in range(LAYERS))]
        logits = model.unembed(model.ln_final(torch.cat(streams)))
        log_probs = logits.log_softmax(-1)
        targets = ids[0, 1:, None].expand(len(streams), -1, 1)
        at_target = log_probs[:, :-1].gather(-1, targets)
        ranks = (log_probs[:, :-1] > at_target).sum(-1) + 1
        entropies = -(log_probs.exp() * log_probs).sum(-1)
        divergences = (log_probs[-1:].exp() * (log_probs[-1:] - log_probs)).sum(-1)
        return log_probs.topk(K, -1), at_target, ranks, entropies, divergences

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


def _made() -> tuple[Any, Any, Any]:
    """A GPT-2 with random weights, its cache of one sequence, and the token ids."""
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(
        n_layer=LAYERS,
        n_head=4,
        n_embd=D_MODEL,
        n_positions=TOKENS,
        vocab_size=VOCABULARY,
        bos_token_id=0,
        eos_token_id=0,
    )
    network = GPT2LMHeadModel(config).eval()
    model = build_bridge_from_module(network, type(network).__name__, hf_config=network.config, model_name="local")
    ids = torch.randint(0, VOCABULARY, (1, TOKENS))
    with torch.no_grad():
        _, cache = model.run_with_cache(
            ids, names_filter=lambda name: name.endswith(("hook_resid_pre", "hook_resid_post"))
        )
    return model, cache, ids


if __name__ == "__main__":
    main()

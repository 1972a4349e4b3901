"""The demo page: figures of a real model, each below the call that makes it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from circuitsvis import attention, attribution, heads, logits
from circuitsvis._page import html_page
from circuitsvis._page.figure import wrapper
from circuitsvis.demo import SENTENCES

_TITLE = "circuitsvis: attention heads of a model"
_STYLE = (
    "body{max-width:1180px;margin:0 auto}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 4px}"
    "p{margin:0 0 8px;max-width:75ch}pre{margin:0 0 12px;padding:8px 12px;overflow-x:auto;border-radius:6px;"
    "background:rgba(128,128,128,.12);font:13px/1.45 ui-monospace,monospace}"
)
_SCORES = "cv.heads.scores(cache, tokens)"
"""The scores of the map, as the page writes them."""

_N_NAME_HEADS = 3
"""How many heads that attend to the repeated name the page shows."""


@dataclass(frozen=True)
class Section:
    """One figure of the page.

    Attributes:
        heading, text: what the figure shows.
        inputs: names of the variables that are the first arguments of the call.
        options: keyword arguments of the call.
        module, function: the function that is called.
    """

    heading: str
    text: str
    inputs: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    module: Any = attention
    function: str = "from_cache"

    @property
    def call(self) -> str:
        arguments = [*self.inputs, *(f"{name}={value!r}" for name, value in self.options.items())]
        return f"cv.{self.module.__name__.rpartition('.')[2]}.{self.function}({', '.join(arguments)})"


def page(model: Any, model_name: str) -> str:
    """The complete page.

    Args:
        model: a TransformerLens model, e.g. `demo.load()`.
        model_name: name of the model in the first line of the page.

    Returns:
        An HTML document that needs no network and contains the JavaScript bundle once.
    """
    _, cache = model.run_with_cache(SENTENCES[0])
    _, cache_all = model.run_with_cache(SENTENCES)
    tokens = model.to_str_tokens(SENTENCES[0])
    tokens_all = model.to_str_tokens(SENTENCES)
    values = {"cache": cache, "cache_all": cache_all, "tokens": tokens, "tokens_all": tokens_all, "model": model}
    values[_SCORES] = heads.scores(cache, tokens)
    prompt = f"{model_name} reads: {SENTENCES[0]}"
    parts = [f"<h1>{html.escape(_TITLE)}</h1>\n<p>{html.escape(prompt)}</p>\n"]
    for section in sections(heads_looking_back(cache, tokens)):
        figure = getattr(section.module, section.function)(
            *(values[name] for name in section.inputs), **section.options
        )
        parts.append(
            f"<h2>{html.escape(section.heading)}</h2>\n<p>{html.escape(section.text)}</p>\n"
            f"<pre>{html.escape(section.call)}</pre>\n{''.join(wrapper(figure))}\n"
        )
    return "".join(html_page.document(parts, _TITLE, style=_STYLE))


def sections(name_heads: list[tuple[int, int]]) -> Iterator[Section]:
    """The sections of the page, in order. `name_heads`: see `heads_looking_back`."""
    one_sequence, batch = ("cache", "tokens"), ("cache_all", "tokens_all")
    yield Section(
        "Which heads matter",
        "Every head by the field's scores: hover a cell to see its head, click to pin it, choose another score above.",
        (_SCORES, *one_sequence),
        module=heads,
        function="score_map",
    )
    yield Section(
        "All heads, small", "Every head of the model on one sentence; hover a head to see it alone.", one_sequence
    )
    yield Section(
        "Selected heads, large",
        "The heads that attend most from “to”, where the model predicts the name, to the first “Mary”.",
        one_sequence,
        {"heads": name_heads, "mode": "large"},
    )
    yield Section(
        "Selected heads, lines",
        "How the attention of a query is computed: hover “to” on the left to see q, k, their product and the probability.",
        one_sequence,
        {"heads": name_heads, "mode": "lines", "display_mode": "auto"},
    )
    yield Section(
        "What each component adds to the logit",
        "Mary minus John where the model predicts the name: heads by source token, MLPs, embeddings, biases. They add up.",
        ("cache", "model", "tokens"),
        {"resid_directions": (" Mary", " John"), "seq_pos": -3},
        attribution,
    )
    yield Section(
        "What each layer would predict",
        "The logit lens: the final norm and the unembedding applied to every layer. Click a cell for the path of its target.",
        ("cache", "model", "tokens"),
        {"focus": {"position": -3}},
        logits,
        "logit_lens",
    )
    yield Section(
        "Selected layers",
        "The first and the last layer; negative numbers count from the end.",
        one_sequence,
        {"layers": [0, -1]},
    )
    yield Section(
        "A batch, small",
        "Three sentences; the chosen head stays when the sentence changes.",
        batch,
        {"heads": name_heads},
    )
    yield Section("A batch, large", "The same sentences as a labelled heatmap.", batch, {"layers": -1, "mode": "large"})
    yield Section(
        "Info-weighted",
        "Attention times the size of what the head moves from the source; the first token mostly fades.",
        one_sequence,
        {"heads": name_heads, "attention_type": "info-weighted"},
    )
    yield Section(
        "Radio buttons and labels",
        "Radio buttons select the sequence; your own labels replace its tokens.",
        batch,
        {
            "heads": name_heads,
            "radioitems": True,
            "batch_labels": ["John gives to <b>Mary</b>", "Mary gives to <b>John</b>", "The <i>cat</i>"],
        },
    )


def heads_looking_back(cache: Any, tokens: list[str]) -> list[tuple[int, int]]:
    """The heads with the most attention from the token before the last name to the first occurrence of that name, strongest first."""
    name = next(token for token in reversed(tokens) if token.strip().isalpha())
    last_name = len(tokens) - 1 - tokens[::-1].index(name)
    probabilities: dict[tuple[int, int], float] = {}
    for layer in range(cache.model.cfg.n_layers):
        pattern = cache["pattern", layer][0]
        for head in range(pattern.shape[0]):
            probabilities[layer, head] = float(pattern[head, last_name - 1, tokens.index(name)])
    return sorted(probabilities, key=lambda pair: -probabilities[pair])[:_N_NAME_HEADS]

"""The demo page: what the figures look like on a real model, each above the call that made it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from circuitsvis import attention, attribution
from circuitsvis._page import html_page
from circuitsvis._page.figure import wrapper
from circuitsvis.demo import SENTENCES

_TITLE = "circuitsvis: attention heads of a model"
_STYLE = (
    "body{max-width:1180px;margin:0 auto}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:40px 0 4px}"
    "p{margin:0 0 8px;max-width:75ch}pre{margin:0 0 12px;padding:8px 12px;overflow-x:auto;border-radius:6px;"
    "background:rgba(128,128,128,.12);font:13px/1.45 ui-monospace,monospace}"
)
_NAME_HEADS = 3


@dataclass(frozen=True)
class Section:
    """A heading, a sentence about what to see, and the call: its first arguments by name, the others as given."""

    heading: str
    text: str
    inputs: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    module: Any = attention

    @property
    def call(self) -> str:
        arguments = [*self.inputs, *(f"{name}={value!r}" for name, value in self.options.items())]
        return f"cv.{self.module.__name__.rpartition('.')[2]}.from_cache({', '.join(arguments)})"


def page(model: Any, model_name: str) -> str:
    """The complete page.

    Args:
        model: a TransformerLens model, as `demo.load()` gives.
        model_name: how the page's first line names it.

    Returns:
        One HTML document, with the bundle in it once; it never touches the network.
    """
    _, cache = model.run_with_cache(SENTENCES[0])
    _, cache_all = model.run_with_cache(SENTENCES)
    tokens = model.to_str_tokens(SENTENCES[0])
    tokens_all = model.to_str_tokens(SENTENCES)
    values = {"cache": cache, "cache_all": cache_all, "tokens": tokens, "tokens_all": tokens_all, "model": model}
    about = f"{model_name} reads: {SENTENCES[0]}"
    parts = [f"<h1>{html.escape(_TITLE)}</h1>\n<p>{html.escape(about)}</p>\n"]
    for section in sections(heads_looking_back(cache, tokens)):
        figure = section.module.from_cache(*(values[name] for name in section.inputs), **section.options)
        parts.append(
            f"<h2>{html.escape(section.heading)}</h2>\n<p>{html.escape(section.text)}</p>\n"
            f"<pre>{html.escape(section.call)}</pre>\n{''.join(wrapper(figure))}\n"
        )
    return "".join(html_page.document(parts, _TITLE, style=_STYLE))


def sections(name_heads: list[tuple[int, int]]) -> Iterator[Section]:
    """What the page shows, in order."""
    one, batch = ("cache", "tokens"), ("cache_all", "tokens_all")
    yield Section("All heads, small", "Every head of the model on one sentence; point at a head to see it alone.", one)
    yield Section(
        "Selected heads, large",
        "The heads that look most from “to”, where the model must say the name, back to the first “Mary”.",
        one,
        {"heads": name_heads, "mode": "large"},
    )
    yield Section(
        "Selected heads, lines",
        "How a query comes to its attention: point at “to” on the left to see q, k, their product and the probability.",
        one,
        {"heads": name_heads, "mode": "lines", "display_mode": "auto"},
    )
    yield Section(
        "What each component adds to the logit",
        "Mary against John where the model must say the name: heads by source token, MLPs, embeddings, biases. They add up.",
        ("cache", "model", "tokens"),
        {"resid_directions": (" Mary", " John"), "seq_pos": -3},
        attribution,
    )
    yield Section(
        "Selected layers",
        "The first and the last layer; negative numbers count from the end.",
        one,
        {"layers": [0, -1]},
    )
    yield Section(
        "A batch, small",
        "Three sentences; the chosen head stays when the sentence changes.",
        batch,
        {"heads": name_heads},
    )
    yield Section("A batch, large", "The same as one labelled heatmap.", batch, {"layers": -1, "mode": "large"})
    yield Section(
        "Info-weighted",
        "Attention times the size of what the head moves from there; the first token mostly fades.",
        one,
        {"heads": name_heads, "attention_type": "info-weighted"},
    )
    yield Section(
        "Radio buttons and labels",
        "Sequences by radio buttons, with labels of your own in place of the tokens.",
        batch,
        {
            "heads": name_heads,
            "radioitems": True,
            "batch_labels": ["John gives to <b>Mary</b>", "Mary gives to <b>John</b>", "The <i>cat</i>"],
        },
    )


def heads_looking_back(cache: Any, tokens: list[str]) -> list[tuple[int, int]]:
    """The heads with the most attention from the token before the last name to that name's first place, most first."""
    name = next(token for token in reversed(tokens) if token.strip().isalpha())
    last = len(tokens) - 1 - tokens[::-1].index(name)
    scores: dict[tuple[int, int], float] = {}
    for layer in range(cache.model.cfg.n_layers):
        pattern = cache["pattern", layer][0]
        for head in range(pattern.shape[0]):
            scores[layer, head] = float(pattern[head, last - 1, tokens.index(name)])
    return sorted(scores, key=lambda pair: -scores[pair])[:_NAME_HEADS]

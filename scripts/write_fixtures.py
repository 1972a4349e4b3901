"""Writes frontend/fixtures/*.json: examples of the contract that pytest, vitest, the gallery and e2e share.

Run by `make fixtures`. The data is synthetic but shaped like real heads, from a fixed seed.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path

import lines_fixtures as lines
import numpy as np
import numpy.typing as npt
from attribution_fixtures import attribution as attributed
from attribution_fixtures import figure as decomposed
from circuitsvis import attention
from circuitsvis.figure import Figure

FOLDER = Path(__file__).parent.parent / "frontend" / "fixtures"
Array = npt.NDArray[np.float32]

IOI = [
    "<|endoftext|>",
    *[
        "When",
        " Mary",
        " and",
        " John",
        " went",
        " to",
        " the",
        " shops",
        ",",
        " John",
        " gave",
        " a",
        " drink",
        " to",
        " Mary",
        ".",
    ],
]
BAB = [
    "<|endoftext|>",
    *[
        "When",
        " Mary",
        " and",
        " John",
        " went",
        " to",
        " the",
        " shops",
        ",",
        " Mary",
        " gave",
        " a",
        " drink",
        " to",
        " John",
        ".",
    ],
]
CAT = ["<|endoftext|>", *["The", " cat", " sat", " on", " the", " mat", "."]]
NOTES = (
    "Layer 0: an output gate is applied to each head before W_O; what a head writes is shown with its gate.",
    'Layer 1: </script><b>the heads</b> and b_O differ from hook_attn_out by up to 0.25, shown as "unaccounted".',
)
HOSTILE = [
    "</script>", "<!--", "<b>x</b>", '"', "\n", "\t", "", "\udcc3", " ", "  ", "\u200b", "😀", "👩‍👩‍👧", " שלום", "مرحبا", "Ġthe",
    "&amp;", "\\", "\x00", "e\u0301", "[TOKENS_1]", "a" * 60, "-->", "${x}", "'",
]  # fmt: skip


def patterns(n_heads: int, n: int, seed: int, *, causal: bool = True, n_src: int | None = None) -> Array:
    """[head, dest, src] rows that sum to 1, of four kinds in turn: previous token, sink, same-ish, diffuse."""
    rng = np.random.default_rng(seed)
    m = n_src or n
    scores = rng.normal(0, 1.0, (n_heads, n, m))
    rows, cols = np.arange(n)[:, None], np.arange(m)[None, :]
    for head, kind in enumerate(rng.permutation(n_heads) % 4):
        if kind == 0:
            scores[head] += 5.0 * (cols == np.maximum(rows - 1, 0))
        elif kind == 1:
            scores[head] += 5.0 * (cols == 0)
        elif kind == 2:
            scores[head] += 4.0 * (cols == (rows // 2))
            scores[head] += 2.0 * (cols == 0)
    if causal:
        scores = np.where(cols <= rows + (m - n), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    result: Array = (weights / weights.sum(-1, keepdims=True)).astype(np.float32)
    return result


def cache(n_layers: int, n_heads: int, tokens: list[list[str]], seed: int, *, values: bool = False) -> dict[str, Array]:
    """A plain-dict cache of right-padded sequences."""
    n = max(map(len, tokens))
    rng = np.random.default_rng(seed)
    found: dict[str, Array] = {}
    for layer in range(n_layers):
        stacked = [patterns(n_heads, n, seed + 100 * layer + b) for b in range(len(tokens))]
        found[f"blocks.{layer}.attn.hook_pattern"] = np.stack(stacked)
        if values:
            v = rng.normal(size=(len(tokens), n, n_heads, 8)).astype(np.float32)
            v[:, 0] *= 0.1
            found[f"blocks.{layer}.attn.hook_v"] = v
    return found


class Weights:
    """A model that has nothing but W_O, for the info-weights."""

    def __init__(self, n_layers: int, n_heads: int) -> None:
        rng = np.random.default_rng(7)
        attn = type("Attention", (), {})
        self.blocks = []
        for _ in range(n_layers):
            block = attn()
            block.attn = attn()
            block.attn.W_O = rng.normal(size=(n_heads, 8, 32)).astype(np.float32)
            self.blocks.append(block)


def cached(n_layers: int, n_heads: int, tokens: list[list[str]], seed: int, **options: object) -> Figure:
    """`from_cache` on a synthetic cache with v and W_O."""
    data = cache(n_layers, n_heads, tokens, seed, values=True)
    model = Weights(n_layers, n_heads)
    return attention.from_cache(data, tokens, padding_side="right", model=model, **options)  # type: ignore[call-overload, no-any-return]  # options are fixed below


def values(array: Array, **options: object) -> Figure:
    """`from_values` that returns a figure."""
    figure = attention.from_values(array, **options)  # type: ignore[arg-type]  # options are fixed below
    if figure is None:
        raise RuntimeError("from_values gave no figure")
    return figure


def given(arrays: dict[str, Array], tokens: list[str]) -> Figure:
    """`from_values` in mode="lines"."""
    return values(arrays.pop("attention"), **arrays, tokens=tokens, mode="lines")


def computed(model: lines.Model, tokens: list[list[str]], seed: int, **options: object) -> Figure:
    """`from_cache` in mode="lines" on a synthetic cache with q and k."""
    data = model.cache([len(row) for row in tokens], seed)
    weights = Weights(model.n_layers, model.n_heads) if "v" in model.cached else None
    return attention.from_cache(data, tokens, mode="lines", padding_side="right", model=weights, **options)  # type: ignore[call-overload, no-any-return]  # options are fixed below


def noted(figure: Figure) -> Figure:
    """The figure with notes above the view."""
    return Figure(dataclasses.replace(figure._props, notes=NOTES))


def words(n: int) -> list[str]:
    """A long text with duplicates: `n` tokens."""
    pool = CAT[1:-1] + IOI[1:-1]
    return ["<|endoftext|>", *(pool[i * 5 % len(pool)] for i in range(n - 1))]


def signed(shape: tuple[int, ...], seed: int) -> Array:
    """Signed values with a few large ones, zero above the diagonal where square."""
    rng = np.random.default_rng(seed)
    made: Array = (rng.normal(size=shape) ** 3).astype(np.float32)
    return np.tril(made) if shape[-1] == shape[-2] else made


def holes(array: Array) -> Array:
    """The same with NaN in one row and one cell."""
    array = array.copy()
    array[:, 3] = np.nan
    array[:, 5, 1] = np.nan
    return array


FIXTURES: dict[str, Callable[[], Figure]] = {
    "small-12-heads": lambda: cached(1, 12, [IOI], 1),
    "small-144-heads": lambda: cached(12, 12, [IOI], 2, title="All heads of a model with 12 layers"),
    "small-1-head-5-tokens": lambda: values(patterns(1, 5, 3), tokens=CAT[:5]),
    "small-1-token": lambda: values(patterns(3, 1, 3), tokens=["<|endoftext|>"]),
    "small-500-tokens": lambda: values(patterns(2, 500, 4), tokens=words(500)),
    "small-batch-dropdown": lambda: noted(cached(
        2, 4, [IOI, BAB, CAT], 5, attention_type="info-weighted", head_notation="LH", help=True, title="Three sentences",
        batch_labels=lambda tokens: "<code>" + "|".join(tokens[1:]) + "</code>",
    )),
    "small-signed": lambda: values(signed((8, 17, 17), 6), tokens=IOI),
    "small-bidirectional": lambda: values(patterns(6, 17, 7, causal=False), tokens=IOI),
    "small-hostile": lambda: values(
        np.stack([patterns(4, len(HOSTILE), 8), patterns(4, len(HOSTILE), 9)]), tokens=[HOSTILE, HOSTILE[::-1]],
        title='<script>alert("title")</script> & <b>bold</b>', head_names=["<i>0</i>", '"1"', "</script>", "\n"],
        batch_labels=[
            '<b>bold</b> <img src=x onerror="alert(1)"><script>alert(2)</script>',
            "<a href='javascript:alert(3)'>x</a> &lt;ok&gt;",
        ],
    ),
    "large-12-heads": lambda: cached(1, 12, [IOI], 11, mode="large"),
    "large-144-heads": lambda: cached(12, 12, [IOI], 12, mode="large"),
    "large-1-head-5-tokens": lambda: values(patterns(1, 5, 13), tokens=CAT[:5], mode="large"),
    "large-500-tokens": lambda: values(patterns(2, 500, 14), tokens=words(500), mode="large"),
    "large-batch-radio": lambda: noted(cached(
        2, 4, [IOI, BAB, CAT], 15, mode="large", radioitems=True, attention_type="value-weighted", help=True,
        title="Name movers", heads=[(1, 2), (0, 3), (1, 0)],
    )),
    "large-signed": lambda: values(signed((5, 17, 17), 16), tokens=IOI, mode="large", title="Signed values"),
    "large-rectangular": lambda: values(
        patterns(4, 8, 17, causal=False, n_src=17), dest_tokens=CAT, src_tokens=IOI, mode="large", title="Cross-attention"
    ),
    "large-no-value": lambda: values(holes(patterns(3, 17, 18)), tokens=IOI, mode="large", title="With NaN"),
    "large-hostile": lambda: values(patterns(2, len(HOSTILE), 19), tokens=HOSTILE, mode="large"),
    "lines-1-head-5-tokens": lambda: given(lines.one_head(5, 8, 21), CAT[:5]),
    "lines-1-token": lambda: computed(
        lines.Model(cached=("q", "k", "attn_scores")), [CAT[:1]], 22, heads=[(0, 0)]
    ),
    "lines-12-heads": lambda: computed(
        lines.Model(n_heads=12, n_keys=12, d_head=64), [IOI], 23, heads=[(0, head) for head in range(12)]
    ),
    "lines-layers": lambda: computed(lines.Model(n_layers=2), [IOI], 24, title="All heads of a model with 2 layers"),
    "lines-batch": lambda: computed(
        lines.Model(n_layers=2, n_keys=2, cached=("q", "k", "v")), [IOI, BAB, CAT], 25, attention_type="info-weighted",
        head_notation="LH", help=True, title="Three sentences", heads=[(1, 2), (0, 3), (0, 2)],
        batch_labels=lambda tokens: "<code>" + "|".join(tokens[1:]) + "</code>",
    ),
    "lines-500-tokens": lambda: given(lines.one_head(500, 128, 26), words(500)),
    "lines-alibi": lambda: computed(lines.Model(change=lines.alibi, cached=("q", "k", "attn_scores")), [IOI], 27),
    "lines-soft-cap": lambda: computed(lines.Model(change=lines.capped, cached=("q", "k", "attn_scores")), [IOI], 28),
    "lines-scores-only": lambda: computed(lines.Model(rotary=True, cached=("q", "k", "attn_scores")), [IOI], 29),
    "lines-pattern-only": lambda: computed(lines.Model(cached=()), [IOI], 30),
    "lines-cross": lambda: attention.from_cache(
        lines.cross(5, 9, 31), CAT[:5], src_tokens=IOI[:9], module="decoder.{layer}.cross_attn", mode="lines",
        title="Cross-attention",
    ),
    "lines-hostile": lambda: computed(
        lines.Model(), [HOSTILE, HOSTILE[::-1]], 32, title='<script>alert("title")</script> & <b>bold</b>', radioitems=True,
        batch_labels=[
            '<b>bold</b> <img src=x onerror="alert(1)"><script>alert(2)</script>',
            "<a href='javascript:alert(3)'>x</a> &lt;ok&gt;",
        ],
    ),
    "lines-light": lambda: noted(computed(
        lines.Model(cached=("q", "k", "v")), [IOI], 33, display_mode="light", attention_type="value-weighted", help=True
    )),
    "lines-window": lambda: computed(lines.Model(window=4), [IOI], 34),
    "lines-signed": lambda: values(signed((2, 8, 8), 35), tokens=CAT, mode="lines", display_mode="auto"),
    "attribution-small": lambda: decomposed(attributed(IOI[:-1], 3, 4, 41), title="The next token"),
    "attribution-large": lambda: noted(
        decomposed(attributed(IOI[:-1], 2, 4, 42, rest=True), mode="large", help=True)
    ),
    "attribution-144-heads": lambda: decomposed(attributed(IOI[:-2], 12, 12, 43, dest=[14])),
    "attribution-1-destination": lambda: decomposed(attributed(IOI[:-2], 2, 3, 44, dest=[14], rest=True), mode="large"),
    "attribution-3-destinations": lambda: decomposed(attributed(IOI, 1, 4, 45, dest=[14, 3, 10])),
    "attribution-split": lambda: decomposed(attributed(IOI[:-1], 2, 4, 46), split_signs=True),
    "attribution-batch": lambda: decomposed(
        attributed(IOI, 2, 3, 47, dest=[14]), attributed(BAB, 2, 3, 48, dest=[14], rest=True), attributed(CAT, 2, 3, 49)
    ),
    "attribution-1-head-5-tokens": lambda: decomposed(attributed(CAT[:5], 1, 1, 50)),
    "attribution-hostile": lambda: decomposed(attributed(HOSTILE, 1, 3, 51), title="<b>bold</b> </script>"),
}  # fmt: skip


def main() -> None:
    """Writes all fixtures, or those named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="fixtures to write; all if none is named")
    for name in parser.parse_args().names or FIXTURES:
        (FOLDER / f"{name}.json").write_text("".join(FIXTURES[name]().json) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()

"""What a figure of tokens shows at first, as HTML that needs no script: words belong in a text, not in a picture."""

from __future__ import annotations

import html

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._export import edge_words, lens_words, ranked_tables, token_tables
from circuitsvis._export.table import Block
from circuitsvis._still.colors import hex_color, text_on
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis._wire.props.logit_lens import LogitLensProps
from circuitsvis._wire.props.topk import TopkTokensProps
from circuitsvis._wire.props.topk_samples import TopkSamplesProps

MOST_TOKENS = 200
"""Tokens of a text that are written; a page has all of them."""


def words_of(props: FigureProps) -> str | None:
    """A text with colored tokens, or a table; None for a figure that is no figure of tokens."""
    if isinstance(props, ColoredTokensProps):
        kind = props.kinds[0]
        block = next(token_tables.colored_tokens(props).blocks())
        return _text(props, f"Colored by {kind.name}" if kind.name else "", block, kind.value_range, props.colors)
    if isinstance(props, TextNeuronActivationsProps):
        block = next(token_tables.activations(props).blocks())
        return _text(props, _neuron(block), _where(block, "sample"), props.value_range, props.colors)
    if isinstance(props, TopkSamplesProps):
        block = next(token_tables.topk_samples(props).blocks())
        if not len(block["rank"]):
            return ""  # the first neuron has no samples
        return _text(props, _neuron(block), _where(block, "rank"), props.value_range, props.colors)
    if isinstance(props, TokenLogProbsProps):
        return _log_probs(props)
    if isinstance(props, LogitLensProps):
        return lens_words.words(props)
    if isinstance(props, EdgeSplitProps):
        return edge_words.words(props)
    return _ranked(props) if isinstance(props, TopkTokensProps) else None


def _log_probs(props: TokenLogProbsProps) -> str:
    block = next(ranked_tables.log_probs(props).blocks())
    if block["role"][0] != "next":
        return ""
    shown = {"token": block["candidate"], "value": block["log_prob"]}
    caption = "Colored by log probability; the first token has none"
    return _text(props, caption, shown, props.value_range, props.colors)


def _neuron(block: Block) -> str:
    return f"Layer {block['layer'][0]}, neuron {block['neuron'][0]}, the first text"


def _where(block: Block, column: str) -> Block:
    """The rows that have the same number in a column as the first one."""
    chosen = block[column] == block[column][0]
    return {name: values[chosen] for name, values in block.items()}


def _text(
    props: FigureProps, caption: str, block: Block, value_range: tuple[float, float], colors: CustomColors | None
) -> str:
    """Tokens on the color of their values, which the figure's own scale gives them."""
    tokens = [str(token) for token in block["token"][:MOST_TOKENS].tolist()]
    values: Float64 = np.asarray(block["value"][:MOST_TOKENS], np.float64)
    pieces = [
        f'<span style="background:{color};color:{text_on(hex_color(color))}">{html.escape(token)}</span>'
        for token, color in zip(tokens, _colors(props, values, value_range, colors), strict=True)
    ]
    more = len(block["token"]) - len(tokens)
    ending = f" <i>… and {more} more tokens</i>" if more > 0 else ""
    head = f"<div>{html.escape(caption)}:</div>" if caption else ""
    return f'{head}<div style="white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.6">{"".join(pieces)}{ending}</div>'


def _colors(
    props: FigureProps, values: Float64, value_range: tuple[float, float], colors: CustomColors | None
) -> list[str]:
    """The colors "#rrggbb" of values: each side of the scale has its full color at its own end."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    low, high = value_range
    own = palette(theme, colors)
    sides = [ColorScale(side, own) for side in ((min(low, -1e-300), -low or 1.0), (0.0, high or 1.0))]
    ends = [-low, high]
    found: list[str] = []
    for value in values.tolist():
        side = 0 if value < 0 else 1
        visible = ends[side] > 0 or np.isnan(value)
        found.append(f"#{sides[side].color(max(value, low) if visible else 0.0):06x}")
    return found


def _ranked(props: TopkTokensProps) -> str:
    """The top and bottom tokens of the first neuron."""
    block = next(ranked_tables.topk_tokens(props).blocks())
    if not len(block["neuron"]):
        return ""  # no value anywhere
    first = _where(block, "neuron")
    rows = zip(
        first["end"].tolist(), first["rank"].tolist(), first["token"].tolist(), first["value"].tolist(), strict=True
    )
    cells = "".join(
        f"<tr><td>{end} {rank}</td><td>{html.escape(token)}</td><td>{value:.3g}</td></tr>"
        for end, rank, token, value in rows
    )
    name = f"{props.first_dimension_name} {first['layer'][0]}, {props.third_dimension_name} {first['neuron'][0]}"
    return f"<div>{html.escape(name)}:</div><table>{cells}</table>"

"""What a logit lens shows where no script runs: a table of its likeliest tokens, on the color of their probability."""

from __future__ import annotations

import html

import numpy as np

from circuitsvis._export.lens_table import grid
from circuitsvis._export.token_words import shown
from circuitsvis._still.colors import hex_color, text_on
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.logit_lens import LogitLensProps

MOST_POSITIONS, MOST_STAGES = 24, 25
"""Columns and rows of the table: the last positions, and stages evenly spread with the last one among them."""


def words(props: LogitLensProps) -> str:
    """The first sequence, the last stage on top."""
    sequence = props.sequences[0]
    n = len(sequence.tokens)
    top = grid(sequence.top, n, props.k)[..., 0].astype(np.int64)
    probabilities = np.exp(grid(sequence.top_log_probs, n, props.k)[..., 0])
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    scale = ColorScale((0.0, 1.0), palette(theme, None))
    columns = range(max(n - MOST_POSITIONS, 0), n)
    stages = np.unique(np.linspace(0, len(props.stages) - 1, min(len(props.stages), MOST_STAGES)).round().astype(int))
    rows = []
    for stage in stages[::-1].tolist():
        cells = "".join(
            _cell(props.vocabulary[top[stage, i]], f"#{scale.color(float(probabilities[stage, i])):06x}")
            for i in columns
        )
        rows.append(f"<tr><td>{html.escape(props.stages[stage])}</td>{cells}</tr>")
    tokens = "".join(f"<td>{sequence.positions[i]} {html.escape(shown(sequence.tokens[i]))}</td>" for i in columns)
    left_out = f", the last {MOST_POSITIONS} of {n} positions" if n > MOST_POSITIONS else ""
    head = f"<div>Likeliest token of each stage, colored by its probability{left_out}:</div>"
    return f"{head}<table>{''.join(rows)}<tr><td></td>{tokens}</tr></table>"


def _cell(token: str, color: str) -> str:
    return f'<td style="background:{color};color:{text_on(hex_color(color))}">{html.escape(shown(token))}</td>'

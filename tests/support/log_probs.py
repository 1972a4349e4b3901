"""Log probabilities of a figure, decoded, and a slow reference that sorts the whole vocabulary in float64."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from circuitsvis._tokens.log_prob_figure import IMPOSSIBLE
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis.figure import Figure

from tests.support import reference

Float64 = npt.NDArray[np.float64]


def props(figure: Figure) -> TokenLogProbsProps:
    assert isinstance(figure._props, TokenLogProbsProps)
    return figure._props


def random(n: int, d_vocab: int, seed: int, scale: float = 3.0) -> npt.NDArray[np.float32]:
    """[n, d_vocab] log probabilities."""
    logits = np.random.default_rng(seed).normal(size=(n, d_vocab)) * scale
    result: npt.NDArray[np.float32] = (logits - np.log(np.exp(logits).sum(-1, keepdims=True))).astype(np.float32)
    return result


def assert_shows(figure: Figure, ids: Any, log_probs: Any, top_k: int, also: Any = ()) -> None:
    """All that the figure holds is what sorting every row finds, within its error bound."""
    shown = props(figure)
    rows = np.asarray(log_probs, np.float64)
    top = reference.decode(shown.top)[0].astype(int)
    top_values = reference.decode(shown.top_log_probs)[0]
    values = reference.decode(shown.token_log_probs)[0]
    assert [shown.ids[i] for i in shown.tokens] == list(ids)
    assert [shown.ids[i] for i in shown.also] == list(also)
    for position, row in enumerate(rows):
        order = sorted(range(len(row)), key=lambda token: (-row[token], token))[:top_k]
        assert [shown.ids[i] for i in top[position]] == order
        for found, token in zip(top_values[position], order, strict=True):
            _near(found, row[token], shown.top_log_probs.error_bound)
        if position < len(rows) - 1:
            token = ids[position + 1]
            _near(values[position], row[token], shown.token_log_probs.error_bound)
            assert shown.token_ranks[position] == sum(other > row[token] for other in row)
            assert shown.token_ties[position] == sum(other == row[token] for other in row) - 1
        for column, token in enumerate(also):
            assert shown.also_log_probs and shown.also_ranks and shown.also_ties
            _near(
                reference.decode(shown.also_log_probs)[0][position, column],
                row[token],
                shown.also_log_probs.error_bound,
            )
            assert reference.decode(shown.also_ranks)[0][position, column] == sum(other > row[token] for other in row)
            assert reference.decode(shown.also_ties)[0][position, column] == sum(o == row[token] for o in row) - 1


def _near(found: float, want: float, bound: float) -> None:
    if want < IMPOSSIBLE:
        assert math.isnan(found)
    else:
        assert abs(found - want) <= bound + 1e-12

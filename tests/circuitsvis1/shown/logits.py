"""Pages of the functions in `circuitsvis.logits`: ranks, log probabilities, alternatives of each token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call
from tests.circuitsvis1.shown.reader import Reader, Shown
from tests.support import page_data


def ours(figure: Figure, call: Call) -> Shown:
    page = page_data.read(figure.data)
    strings = page.props["strings"]
    tops = page.tensors["top"][0].astype(int)
    return {
        "tokens": [strings[token] for token in page.props["tokens"]],
        "log probs": page.tensors["tokenLogProbs"][0],
        "ranks": np.array(page.props["tokenRanks"]),
        # the last position predicts no token of the text: the other page does not have it
        "alternatives": [[strings[token] for token in row] for row in tops[:-1]],
        "log probs of alternatives": page.tensors["topLogProbs"][0][:-1],
    }


def theirs(props: Mapping[str, Any], call: Call) -> Shown:
    return {
        "tokens": props["prompt"],
        "log probs": np.array(props["correctTokenLogProb"]),
        "ranks": np.array(props["correctTokenRank"]),
        "alternatives": props["topKTokens"],
        "log probs of alternatives": np.array(props["topKLogProbs"]),
    }


READERS = {"logits.token_log_probs": Reader(ours=ours, theirs=theirs, bound=lambda figure: 1e-5)}

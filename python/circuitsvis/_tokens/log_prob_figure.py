"""The figure of log probabilities: a table of strings, and indices into it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray, TensorLike
from circuitsvis._input.options import Options
from circuitsvis._page.figure import Figure
from circuitsvis._tokens import log_prob_input
from circuitsvis._tokens.predictions import predictions
from circuitsvis._wire import fixed_point, integers
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis._wire.props.tensor import Tensor

Int64 = npt.NDArray[np.int64]

IMPOSSIBLE = -1000.0
"""Log probabilities below this, such as -inf or those of a mask, are shown as probability 0: the others would lose digits to them."""

_HELP = (
    "Each token is colored by the log probability that the model, at the position before it, gave to just this token. 0 is certain, and "
    "has the neutral color; the more surprising a token is, the stronger its color. The switch colors by rank or probability instead.",
    "Hover a token, or move to it with the arrow keys, to see its rank (1 is the likeliest), its probability, and the likeliest tokens; "
    "click or Enter pins it, Esc releases it. The box after the text is the prediction for the token that would follow.",
)


def figure(
    ids: Int64,
    log_probs: TensorLike,
    to_string: Callable[[int], str],
    top_k: int,
    options: Options,
    *,
    also: Int64,
    first_token: bool,
    min_value: float,
    colors: CustomColors | None,
) -> Figure:
    """The figure. Arguments as in `logits.token_log_probs`, checked.

    Raises:
        TypeError, ValueError: log_probs are none, or to_string fails.
    """
    n = len(ids)
    following = np.append(ids[1:], ids[-1])  # the last position has no token after it, and its entry is dropped
    asked = np.concatenate([following[:, None], np.tile(also, (n, 1))], axis=1)
    found = predictions(log_probs, asked, top_k)
    table, index_of = np.unique(np.concatenate([ids, also, found.top.reshape(-1)]), return_inverse=True)
    index_of = index_of.reshape(-1)
    strings = log_prob_input.texts(table.tolist(), to_string)
    top = index_of[n + len(also) :].reshape(n, top_k)
    d_vocab = int(log_probs.shape[1])
    return Figure(
        TokenLogProbsProps(
            title=options.title,
            help=_HELP if options.help else (),
            display_mode=options.display_mode or "auto",
            strings=strings,
            ids=tuple(table.tolist()),
            tokens=tuple(index_of[:n].tolist()),
            top=integers.whole(top, len(strings)),
            top_log_probs=_encoded(found.top_log_probs),
            token_log_probs=_encoded(found.log_probs[: n - 1, 0]),
            token_ranks=tuple(found.ranks[: n - 1, 0].tolist()),
            token_ties=tuple(found.ties[: n - 1, 0].tolist()),
            also=tuple(index_of[n : n + len(also)].tolist()),
            also_log_probs=_encoded(found.log_probs[:, 1:]) if len(also) else None,
            also_ranks=integers.whole(found.ranks[:, 1:], d_vocab) if len(also) else None,
            also_ties=integers.whole(found.ties[:, 1:], d_vocab) if len(also) else None,
            d_vocab=d_vocab,
            first_token=first_token,
            value_range=(min_value, 0.0),
            colors=colors,
        )
    )


def _encoded(log_probs: FloatArray) -> Tensor:
    """(1, *shape) uint24, `missing` for impossible tokens."""
    values = np.where(log_probs < IMPOSSIBLE, np.nan, log_probs).astype(np.float64)
    magnitude = float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0))
    return fixed_point.stack(values[None], [magnitude], "uint24", signed=True)

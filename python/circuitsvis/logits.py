"""Log probabilities of the tokens of a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.public_functions import public
from circuitsvis._tokens import log_prob_figure, log_prob_input
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["token_log_probs"]

_MIN_VALUE = -5.0


@public
def token_log_probs(
    token_indices: ArrayLike,
    log_probs: ArrayLike,
    to_string: Callable[[int], str],
    top_k: int = 10,
    *,
    also: Sequence[int] | ArrayLike | None = None,
    first_token: bool = False,
    min_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows a text whose tokens are colored by their log probability, with the likeliest tokens at each position.

    Hovering a token shows the token before it, its rank, probability and log probability, and the alternatives. A line below sums up the
    text: mean log probability and perplexity. After the text comes the prediction for the token that would follow.

    Args:
        token_indices: ids of the tokens that the model read, [N] or [1, N].
        log_probs: natural log probabilities for the next token at each position, `logits.log_softmax(-1)`, [N, d_vocab] or
            [1, N, d_vocab]; torch (any device and dtype), numpy, jax, lists. -inf is probability 0. Rows must sum to 1 within 5 %,
            which bfloat16 does.
        to_string: a function from an id (an int) to its text, called once for each id that is shown.
        top_k: how many alternatives to show, at least 1; all of d_vocab if there are not as many.
        also: ids, whose rank and log probability are shown at every position even where they are not among the top k.
        first_token: whether to show the first token, which has no prediction. It usually marks the beginning of the sequence.
        min_value: log probability that has the strongest color; so do lower ones. Below 0. None: -5.
        negative_color: CSS color of unlikely tokens. None: red.
        positive_color: CSS color of likely tokens, where the text is colored by probability. None: blue.
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (the default) for the theme of the page.

    Returns:
        The figure.

    Raises:
        TypeError, ValueError: wrong arguments; shapes that do not fit; logits or probabilities instead of log probabilities; NaN.

    Notes:
        The rank of a token is 1 plus the number of strictly likelier tokens, so that tokens which are equally likely have the same rank.
        A log probability on the page is within 1e-4 of that in float32 (2e-6 where none shown is below -30); those below -1000 are shown
        as probability 0.
    """
    options = Options(help=help, title=title, display_mode=display_mode)
    checks.boolean("first_token", first_token)
    k = checks.integer("top_k", top_k)
    low, _ = color_limits(min_value, None)
    if low == 0.0:
        raise ValueError(f"min_value: must be below 0, the log probability of a certain token, got {min_value!r}")
    colors = custom_colors(negative_color, positive_color, display_mode)
    ids, rows = log_prob_input.matched(token_indices, log_probs)
    d_vocab = int(rows.shape[1])
    if k < 1:
        raise ValueError(f"top_k: must be 1 or more, the number of alternatives to show, got {top_k!r}")
    listed = np.atleast_1d(log_prob_input.whole_numbers(also, "also")) if also is not None else np.empty(0, np.int64)
    if listed.ndim != 1:
        raise ValueError(f"also: must be a list of token ids, got shape {listed.shape}")
    log_prob_input.in_vocabulary(listed, d_vocab, "also")
    return log_prob_figure.figure(
        ids,
        rows,
        to_string,
        min(k, d_vocab),
        options,
        also=np.array(list(dict.fromkeys(listed.tolist())), np.int64),
        first_token=first_token,
        min_value=_MIN_VALUE if low is None else low,
        colors=colors,
    )


def __dir__() -> list[str]:
    return __all__

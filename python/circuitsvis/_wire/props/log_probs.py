"""Log probabilities of the tokens of a text."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor


@dataclass(frozen=True)
class TokenLogProbsProps(FigureProps):
    """A text colored by how likely the model found each token, with the likeliest tokens at each position.

    A prediction at a position is for the token after it: that at position i is for token i + 1, the last one for no token of the text.
    A rank is the number of tokens of the vocabulary that are strictly likelier. Log probabilities below -1000, such as -inf, are
    `missing` in tensors.

    Attributes:
        strings: the text of each token that occurs anywhere in these props. Other fields refer to it by index.
        ids: the id in the vocabulary of each string.
        tokens: the text, indices into strings.
        top: (1, position, k) integers, the likeliest tokens, likeliest first, as indices into strings.
        top_log_probs: (1, position, k) uint24.
        token_log_probs: (1, position): of the token after each position, for all positions but the last.
        token_ranks: of the same tokens.
        token_ties: how many other tokens are as likely.
        also: tokens that the user asked for, indices into strings.
        also_log_probs: (1, position, also); None if there are none.
        also_ranks, also_ties: (1, position, also) integers; None if there are none.
        d_vocab: size of the vocabulary.
        first_token: whether the first token, for which there is no prediction, is shown.
        value_range: (low, 0): low is the log probability that has the strongest color.
        colors: colors that the user chose; None for the palette's.
    """

    strings: tuple[str, ...]
    ids: tuple[int, ...]
    tokens: tuple[int, ...]
    top: Tensor
    top_log_probs: Tensor
    token_log_probs: Tensor
    token_ranks: tuple[int, ...]
    token_ties: tuple[int, ...]
    also: tuple[int, ...]
    also_log_probs: Tensor | None
    also_ranks: Tensor | None
    also_ties: Tensor | None
    d_vocab: int
    first_token: bool
    value_range: tuple[float, float]
    colors: CustomColors | None

    def summary(self) -> str:
        return f"{len(self.tokens)} token{'' if len(self.tokens) == 1 else 's'}, vocabulary of {self.d_vocab}"

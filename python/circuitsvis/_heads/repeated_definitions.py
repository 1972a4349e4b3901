"""What each score on random repeated tokens is. docs/decisions/0053 has the reasons.

A[q, k] is a head's pattern; s is the length of the random part, which is written several times, after BOS if there is one.
"""

from __future__ import annotations

from circuitsvis._heads.definitions import Definition

_COPIES = "mean over q in all copies but the first"

PREVIOUS_TOKEN = Definition(
    "previous_token@repeated",
    "mean over q >= 1 of A[q, q-1]",
    "",
    (0.0, 1.0),
    "TransformerLens, Exploratory Analysis demo",
)
DUPLICATE_TOKEN = Definition(
    "duplicate_token@repeated",
    f"{_COPIES} of A[q, q-s], the same token one copy earlier",
    "",
    (0.0, 1.0),
    "TransformerLens, Exploratory Analysis demo, which takes the mean over the whole diagonal",
)
INDUCTION = Definition(
    "induction@repeated",
    f"{_COPIES} of A[q, q-s+1], the token after the same one a copy earlier",
    "",
    (0.0, 1.0),
    "TransformerLens, Main Demo, which takes the mean over the whole diagonal: one or two queries more, in the first copy",
)
PREFIX_MATCHING = Definition(
    "prefix_matching@repeated",
    f"{_COPIES} of the sum of A[q, q-cs+1] over all earlier copies c",
    "",
    (0.0, 1.0),
    "Olsson et al. 2022 (2209.11895), who leave out the rarest and the commonest tokens; Crosbie and Shutova 2024 (2407.07011), with "
    "50 tokens, 4 copies and 5 sequences",
)

ON_REPEATED = (INDUCTION, DUPLICATE_TOKEN, PREVIOUS_TOKEN)
"""Scores on one input."""

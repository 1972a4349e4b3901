"""What each score of a pattern is: formula, population, range and source. docs/decisions/0053 has the reasons.

A[q, k] is a head's pattern, q a query (destination) and k a key (source), both counted from 0 in a sequence of n tokens without padding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from circuitsvis._common.arrays import Float64
from circuitsvis._heads.head_score import HeadScore, Range

LATER_QUERIES = "text: queries q >= 1"
WIDE_QUERIES = "text: queries that can see at least two sources"
WIDER_QUERIES = (
    "text: queries that can see at least two sources besides the first token, weighted by their attention to those"
)
REPEATED_QUERIES = "text: queries whose token occurs earlier in the sequence"
PREDICTED_TOKENS = "text: all positions but the last"

_HEADVIS = "HeadVis (transformer-circuits.pub/2026/headvis)"
_DETECTOR = "transformer_lens.head_detector divides the same sum by all attention of the head instead"
_WITHOUT_FIRST = "B: A without the first token, each row divided by its sum"


@dataclass(frozen=True)
class Definition:
    """A score before it has values. The attributes are those of `HeadScore`."""

    name: str
    formula: str
    population: str
    range: Range
    source: str

    def score(self, numerator: Float64, denominator: Float64) -> HeadScore:
        """The score with its values, [layer, head]."""
        return HeadScore(
            self.name, numerator, denominator, self.formula, self.population, range=self.range, source=self.source
        )

    def without_first(self, formula: str) -> Definition:
        """The score without the first token: of the rest of each row, in proportion to how much that is."""
        source = f"{self.source}; without the first token, because attention to it (a sink) hides the rest"
        name, population = f"{self.name}_without_first", WIDER_QUERIES
        return replace(self, name=name, formula=f"{formula}; {_WITHOUT_FIRST}", population=population, source=source)


PREVIOUS_TOKEN = Definition(
    "previous_token@text",
    "mean over q of A[q, q-1]",
    LATER_QUERIES,
    (0.0, 1.0),
    f"TransformerLens, Exploratory Analysis demo; {_HEADVIS}; {_DETECTOR}",
)
CURRENT_TOKEN = Definition(
    "current_token",
    "mean over q of A[q, q]",
    WIDE_QUERIES,
    (0.0, 1.0),
    f"{_HEADVIS}, which includes the first query of a causal model, whose value is always 1",
)
DUPLICATE_TOKEN = Definition(
    "duplicate_token@text",
    "mean over q of the sum of A[q, j] over j < q with token[j] = token[q]",
    REPEATED_QUERIES,
    (0.0, 1.0),
    f"TransformerLens, head_detector: {_DETECTOR}",
)
INDUCTION = Definition(
    "induction@text",
    "mean over q of the sum of A[q, j+1] over j < q with token[j] = token[q]",
    REPEATED_QUERIES,
    (0.0, 1.0),
    f"{_HEADVIS} averages over all queries, so that the score depends on how much of a text repeats; {_DETECTOR}",
)
FIRST_TOKEN = Definition(
    "first_token",
    "mean over q of A[q, 0]",
    LATER_QUERIES,
    (0.0, 1.0),
    "attention sinks: Xiao et al. 2023 (2309.17453), Gu et al. 2024 (2410.10781); the first token is BOS only if the text begins with it",
)
LARGEST_COLUMN = Definition(
    "largest_column",
    "largest over k of the mean over q of A[q, k]",
    WIDE_QUERIES,
    (0.0, 1.0),
    "a sink at any token; Gu et al. 2024 (2410.10781) take the mean over the queries q >= k alone, which favors the last tokens",
)
LARGEST_COLUMN_POSITION = Definition(
    "largest_column_position",
    "the k of largest_column, the first of equal ones; over several sequences their mean",
    "text: sequences",
    (0.0, None),
    "ours: shows whether the sink is the first token",
)
ENTROPY = Definition(
    "entropy", "mean over q of -sum over k of A[q, k] ln A[q, k], in nats", WIDE_QUERIES, (0.0, None), _HEADVIS
)
NORMALIZED_ENTROPY = Definition(
    "normalized_entropy",
    "mean over q of -sum over k of A[q, k] ln A[q, k] / ln(number of sources that q can see)",
    WIDE_QUERIES,
    (0.0, 1.0),
    _HEADVIS,
)
CONFIDENCE = Definition(
    "confidence",
    "mean over q of the largest A[q, k]",
    WIDE_QUERIES,
    (0.0, 1.0),
    "Voita et al. 2019 (1905.09418), who leave out the end-of-sequence token",
)
EFFECTIVE_KEYS = Definition(
    "effective_keys",
    "mean over q of exp(-sum over k of A[q, k] ln A[q, k])",
    WIDE_QUERIES,
    (1.0, None),
    "the perplexity of a row: over how many sources its attention is spread",
)
DISTANCE = Definition(
    "distance",
    "mean of q - k under A, in tokens: sum of A[q, k] (q - k) / sum of A[q, k]",
    WIDE_QUERIES,
    (None, None),
    _HEADVIS,
)
DISTANCE_VARIANCE = Definition(
    "distance_variance",
    "mean over q of the variance of q - k under A[q], in tokens squared, weighted by the sum of A[q]",
    WIDE_QUERIES,
    (0.0, None),
    _HEADVIS,
)
LOGIT_MARGIN = Definition(
    "logit_margin",
    "mean over q of the largest score before the softmax minus the second largest",
    WIDE_QUERIES,
    (0.0, None),
    _HEADVIS,
)
LOGIT_Z_SCORE = Definition(
    "logit_z_score",
    "mean over q of (largest score - mean) / standard deviation of the scores before the softmax, over the sources that q can see",
    WIDE_QUERIES,
    (0.0, None),
    _HEADVIS,
)
ATTRIBUTION = Definition(
    "attribution",
    "mean over q of what the head adds to the logit of the token at q+1, through the final norm and the unembedding alone",
    PREDICTED_TOKENS,
    (None, None),
    "direct logit attribution, as circuitsvis.attribution",
)
ABSOLUTE_ATTRIBUTION = Definition(
    "absolute_attribution",
    "mean over q of the magnitude of what the head adds to the logit of the token at q+1",
    PREDICTED_TOKENS,
    (0.0, None),
    "direct logit attribution, as circuitsvis.attribution",
)

ENTROPY_WITHOUT_FIRST = ENTROPY.without_first("mean over q of -sum over k of B[q, k] ln B[q, k], in nats")
NORMALIZED_ENTROPY_WITHOUT_FIRST = NORMALIZED_ENTROPY.without_first(
    "mean over q of -sum over k of B[q, k] ln B[q, k] / ln(number of sources that q can see, without the first token)"
)
CONFIDENCE_WITHOUT_FIRST = CONFIDENCE.without_first("mean over q of the largest B[q, k]")
EFFECTIVE_KEYS_WITHOUT_FIRST = EFFECTIVE_KEYS.without_first("mean over q of exp(-sum over k of B[q, k] ln B[q, k])")
DISTANCE_WITHOUT_FIRST = DISTANCE.without_first("mean over q of the mean of q - k under B, in tokens")
DISTANCE_VARIANCE_WITHOUT_FIRST = DISTANCE_VARIANCE.without_first(
    "mean over q of the variance of q - k under B[q], in tokens squared"
)

OF_POSITIONS = (
    PREVIOUS_TOKEN,
    CURRENT_TOKEN,
    DISTANCE,
    DISTANCE_VARIANCE,
    DISTANCE_WITHOUT_FIRST,
    DISTANCE_VARIANCE_WITHOUT_FIRST,
)
"""Scores that compare the positions of a query and a key."""

OF_TOKENS = (DUPLICATE_TOKEN, INDUCTION)
"""Scores that compare the tokens of a query and a key."""

OF_LOGITS = (LOGIT_MARGIN, LOGIT_Z_SCORE)
"""Scores of what the softmax reads."""

OF_OUTPUTS = (ATTRIBUTION, ABSOLUTE_ATTRIBUTION)
"""Scores of what a head writes."""

OF_TEXT = (
    PREVIOUS_TOKEN,
    CURRENT_TOKEN,
    *OF_TOKENS,
    FIRST_TOKEN,
    LARGEST_COLUMN,
    LARGEST_COLUMN_POSITION,
    ENTROPY,
    NORMALIZED_ENTROPY,
    CONFIDENCE,
    EFFECTIVE_KEYS,
    DISTANCE,
    DISTANCE_VARIANCE,
    ENTROPY_WITHOUT_FIRST,
    NORMALIZED_ENTROPY_WITHOUT_FIRST,
    CONFIDENCE_WITHOUT_FIRST,
    EFFECTIVE_KEYS_WITHOUT_FIRST,
    DISTANCE_WITHOUT_FIRST,
    DISTANCE_VARIANCE_WITHOUT_FIRST,
    *OF_LOGITS,
    *OF_OUTPUTS,
)
"""All scores of a cache, in their order."""

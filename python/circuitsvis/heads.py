"""Scores of attention heads, and activation patching: which ones matter, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._heads import cache_scores, repeated_scores, score_split, weight_scores
from circuitsvis._heads.composition import Baseline, Composition, WeightScores
from circuitsvis._heads.edge import Edge
from circuitsvis._heads.edge_parts import EdgePart, WrittenToken
from circuitsvis._heads.edge_view import edge_split
from circuitsvis._heads.head_score import HeadScore
from circuitsvis._heads.head_scores import HeadScores
from circuitsvis._heads.random_tokens import Bos
from circuitsvis._heads.score_map import score_map
from circuitsvis._input import earlier_calls
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, Layers
from circuitsvis._patching.patching import patching
from circuitsvis._patching.patching_map import patching_map
from circuitsvis._patching.result import Patching

__all__ = [
    "Baseline",
    "Composition",
    "Edge",
    "EdgePart",
    "HeadScore",
    "HeadScores",
    "Patching",
    "WeightScores",
    "WrittenToken",
    "edge",
    "edge_split",
    "patching",
    "patching_map",
    "score_map",
    "scores",
    "scores_on_repeated",
    "weights",
]


@public
def scores(
    cache: object,
    tokens: ArrayLike | None = None,
    model: object | None = None,
    *,
    layers: Layers = None,
    batch_idx: BatchIdx = None,
    module: str | None = None,
    src_tokens: ArrayLike | None = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
) -> HeadScores:
    """Computes what the field measures of attention heads, for all heads of a TransformerLens cache of ordinary text at once.

    Args:
        cache: ActivationCache of a HookedTransformer, TransformerBridge or encoder, or a dict from full hook names to tensors. Only read.
            Needs "blocks.L.attn.hook_pattern", [head, dest, src] or [batch, head, dest, src].
        tokens: list of strings for one sequence, list of lists of strings for a batch; or token ids. A sequence shorter than its pattern
            is padded, and the padding is left out (see `padding_side`). None leaves out the scores that need tokens; every
            position then counts, unless attention_mask= leaves some out.
        model: the model, if the cache has none (`cache.model`), for the attribution.
        layers: a layer or a list of layers. None: every cached one. Negative numbers count from the end.
        batch_idx: a sequence of the batch (int) or several (list). None: all.
        module: hook prefix of the attention modules, e.g. "decoder.{layer}.cross_attn". Default: "blocks.{layer}.attn".
        src_tokens: tokens of the sources of cross-attention. Scores that compare positions or tokens are then left out.
        attention_mask: [batch, position], 1 where a token is real; other positions are left out.
        padding_side: "left" or "right". Default: found from the data and the model's tokenizer.

    Returns:
        The scores, each [layer, head], with formula, population, range and source. Those that this cache or model does not have are in
        `.missing`, with the reason.

        - "previous_token@text", "current_token", "first_token": mean attention to these tokens.
        - "duplicate_token@text", "induction@text": attention to earlier copies of the query's token, and to the tokens after those; mean
          over the queries that have a copy.
        - "largest_column", "largest_column_position": the largest mean attention that one token gets, and which token that is.
        - "entropy" (nats), "normalized_entropy", "confidence" (largest probability), "effective_keys" (exp of the entropy): over how
          many sources a query spreads its attention.
        - "distance", "distance_variance": mean and variance of how many tokens back the attention goes.
        - the last six with "_without_first": of each row without the first token, in proportion to how much that leaves.
        - "logit_margin", "logit_z_score": how far the largest score before the softmax stands out. They need "hook_attn_scores".
        - "attribution", "absolute_attribution": mean of what the head adds to the logit of the correct next token, by the direct path,
          and mean of its magnitude. They need what `attribution.from_cache` needs of the final norm, "hook_z" and the model.

        Queries that see a single source (the first of a causal model) say nothing about a head and are left out.

    Raises:
        TypeError, ValueError: wrong arguments, or NaN in a pattern. The text names the argument, the rule, the value and the fix.
        KeyError: a pattern is not in the cache. The text names its hook and how to record it.

    Notes:
        Values are taken as cached and added up in float64; only logarithms in entropies are taken in float32 (relative error below 3e-7).
        Scores of several caches of one model are pooled by `+`. TransformerLens's `head_detector` divides by all attention
        of a head instead of the number of queries: `scores["induction@text"].numerator` is the same sum.
    """
    return cache_scores.head_scores(
        cache,
        tokens,
        model,
        layers=layers,
        batch_idx=batch_idx,
        module=module,
        src_tokens=src_tokens,
        attention_mask=attention_mask,
        padding_side=padding_side,
    )


@public
def scores_on_repeated(
    model: object,
    *,
    length: int | None = None,
    repeats: int = 2,
    n_sequences: int = 8,
    seed: int = 0,
    bos: Bos = None,
    layers: Layers = None,
) -> HeadScores:
    """Runs a model on random tokens that are written several times, and computes the scores that show on those: induction and copying.

    Args:
        model: a TransformerLens model: TransformerBridge, HookedTransformer or HookedEncoder. It runs in evaluation mode without
            gradients. Its weights, hooks, modes and settings are afterwards as before.
        length: tokens that are repeated, drawn without replacement from all ordinary tokens of the vocabulary (without special ones).
            None: 50, or as many as fit the model's context.
        repeats: how often they are written, 2 or more.
        n_sequences: number of sequences.
        seed: of the tokens, which are the same on every machine.
        bos: what comes before them. None: the model's BOS token, if TransformerLens prepends one to the model's texts by default. True:
            the model's BOS token. False: nothing. Or a token id.
        layers: a layer or a list of layers. None: all with attention. Negative numbers count from the end.

    Returns:
        The scores, each [layer, head], between 0 and 1, with formula and source:

        - "induction@repeated": mean attention to the token after the same one a copy earlier.
        - "duplicate_token@repeated": mean attention to the same token a copy earlier.
        - "previous_token@repeated": mean attention to the token before.
        - "prefix_matching@repeated": mean attention to the tokens after the same one in all earlier copies, on 4 copies of as many tokens
          (fewer if that exceeds the model's context).

        The population of each score names length, copies and BOS; scores of other seeds are pooled by `+`.

    Raises:
        TypeError, ValueError: wrong arguments, or a length for which the model has no room. The text names what fits.
        KeyError: the model does not compute its patterns where TransformerLens can read them.

    Notes:
        One layer's patterns of one pass are in memory at a time, [sequence, head, position, position].
    """
    return repeated_scores.head_scores(
        model, length=length, repeats=repeats, n_sequences=n_sequences, seed=seed, bos=bos, layers=layers
    )


@public
def weights(model: object, *, layers: Layers = None, seed: int = 0) -> WeightScores:
    """Computes what the weights of a model alone show of its heads: whether they copy, and which heads compose.

    Args:
        model: a TransformerLens model with W_Q, W_K, W_V and W_O per head: TransformerBridge or HookedTransformer, folded or not. Heads of
            grouped-query attention share W_K and W_V.
        layers: a layer or a list of layers. None: all with attention. Negative numbers count from the end.
        seed: of the random weights of the baseline.

    Returns:
        `.scores`: "ov_copying" and "full_ov_copying" of every head, -1 to 1: the sum of the eigenvalues of W_V W_O, and of
        W_E W_V W_O W_U, divided by the sum of their magnitudes. Above 0, what the head attends to is written as it was.
        `.composition`: Q-, K- and V-composition of all pairs of heads of different layers, and what random weights of these shapes give.

    Raises:
        TypeError, ValueError: wrong arguments, or a model without these weights per head. The text names them.

    Notes:
        Weights are taken as the model holds them, in float64: biases, norms that are not folded into them, and position embeddings are
        ignored. Eigenvalues are those of a matrix [d_head, d_head], and norms are taken of such matrices, so that nothing of
        size vocabulary x vocabulary or d_model x d_model per pair of heads is made. Definitions: Elhage et al. 2021, A Mathematical
        Framework for Transformer Circuits. TransformerLens's `all_composition_scores` gives the same, with 0 for pairs that do not compose.
    """
    return weight_scores.weight_scores(model, layers=layers, seed=seed)


@public
def edge(
    cache: object,
    tokens: ArrayLike,
    head: tuple[int, int],
    dest: int,
    src: int,
    model: object | None = None,
    *,
    batch_idx: int | None = None,
    top_k: int = 10,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
) -> Edge:
    """Splits the score of one query and key of a head over the components that wrote what the query and the key read.

    Args:
        cache: ActivationCache of a HookedTransformer or TransformerBridge, of a forward pass without names_filter; or a dict. Only read.
        tokens: as in `scores`.
        head: a pair (layer, head). Negative indices count from the end.
        dest, src: positions of the query and of the key among the tokens, without padding. Negative ones count from the end.
        model: the model, if the cache has none (`cache.model`).
        batch_idx: the sequence. None: the only one.
        top_k: how many promoted and suppressed tokens to list. 0: none.
        attention_mask, padding_side: as in `scores`.

    Returns:
        The edge, which a notebook shows as `edge_split` draws it. `.table` has what each pair of a part of the query and a part of the
        key adds to q·k / divisor, `.by_query_part` and `.by_key_part` their sums, `.unaccounted` what no component explains,
        `.promoted` and `.suppressed` the tokens whose logits A · v W_O changes most.

    Raises:
        TypeError, ValueError: wrong arguments; a masked cell; a model without W_Q and W_K per head; a pattern that q·k does not explain.
        KeyError: an activation is not in the cache. The text names its hook and how to record it.

    Notes:
        The split is exact for the divisors of all norms as they were in this forward pass: another input would change them too. Rotary
        embeddings and norms of q and k are found in the data (docs/decisions/0058); what they leave is unaccounted.
    """
    return score_split.edge(
        cache,
        tokens,
        head,
        dest,
        src,
        model,
        batch_idx=batch_idx,
        top_k=top_k,
        attention_mask=attention_mask,
        padding_side=padding_side,
    )


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # so that type checkers report names that do not exist

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)

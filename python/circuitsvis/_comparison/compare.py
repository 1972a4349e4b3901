"""`attention.compare`: the patterns of two caches, prompts or models, head by head."""

from __future__ import annotations

from typing import Literal, overload

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._comparison import change_figure, comparison
from circuitsvis._comparison.comparison import Side
from circuitsvis._comparison.matched_tokens import Align
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import HeadNotation, Options
from circuitsvis._input.padding_checks import Side as PaddingSide
from circuitsvis._input.public_functions import public_of
from circuitsvis._input.selection import BatchIdx, Layers
from circuitsvis._input.sequence_input import SequenceInput
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.figure import DisplayMode


# fmt: off
@overload
def compare(
    cache_a: object, cache_b: object, tokens: ArrayLike, tokens_b: ArrayLike | None = None, *, layers: Layers = None,
    batch_idx: BatchIdx = None, align: Align = "positions", names: tuple[str, str] = ("A", "B"), model: object | None = None,
    model_b: object | None = None, attention_mask: ArrayLike | None = None, attention_mask_b: ArrayLike | None = None,
    padding_side: PaddingSide | None = None, batch_labels: BatchLabels = None, precision: Precision = 16,
    focus: FocusArgument | None = None, head_notation: HeadNotation = "dot", title: str | None = None, help: bool = False,
    display_mode: DisplayMode | None = None, return_mode: Literal["html"] = "html",
) -> Figure: ...
@overload
def compare(
    cache_a: object, cache_b: object, tokens: ArrayLike, tokens_b: ArrayLike | None = None, *, layers: Layers = None,
    batch_idx: BatchIdx = None, align: Align = "positions", names: tuple[str, str] = ("A", "B"), model: object | None = None,
    model_b: object | None = None, attention_mask: ArrayLike | None = None, attention_mask_b: ArrayLike | None = None,
    padding_side: PaddingSide | None = None, batch_labels: BatchLabels = None, precision: Precision = 16,
    focus: FocusArgument | None = None, head_notation: HeadNotation = "dot", title: str | None = None, help: bool = False,
    display_mode: DisplayMode | None = None, return_mode: Literal["view", "browser"],
) -> None: ...
# fmt: on
@public_of("attention")
def compare(
    cache_a: object,
    cache_b: object,
    tokens: ArrayLike,
    tokens_b: ArrayLike | None = None,
    *,
    layers: Layers = None,
    batch_idx: BatchIdx = None,
    align: Align = "positions",
    names: tuple[str, str] = ("A", "B"),
    model: object | None = None,
    model_b: object | None = None,
    attention_mask: ArrayLike | None = None,
    attention_mask_b: ArrayLike | None = None,
    padding_side: PaddingSide | None = None,
    batch_labels: BatchLabels = None,
    precision: Precision = 16,
    focus: FocusArgument | None = None,
    head_notation: HeadNotation = "dot",
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    return_mode: ReturnMode = "html",
) -> Figure | None:
    """Shows how the attention of every head differs between two forward passes: two prompts, two models, or before and after a change.

    A map ranks the heads by how much they changed. Beside it stands the head that is hovered or pinned: the signed difference B - A, and
    the patterns of A and of B.

    Args:
        cache_a, cache_b: ActivationCaches, or dicts of full hook names, with "hook_pattern" of the same heads.
        tokens: of A, as in `attention.from_cache`.
        tokens_b: of B. None: the same tokens.
        layers: a layer or a list of layers. None: all layers in the caches, which must be the same.
        batch_idx: sequences of both batches, an int or a list. None: all.
        align: which tokens stand for which. "positions": the same position, of texts of equal length; tokens that differ are named.
            "tokens": the longest runs of tokens that both texts have, in order; the others are left out of the difference.
        names: what A and B are called on the page.
        model, model_b: the models, if the caches have none. None for `model_b`: `cache_b.model`, else `model`.
        attention_mask, attention_mask_b: [batch, position], 1 where a token is real. None for B: that of A, if the tokens are the same.
        batch_labels, padding_side, precision, focus, head_notation, title, help, display_mode, return_mode: as in
            `attention.from_cache`. "head" of `focus` is pinned on the map.

    Returns:
        The figure for return_mode="html", else None. Its `to_pandas()` has the changes of all heads.

    Raises:
        TypeError, ValueError: wrong arguments; caches of other heads or batches; texts of different lengths with align="positions".
        KeyError: a pattern is not in a cache. The text names its hook and how to record it.

    Notes:
        A head's change is the mean over queries of a distance between two probability distributions, in [0, 1]: "total variation" is half
        of the sum of absolute differences, "Jensen-Shannon" the divergence in bits (J. Lin, IEEE Trans. Inf. Theory 37, 1991). Rows are
        divided by their sums; the first query of a causal model, which sees one source, is left out. A difference on the page is within
        0.51 / 32767 of the largest difference of its head.
    """
    checks.one_of("align", align, ("positions", "tokens"))
    titles = _names(names)
    options = Options(
        mode="large",
        help=help,
        title=title,
        display_mode=display_mode,
        head_notation=head_notation,
        padding_side=padding_side,
        precision=precision,
        focus=focus,
        return_mode=return_mode,
    )
    same = tokens_b is None
    mask_b = attention_mask if attention_mask_b is None and same else attention_mask_b
    side_a = Side(
        AttentionCache(cache_a, None, model), SequenceInput(tokens, None, attention_mask, batch_labels), "tokens"
    )
    side_b = Side(
        AttentionCache(cache_b, None, _first(model_b, getattr(cache_b, "model", None), model)),
        SequenceInput(tokens if same else tokens_b, None, mask_b, batch_labels),
        "tokens" if same else "tokens_b",
    )
    compared = comparison.compare(side_a, side_b, options, layers=layers, batch_idx=batch_idx, align=align)
    if not any(change.queries for row in compared.changes for change in row):
        raise ValueError(
            "tokens: no query sees two sources or more with probabilities of both caches, so nothing can differ; pass caches of longer "
            "texts, whose patterns are probabilities"
        )
    return deliver(change_figure.figure(compared, options, titles, labels=batch_labels is not None), return_mode)


def _first(*models: object | None) -> object | None:
    return next((model for model in models if model is not None), None)


def _names(names: object) -> tuple[str, str]:
    if not isinstance(names, (tuple, list)) or len(names) != 2:
        raise TypeError(
            f'names: must be two texts, what A and B are called, e.g. ("clean", "corrupted"), got {names!r}'
        )
    first, second = names
    if not isinstance(first, str) or not isinstance(second, str) or not first or not second or first == second:
        raise ValueError(f"names: must be two different texts of at least one character, got {names!r}")
    return first, second

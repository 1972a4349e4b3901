"""`heads.score_map`: scores of all heads of a model as a map, each cell of which opens its head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, overload

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._heads import score_map_call
from circuitsvis._heads.score_map_call import HeadArguments
from circuitsvis._heads.score_map_heads import Views
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import HeadNotation, Options, color_limits
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, SeqPos
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName

if TYPE_CHECKING:
    from circuitsvis._input.selection import Layers


Kept: TypeAlias = "Sequence[str | int | tuple[int, int]] | None"


# fmt: off
@overload
def score_map(
    scores: object, cache: object | None = None, tokens: ArrayLike | None = None, model: object | None = None, *,
    score: str | None = None, layers: Layers = None, views: Views = None, resid_directions: object = None, seq_pos: SeqPos = None,
    batch_idx: BatchIdx = None, batch_labels: BatchLabels = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, focus: FocusArgument | None = None, kept: Kept = None,
    title: str | None = None, help: bool = False, display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot",
    min_value: float | None = None, max_value: float | None = None, negative_color: str | None = None,
    positive_color: str | None = None, color_scale: ColorScaleName = "linear", return_mode: Literal["html"] = "html",
) -> Figure: ...
@overload
def score_map(
    scores: object, cache: object | None = None, tokens: ArrayLike | None = None, model: object | None = None, *,
    score: str | None = None, layers: Layers = None, views: Views = None, resid_directions: object = None, seq_pos: SeqPos = None,
    batch_idx: BatchIdx = None, batch_labels: BatchLabels = None, attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None, precision: Precision = 16, focus: FocusArgument | None = None, kept: Kept = None,
    title: str | None = None, help: bool = False, display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot",
    min_value: float | None = None, max_value: float | None = None, negative_color: str | None = None,
    positive_color: str | None = None, color_scale: ColorScaleName = "linear", return_mode: Literal["view", "browser"],
) -> None: ...
# fmt: on
@public
def score_map(
    scores: object,
    cache: object | None = None,
    tokens: ArrayLike | None = None,
    model: object | None = None,
    *,
    score: str | None = None,
    layers: Layers = None,
    views: Views = None,
    resid_directions: object = None,
    seq_pos: SeqPos = None,
    batch_idx: BatchIdx = None,
    batch_labels: BatchLabels = None,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    precision: Precision = 16,
    focus: FocusArgument | None = None,
    kept: Kept = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    head_notation: HeadNotation = "dot",
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    color_scale: ColorScaleName = "linear",
    return_mode: ReturnMode = "html",
) -> Figure | None:
    """Shows scores of all heads of a model as a map of layer and head, and each head beside it.

    One score colors the map, a selector has the others; a list has all heads by score, and a scatter compares two scores. With a cache,
    the head that is hovered or pinned is shown in the views of `attention.from_cache` and `attribution.from_cache`.

    Args:
        scores: what is mapped, one of these. NaN is "no value".

            - what `heads.scores`, `heads.scores_on_repeated` and `heads.weights` return;
            - an array [layer, head] of any library: activation patching, path patching, an ablation study;
            - a vector over all heads, layer by layer, where cache= or model= say how many heads a layer has;
            - a dict of names to such arrays;
            - (values, labels), as `cache.stack_head_results(return_labels=True)` and `cache.logit_attrs` give them, with labels such as
              "L9H6" along the first axis, further axes averaged, other components left out;
            - what `direct_logit_attribution(unit="head")` and the patching functions of TransformerLens return.
        cache: ActivationCache, or a dict of full hook names, of a run of the model. None: the map alone.
        tokens: of that run, as in `attention.from_cache`. Needed with a cache.
        model: the model. None: `cache.model`. Without a cache it says how many layers and heads there are.
        score: name of the score that is shown first; of a single array, its name. None: the first.
        layers: the layers of the rows, as many as `scores` has. None: all layers of the model.
        views: how a head is shown: "heatmap", "lines", "attribution", one of them or a list. None: all that the cache allows; lines and
            attribution only if they add less than 6 MB to the page. (): none.
        resid_directions, seq_pos: of the attribution, as in `attribution.from_cache`.
        batch_idx, batch_labels, attention_mask, padding_side, precision: of the heads, as in `attention.from_cache`.
        focus: what is pinned first: {"head": "9.6"}, also as a pair (layer, head); with a cache also "sequence", "dest" and "src", as in
            `attention.from_cache`.
        kept: heads that are marked first, each as in focus: ["9.6", (9, 9)]. On the page, "Copy list" gives those that a reader kept.
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (the default) for the theme of the page.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        min_value: lowest value of every score's colors, <= 0; lower ones look the same. None: that of the score, or 0.
        max_value: highest one, > 0.
        negative_color, positive_color: CSS colors of the ends. None: red and blue.
        color_scale: how values are spread over the map's colors at first: "linear", "sqrt", or "log" (over three decades).
        return_mode: "html", "view" or "browser", as in `attention.from_cache`.

    Returns:
        The figure for return_mode="html", else None. Its `to_pandas()` and `save("scores.csv")` have a row for each score and head.

    Raises:
        TypeError, ValueError: wrong arguments; scores of other shapes than the model, infinite, or all NaN; a cache without tokens.
        KeyError: a view that was asked for needs an activation that is not in the cache; the text names its hook and how to record it.

    Notes:
        On the page a value is within 0.51 / 8388607 of the score's largest magnitude.
    """
    options = Options(
        help=help,
        title=title,
        display_mode=display_mode,
        head_notation=head_notation,
        padding_side=padding_side,
        precision=precision,
        focus=focus,
        color_scale=color_scale,
        return_mode=return_mode,
    )
    checks.text("score", score)
    figure = score_map_call.figure(
        scores,
        HeadArguments(
            cache=cache,
            tokens=tokens,
            model=model,
            views=views,
            attention={
                "batch_idx": batch_idx,
                "batch_labels": batch_labels,
                "attention_mask": attention_mask,
                "padding_side": padding_side,
                "precision": precision,
            },
            attribution={"resid_directions": resid_directions, "seq_pos": seq_pos},
        ),
        options,
        score=score,
        layers=layers,
        limits=color_limits(min_value, max_value),
        colors=custom_colors(negative_color, positive_color, display_mode),
        kept=kept,
    )
    return deliver(figure, return_mode)

"""Direct logit attribution: what each head (by source position) and every other component adds to a logit."""

from __future__ import annotations

from typing import Literal, overload

from circuitsvis._attribution import attribution_figure, cache_attribution
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import HeadNotation, Options, color_limits
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, Heads, Layers, SeqPos
from circuitsvis._page.figure import deliver
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.switches import ColorScaleName
from circuitsvis.figure import Figure, ReturnMode

__all__ = ["from_cache"]


# fmt: off
@overload
def from_cache(
    cache: object, model: object | None = None, tokens: ArrayLike | None = None, resid_directions: object = None,
    seq_pos: SeqPos = None, layers: Layers = None, heads: Heads = None, mode: Literal["small", "large"] = "small",
    return_mode: Literal["html"] = "html", head_notation: HeadNotation = "dot", include_b_U_attribution: bool = False, *,
    split_signs: bool = False, batch_idx: BatchIdx = None, batch_labels: BatchLabels = None, radioitems: bool = False,
    title: str | None = None, help: bool = False, attention_mask: ArrayLike | None = None, padding_side: Side | None = None,
    focus: FocusArgument | None = None, display_mode: DisplayMode | None = None, max_value: float | None = None,
    negative_color: str | None = None, positive_color: str | None = None, color_scale: ColorScaleName = "linear", live: bool = False,
) -> Figure: ...
@overload
def from_cache(
    cache: object, model: object | None = None, tokens: ArrayLike | None = None, resid_directions: object = None,
    seq_pos: SeqPos = None, layers: Layers = None, heads: Heads = None, mode: Literal["small", "large"] = "small", *,
    return_mode: Literal["view", "browser"], head_notation: HeadNotation = "dot", include_b_U_attribution: bool = False,
    split_signs: bool = False, batch_idx: BatchIdx = None, batch_labels: BatchLabels = None, radioitems: bool = False,
    title: str | None = None, help: bool = False, attention_mask: ArrayLike | None = None, padding_side: Side | None = None,
    focus: FocusArgument | None = None, display_mode: DisplayMode | None = None, max_value: float | None = None,
    negative_color: str | None = None, positive_color: str | None = None, color_scale: ColorScaleName = "linear", live: bool = False,
) -> None: ...
# fmt: on
@public
def from_cache(
    cache: object,
    model: object | None = None,
    tokens: ArrayLike | None = None,
    resid_directions: object = None,
    seq_pos: SeqPos = None,
    layers: Layers = None,
    heads: Heads = None,
    mode: Literal["small", "large"] = "small",
    return_mode: ReturnMode = "html",
    head_notation: HeadNotation = "dot",
    include_b_U_attribution: bool = False,
    *,
    split_signs: bool = False,
    batch_idx: BatchIdx = None,
    batch_labels: BatchLabels = None,
    radioitems: bool = False,
    title: str | None = None,
    help: bool = False,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    focus: FocusArgument | None = None,
    display_mode: DisplayMode | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    color_scale: ColorScaleName = "linear",
    live: bool = False,
) -> Figure | None:
    """Shows what every component of a model adds to a logit, attention heads by source position.

    The final norm divides by a number per destination. With that number taken from the forward pass, every logit is a sum over
    what was written into the residual stream:

        head(l, h, q, k) = pattern[q, k] * (v[k] . W_O[h] d') / scale[q],    d' = C(w * (W_U u))

    with u the direction over the vocabulary, w and scale the norm's gain and divisor, C its centring (none for RMSNorm).
    The page shows the logit, what every selected component adds to it, and the sum of the others, so it always adds up. The cache is
    not changed.

    Args:
        cache: ActivationCache, or a dict of full hook names. Needs "hook_pattern", "hook_v" and "hook_mlp_out" of the layers
            shown, the embeddings, "ln_final.hook_scale", and the last "hook_resid_post". A cache made without names_filter has all of them.
        model: the model that made the cache. None: `cache.model`.
        tokens: list of strings for one sequence, list of lists for a batch, or token ids of either form.
        resid_directions: what to attribute. None: the logit of the next token at every position but the last. A token (text
            or id, also as an array of one id): its logit. A tuple (a, b): the logit of a minus that of b; of two arrays
            with an id for each sequence: that difference in each. A vector or matrix of length d_vocab: that
            combination of logits; of length d_model: that direction at the output of the final norm. A matrix has a row
            for each destination shown or for each position; a list has one of these for each sequence of the batch.
        seq_pos: destinations, an int or a list; negative ones count from the end of each sequence. None: all. The heatmap has
            one row for each.
        layers: a layer or a list; their heads, MLPs and attention biases are shown. Pass `heads` or `layers`, not both.
        heads: (layer, head) or a list of such pairs; with the MLPs and attention biases of their layers.
        mode: "small": a heatmap beside thumbnails. "large": a larger, labelled heatmap with thumbnails.
        return_mode: "html", "view" or "browser", as in `attention.from_cache`.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        include_b_U_attribution: whether the unembedding's bias is a component of its own instead of one with the final norm's
            bias. The logit includes it either way. Not for directions of length d_model, which do not determine it.
        split_signs: two heatmaps instead of one, for what adds to the logit and for what subtracts from it.
        focus: what is shown first, as in `attention.from_cache`; "head" may also name another component, such as "MLP 0", and "src"
            needs "dest".
        max_value: magnitude drawn in the full color by both signs, > 0; larger ones look the same. Default: the largest of all heads.
        batch_idx, batch_labels, radioitems, title, help, attention_mask, padding_side, display_mode, negative_color, positive_color,
            color_scale: as in `attention.from_cache`.
        live: in a notebook, the output holds the previews and one head, and every other comes from the kernel when it is looked at, as in
            `attention.from_cache`. The values are computed now, and kept compressed.

    Returns:
        The figure for return_mode="html", else None.

    Raises:
        TypeError, ValueError: wrong arguments; a model whose logits are no such sum (encoders with post-norm, encoder-decoders).
        KeyError: an activation is not in the cache; the text names its hook and how to record it.
        ImportError: live=True without anywidget.

    Notes:
        On the page a head's values are within 0.51 / 32767 of its largest one, totals within 0.51 / 8388607 of the component's
        largest. A soft cap of the model's logits is applied after this sum, and the page states it.

    Source: C. McDougall, "CircuitsVis (& TransformerLens)"; N. Elhage et al., "A Mathematical Framework for Transformer
    Circuits" (direct paths to the logits).
    """
    checks.one_of("mode", mode, ("small", "large"))
    checks.boolean("split_signs", split_signs)
    options = Options(
        mode=mode,
        radioitems=radioitems,
        return_mode=return_mode,
        help=help,
        title=title,
        head_notation=head_notation,
        padding_side=padding_side,
        display_mode=display_mode,
        focus=focus,
        color_scale=color_scale,
        live=live,
    )
    end = color_limits(None, max_value)[1]
    colors = custom_colors(negative_color, positive_color, display_mode)
    if tokens is None:
        raise TypeError("tokens: must be given: the tokens of the forward pass, e.g. model.to_str_tokens(prompt)")
    attributions = cache_attribution.attributions(
        cache,
        model,
        tokens,
        resid_directions=resid_directions,
        seq_pos=seq_pos,
        layers=layers,
        heads=heads,
        batch_idx=batch_idx,
        include_b_U_attribution=include_b_U_attribution,
        batch_labels=batch_labels,
        attention_mask=attention_mask,
        padding_side=padding_side,
    )
    figure = attribution_figure.figure(
        attributions, options, labels=batch_labels is not None, split_signs=split_signs, end=end, colors=colors
    )
    return deliver(figure, return_mode)


def __dir__() -> list[str]:
    return __all__

"""Texts whose tokens are colored by values: one value per token, several, or how well a model predicts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from circuitsvis._common.arrays import ArrayLike, shape_of
from circuitsvis._input import earlier_calls
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.options import Options
from circuitsvis._input.public_functions import public
from circuitsvis._tokens import colored_tokens_figure, performance, token_texts, token_values, value_ends
from circuitsvis._tokens.colored_tokens_figure import Look
from circuitsvis._tokens.token_values import TokenValues
from circuitsvis._tokens.value_ends import Ends
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis.figure import Figure

__all__ = ["colored_tokens", "colored_tokens_multi", "visualize_model_performance"]

Tokens: TypeAlias = Sequence[str] | Sequence[Sequence[str]]
Html: TypeAlias = Sequence[str | None] | Sequence[Sequence[str | None] | None]


@public
def colored_tokens(
    tokens: Tokens,
    values: ArrayLike,
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    *,
    labels: Sequence[str] | None = None,
    hover_html: Html | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows a text, or several side by side, whose tokens are colored by their values.

    Args:
        tokens: list of strings, e.g. ["A", " person"], or a list of lists for several texts. Pieces of a vocabulary ("Ġthe", "▁the")
            are decoded.
        values: one number per token: array or tensor of any library, or list; for several texts a list of these, or [text, token].
            NaN is shown as a missing value.
        min_value: value with the full negative color, <= 0. None: minus `max_value`, or minus the largest magnitude.
        max_value: value with the full positive color, >= 0. None: minus `min_value`, or the largest magnitude. All texts share both
            ends; `cv.color_range` gives several figures the same. Both can be changed on the page.
        negative_color, positive_color: CSS colors of both ends, a name, "#rgb", "#rrggbb", "rgb(...)" or "hsl(...)". None: red, blue.
        labels: a text above each text of several. Simple HTML (`<b>`, `<code>`, colors) is kept, any other is removed. None:
            their numbers.
        hover_html: HTML that is shown while a token is hovered or pinned, one string or None per token (for several texts a list of
            lists). Simple HTML is kept; images, links and scripts are removed.
        title: heading, plain text.
        help: whether to add a text that explains the view. Default: no.
        display_mode: "dark" or "light": a panel of that theme. None or "auto": the theme of the page around the figure.

    Returns:
        The figure. The last line of a notebook cell displays it; `save` writes it to a file.

    Raises:
        TypeError, ValueError: wrong arguments, shapes that do not fit, infinite values. The text names the argument and the fix.

    Notes:
        Zero always has the neutral color, and equal magnitudes are equally strong unless both ends are set. Values on the page are
        within 0.51 / 8388607 of the largest magnitude of their text, half of that if none is negative.
    """
    options = Options(title=title, help=help, display_mode=display_mode)
    limits = value_ends.limits(min_value, max_value, 1)
    samples = token_values.matched(tokens, values, several=False)
    look = Look(
        kinds=[""],
        limits=limits,
        colors=custom_colors(negative_color, positive_color, display_mode),
        labels=_sample_labels("labels", labels, samples),
        hover_html=token_texts.hover_html(hover_html, [sample.tokens for sample in samples]),
    )
    return colored_tokens_figure.figure(samples, look, options)


@public
def colored_tokens_multi(
    tokens: Tokens,
    values: ArrayLike,
    labels: Sequence[str] | None = None,
    *,
    sample_labels: Sequence[str] | None = None,
    hover_html: Html | None = None,
    min_value: Ends = None,
    max_value: Ends = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows a text, or several side by side, whose tokens have several values: a button for each kind of value colors the text by it.

    Args:
        tokens: as in `colored_tokens`.
        values: [token, kind] for a text; a list of these, or [text, token, kind], for several.
        labels: the name of each kind of value, plain text. None: their numbers.
        sample_labels: a text above each text of several, as `labels` of `colored_tokens`.
        min_value, max_value: ends of the color scale, as in `colored_tokens`: a number for all kinds, or a list with one (or None) for
            each kind. None: of the values of each kind.
        hover_html, negative_color, positive_color, title, help, display_mode: as in `colored_tokens`.

    Returns, Raises, Notes: as `colored_tokens`. Each kind has its own error bound.
    """
    options = Options(title=title, help=help, display_mode=display_mode)
    samples = token_values.matched(tokens, values, several=True)
    n_kinds = samples[0].values.shape[1]
    look = Look(
        kinds=token_texts.names("labels", labels, n_kinds, "kind of value") or [str(i) for i in range(n_kinds)],
        limits=value_ends.limits(min_value, max_value, n_kinds),
        colors=custom_colors(negative_color, positive_color, display_mode),
        labels=_sample_labels("sample_labels", sample_labels, samples),
        hover_html=token_texts.hover_html(hover_html, [sample.tokens for sample in samples]),
    )
    return colored_tokens_figure.figure(samples, look, options)


@public
def visualize_model_performance(
    tokens: ArrayLike,
    str_tokens: Sequence[str],
    logits: ArrayLike,
    *,
    hover_html: Html | None = None,
    min_value: Ends = None,
    max_value: Ends = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows how well a model predicts each token of a text: its logit, log probability and probability.

    They are computed from the logits at the position before the token. The first token is predicted by nothing and has no value.

    Args:
        tokens: token ids, [position] or [1, position].
        str_tokens: the text of each token, list of strings.
        logits: [position, vocabulary] or [1, position, vocabulary]: array or tensor of any library, on any device. Only blocks of
            rows are converted at a time.
        min_value, max_value: ends of the color scale: a number, or a list of three (or None) for logit, log probability and
            probability. None: of the values of each.
        hover_html, negative_color, positive_color, title, help, display_mode: as in `colored_tokens`.

    Returns, Raises, Notes: as `colored_tokens`. Probabilities and log probabilities are natural, summed in float64.
    """
    options = Options(title=title, help=help, display_mode=display_mode)
    limits = value_ends.limits(min_value, max_value, len(performance.KINDS))
    colors = custom_colors(negative_color, positive_color, display_mode)
    ids = performance.checked_ids(tokens)
    texts = performance.checked_texts(str_tokens, len(ids))
    rows = performance.checked_logits(logits, len(ids))
    performance.check_vocabulary(ids, shape_of(rows, "logits")[1])
    html = token_texts.hover_html(hover_html, [texts])
    values = performance.predictions(rows, ids)
    look = Look(
        kinds=performance.KINDS,
        limits=limits,
        colors=colors,
        labels=(),
        hover_html=html,
        notes=performance.notes(values),
    )
    return colored_tokens_figure.figure([TokenValues(texts, values)], look, options)


def _sample_labels(name: str, given: Sequence[str] | None, samples: Sequence[TokenValues]) -> tuple[str, ...]:
    """The labels of the texts; numbers where there are several and the user passed none."""
    labels = token_texts.names(name, given, len(samples), "text")
    if labels is not None:
        return labels
    return tuple(f"Text {i}" for i in range(len(samples))) if len(samples) > 1 else ()


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # so that type checkers report names that do not exist

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)

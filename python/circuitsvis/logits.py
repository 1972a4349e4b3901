"""Log probabilities of the tokens of a text, and the logit lens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

import numpy as np

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.public_functions import public
from circuitsvis._input.selection import BatchIdx, SeqPos
from circuitsvis._lens import cache_lens, lens_figure
from circuitsvis._lens import focus as lens_focus
from circuitsvis._lens.focus import LensFocusArgument
from circuitsvis._lens.lens_function import LensFunction
from circuitsvis._lens.stages import Stages
from circuitsvis._lens.targets import Targets
from circuitsvis._tokens import log_prob_figure, log_prob_input
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.logit_lens import LensValue
from circuitsvis.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["logit_lens", "token_log_probs"]

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


@public
def logit_lens(
    cache: object,
    model: object | None = None,
    tokens: ArrayLike | None = None,
    *,
    layers: Stages = None,
    include_mid: bool = False,
    seq_pos: SeqPos = None,
    top_k: int = 5,
    targets: Targets = None,
    lens: LensFunction | None = None,
    color_by: LensValue = "top",
    batch_idx: BatchIdx = None,
    batch_labels: BatchLabels = None,
    radioitems: bool = False,
    attention_mask: ArrayLike | None = None,
    padding_side: Side | None = None,
    to_string: Callable[[int], str] | None = None,
    focus: LensFocusArgument | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows what a model would predict from each stage of its residual stream, at each position.

    Each stage goes through the model's own output head: final norm (with the mean and the divisor of that stage), unembedding, and the
    factor or soft cap that some models apply to their logits. Rows are stages, the embedding at the bottom and the last layer on top;
    columns are positions. A cell shows the likeliest token; hovering it, the k likeliest, the rank and the probability of the target, the
    entropy, and the divergence from the last layer. A chart shows the target through all stages. The cache is not changed.

    Args:
        cache: ActivationCache, or a dict of full hook names. Needs "hook_resid_post" of the layers shown and of the last one,
            "blocks.0.hook_resid_pre" for the embedding, "hook_resid_mid" for include_mid.
        model: the model that made the cache. None: `cache.model`.
        tokens: list of strings for one sequence, list of lists for a batch, or token ids of either form.
        layers: rows, by number or name, or a list of these. l, or "l_pre": the stream before block l, so that 0 is the embedding;
            n_layers, -1 or "final_post": after the last block; "l_mid": between attention and MLP of block l. These are the names of
            TransformerLens's `accumulated_resid`. None: all that are cached.
        include_mid: for each l also "l_mid". Models with parallel attention and MLP have none.
        seq_pos: positions to show, an int or a list; negative ones count from the end of each sequence. None: all.
        top_k: likeliest tokens to keep for each cell, at least 1.
        targets: the token whose probability and rank are shown. None: the next token of the text, and none at the last position. A token
            (text or id): the same everywhere. A list of tokens with None where there is none, one for each token of the sequence; a list of
            such lists for a batch.
        lens: a function (resid, layer) -> logits, applied to every stage but "final_post" instead of the model's head: a tuned lens, or
            one fitted otherwise. `resid` is a copy of the stream before block `layer`, [n, d_model], as cached; the logits are
            [n, d_vocab], and finite.
        color_by: what cells are colored by at first: "top", the probability of the likeliest token; "target", the probability of the
            target; "rank", its rank; "entropy"; "divergence". The page has a switch.
        to_string: a function from an id to its text, called once for each id that is shown. None: the model's tokenizer.
        focus: the cell that is pinned at first, e.g. {"position": 7, "layer": "3_pre"}: a number of a position among those shown, and
            optionally the name or index of a stage (default: the last) and the index of a sequence.
        batch_idx, batch_labels, radioitems, title, help, attention_mask, padding_side, display_mode: as in `attention.from_cache`.

    Returns:
        The figure.

    Raises:
        TypeError, ValueError: wrong arguments; a model whose logits are not the unembedding of a norm of its last stream (encoders,
            encoder-decoders, models with layers in between); NaN; a lens that fails or returns another shape.
        KeyError: a stream is not in the cache; the text names its hook and how to record it.

    Notes:
        The rank is 1 plus the number of strictly likelier tokens. Entropy and divergence are in nats; the divergence is
        D_KL(final || stage), 0 where a stage predicts what the model does. Log probabilities are those after a soft cap.

        Norms are computed in float64 (float32 on devices without it) and logits in float32 (float64 for arrays of numpy), also from
        bfloat16 caches: log probabilities are within 1e-4 of those in float64 for logits up to 100, and the page adds at most 1e-5. Where
        the cache holds what comes after the last block, the last row is compared with it. The computation runs on the device of W_U, in
        blocks of 8 million logits: layers x positions x vocabulary is never in memory.

    Source: nostalgebraist, "interpreting GPT: the logit lens"; N. Belrose et al., "Eliciting Latent Predictions from Transformers with
    the Tuned Lens".
    """
    options = Options(
        radioitems=radioitems, padding_side=padding_side, help=help, title=title, display_mode=display_mode
    )
    checks.boolean("include_mid", include_mid)
    checks.one_of("color_by", color_by, get_args(LensValue))
    lens_focus.check(focus)
    k = checks.integer("top_k", top_k)
    if k < 1:
        raise ValueError(f"top_k: must be 1 or more, the number of tokens to keep for each cell, got {top_k!r}")
    text_of = None if to_string is None else log_prob_input.text_function(to_string)
    if tokens is None:
        raise TypeError(
            "tokens: must be given: the tokens of the forward pass, e.g. logit_lens(cache, model, model.to_tokens(prompt))"
        )
    lenses = cache_lens.lenses(
        cache,
        model,
        tokens,
        layers=layers,
        include_mid=include_mid,
        seq_pos=seq_pos,
        top_k=k,
        targets_given=targets,
        lens=lens,
        batch_idx=batch_idx,
        batch_labels=batch_labels,
        attention_mask=attention_mask,
        padding_side=options.padding_side,
    )
    owner = model if model is not None else getattr(cache, "model", None)
    return lens_figure.figure(
        lenses,
        options,
        text_of=text_of or lens_figure.texts_by_model(owner),
        value=color_by,
        pinned=focus,
        with_function=lens is not None,
    )


def __dir__() -> list[str]:
    return __all__

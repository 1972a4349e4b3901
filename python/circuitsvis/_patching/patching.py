"""`heads.patching`: activation patching between a clean and a corrupted prompt."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.public_functions import public_of
from circuitsvis._input.selection import Layers, SeqPos
from circuitsvis._patching import sweep
from circuitsvis._patching.metric import Answers, MetricFunction
from circuitsvis._patching.result import Direction, Patching


@public_of("heads")
def patching(
    model: object,
    clean: str | ArrayLike,
    corrupted: str | ArrayLike,
    answer_tokens: Answers | None = None,
    *,
    metric: MetricFunction | None = None,
    metric_name: str | None = None,
    direction: Direction = "denoise",
    what: str | Sequence[str] | None = None,
    layers: Layers = None,
    seq_pos: SeqPos = None,
    progress: bool = True,
) -> Patching:
    """Replaces each activation of a model by that of another prompt, and measures how much of the answer comes with it.

    Args:
        model: a TransformerLens model: TransformerBridge or HookedTransformer. It runs in evaluation mode without gradients. Its weights,
            hooks and modes are afterwards as before, also after an error.
        clean: the prompt that has the behaviour: a text (tokenized by `model.to_tokens`, with its BOS), a list of texts, or token ids,
            [position] or [pair, position].
        corrupted: the prompt that lacks it, in the same form, with as many tokens. All pairs of a call are equally long.
        answer_tokens: a tuple (correct, wrong) of texts or ids: the metric is the logit of the correct token minus that of the wrong one
            at the last position. Or a list with a tuple for each pair.
        metric: instead of answer_tokens, a function of the logits [pair, position, d_vocab], which returns a number for each pair.
        metric_name: what the metric is, in words. None: from the answers, or the function's name and the first line of its docstring.
        direction: "denoise": clean activations are patched into the corrupted run, which shows what suffices to restore the answer.
            "noise": corrupted activations are patched into the clean run, which shows what is needed for it.
        what: activations that are patched, a name or a list. "resid_pre", "attn_out", "mlp_out": by layer and position. "z": the outputs
            of heads, by layer and head, at all positions at once. None: all of these that the model has.
        layers: a layer or a list of layers. None: all. Negative numbers count from the end.
        seq_pos: positions to patch in grids by position, an int or a list. None: all.
        progress: a progress bar for what takes longer than a second.

    Returns:
        The effects by kind, `result["resid_pre"]` [layer, position] and `result["z"]` [layer, head], float64: 0 where the patch changes
        nothing, 1 where it gives the metric of the run that the activations come from, so that the answer is restored ("denoise") or
        lost ("noise"). The metric after every patch, those of both unpatched runs and the tokens are kept. `heads.patching_map` draws it,
        and `heads.score_map({"z": result["z"]}, cache, tokens)` opens the heads.

    Raises:
        TypeError, ValueError: wrong arguments; prompts with different numbers of tokens; a metric that is the same for both prompts; an
            activation that the model does not have.

    Notes:
        With several pairs an effect is of means: (mean metric after the patch - mean unpatched) / (mean of the other run - mean unpatched).
        Several patches run together in one forward pass, of at most 2^26 logits, neurons or attention probabilities. A patch that changes
        no number is not run.
        TransformerLens's `get_act_patch_resid_pre`, `_attn_out`, `_mlp_out` and `_attn_head_out_all_pos` give the same as `.patched`, with
        its mean over pairs.

    Source: K. Meng et al., "Locating and Editing Factual Associations in GPT", 2022 (causal tracing); S. Heimersheim and N. Nanda,
    "How to use and interpret activation patching", 2024.
    """
    checks.one_of("direction", direction, ("denoise", "noise"))
    checks.boolean("progress", progress)
    return sweep.patching(
        model,
        clean,
        corrupted,
        answer_tokens=answer_tokens,
        function=metric,
        metric_name=metric_name,
        direction=direction,
        what=what,
        layers=layers,
        seq_pos=seq_pos,
        with_progress=progress,
    )

"""What activation patching measures: a number for each pair of prompts, from the logits of a run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from circuitsvis._cache import model_attributes
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike, Float64, to_float64
from circuitsvis._input import token_ids

MetricFunction: TypeAlias = Callable[[Any], Any]
"""A function of the logits [pair, position, d_vocab] of a run of all pairs, to a number for each pair."""

Answers: TypeAlias = "tuple[str | int, str | int] | Sequence[tuple[str | int, str | int]] | ArrayLike"

_RULE = 'must be a tuple of two tokens, (correct, wrong), e.g. (" Mary", " John"), or a list with one for each pair of prompts'


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        name: what it is, as a phrase.
        function: from logits to a number for each pair, as the user or this module wrote it.
        n_pairs: number of pairs.
    """

    name: str
    function: MetricFunction
    n_pairs: int

    def __call__(self, logits: Any) -> Float64:
        """[pair]. `logits`: [pair, position, d_vocab], of a run of all pairs in their order.

        Raises:
            TypeError, ValueError: the user's function returns something else than a finite number for each pair.
        """
        result = self.function(logits)
        try:
            values = to_float64(result, "metric").reshape(-1)
        except (TypeError, ValueError) as error:
            raise type(error)(
                f"metric: must return a number for each pair; got {type(result).__name__} ({error})"
            ) from error
        if values.size != self.n_pairs:
            one = "; leave out the mean over pairs" if values.size == 1 else ""
            raise ValueError(
                f"metric: must return a number for each of the {self.n_pairs} pairs, got {values.size}{one}"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"metric: must return finite numbers, got {values[~np.isfinite(values)][0]}")
        return values


def read(answer_tokens: object, metric: object, name: str | None, n_pairs: int, model: Any) -> Metric:
    """The metric of one of two arguments.

    Args:
        answer_tokens, metric, name: as in `circuitsvis.heads.patching`.
        n_pairs: number of pairs of prompts.
        model: for its tokenizer.

    Raises:
        TypeError, ValueError: none or both of the arguments, or wrong ones.
    """
    checks.text("metric_name", name)
    if (answer_tokens is None) == (metric is None):
        given = "none" if metric is None else "both"
        raise TypeError(
            f'answer_tokens and metric: give one of them, got {given}: answer_tokens=(" Mary", " John") for a logit difference at the '
            "last position, or metric=, a function of the logits"
        )
    if metric is not None:
        if not callable(metric):
            raise TypeError(
                f"metric: must be a function of the logits [pair, position, d_vocab], got {type(metric).__name__}; for a logit difference "
                "pass answer_tokens="
            )
        return Metric(name or _described(metric), metric, n_pairs)
    if model_attributes.kind(model) == "encoder":
        raise ValueError(
            "answer_tokens: are those of the last position, where an encoder predicts no next token; pass metric=, a function of logits"
        )
    ids = _answers(answer_tokens, n_pairs, model)
    if len(set(ids)) == 1:
        correct, wrong = (repr(token_ids.text(token, model)) for token in ids[0])
        default = f"logit of {correct} minus logit of {wrong} at the last position"
    else:
        default = "logit of the correct answer minus logit of the wrong one at the last position"
    return Metric(name or default, _difference(ids), n_pairs)


def _difference(ids: Sequence[tuple[int, int]]) -> MetricFunction:
    correct, wrong = (list(column) for column in zip(*ids, strict=True))
    pairs = list(range(len(ids)))

    def difference(logits: Any) -> Any:
        last = logits[:, -1]
        return to_float64(last[pairs, correct], "logits") - to_float64(last[pairs, wrong], "logits")

    return difference


def _answers(given: Any, n_pairs: int, model: Any) -> list[tuple[int, int]]:
    """The ids of both answers of each pair."""
    value = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(value, (tuple, list)):
        raise TypeError(f"answer_tokens: {_RULE}, got {type(given).__name__} {given!r}")
    items = [item.tolist() if hasattr(item, "tolist") else item for item in value]
    if len(items) == 2 and not any(isinstance(item, (tuple, list)) for item in items):
        items = [items] * n_pairs
    if len(items) != n_pairs:
        raise ValueError(f"answer_tokens: {_RULE}; needs {n_pairs}, got {len(items)}")
    return [_pair(item, model) for item in items]


def _pair(item: Any, model: Any) -> tuple[int, int]:
    if not isinstance(item, (tuple, list)) or len(item) != 2:
        raise TypeError(f"answer_tokens: {_RULE}, got {item!r}")
    first, second = (_id(token, model) for token in item)
    if first == second:
        raise ValueError(f"answer_tokens: must be two different tokens, got {tuple(item)!r}")
    return first, second


def _id(token: object, model: Any) -> int:
    if isinstance(token, str):
        return token_ids.single(token, "answer_tokens", model)
    number = checks.integer("answer_tokens", token)
    d_vocab = attribute(attribute(model, "cfg"), "d_vocab")
    if number < 0 or (isinstance(d_vocab, int) and number >= d_vocab):
        raise ValueError(f"answer_tokens: id {number} is out of range for a vocabulary of {d_vocab}")
    return number


def _described(function: Any) -> str:
    """The name of a function and the first line of its docstring."""
    name = getattr(function, "__name__", type(function).__name__)
    name = "the function that was passed as metric" if name == "<lambda>" else name
    doc = (inspect.getdoc(function) or "").strip().split("\n")[0].rstrip(".") if inspect.isroutine(function) else ""
    return f"{name} ({doc})" if doc else name

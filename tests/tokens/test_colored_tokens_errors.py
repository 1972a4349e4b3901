"""Wrong input of the functions on colored tokens: the text names argument, rule, value and fix, and the fix works."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

single, multi = cv.tokens.colored_tokens, cv.tokens.colored_tokens_multi
AB = ["a", "b"]
NAN = float("nan")

Case = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any], type[Exception], str]
CASES: dict[str, Case] = {
    "too few values": (single, (AB, [1]), {}, ValueError, "values: must be [token], one per token, got shape (1,) for 2 tokens"),
    "too many values": (single, (AB, [1, 2, 3]), {}, ValueError, "values may have one more for the start of the text"),
    "several kinds": (single, (AB, np.ones((2, 3))), {}, ValueError, "use cv.tokens.colored_tokens_multi(tokens, values)"),
    "one kind": (multi, (AB, [1, 2]), {}, ValueError, "use cv.tokens.colored_tokens(tokens, values)"),
    "axes swapped": (multi, (AB, np.ones((3, 2))), {}, ValueError, "swap the axes, values.T"),
    "no kinds": (multi, (AB, np.ones((2, 0))), {}, ValueError, "needs at least one value per token, got shape (2, 0)"),
    "infinite": (single, (AB, [1, -np.inf]), {}, ValueError, "got -inf at token 1 'b'; put NaN where there is no value"),
    "text values": (single, (AB, ["1", "2"]), {}, TypeError, "values: needs numbers, got list of dtype <U1"),
    "order": (single, ([1, 2], AB), {}, TypeError, "tokens: got token ids"),
    "empty": (single, ([], []), {}, ValueError, "tokens: must be a list of strings"),
    "text tokens": (single, ("ab", [1, 2]), {}, TypeError, "got the text 'ab'; split it"),
    "texts": (single, ([AB, ["c"]], [[1, 2]]), {}, ValueError, "tokens= has 2 lists, got 1 arrays"),
    "texts, numbers": (single, ([AB, ["c"]], [1, 2]), {}, ValueError, "tokens= has 2 lists, got 2 numbers"),
    "texts, array": (multi, ([AB, AB], np.ones((2, 2))), {}, ValueError, "got an array of shape (2, 2)"),
    "texts, one wrong": (single, ([AB, ["c"]], [[1, 2], [3, 4]]), {}, ValueError, "values[1]: must be [token]"),
    "kinds differ": (multi, ([AB, AB], [np.ones((2, 1)), np.ones((2, 2))]), {}, ValueError, "got 1 in text 0 and 2 in text 1"),
    "labels": (multi, (AB, np.ones((2, 2)), ["x"]), {}, ValueError, "labels: needs one per kind of value, got 1 for 2"),
    "label type": (multi, (AB, np.ones((2, 1)), [3.5]), {}, TypeError, "labels: item 0 must be a string, got float 3.5 (wrap it in str())"),
    "labels, text": (multi, (AB, np.ones((2, 1)), "x"), {}, TypeError, "labels: must be a list of strings, one per kind of value"),
    "sample labels": (multi, (AB, np.ones((2, 1))), {"sample_labels": ["x", "y"]}, ValueError, "sample_labels: needs one per text"),
    "html": (single, (AB, [1, 2]), {"hover_html": ["x"]}, ValueError, "hover_html: needs one per token, got 1 for 2"),
    "html type": (single, (AB, [1, 2]), {"hover_html": ["x", 3]}, TypeError, "hover_html: item 1 must be a string, got int 3"),
    "html text": (single, (AB, [1, 2]), {"hover_html": "xy"}, TypeError, "hover_html: must be a list with the HTML of each token"),
    "html texts": (single, ([AB, AB], [[1, 2]] * 2), {"hover_html": [AB]}, ValueError, "needs one list per text, got 1 for 2"),
    "min above 0": (single, (AB, [1, 2], 0.5), {}, ValueError, "min_value: must be a finite number, 0 or below"),
    "max below 0": (single, (AB, [1, 2], None, -1), {}, ValueError, "max_value: must be a finite number above 0"),
    "both 0": (single, (AB, [1, 2], 0, 0), {}, ValueError, "max_value: must be a finite number above 0, got 0"),
    "min text": (single, (AB, [1, 2], "x"), {}, TypeError, "min_value"),
    "ends": (multi, (AB, np.ones((2, 2))), {"max_value": [1]}, ValueError, "max_value: needs one number, or one per kind of value"),
    "color": (single, (AB, [1, 2]), {"positive_color": "bleu"}, ValueError, "positive_color: must be a CSS color"),
    "title": (single, (AB, [1, 2]), {"title": 3}, TypeError, "title: must be a string or None"),
    "help": (single, (AB, [1, 2]), {"help": 1}, TypeError, "help: must be True or False"),
    "display_mode": (single, (AB, [1, 2]), {"display_mode": "x"}, ValueError, "display_mode: must be one of"),
    "return_mode": (single, (AB, [1, 2]), {"return_mode": "html"}, TypeError, "unexpected keyword argument 'return_mode'"),
    "min_color": (single, (AB, [1, 2]), {"min_color": "red"}, TypeError, "use negative_color="),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_wrong_input_is_refused_by_name(case: str) -> None:
    function, arguments, options, kind, text = CASES[case]
    with pytest.raises(kind, match=re.escape(text)):
        function(*arguments, **options)


def test_the_advice_works() -> None:
    values = np.ones((3, 2))
    multi(AB, values.T)
    multi(AB, values[:2])
    single(AB, values[0])
    single(AB, [1, NAN])
    single(["<s>", *AB], [NAN, 1, 2])
    single([AB, ["c"]], [[1, 2], [3]])

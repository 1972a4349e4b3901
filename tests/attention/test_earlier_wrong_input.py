"""attention_heads, attention_pattern and attention_patterns with wrong arguments: the error names the fix, and the fix works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from circuitsvis.attention import attention_heads, attention_pattern, attention_patterns, from_values
from circuitsvis.figure import Figure

from tests.support.caches import softmax_patterns, words

HEADS = softmax_patterns((3, 5, 5))
TOKENS: Any = words(5)
Call = Callable[[], Figure]

CASES: dict[str, tuple[Call, type[Exception], str, Call]] = {
    "tokens before attention": (
        lambda: attention_heads(TOKENS, HEADS),  # type: ignore[arg-type]  # the error is the test
        TypeError,
        r"^attention: must be numbers, got strings; attention comes before tokens: attention_heads\(attention, tokens\);",
        lambda: attention_heads(HEADS, TOKENS),
    ),
    "attention before tokens": (
        lambda: attention_pattern(HEADS[0], TOKENS),  # type: ignore[arg-type]  # the error is the test
        TypeError,
        r"^attention: .* tokens comes before attention: attention_pattern\(tokens, attention\);",
        lambda: attention_pattern(TOKENS, HEADS[0]),
    ),
    "attention before tokens, several": (
        lambda: attention_patterns(HEADS, TOKENS),  # type: ignore[arg-type]  # the error is the test
        TypeError,
        r"attention_patterns\(tokens, attention\); with attention= and tokens= the order does not matter$",
        lambda: attention_patterns(attention=HEADS, tokens=TOKENS),
    ),
    "one head to the function for several": (
        lambda: attention_heads(HEADS[0], TOKENS),
        ValueError,
        r"must be \[head, dest, src\], got \[dest, src\] = \[5, 5\]; attention_pattern\(tokens, attention\) shows one head",
        lambda: attention_pattern(TOKENS, HEADS[0]),
    ),
    "several heads to the function for one": (
        lambda: attention_pattern(TOKENS, HEADS),
        ValueError,
        r"got \[head, dest, src\] = \[3, 5, 5\]; attention_heads\(attention, tokens\) shows 3 heads, attention\[0\] is the first",
        lambda: attention_pattern(TOKENS, HEADS[0]),
    ),
    "several heads with a batch axis": (
        lambda: attention_pattern(TOKENS, HEADS[None]),
        ValueError,
        r"shows 3 heads, attention\[0\]\[0\] is the first of them",
        lambda: attention_pattern(TOKENS, HEADS[None][0][0]),
    ),
    "a batch": (
        lambda: attention_heads(np.stack([HEADS, HEADS]), TOKENS),
        ValueError,
        r"must be \[head, dest, src\], got shape \[2, 3, 5, 5\]; from_values takes batches",
        lambda: from_values(np.stack([HEADS, HEADS]), [TOKENS, TOKENS], mode="large"),
    ),
    "a batch of tokens": (
        lambda: attention_patterns([TOKENS, TOKENS], HEADS),
        ValueError,
        r"^tokens: must be a list of strings, got 2 lists; for a batch use from_values\(attention, tokens\)",
        lambda: from_values(np.stack([HEADS, HEADS]), [TOKENS, TOKENS]),
    ),
    "rows of other positions": (
        lambda: attention_heads(HEADS[:, 3:], TOKENS),
        ValueError,
        r"as many destinations as sources, got 2 and 5; for others use from_values\(attention, dest_tokens=..., src_tokens",
        lambda: from_values(HEADS[:, 3:], dest_tokens=TOKENS[3:], src_tokens=TOKENS, mode="large"),
    ),
    "fewer tokens": (
        lambda: attention_heads(HEADS, TOKENS[:4]),
        ValueError,
        r"^tokens: needs one per position of the attention, got 4 tokens for 5 positions; cut padding off both",
        lambda: attention_heads(HEADS[:, :4, :4], TOKENS[:4]),
    ),
    "more tokens": (
        lambda: attention_pattern([*TOKENS, "x"], HEADS[0]),
        ValueError,
        r"got 6 tokens for 5 positions",
        lambda: attention_pattern(TOKENS, HEADS[0]),
    ),
    "no heads": (
        lambda: attention_heads(HEADS[:0], TOKENS),
        ValueError,
        r"with at least one head and position, got shape \[0, 5, 5\]",
        lambda: attention_heads(HEADS[:1], TOKENS),
    ),
    "no tokens": (
        lambda: attention_pattern([], HEADS[0]),
        ValueError,
        r"^tokens: .* got an empty list",
        lambda: attention_pattern(TOKENS, HEADS[0]),
    ),
    "token ids": (
        lambda: attention_heads(HEADS, [3, 1, 4, 1, 5]),  # type: ignore[list-item]  # the error is the test
        TypeError,
        r"^tokens: got token ids.*\[str\(int\(i\)\) for i in ids\]",
        lambda: attention_heads(HEADS, [str(int(i)) for i in [3, 1, 4, 1, 5]]),
    ),
    "too few names": (
        lambda: attention_heads(HEADS, TOKENS, ["a", "b"]),
        ValueError,
        r"^attention_head_names: must be a list of strings, one per head, got 2 names for 3 heads",
        lambda: attention_heads(HEADS, TOKENS, ["a", "b", "c"]),
    ),
    "a text as names": (
        lambda: attention_heads(HEADS, TOKENS, "abc"),
        TypeError,
        r"^attention_head_names: .* got 'abc'",
        lambda: attention_heads(HEADS, TOKENS, list("abc")),
    ),
    "max_value below zero": (
        lambda: attention_heads(HEADS, TOKENS, max_value=0),
        ValueError,
        r"^max_value: must be a finite number above 0, got 0",
        lambda: attention_heads(HEADS, TOKENS, max_value=0.1),
    ),
    "white": (
        lambda: attention_pattern(TOKENS, HEADS[0], positive_color="white"),
        ValueError,
        r"^positive_color: must differ from the color of zero",
        lambda: attention_pattern(TOKENS, HEADS[0], positive_color="black"),
    ),
    "white that hides negative values": (
        lambda: attention_heads(HEADS - 0.5, TOKENS, negative_color="white"),
        ValueError,
        r"^negative_color: .* to hide negative values, set them to 0 before the call$",
        lambda: attention_heads(np.maximum(HEADS - 0.5, 0), TOKENS),
    ),
    "a mask that is an array": (
        lambda: attention_heads(HEADS, TOKENS, mask_upper_tri=np.ones((5, 5))),  # type: ignore[arg-type]  # as above
        TypeError,
        r"^mask_upper_tri: must be True or False",
        lambda: attention_heads(HEADS, TOKENS, mask_upper_tri=True),
    ),
    "infinity": (
        lambda: attention_heads(np.where(HEADS > 0.9, np.inf, HEADS), TOKENS),
        ValueError,
        r"^attention: Head 0: values must be NaN or finite.*put NaN where there is no value",
        lambda: attention_heads(np.where(HEADS > 0.9, np.nan, HEADS), TOKENS),
    ),
    "texts": (
        lambda: attention_heads([["a"]], TOKENS),  # type: ignore[list-item]  # the error is the test
        TypeError,
        r"^attention: needs numbers",
        lambda: attention_heads([[[1.0]]], ["a"]),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_error_names_the_fix_and_the_fix_works(name: str) -> None:
    wrong, error, text, right = CASES[name]
    with pytest.raises(error, match=text):
        wrong()
    assert isinstance(right(), Figure)

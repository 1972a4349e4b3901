"""Checks that the post's calls show what the model computed. HEADS are heads of the demo model."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.support import reference

HEADS = [(2, 1), (3, 2), (3, 0)]


def check(figure: Any, post: dict[str, Any], rows: list[int] | None, attention_type: str = "standard") -> None:
    """Compares every value with a float64 reference. `rows`: sequences of the batch; None for the cache without a batch."""
    cache = post["cache"] if rows is None else post["cache_all"]
    props = reference.props(figure)
    assert len(props.sequences) == (1 if rows is None else len(rows))
    for number, row in enumerate([0] if rows is None else rows):
        shown = reference.shown(figure, number, attention_type)
        n = len(post["tokens"] if rows is None else post["tokens_all"][row])
        for head, matrix in zip(props.heads, shown, strict=True):
            layer, index = (int(part) for part in head.name.split("."))
            pattern, v = cache["pattern", layer].double().numpy(), cache["v", layer].double().numpy()
            pattern, v = (pattern, v) if rows is None else (pattern[row], v[row])
            real = slice(len(v) - n, None) if post["gpt2"].tokenizer.padding_side == "left" else slice(0, n)
            expected = pattern[index, real, real]
            if attention_type == "info-weighted":
                w_o = post["gpt2"].blocks[layer].attn.W_O[index].detach().double().numpy()
                expected = reference.info_weighted(expected, v[real, index], w_o)
            masked = np.isnan(matrix)
            assert not expected[masked].any()
            assert np.abs(matrix - expected)[~masked].max() <= reference.bound(figure, number, attention_type)


def check_lines(figure: Any, post: dict[str, Any], rows: list[int] | None) -> None:
    """Checks that the softmax of the scores on the page is the pattern of every head, and that GPT-2's scores are a product."""
    check(figure, post, rows)
    props = reference.lines(figure)
    assert props.display_mode == "light"
    for number in range(len(props.sequences)):
        for head in range(len(props.heads)):
            computation = reference.computation(figure, head, number)
            assert (computation.kind, computation.divisor, computation.added_term) == ("product", 4.0, None)
            pattern = np.nan_to_num(reference.shown(figure, number)[head])
            computed = np.nan_to_num(reference.computed(figure, head, number))
            assert np.abs(computed - pattern).max() <= 1e-5 + reference.bound(figure, number)


def check_attribution(props: Any, post: dict[str, Any]) -> None:
    """Checks that the components of each position add up to the model's logit of the next token."""
    ids = post["gpt2"].to_tokens("".join(post["tokens"][1:]))
    logits = post["gpt2"](ids)[0].detach().double().numpy()
    [sequence] = props.sequences
    expected = [logits[i, ids[0, i + 1]] for i in range(len(post["tokens"]) - 1)]
    np.testing.assert_allclose(reference.decode_rows(sequence.component_totals).sum(0), expected, rtol=0, atol=5e-5)
    assert [(head.name) for head in props.heads] == [f"{layer}.{head}" for layer, head in HEADS]

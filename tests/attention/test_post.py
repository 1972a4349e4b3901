"""The calls of the post run as written there, and show what the model computed.

Source: C. McDougall, "CircuitsVis (& TransformerLens)". Only the numbers of the heads differ: the demo model has 4 x 4.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis import demo

from tests.support import reference
from tests.support.models import needs_bridge, needs_hooked_transformer

HEADS = [(2, 1), (3, 2), (3, 0)]


@pytest.fixture(
    params=[
        pytest.param("TransformerBridge", marks=needs_bridge),
        pytest.param("HookedTransformer", marks=needs_hooked_transformer),
    ]
)
def post(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The variables of the post's set-up code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the libraries' own deprecation notes are not ours to fix
        gpt2 = demo.load(request.param)
        sentence0 = "When Mary and John went to the shops, John gave a drink to Mary."
        sentence1 = "When Mary and John went to the shops, Mary gave a drink to John."
        sentence2 = "The cat sat on the mat."
        sentences_all = [sentence0, sentence1, sentence2]

        names_filter = lambda name: any(name.endswith(f"hook_{s}") for s in ["pattern", "q", "k", "v"])  # noqa: E731
        _logits, cache = gpt2.run_with_cache(sentence0, names_filter=names_filter, remove_batch_dim=True)
        _logits_all, cache_all = gpt2.run_with_cache(sentences_all, names_filter=names_filter)
        _logits, cache_full = gpt2.run_with_cache(sentence0, remove_batch_dim=True)

        tokens = gpt2.to_str_tokens(sentence0)
        tokens_all = gpt2.to_str_tokens(sentences_all)
        yield {
            "gpt2": gpt2,
            "cache": cache,
            "cache_all": cache_all,
            "cache_full": cache_full,
            "tokens": tokens,
            "tokens_all": tokens_all,
        }


def check(figure: Any, post: dict[str, Any], rows: list[int] | None, attention_type: str = "standard") -> None:
    """Every value against a float64 reference. rows: sequences of the batch; None for the cache without a batch."""
    cache = post["cache"] if rows is None else post["cache_all"]
    props = reference.props(figure)
    assert len(props.sequences) == (1 if rows is None else len(rows))
    for number, row in enumerate([0] if rows is None else rows):
        shown = reference.shown(figure, number, attention_type)
        n = len(post["tokens"] if rows is None else post["tokens_all"][row])
        for head, got in zip(props.heads, shown, strict=True):
            layer, index = (int(part) for part in head.name.split("."))
            pattern, v = cache["pattern", layer].double().numpy(), cache["v", layer].double().numpy()
            pattern, v = (pattern, v) if rows is None else (pattern[row], v[row])
            real = slice(len(v) - n, None) if post["gpt2"].tokenizer.padding_side == "left" else slice(0, n)
            one, own = pattern[index, real, real], v[real, index]
            w_o = post["gpt2"].blocks[layer].attn.W_O[index].detach().double().numpy()
            want = reference.info_weighted(one, own, w_o) if attention_type == "info-weighted" else one
            masked = np.isnan(got)
            assert not want[masked].any()
            assert np.abs(got - want)[~masked].max() <= reference.bound(figure, number, attention_type)


def check_lines(figure: Any, post: dict[str, Any], rows: list[int] | None) -> None:
    """The scores on the page lead to the model's probabilities, for every head: GPT-2's are a plain product."""
    check(figure, post, rows)
    props = reference.lines(figure)
    assert props.display_mode == "light"
    for number in range(len(props.sequences)):
        for head in range(len(props.heads)):
            one = reference.computation(figure, head, number)
            assert (one.kind, one.divisor, one.added_term) == ("product", 4.0, None)
            want = np.nan_to_num(reference.shown(figure, number)[head])
            got = np.nan_to_num(reference.computed(figure, head, number))
            assert np.abs(got - want).max() <= 1e-5 + reference.bound(figure, number)


def test_a_cache_without_batch_dimension(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        layers = 0,
    )  # fmt: skip
    assert [head.name for head in reference.props(figure).heads] == ["0.0", "0.1", "0.2", "0.3"]
    check(figure, post, None)


def test_a_batch_is_shown_whole(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
    )  # fmt: skip
    check(figure, post, [0, 1, 2])


def test_one_sequence_of_a_batch(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
        batch_idx = 1, # Different way to specify a sequence within batch
    )  # fmt: skip
    check(figure, post, [1])


def test_some_sequences_of_a_batch(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        layers = 0,
        batch_idx = [0, 1], # Different way to specify some sequences within batch
    )  # fmt: skip
    check(figure, post, [0, 1])


def test_layers_counted_from_the_end(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        layers = [0, -1], # Negative indices are accepted
    )  # fmt: skip
    assert {head.layer for head in reference.props(figure).heads} == {0, 3}
    check(figure, post, None)


def test_chosen_heads_in_their_order(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        heads = HEADS, # Showing all the name mover heads: to attends to the IO token Mary
    )  # fmt: skip
    assert [head.name for head in reference.props(figure).heads] == ["2.1", "3.2", "3.0"]
    check(figure, post, None)


def test_a_batch_in_large_mode(post: dict[str, Any]) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        heads = HEADS,
        mode = "large",
    )  # fmt: skip
    check(figure, post, [0, 1, 2])


def test_info_weighted_attention(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        heads = HEADS, # showing all the name mover heads
        attention_type = "info-weighted", # or try "value-weighted"
    )  # fmt: skip
    assert reference.props(figure).attention_type == "info-weighted"
    check(figure, post, None, "info-weighted")


def test_batch_labels_from_a_function_of_the_tokens(post: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    displayed: list[Any] = []
    monkeypatch.setattr("IPython.display.display", displayed.append)
    returned = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        heads = HEADS,
        attention_type = "info-weighted",
        batch_labels = lambda str_toks: "" + "|".join(str_toks) + "",
        return_mode = "view",
    )  # type: ignore[func-returns-value]  # that it returns None is what is tested  # fmt: skip
    assert returned is None
    [figure] = displayed
    assert [row.label for row in reference.props(figure).sequences] == ["|".join(row) for row in tokens_all]
    check(figure, post, [0, 1, 2], "info-weighted")


def test_lines_of_all_heads(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        mode = "lines",
        display_mode = "light", # Can also choose "dark"
    )  # fmt: skip
    assert len(reference.props(figure).heads) == 16
    assert reference.lines(figure).head_selector == "layer"
    check_lines(figure, post, None)


def test_lines_of_chosen_heads(post: dict[str, Any]) -> None:
    cache, tokens = post["cache"], post["tokens"]
    figure = cv.attention.from_cache(
        cache = cache,
        tokens = tokens,
        heads = HEADS,
        mode = "lines",
        display_mode = "light",
    )  # fmt: skip
    assert reference.lines(figure).head_selector == "head"
    check_lines(figure, post, None)


def test_lines_of_a_batch(post: dict[str, Any]) -> None:
    """The fork refuses this."""
    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    figure = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        heads = HEADS,
        mode = "lines",
        display_mode = "light",
    )  # fmt: skip
    check_lines(figure, post, [0, 1, 2])


def test_the_html_object_is_displayed_and_its_data_written_to_a_file(post: dict[str, Any], tmp_path: Any) -> None:
    from IPython.display import display

    cache_all, tokens_all = post["cache_all"], post["tokens_all"]
    html_object = cv.attention.from_cache(
        cache = cache_all,
        tokens = tokens_all,
        batch_idx = 0,
        heads = HEADS,
        mode = "lines",
        title = "Attention of name mover heads (lines mode)",
        return_mode = "html",
        help = True,
        display_mode = "light", # This might be better if you're opening in browser
    )  # fmt: skip

    display(html_object)  # type: ignore[no-untyped-call]  # IPython's own signature is untyped

    with open(tmp_path / "my_file.html", "w") as f:
        f.write(html_object.data)
    assert (tmp_path / "my_file.html").read_text(encoding="utf-8") == html_object.data
    assert any("Keys: Up and Down" in text for text in reference.props(html_object).help)
    check_lines(html_object, post, [0])


def check_attribution(props: Any, post: dict[str, Any]) -> None:
    """All components of each position add up to the model's logit of the token that follows."""
    ids = post["gpt2"].to_tokens("".join(post["tokens"][1:]))
    logits = post["gpt2"](ids)[0].detach().double().numpy()
    [sequence] = props.sequences
    want = [logits[i, ids[0, i + 1]] for i in range(len(post["tokens"]) - 1)]
    np.testing.assert_allclose(reference.decode_rows(sequence.component_totals).sum(0), want, rtol=0, atol=5e-5)
    assert [(head.name) for head in props.heads] == [f"{layer}.{head}" for layer, head in HEADS]


def test_attribution_of_both_signs_in_one_small_plot(post: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr("circuitsvis.figure.Figure.show", lambda figure: shown.append(figure))
    gpt2, cache_full, tokens = post["gpt2"], post["cache_full"], post["tokens"]
    cv.attribution.from_cache(
        model = gpt2,
        cache = cache_full,
        tokens = tokens,
        mode = "small",
        heads = HEADS, # main positive & negative heads
        return_mode = "view",
    )  # fmt: skip
    check_attribution(reference.props(shown[0]), post)


def test_attribution_in_the_large_plot(post: dict[str, Any]) -> None:
    gpt2, cache_full, tokens = post["gpt2"], post["cache_full"], post["tokens"]
    figure = cv.attribution.from_cache(
        model = gpt2,
        cache = cache_full,
        tokens = tokens,
        heads = HEADS,
        mode = "large",
    )  # fmt: skip
    check_attribution(reference.props(figure), post)

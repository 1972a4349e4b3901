"""The post's calls with mode="lines" run as written there, and show what the model computed.

Source: C. McDougall, "CircuitsVis (& TransformerLens)". Only the numbers of the heads differ: the demo model has 4 x 4.
"""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import reference
from tests.support.post import HEADS, check_lines


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

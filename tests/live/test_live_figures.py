"""Live figures: what an output holds, what the kernel answers, and what happens when arrays change."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis import attention, attribution
from circuitsvis._live import cells, connection
from circuitsvis._live.connection import Answers
from circuitsvis._page.figure import Figure
from circuitsvis._wire import references, serialize
from circuitsvis._wire.references import FromKernel
from circuitsvis._wire.watched import ChangedError
from hypothesis import given
from hypothesis import strategies as st

from tests.support import reference
from tests.support.caches import softmax_patterns

TOKENS = [[f"a{i}" for i in range(9)], [f"b{i}" for i in range(9)]]


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_is_installed", lambda: True)


def live(values: npt.NDArray[np.float32], tokens: list[Any] = TOKENS, **options: Any) -> Figure:
    figure = attention.from_values(values, tokens, live=True, **options)
    assert figure is not None
    return figure


def references_of(value: Any) -> list[tuple[int, int]]:
    """All [number, checksum] in the JSON of a figure."""
    if isinstance(value, dict) and "chunks" in value:
        return [tuple(chunk) for chunk in value["chunks"] if isinstance(chunk, list)]
    if isinstance(value, dict):
        value = list(value.values())
    return [reference for item in value for reference in references_of(item)] if isinstance(value, list) else []


def test_an_output_holds_the_previews_and_one_head_of_the_sequence_that_is_shown_first() -> None:
    figure = live(softmax_patterns((2, 5, 9, 9)), focus={"head": 3, "sequence": 1})
    chunks = FromKernel(figure._props)
    sequences = json.loads("".join(serialize.to_json(figure._props, chunks)))["props"]["sequences"]
    kinds = [[type(chunk) for chunk in sequence["attention"]["chunks"]] for sequence in sequences]
    assert kinds == [[list] * 5, [list, list, list, str, list]]
    assert [type(sequence["preview"]["chunks"][0]) for sequence in sequences] == [list, str]
    numbers = [number for number, _ in references_of(sequences)]
    assert len(set(numbers)) == len(numbers) and set(numbers) < set(range(len(chunks)))


def test_a_head_of_very_many_tokens_is_not_in_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = live(softmax_patterns((1, 3, 9, 9)), TOKENS[:1])
    assert len(references_of(json.loads("".join(serialize.to_json(figure._props, FromKernel(figure._props)))))) == 2
    monkeypatch.setattr(references, "LARGEST_NEAR", 2 * 9 * 9 / 2 - 1)
    assert len(references_of(json.loads("".join(serialize.to_json(figure._props, FromKernel(figure._props)))))) == 3


@pytest.mark.parametrize("causal", [True, False])
def test_what_the_kernel_answers_is_what_a_page_with_all_heads_holds(causal: bool) -> None:
    values = softmax_patterns((2, 3, 9, 9), causal=causal)
    now, later = attention.from_values(values, TOKENS), live(values)
    assert now is not None
    for before, after in zip(now._props.sequences, later._props.sequences, strict=True):  # type: ignore[attr-defined]  # of attention
        assert reference.decode(after.attention) == pytest.approx(reference.decode(before.attention), nan_ok=True)
        assert list(after.attention.chunks) == list(before.attention.chunks)


@given(st.data())
def test_heads_that_are_encoded_later_are_encoded_as_now(data: st.DataObject) -> None:
    dest, extra = data.draw(st.integers(1, 6)), data.draw(st.integers(0, 3))
    shape = (data.draw(st.integers(1, 3)), dest, dest + extra)
    numbers = st.one_of(st.floats(-100, 100, width=32), st.just(float("nan")), st.just(0.0))
    flat = data.draw(st.lists(numbers, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    values = np.array(flat, np.float32).reshape(shape)
    if data.draw(st.booleans()):
        values = np.tril(values, extra)
    dests, srcs = [f"d{i}" for i in range(shape[1])], [f"s{i}" for i in range(shape[2])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_is_installed", lambda: True)
        figures = [
            attention.from_values(values, dest_tokens=dests, src_tokens=srcs, live=later) for later in (False, True)
        ]
    now, later = (figure._props.sequences[0].attention for figure in figures)  # type: ignore[attr-defined]  # of attention
    assert (now.dtype, now.layout, now.scales, list(now.chunks)) == (
        later.dtype,
        later.layout,
        later.scales,
        list(later.chunks),
    )


def test_a_head_whose_values_changed_says_so_and_others_are_still_given() -> None:
    values = softmax_patterns((1, 3, 9, 9))
    figure = live(values, TOKENS[:1])
    tensor = figure._props.sequences[0].attention  # type: ignore[attr-defined]  # of attention
    before = tensor.chunks[1]
    values[0, 2, 4, 1] += 0.25
    with pytest.raises(ChangedError, match=r"attention: Head 2: its values were changed .* make the figure again"):
        tensor.chunks[2]
    assert tensor.chunks[1] == before
    again = live(values, TOKENS[:1])._props.sequences[0].attention  # type: ignore[attr-defined]  # of attention
    assert again.chunks[2]


def test_a_cache_is_read_where_it_is_and_kept_when_the_user_deletes_it() -> None:
    cache = {f"blocks.{layer}.attn.hook_pattern": softmax_patterns((1, 2, 9, 9)) for layer in range(2)}
    figure = attention.from_cache(cache, TOKENS[:1], live=True)
    assert figure is not None
    expected = cache["blocks.1.attn.hook_pattern"][0, 1].astype(np.float64)
    cache.clear()
    shown = reference.decode(figure._props.sequences[0].attention)[3]  # type: ignore[attr-defined]  # of attention
    for dest in range(9):
        for src in range(dest + 1):
            assert abs(shown[dest][src] - expected[dest, src]) <= 0.51 / 65534


class Widget:
    """Collects what a widget would send, and knows whether it was closed."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []
        self.closed = False
        self.layout = None
        self._msg_callbacks = type("Callbacks", (), {"callbacks": [1]})()

    def send(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.sent.append((content, list(buffers)))

    def close(self) -> None:
        self.closed = True


def test_the_kernel_answers_all_chunks_of_a_message_and_names_what_it_could_not_read() -> None:
    values = softmax_patterns((1, 4, 9, 9))
    chunks = FromKernel(live(values, TOKENS[:1])._props)
    expected = [chunks.chunk(number) for number in (0, 3)]
    values[0, 1] *= 0.5
    widget = Widget()
    Answers(chunks)(widget, {"id": 7, "chunks": [0, 1, 3, 99, "x"]}, [])
    ((content, buffers),) = widget.sent
    assert (content["id"], content["last"], buffers) == (7, True, expected)
    errors = {answer["number"]: answer["error"] for answer in content["chunks"]}
    assert [errors[0], errors[3]] == [None, None]
    assert "were changed" in errors[1] and "has 5" in errors[99] and "needs its number" in errors["x"]


def test_a_long_answer_comes_in_several_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = FromKernel(live(softmax_patterns((1, 4, 9, 9)), TOKENS[:1])._props)
    monkeypatch.setattr(connection, "_MESSAGE", 1)
    widget = Widget()
    Answers(chunks)(widget, {"id": 1, "chunks": [0, 1, 2]}, [])
    assert [content["last"] for content, _ in widget.sent] == [False, False, True]
    assert [buffers for _, buffers in widget.sent] == [[chunks.chunk(number)] for number in (0, 1, 2)]


def test_a_message_of_another_kind_is_left_alone() -> None:
    widget = Widget()
    for content in ("x", {}, {"id": 1, "chunks": "all"}):
        Answers(FromKernel(live(softmax_patterns((1, 9, 9)), TOKENS[0])._props))(widget, content, [])
    assert widget.sent == []


def test_widgets_of_a_cells_earlier_run_are_closed_and_those_of_one_run_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run: list[tuple[str | None, str]] = [("cell", "first run")]
    monkeypatch.setattr(cells, "_running", lambda: run[0])
    monkeypatch.setattr(cells, "_of_cell", {})
    made = []
    for now in [("cell", "first run"), ("cell", "first run"), ("other", "a run"), ("cell", "second run"), (None, "x")]:
        run[0] = now
        made.append(Widget())
        cells.keep(made[-1])
    assert [widget.closed for widget in made] == [True, True, False, False, False]
    assert made[0]._msg_callbacks.callbacks == []


def test_a_file_of_a_live_figure_holds_all_of_it() -> None:
    values = softmax_patterns((2, 3, 9, 9))
    figure = live(values)
    assert figure.to_dict()["attention"].size == attention.from_values(values, TOKENS).to_dict()["attention"].size  # type: ignore[union-attr]  # a figure
    assert "data-circuitsvis-live" not in figure.data
    assert references_of(json.loads("".join(serialize.to_json(figure._props)))) == []


def test_live_needs_a_library_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_is_installed", lambda: False)
    with pytest.raises(ImportError, match=r'live=True: needs anywidget.*pip install "circuitsvis\[live\]"'):
        live(softmax_patterns((1, 9, 9)), TOKENS[0])
    with pytest.raises(TypeError, match="live: must be True or False"):
        attention.from_values(softmax_patterns((1, 9, 9)), TOKENS[0], live=1)  # type: ignore[call-overload]  # a wrong argument
    with pytest.raises(ImportError, match="live=True"):
        attribution.from_cache({}, None, TOKENS, live=True)


def test_outside_of_a_kernel_an_output_is_whole() -> None:
    html = live(softmax_patterns((1, 9, 9)), TOKENS[0])._repr_html_()
    assert "data-circuitsvis-live" not in html

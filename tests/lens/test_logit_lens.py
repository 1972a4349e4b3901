"""`logit_lens`: every number against loops over the vocabulary in float64."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._lens import lens_figure, readout
from circuitsvis._lens.numpy_backend import NumpyBackend
from circuitsvis.logits import logit_lens

from tests.support import lenses

STAGES = ("0_pre", "1_pre", "2_pre", "final_post")


def words(n: int) -> list[str]:
    """Texts of ids, as a model without a tokenizer takes them."""
    return [str((3 * i + 1) % 11) for i in range(n)]


@pytest.mark.parametrize("head", sorted(lenses.HEADS))
def test_each_cell_has_what_loops_over_the_vocabulary_find(head: str) -> None:
    run = lenses.run(head)
    figure = logit_lens(run.cache, run.model, words(5), top_k=3)
    found = lenses.assert_shows(figure, run)
    assert found.props.stages == STAGES
    assert found.targets == [4, 7, 10, 2, None]
    assert found.tokens == ("1", "4", "7", "10", "2")


def test_the_last_row_diverges_from_itself_by_nothing() -> None:
    run = lenses.run()
    found = lenses.shown(logit_lens(run.cache, run.model, words(5)))
    assert (found.divergences[-1] == 0).all() and (found.divergences[:-1] > 0).all()


def test_the_cache_is_not_changed() -> None:
    run = lenses.run()
    before = {name: array.copy() for name, array in run.cache.items()}
    lens = lambda resid, layer: np.multiply(resid, 0, out=resid) @ run.w_u  # noqa: E731
    logit_lens(run.cache, run.model, words(5), include_mid=True)
    logit_lens(run.cache, run.model, words(5), lens=lens)
    for name, array in before.items():
        np.testing.assert_array_equal(run.cache[name], array)


def test_mid_streams_stand_between_those_before_and_after() -> None:
    run = lenses.run()
    found = lenses.assert_shows(logit_lens(run.cache, run.model, words(5), include_mid=True), run)
    assert found.props.stages == ("0_pre", "0_mid", "1_pre", "1_mid", "2_pre", "2_mid", "final_post")


@pytest.mark.parametrize(
    ("layers", "stages"),
    [
        (0, ("0_pre",)),
        (-1, ("final_post",)),
        (3, ("final_post",)),
        ([2, 0, -4], ("0_pre", "2_pre")),
        ("1_pre", ("1_pre",)),
        (["final_post", "1_mid", 1], ("1_pre", "1_mid", "final_post")),
        (np.array([1, 2]), ("1_pre", "2_pre")),
        (range(2), ("0_pre", "1_pre")),
    ],
)
def test_layers_are_numbers_or_names_of_accumulated_resid_and_are_shown_in_order(layers: Any, stages: Any) -> None:
    run = lenses.run()
    assert lenses.assert_shows(logit_lens(run.cache, run.model, words(5), layers=layers), run).props.stages == stages


def test_positions_are_shown_as_chosen_with_their_own_next_token() -> None:
    run = lenses.run(n=6)
    found = lenses.assert_shows(logit_lens(run.cache, run.model, words(6), seq_pos=[4, 0, -1]), run)
    assert found.positions == (4, 0, 5)
    assert found.tokens == ("2", "1", "5") and found.targets == [5, 4, None]


def test_each_sequence_of_a_batch_has_its_own_streams_and_targets() -> None:
    run = lenses.run(batch=3)
    rows = [words(5), [str(i) for i in range(5)], words(5)[::-1]]
    figure = logit_lens(run.cache, run.model, rows, batch_idx=[2, 1], batch_labels=["c", "b"])
    for shown, index in enumerate((2, 1)):
        found = lenses.assert_shows(figure, run, shown, index)
        assert found.tokens == tuple(rows[index])
    assert [sequence.label for sequence in lenses.props(figure).sequences] == ["c", "b"]


@pytest.mark.parametrize(("side", "first"), [("left", 2), ("right", 0)])
def test_padding_is_left_out_by_side_or_mask(side: Any, first: int) -> None:
    run = lenses.run(batch=2)
    rows = [words(5), words(3)]
    mask = [[1] * 5, [int(first <= i < first + 3) for i in range(5)]]
    part = lenses.run(batch=2)
    part.streams.update({name: np.roll(stream, -first, axis=1) for name, stream in run.streams.items()})
    for figure in (
        logit_lens(run.cache, run.model, rows, padding_side=side),
        logit_lens(run.cache, run.model, rows, attention_mask=mask),
    ):
        found = lenses.assert_shows(figure, part, 1, 1)
        assert found.positions == (0, 1, 2) and found.targets == [4, 7, None]
        lenses.assert_shows(figure, run, 0, 0)


@pytest.mark.parametrize(
    ("targets", "want"),
    [
        (3, [3] * 5),
        (np.int64(3), [3] * 5),
        ([1, None, 2, None, 10], [1, None, 2, None, 10]),
        ([[1, None, 2, None, 10]], [1, None, 2, None, 10]),
        (np.array([[1, 2, 3, 4, 5]]), [1, 2, 3, 4, 5]),
        ([None] * 5, [None] * 5),
    ],
)
def test_targets_are_tokens_or_a_list_with_one_for_each_position(targets: Any, want: Any) -> None:
    run = lenses.run()
    figure = logit_lens(run.cache, run.model, words(5), targets=targets)
    assert lenses.assert_shows(figure, run).targets == want


def test_texts_that_are_no_ids_do_with_targets() -> None:
    run = lenses.run()
    figure = logit_lens(run.cache, run.model, list("abcde"), targets=[1, 2, 3, 4, None])
    assert lenses.assert_shows(figure, run).tokens == tuple("abcde")


def test_a_lens_of_the_user_reads_all_rows_but_the_last() -> None:
    run = lenses.run()
    calls = []

    def lens(resid: Any, layer: int) -> Any:
        calls.append((resid.shape, layer))
        return (layer + 1) * resid @ run.w_u

    def want(stage: str, sequence: int, position: int) -> list[float]:
        layer = int(stage.split("_")[0])
        logits = (layer + 1) * run.streams[stage][sequence, position] @ run.w_u
        return [float(logit - np.log(np.exp(logits).sum())) for logit in logits]

    figure = logit_lens(run.cache, run.model, words(5), lens=lens)
    lenses.assert_shows(figure, run, lens=want, tolerance=2e-5)
    assert calls == [((5, 8), 0), ((5, 8), 1), ((5, 8), 2)]


def test_more_tokens_than_the_vocabulary_has_are_all_of_it() -> None:
    run = lenses.run()
    assert lenses.assert_shows(logit_lens(run.cache, run.model, words(5), top_k=99), run).props.k == 11


def test_blocks_of_logits_and_of_positions_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    run = lenses.run(n=7)
    monkeypatch.setattr(readout, "BLOCK", 25)
    monkeypatch.setattr(lens_figure, "BLOCK", 3)
    found = lenses.assert_shows(logit_lens(run.cache, run.model, words(7), include_mid=True), run)
    assert found.props.sequences[0].top.shape == (3, 7, 15)


@pytest.mark.parametrize(("n", "limit"), [(40, 100), (3, 100), (40, 5)])
def test_no_more_logits_than_a_block_are_computed_at_once(n: int, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    run = lenses.run(n=n)
    sizes = []
    unembed = NumpyBackend.unembed

    def spy(self: NumpyBackend, streams: Any) -> Any:
        logits = unembed(self, streams)
        sizes.append(logits.size)
        return logits

    monkeypatch.setattr(NumpyBackend, "unembed", spy)
    monkeypatch.setattr(readout, "BLOCK", limit)
    logit_lens(run.cache, run.model, words(n))
    assert max(sizes) <= max(limit, 11) and sum(sizes) == n * 4 * 11


def test_equally_likely_tokens_are_in_the_order_of_their_ids_and_have_one_rank() -> None:
    run = lenses.run("no norm")
    run.model.W_U = np.repeat(run.w_u[:, :4].astype(np.float32), 3, axis=1)
    run.model.b_U = np.zeros(12)
    found = lenses.shown(logit_lens(run.cache, run.model, words(5), targets=2, top_k=6))
    for cell, rank in zip(found.top.reshape(-1, 6), found.ranks.ravel(), strict=True):
        assert (np.diff(cell[:3]) == 1).all() and (np.diff(cell[3:]) == 1).all()
        assert rank in (1, 4, 7, 10)


def test_a_vocabulary_that_is_longer_than_the_tokenizer_names_its_padding() -> None:
    class Tokenizer:
        """Has five tokens of the eleven."""

        def decode(self, ids: Any) -> str:
            return " abcde"[ids[0] + 1] if ids[0] < 5 else ""

        def convert_ids_to_tokens(self, token: int) -> str | None:
            return "abcde"[token] if token < 5 else None

    run = lenses.run()
    run.model.tokenizer = Tokenizer()
    figure = logit_lens(run.cache, run.model, [[0, 1, 2, 3, 4]], top_k=11)
    assert lenses.props(figure).vocabulary == (*"abcde", *(f"token {i}" for i in range(5, 11)))


def test_to_string_names_the_tokens() -> None:
    run = lenses.run()
    figure = logit_lens(run.cache, run.model, words(5), to_string=lambda token: f"<{token}>")
    assert lenses.props(figure).vocabulary == tuple(f"<{i}>" for i in lenses.props(figure).ids)


def test_streams_that_are_not_cached_are_named_in_a_note() -> None:
    run = lenses.run()
    cache = {name: array for name, array in run.cache.items() if name.endswith("hook_resid_post")}
    figure = logit_lens(cache, run.model, words(5))
    assert lenses.assert_shows(figure, run).props.stages == STAGES[1:]
    notes = lenses.props(figure).notes
    assert notes[0] == "Not in the cache, and so not shown: 0_pre."
    assert "could not be compared with the run" in notes[1]


def test_a_cache_without_a_batch_axis_is_one_sequence() -> None:
    run = lenses.run()
    figure = logit_lens({name: array[0] for name, array in run.cache.items()}, run.model, words(5))
    lenses.assert_shows(figure, run)


def test_a_focus_is_pinned_by_position_and_stage() -> None:
    run = lenses.run()

    def place(**focus: Any) -> Any:
        return lenses.props(logit_lens(run.cache, run.model, words(5), seq_pos=[1, 3, 4], focus=focus)).focus  # type: ignore[arg-type]

    assert (place(position=3).stage, place(position=3).position) == (3, 1)
    assert (place(position=-1, layer="1_pre").stage, place(position=-1, layer="1_pre").position) == (1, 2)
    assert place(position=1, layer=0, sequence=0).stage == 0


def test_the_figure_says_what_it_holds_and_how_it_was_made() -> None:
    run = lenses.run()
    figure = cv.logits.logit_lens(run.cache, run.model, words(5), color_by="rank", help=True)
    assert repr(figure) == "<circuitsvis LogitLens: 4 stages of the residual stream, 5 positions>"
    call = lenses.props(figure).call
    assert call and [argument.text for argument in call.arguments][-2:] == ['"rank"', "True"]
    assert "D_KL(final || layer)" in " ".join(lenses.props(figure).help)

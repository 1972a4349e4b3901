"""Values, destinations, selections and directions of an attribution, compared with the model's own logits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution

from tests.support import attributions, model_families, models
from tests.support.attributions import TOLERANCE, summed, words

N = 8
ALL_HEADS = [(layer, head) for layer in range(2) for head in range(4)]


pytestmark = pytest.mark.usefixtures("quiet_libraries")


@pytest.fixture(scope="module")
def gpt2() -> Any:
    return attributions.random_gpt2(N)


def attribute(cache: Any, model: Any, *args: Any, **options: Any) -> Attribution:
    [result] = cache_attribution.attributions(cache, model, words(N), *args, **options)
    return result


def assert_close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE)


def test_every_cell_of_every_head_equals_the_vectors_it_writes_by_loops(gpt2: Any) -> None:
    model, cache, _ = gpt2
    result = attribute(cache, model, (3, 5))
    direction = (model.W_U[:, 3] - model.W_U[:, 5]).double().numpy()
    gain, scale = model.ln_final.w.double().numpy(), cache["scale"][0, :, 0].double().numpy()
    assert [(part.layer, part.head) for part in result.heads] == ALL_HEADS
    for part in result.heads[1::3]:
        want = attributions.by_loops(
            cache["pattern", part.layer][0, part.head].double().numpy(),
            cache["v", part.layer][0, :, part.head].double().numpy(),
            model.blocks[part.layer].attn.W_O[part.head].double().numpy(),
            direction, gain, scale, centre=True,
        )  # fmt: skip
        np.testing.assert_allclose(part.values, want, rtol=0, atol=1e-7)
        assert want.min() < 0 < want.max()  # both signs occur


def test_a_component_without_sources_is_one_value_per_destination(gpt2: Any) -> None:
    model, cache, _ = gpt2
    result = attribute(cache, model, 3)
    assert {part.values.shape for part in result.parts} == {(N,)}
    w_u, gain = model.W_U[:, 3].double(), model.ln_final.w.double()
    for kind, layer, hook in [("embed", None, "hook_embed"), ("mlp", 1, "blocks.1.hook_mlp_out")]:
        x = cache[hook][0].double()
        want = ((x - x.mean(-1, keepdim=True)) / cache["scale"][0].double() * gain) @ w_u
        assert_close(result.part(kind, layer), want.numpy())  # type: ignore[arg-type]  # mypy widens the tuple


@pytest.mark.parametrize("folded", [False, True])
def test_biases_after_the_norm_count_once_and_not_once_per_source(folded: bool) -> None:
    """Folding moves the norm's bias into b_U, so one of them is zero."""
    model = model_families.bridge("gpt2", folded=folded)
    _, cache = model.run_with_cache(models.ids(1, N))
    logits = attributions.logits(model, models.ids(1, N))[0]
    norm_bias = float(model.ln_final.b.double() @ (model.W_U[:, 3] - model.W_U[:, 5]).double())
    b_u = float(model.b_U[3].double() - model.b_U[5].double())
    together, apart = (attribute(cache, model, (3, 5), include_b_U_attribution=flag) for flag in (False, True))
    assert_close(together.part("bias"), [norm_bias + b_u] * N)
    assert together.part("b_U") is None
    norm_part = apart.part("bias")
    assert (norm_part is None) == folded
    assert_close(0.0 if norm_part is None else norm_part, [norm_bias] * N)
    assert_close(apart.part("b_U"), [b_u] * N)
    assert abs(norm_bias + b_u) > 0.01
    for result in (together, apart):
        assert_close(summed(result), logits[:, 3] - logits[:, 5])


def test_folding_the_norm_moves_its_bias_to_b_u_and_changes_no_difference() -> None:
    """Leaving b_U out of a difference would therefore be an error: it holds the folded bias."""
    plain, folded = (model_families.bridge("gpt2", folded=flag) for flag in (False, True))
    first, second = (
        attribute(model.run_with_cache(models.ids(1, N))[1], model, (3, 5), include_b_U_attribution=True)
        for model in (plain, folded)
    )
    assert_close(first.total, second.total)
    b_u = second.part("b_U")
    assert b_u is not None and abs(b_u).max() > 0.01
    assert_close(b_u, first.part("bias"))


@pytest.mark.parametrize("seq_pos", [5, -3, [1, 3], [3, 1], [-1], range(2, 5), np.array([0, 6])])
def test_only_the_selected_destinations_are_computed_in_their_order(gpt2: Any, seq_pos: Any) -> None:
    model, cache, logits = gpt2
    complete, result = attribute(cache, model, 3), attribute(cache, model, 3, seq_pos)
    dest = [int(i) % N for i in np.atleast_1d(np.array(seq_pos))]
    assert result.dest == tuple(dest)
    assert result.dest_tokens == tuple(words(N)[i] for i in dest)
    assert result.src_tokens == tuple(words(N))
    for whole, part in zip(complete.heads, result.heads, strict=True):
        assert part.values.shape == (len(dest), N)
        np.testing.assert_array_equal(part.values, whole.values[dest])
    assert_close(summed(result), logits[dest, 3])


@pytest.mark.parametrize(
    "selection",
    [
        {"heads": (1, 2)},
        {"heads": [(1, 3), (0, 0)]},
        {"layers": 0},
        {"layers": [-1]},
        {"heads": [(0, 1), (0, 1)]},
    ],
)
def test_a_selection_still_adds_up_to_the_logit_and_other_is_what_it_leaves_out(gpt2: Any, selection: Any) -> None:
    model, cache, logits = gpt2
    complete, result = attribute(cache, model, 3), attribute(cache, model, 3, **selection)
    assert_close(result.total, logits[:, 3])
    other, unaccounted = result.part("other"), result.part("unaccounted")
    assert other is not None and unaccounted is not None
    assert [part.kind for part in result.parts][-2:] == ["other", "unaccounted"]
    assert_close(summed(result, without=("other", "unaccounted")) + other, logits[:, 3])
    assert abs(unaccounted).max() < TOLERANCE

    shown = {(head.layer, head.head) for head in result.heads}
    layers = {layer for layer, _ in shown}
    hidden = sum(head.values.sum(1) for head in complete.heads if (head.layer, head.head) not in shown)
    hidden += sum(part.values for part in complete.parts if part.layer not in (*layers, None))
    assert_close(other, hidden)
    assert {part.layer for part in result.parts if part.kind == "mlp"} == layers


def test_heads_keep_the_order_in_which_they_were_requested(gpt2: Any) -> None:
    model, cache, _ = gpt2
    result = attribute(cache, model, 3, heads=[(1, 3), (0, -1), (1, 0)])
    assert [(head.layer, head.head) for head in result.heads] == [(1, 3), (0, 3), (1, 0)]


def test_without_directions_each_position_is_attributed_to_the_token_that_follows() -> None:
    model = models.bridge("gpt2", padding_side="right")
    ids = models.ids(1, N)
    logits, (_, cache) = attributions.logits(model, ids)[0], model.run_with_cache(ids)
    for tokens in (words(N), ids[0], ids, ids[0].tolist()):
        [result] = cache_attribution.attributions(cache, model, tokens)
        assert result.dest == tuple(range(N - 1))
        assert result.targets == tuple(words(N)[1:])
        assert result.heads[0].values.shape == (N - 1, N)
        assert_close(summed(result), [logits[i, ids[0, i + 1]] for i in range(N - 1)])
    [last] = cache_attribution.attributions(cache, model, words(N), seq_pos=-2)
    assert last.targets == (words(N)[-1],)
    with pytest.raises(ValueError, match=r"seq_pos: the last position \(7\) of sequence 0 has no next token"):
        cache_attribution.attributions(cache, model, words(N), seq_pos=[2, -1])


def test_vectors_of_either_length_one_for_all_or_per_position(gpt2: Any) -> None:
    model, cache, logits = gpt2
    rng = torch.Generator().manual_seed(3)
    over = torch.randn(N, models.N_VOCAB, generator=rng)
    want = np.einsum("qt,qt->q", logits, over.double().numpy())
    assert_close(summed(attribute(cache, model, over)), want)
    assert_close(summed(attribute(cache, model, over, [4, 2])), want[[4, 2]])
    assert_close(summed(attribute(cache, model, over[[4, 2]], [4, 2])), want[[4, 2]])
    assert_close(summed(attribute(cache, model, over[4], 4)), want[[4]])
    assert_close(summed(attribute(cache, model, over[4:5], 4)), want[[4]])

    residual = (model.W_U @ over.T).T  # the same direction without b_U
    without = want - (over @ model.b_U).double().numpy()
    assert_close(summed(attribute(cache, model, residual)), without)
    assert attribute(cache, model, residual).targets == ("given residual direction",) * N
    with pytest.raises(ValueError, match="include_b_U_attribution: needs directions over the vocabulary"):
        attribute(cache, model, residual, include_b_U_attribution=True)

"""Why an edge: each pair of parts against the model's own arithmetic in float64, what hooks leave unaccounted, and wrong calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis.heads import Edge

from tests.support import models

pytestmark = pytest.mark.usefixtures("quiet_libraries")
LAYER, HEAD, DEST, SRC = 1, 3, 6, 2


def run(name: str = "gpt2", **options: Any) -> tuple[Any, Any, list[str]]:
    model = models.bridge(name, **options)
    ids = models.ids(1, 8)
    _, cache = model.run_with_cache(ids)
    return model, cache, [str(i) for i in ids[0].tolist()]


def float64(tensor: Any) -> Any:
    return tensor.detach().double().numpy()


def components(cache: Any, model: Any, position: int) -> dict[str, Any]:
    """What each component of layer 0 and the embeddings wrote at a position, [d_model], by the name of its part."""
    out = {"embed": float64(cache["hook_embed"])[0, position]}
    if "hook_pos_embed" in dict(cache.items()):
        out["pos_embed"] = float64(cache["hook_pos_embed"])[0, position]
    z, w_o = float64(cache["blocks.0.attn.hook_z"])[0, position], float64(model.blocks[0].attn.W_O)
    for head in range(4):
        out[f"0.{head}"] = z[head] @ w_o[head]
    bias = getattr(model.blocks[0].attn, "b_O", None)
    if bias is not None:
        out["attention bias 0"] = float64(bias)
    out["mlp 0"] = float64(cache["blocks.0.hook_mlp_out"])[0, position]
    return out


def rotate(x: Any, position: int) -> Any:
    """The rotary embedding of Llama and Qwen: halves, base 10000."""
    half = x.shape[-1] // 2
    angles = position * 10000.0 ** (-np.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)], -1)


def vector_parts(cache: Any, model: Any, letter: str, position: int, head: int) -> dict[str, Any]:
    """The parts of a query or key of layer 1, by the model's formula: norm, projection, norm of queries, rotation."""
    block, name = model.blocks[LAYER], type(model.original_model).__name__
    written = components(cache, model, position)
    stream = sum(written.values())
    w = float64(getattr(block.attn, f"W_{letter}"))[head]
    gain = float64(block.ln1.weight)
    if name.startswith("GPT2"):
        centred = {key: value - value.mean() for key, value in written.items()}
        divisor = np.sqrt(((stream - stream.mean()) ** 2).mean() + 1e-5)
        parts = {key: value / divisor * gain @ w for key, value in centred.items()}
        return {**parts, "bias": float64(block.ln1.bias) @ w + float64(getattr(block.attn, f"b_{letter}"))[head]}
    divisor = np.sqrt((stream**2).mean() + model.original_model.config.rms_norm_eps)
    parts = {key: value / divisor * gain @ w for key, value in written.items()}
    if name.startswith("Qwen3"):
        whole = sum(parts.values())
        norm = model.original_model.model.layers[LAYER].self_attn.original_component
        gain = float64(getattr(norm, f"{letter.lower()}_norm").weight)
        rms = np.sqrt((whole**2).mean() + model.original_model.config.rms_norm_eps)
        parts = {key: value / rms * gain for key, value in parts.items()}
    return {key: rotate(value, position) for key, value in parts.items()}


@pytest.mark.parametrize("name", ["gpt2", "llama_gqa", "qwen3_gqa"])
def test_each_pair_of_parts_is_that_of_the_model_s_own_formula(name: str) -> None:
    model, cache, tokens = run(name)
    edge = cv.heads.edge(cache, tokens, (LAYER, HEAD), DEST, SRC)
    queries = vector_parts(cache, model, "Q", DEST, HEAD)
    keys = vector_parts(cache, model, "K", SRC, HEAD if name == "gpt2" else HEAD // 2)
    assert [part.name for part in edge.query_parts] == [*queries, "unaccounted"]
    d_head = len(queries["embed"])
    for i, query in enumerate(queries.values()):
        for j, key in enumerate(keys.values()):
            assert abs(edge.table[i, j] - query @ key / np.sqrt(d_head)) < 1e-5 * np.abs(edge.table).max()
    np.testing.assert_allclose(edge.score, float(cache["attn_scores", LAYER][0, HEAD, DEST, SRC]), atol=1e-5)
    np.testing.assert_allclose(edge.attention, float(cache["pattern", LAYER][0, HEAD, DEST, SRC]))


@pytest.fixture(scope="module")
def edge() -> Edge:
    torch.set_grad_enabled(False)
    _, cache, tokens = run()
    result = cv.heads.edge(cache, tokens, (LAYER, HEAD), DEST, SRC, top_k=4)
    torch.set_grad_enabled(True)
    return result


def test_sums_and_the_table_are_of_the_same_numbers(edge: Edge) -> None:
    assert edge.by_query_part.shape == (len(edge.query_parts),) and edge.by_key_part.shape == (len(edge.key_parts),)
    for total in (edge.by_query_part.sum(), edge.by_key_part.sum(), edge.to_dict()["value"].sum()):
        np.testing.assert_allclose(float(total), edge.score)
    query, key, value = edge.sorted()[0]
    assert abs(value) == np.abs(edge.table).max()
    names = [part.name for part in edge.query_parts], [part.name for part in edge.key_parts]
    assert edge.table[names[0].index(query), names[1].index(key)] == value
    columns = edge.to_dict()
    place = list(zip(columns["query_part"], columns["key_part"], strict=True)).index((query, key))
    assert columns["value"][place] == value
    assert "head 1.3" in repr(edge) and "unaccounted" in repr(edge)


def test_tokens_are_sorted_by_what_the_cell_adds(edge: Edge) -> None:
    up, down = ([token.logit for token in tokens] for tokens in (edge.promoted, edge.suppressed))
    assert len(up) == len(down) == 4 and up == sorted(up, reverse=True) and down == sorted(down) and up[0] > down[0]


def test_the_cell_of_an_ablated_head_has_no_part_of_it() -> None:
    model = models.bridge("gpt2")

    def ablate(z: Any, hook: Any) -> Any:
        z = z.clone()
        z[:, :, 2] = 0
        return z

    with model.hooks(fwd_hooks=[("blocks.0.attn.hook_z", ablate)]):
        _, cache = model.run_with_cache(models.ids(1, 8))
    result = cv.heads.edge(cache, models.ids(1, 8)[0].tolist(), (LAYER, HEAD), DEST, SRC, model)
    names = [part.name for part in result.query_parts]
    assert result.by_query_part[names.index("0.2")] == 0 and abs(result.unaccounted) < 1e-5


def test_what_a_hook_adds_to_the_query_is_unaccounted() -> None:
    model = models.bridge("gpt2")
    with model.hooks(fwd_hooks=[("blocks.1.attn.hook_q", lambda q, hook: q + 0.5)]):
        _, cache = model.run_with_cache(models.ids(1, 8))
    result = cv.heads.edge(cache, models.ids(1, 8)[0].tolist(), (LAYER, HEAD), DEST, SRC, model)
    key = float64(cache["k", LAYER])[0, SRC, HEAD]
    np.testing.assert_allclose(result.by_query_part[-1], 0.5 * key.sum() / np.sqrt(8), rtol=1e-3)
    assert f"{result.unaccounted:+.3g} of the score is unaccounted" in result.notes[-1]
    np.testing.assert_allclose(result.score, float(cache["attn_scores", LAYER][0, HEAD, DEST, SRC]), atol=1e-5)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_padded_sequence_has_the_edges_of_the_sequence_alone(side: str) -> None:
    model = models.bridge("llama_gqa", padding_side=side)
    texts = ["the cat sat on the mat", "John gave a book"]
    rows = [model.to_str_tokens(text) for text in texts]
    _, cache = model.run_with_cache(texts)
    _, alone = model.run_with_cache(texts[1])
    padded = cv.heads.edge(cache, rows, (LAYER, HEAD), -1, 1, batch_idx=1)
    single = cv.heads.edge(alone, rows[1], (LAYER, HEAD), len(rows[1]) - 1, 1)
    assert padded.dest == single.dest and padded.tokens == single.tokens
    if side == "right":
        np.testing.assert_allclose(padded.table, single.table, atol=1e-4)
    assert abs(padded.unaccounted) < 1e-5


def test_the_cache_is_not_changed() -> None:
    _, cache, tokens = run()
    before = {name: tensor.clone() for name, tensor in cache.items()}
    cv.heads.edge(cache, tokens, (LAYER, HEAD), DEST, SRC)
    assert all(torch.equal(cache[name], tensor) for name, tensor in before.items())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(head=(2, 0)), ValueError, "heads: layer 2 is out of range for a model with 2 layers"),
        (dict(head=[(0, 1), (1, 1)]), ValueError, r"head: must be one pair \(layer, head\)"),
        (dict(head=3), TypeError, r"must be one \(layer, head\) pair"),
        (dict(dest=8), ValueError, "dest: position 8 is out of range for sequence 0 with 8 tokens"),
        (dict(src="the"), TypeError, "src: position: must be an integer"),
        (
            dict(dest=2, src=6),
            ValueError,
            r"src: the query at position 2 cannot see the key at position 6; choose another, e.g. src=\d",
        ),
        (dict(batch_idx=1), ValueError, "batch_idx: index 1 is out of range for a batch of 1"),
        (dict(top_k=-1), ValueError, "top_k: must be 0 or more"),
        (dict(tokens=["a", "b"]), ValueError, "tokens: the sequence has|tokens: sequence 0 has 2 tokens"),
    ],
)
def test_wrong_arguments_are_refused_with_what_works(
    arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    _, cache, tokens = run()
    with pytest.raises(error, match=message):
        cv.heads.edge(
            **{"cache": cache, "tokens": tokens, "head": (LAYER, HEAD), "dest": DEST, "src": SRC, **arguments}
        )


def test_a_batch_needs_a_choice_and_a_dict_needs_a_model() -> None:
    model = models.bridge("gpt2")
    ids = models.ids(2, 8)
    _, cache = model.run_with_cache(ids)
    with pytest.raises(ValueError, match=r"batch_idx: the cache holds 2 sequences; choose one, e.g. batch_idx=0"):
        cv.heads.edge(cache, ids.tolist(), (LAYER, HEAD), DEST, SRC)
    with pytest.raises(ValueError, match="there is no model; pass model="):
        cv.heads.edge(dict(cache.items()), ids.tolist(), (LAYER, HEAD), DEST, SRC, batch_idx=0)
    result = cv.heads.edge(dict(cache.items()), ids.tolist(), (LAYER, HEAD), DEST, SRC, model, batch_idx=0, top_k=0)
    assert result.promoted == () and result.notes == ()


def test_a_cache_that_was_filtered_is_answered_with_what_to_record() -> None:
    model = models.bridge("gpt2")
    ids = models.ids(1, 8)
    _, cache = model.run_with_cache(ids, names_filter=lambda name: "attn" in name)
    with pytest.raises(KeyError, match=r"record it with model\.run_with_cache"):
        cv.heads.edge(cache, ids[0].tolist(), (LAYER, HEAD), DEST, SRC)

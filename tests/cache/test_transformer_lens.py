"""Caches of the installed TransformerLens: every family, class of model and form of cache."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import models, reference
from tests.support.caches import words

CAUSAL_BRIDGES = ["gpt2", "llama_gqa", "qwen3_gqa", "mistral_window", "neox"]
BRIDGES = [(name, compatibility) for name in [*CAUSAL_BRIDGES, "bert"] for compatibility in (False, True)]


pytestmark = pytest.mark.usefixtures("quiet_libraries")


def check(cache: Any, net: Any, tokens: Any, **options: Any) -> None:
    """Every head and type on the page against float64 references; the cache untouched."""
    before = {name: tensor.clone() for name, tensor in cache.items() if isinstance(tensor, torch.Tensor)}
    figure = cv.attention.from_cache(cache, tokens, **options)
    assert all(torch.equal(cache[name], tensor) for name, tensor in before.items())
    for position, head in enumerate(reference.props(figure).heads):
        layer, index = (int(part) for part in head.name.split("."))
        pattern = cache[f"blocks.{layer}.attn.hook_pattern"].double()
        v = cache[f"blocks.{layer}.attn.hook_v"].double()
        pattern, v = (pattern[0], v[0]) if pattern.ndim == 4 else (pattern, v)
        one_pattern, one_v = pattern[index].numpy(), v[:, index // (pattern.shape[0] // v.shape[1])].numpy()
        w_o = net.blocks[layer].attn.W_O[index].double().numpy()
        wanted = {
            "standard": one_pattern,
            "value-weighted": reference.value_weighted(one_pattern, one_v),
            "info-weighted": reference.info_weighted(one_pattern, one_v, w_o),
        }
        for attention_type, want in wanted.items():
            got = reference.shown(figure, 0, attention_type)[position]
            masked = np.isnan(got)
            assert not np.any(want[masked])
            assert np.abs(got - want)[~masked].max() <= reference.bound(figure, 0, attention_type)


@pytest.mark.parametrize(("name", "compatibility"), BRIDGES)
def test_every_bridge_is_shown_as_cached_in_all_three_types(name: str, compatibility: bool) -> None:
    model = models.bridge(name, compatibility=compatibility)
    _, cache = model.run_with_cache(models.ids())
    check(cache, model, words(7))


@models.needs_hooked_transformer
@pytest.mark.parametrize("name", sorted(models.HOOKED))
def test_every_hooked_transformer_is_shown_as_cached_in_all_three_types(name: str) -> None:
    model = models.hooked(**models.HOOKED[name])
    _, cache = model.run_with_cache(models.ids())
    check(cache, model, words(7))


@pytest.mark.parametrize("name", CAUSAL_BRIDGES)
def test_w_o_turns_hook_z_into_the_attention_output(name: str) -> None:
    """Info-weights rely on W_O[head] being [d_head, d_model]: summed over heads, z W_O + b_O is the attention's output."""
    model = models.bridge(name)
    _, cache = model.run_with_cache(models.ids())
    z, out = cache["blocks.1.attn.hook_z"][0], cache["blocks.1.hook_attn_out"][0]
    written = torch.einsum("qhe,hed->qd", z, model.blocks[1].attn.W_O)
    spread = (out - written) - (out - written)[0]  # b_O, which is the same at every position, cancels
    assert spread.abs().max() < 1e-4


@pytest.mark.parametrize("form", ["batch", "removed", "dict", "filtered", "no model", "half"])
def test_every_form_of_cache_is_read(form: str) -> None:
    model = models.bridge("gpt2")
    _, cache = model.run_with_cache(models.ids())
    options: dict[str, Any] = {}
    if form == "removed":
        cache.remove_batch_dim()
    elif form == "dict":
        cache, options = dict(cache.items()), {"model": model}
    elif form == "filtered":
        _, cache = model.run_with_cache(
            models.ids(), names_filter=lambda name: name.endswith(("hook_pattern", "hook_v"))
        )
    elif form == "no model":
        cache.model, options = None, {"model": model}
    elif form == "half":
        cache = cache.to(torch.bfloat16)
    check(cache, model, words(7), **options)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", ["bridge", pytest.param("hooked", marks=models.needs_hooked_transformer)])
def test_ragged_prompts_show_only_their_real_tokens(kind: str, side: str) -> None:
    model = models.bridge("gpt2", padding_side=side) if kind == "bridge" else models.hooked(padding_side=side)
    prompts = ["the cat sat on a mat", "a dog ran"]
    _, cache = model.run_with_cache(prompts)
    tokens = model.to_str_tokens(prompts)
    figure = cv.attention.from_cache(cache, tokens)
    n = len(tokens[1])
    real = slice(-n, None) if model.tokenizer.padding_side == "left" else slice(0, n)
    want = cache["blocks.1.attn.hook_pattern"][1, :, real, real].double().numpy()
    got = reference.shown(figure, 1)[4:]
    assert np.abs(np.nan_to_num(got) - want).max() <= reference.bound(figure, 1)
    assert want.sum(-1) == pytest.approx(1, abs=1e-5)  # the block that holds whole rows is the real one


def test_a_cache_of_the_last_position_has_its_own_destination_token() -> None:
    model = models.bridge("gpt2")
    _, cache = model.run_with_cache(models.ids(), pos_slice=-1)
    figure = cv.attention.from_cache(cache, words(7)[-1:], src_tokens=words(7))
    assert reference.props(figure).sequences[0].attention.shape == (8, 1, 7)
    with pytest.raises(ValueError, match="src_tokens: needed for patterns that are not square"):
        cv.attention.from_cache(cache, words(7))


@pytest.mark.skipif(models.VERSION < (4, 0), reason="T5 on a bridge fails in TransformerLens 3.9 with transformers 5")
def test_an_encoder_decoder_is_shown_module_by_module() -> None:
    model = models.bridge("t5")
    _, cache = model.run_with_cache(models.ids(), decoder_input=models.ids(n=4))
    with pytest.raises(KeyError, match=r"decoder_blocks.*cross_attn"):
        cv.attention.from_cache(cache, words(7))
    cross = cv.attention.from_cache(cache, words(4), module="decoder_blocks.{layer}.cross_attn", src_tokens=words(7))
    want = cache["decoder_blocks.1.cross_attn.hook_pattern"][0].double().numpy()
    assert np.abs(reference.shown(cross)[4:] - want).max() <= reference.bound(cross)
    encoder = cv.attention.from_cache(cache, words(7), module="encoder_blocks.{layer}.attn")
    assert reference.props(encoder).sequences[0].attention.layout == "full"


def test_the_error_for_a_bridge_without_eager_attention_advises_eager_attention() -> None:
    _, cache = models.bridge("opt", attention="sdpa").run_with_cache(models.ids())
    with pytest.raises(KeyError, match=r"set_attn_implementation\(\"eager\"\)"):
        cv.attention.from_cache(cache, words(7))


def test_eager_attention_is_not_advised_where_it_is_used_already() -> None:
    _, cache = models.bridge("gpt2").run_with_cache(models.ids(), names_filter=lambda name: name.endswith("hook_v"))
    with pytest.raises(KeyError, match=r"names_filter") as raised:
        cv.attention.from_cache(cache, words(7))
    assert "eager" not in str(raised.value)

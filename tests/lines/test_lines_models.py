"""mode="lines" on models of the installed TransformerLens: what is shown gives the pattern, or the page says why it does not."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import numpy as np
import pytest
from circuitsvis._page.figure import to_json

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv

from tests.support import models, reference
from tests.support.caches import words

ROOT = math.sqrt(8)  # of d_head
Expected = tuple[str, "str | None", "float | None"]
"""kind, name of the added term, divisor."""
PLAIN: Expected = ("product", None, ROOT)

HOOKED: dict[str, Expected] = {
    **dict.fromkeys(models.HOOKED, PLAIN),
    "alibi": ("product", "position bias", ROOT),
    "softcap": ("product", "soft cap", ROOT),
    "noscale": ("product", None, 1.0),
    "customscale": ("product", None, 5.0),
}
BRIDGES: dict[str, Expected] = {
    **dict.fromkeys(("gpt2", "opt", "llama", "llama_gqa", "mistral_window", "bert"), PLAIN),
    "qwen3_gqa": ("product", None, 4.0),  # d_head 16
    "gptneo_local": ("product", None, 1.0),
    "gemma2": ("product", "soft cap", 4.0),  # the square root of query_pre_attn_scalar
    "bloom": ("product", "position bias", ROOT),
    "neox": ("scores", "score", None),  # q and k are cached before the rotary embedding, the scores after it
    "gptj": ("pattern", None, None),  # the same, and the pattern is cached as scores
}
ROTARY = {
    "parallel",
    "rotary",
    "gqa_rotary",
    "qk_norm",
    "softcap",
    "llama",
    "llama_gqa",
    "qwen3_gqa",
    "mistral_window",
    "gemma2",
}
N = 7


pytestmark = pytest.mark.usefixtures("quiet_libraries")


def check(
    cache: Any, expected: Expected, module: str = "blocks.{layer}.attn", tolerance: float = 1e-5, **options: Any
) -> cv.Figure:
    """Checks that every head has the expected computation, that it gives the cached pattern, and that the cache is unchanged."""
    before = {name: tensor.clone() for name, tensor in cache.items() if isinstance(tensor, torch.Tensor)}
    dest, src = before[f"{module.format(layer=0)}.hook_pattern"].shape[-2:]
    tokens: dict[str, Any] = {"tokens": words(dest)} | ({"src_tokens": words(src)} if "cross" in module else {})
    figure: cv.Figure = cv.attention.from_cache(cache, mode="lines", module=module, **tokens, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # encoding must not warn
        assert to_json(figure)
    assert all(torch.equal(cache[name], tensor) for name, tensor in before.items())
    kind, added_term_name, divisor = expected
    for position, head in enumerate(reference.props(figure).heads):
        computation = reference.computation(figure, position)
        assert (computation.kind, computation.added_term_name) == (kind, added_term_name), (
            head.name,
            computation.description,
        )
        assert computation.divisor == (pytest.approx(divisor, rel=1e-6) if divisor is not None else None)
        assert (
            (computation.dot is not None)
            == (computation.queries is not None)
            == (computation.keys is not None)
            == (kind == "product")
        )
        if kind == "pattern":
            assert computation.description and computation.added_term is None
            continue
        layer, index = (int(part) for part in head.name.split("."))
        pattern = before[f"{module.format(layer=layer)}.hook_pattern"].double()
        expected_pattern = (pattern[0] if pattern.ndim == 4 else pattern)[index].numpy()
        computed = reference.computed(figure, position)
        assert not expected_pattern[np.isnan(computed)].any()
        assert np.nanmax(np.abs(computed - expected_pattern)) <= tolerance
        if computation.dot is not None:
            product, error = reference.multiplied(figure, position)
            shown = reference.decode(computation.dot)[0]
            seen = ~np.isnan(shown)
            assert np.all(np.abs(product - shown)[seen] <= error[seen] + computation.dot.error_bound)
    return figure


@models.needs_hooked_transformer
@pytest.mark.parametrize("name", sorted(HOOKED))
def test_every_hooked_transformer_is_explained(name: str) -> None:
    _, cache = models.hooked(**models.HOOKED[name]).run_with_cache(models.ids(n=N))
    figure = check(cache, HOOKED[name])
    after_rotary = "after the rotary embedding" in reference.computation(figure, 0).description
    assert after_rotary == (name in ROTARY)


@models.needs_hooked_transformer
@pytest.mark.parametrize("module", ["encoder.{layer}.attn", "decoder.{layer}.attn", "decoder.{layer}.cross_attn"])
def test_every_module_of_a_hooked_encoder_decoder_is_explained(module: str) -> None:
    model = models.encoder_decoder()
    _, cache = model.run_with_cache(models.ids(n=N), decoder_input=models.ids(n=4))
    check(cache, ("product", None if "cross" in module else "position bias", 1.0), module)


@models.needs_hooked_transformer
def test_a_hooked_encoder_is_explained() -> None:
    check(models.encoder().run_with_cache(models.ids(n=N))[1], PLAIN)


@pytest.mark.parametrize("compatibility", [False, True])
@pytest.mark.parametrize("name", sorted(BRIDGES))
def test_every_bridge_is_explained_or_says_that_it_cannot_be(name: str, compatibility: bool) -> None:
    _, cache = models.bridge(name, compatibility=compatibility).run_with_cache(models.ids(n=N))
    figure = check(cache, BRIDGES[name])
    after_rotary = "after the rotary embedding" in reference.computation(figure, 0).description
    assert after_rotary == (name in ROTARY)


@pytest.mark.skipif(models.VERSION < (4, 0), reason="T5 on a bridge fails in TransformerLens 3.9 with transformers 5")
@pytest.mark.parametrize(
    "module", ["encoder_blocks.{layer}.attn", "decoder_blocks.{layer}.self_attn", "decoder_blocks.{layer}.cross_attn"]
)
def test_every_module_of_a_bridged_encoder_decoder_is_explained(module: str) -> None:
    _, cache = models.bridge("t5").run_with_cache(models.ids(n=N), decoder_input=models.ids(n=4))
    check(cache, ("product", None if "cross" in module else "position bias", 1.0), module)


@pytest.mark.parametrize("name", ["gpt2", "llama_gqa", "mistral_window", "gemma2", "bloom", "neox", "opt"])
@pytest.mark.parametrize(("dtype", "tolerance"), [("bfloat16", 0.02), ("float16", 0.002)])
def test_half_precision_is_explained_as_full_precision_and_the_page_states_its_rounding(
    name: str, dtype: str, tolerance: float
) -> None:
    _, cache = models.bridge(name, dtype=dtype).run_with_cache(models.ids(n=20))
    assert cache["blocks.0.attn.hook_pattern"].dtype == getattr(torch, dtype)
    figure = check(cache, BRIDGES[name], tolerance=tolerance)
    for head in range(8) if BRIDGES[name][0] == "product" else []:
        named = re.search(r"within (\S+) of the pattern", reference.computation(figure, head).description)
        worst = np.nanmax(np.abs(reference.computed(figure, head) - np.nan_to_num(reference.shown(figure)[head])))
        assert worst <= (float(named.group(1)) if named else 1e-5) + reference.bound(figure)


def test_a_cache_that_was_converted_after_the_model_ran_is_explained_too() -> None:
    _, cache = models.bridge("llama_gqa").run_with_cache(models.ids(n=20))
    there_and_back = {name: tensor.bfloat16().float() for name, tensor in cache.items()}
    check(there_and_back, BRIDGES["llama_gqa"], tolerance=0.02)


@pytest.mark.parametrize(
    ("name", "kind"), [("gpt2", "product"), ("llama_gqa", "pattern"), ("bloom", "pattern"), ("gemma2", "pattern")]
)
def test_what_the_posts_filter_records_is_explained_or_the_page_states_what_to_record(name: str, kind: str) -> None:
    """Its filter takes hook_q and hook_k only; other families need more, and must not be shown a product without it."""
    names = ("hook_pattern", "hook_q", "hook_k", "hook_v")
    _, cache = models.bridge(name).run_with_cache(
        models.ids(n=N), names_filter=lambda hook: any(hook.endswith(end) for end in names)
    )
    figure = check(cache, (kind, None, ROOT if kind == "product" else None))
    if kind == "pattern":
        description = reference.computation(figure, 0).description
        assert all(hook in description for hook in ("names_filter", "hook_rot_q", "hook_rot_k", "hook_attn_scores"))


def test_a_soft_cap_needs_no_scores_where_the_configuration_states_it() -> None:
    names = ("hook_pattern", "hook_rot_q", "hook_rot_k")
    _, cache = models.bridge("gemma2").run_with_cache(models.ids(n=12), names_filter=lambda hook: hook.endswith(names))
    check(cache, BRIDGES["gemma2"])


def test_a_soft_cap_needs_no_configuration_where_the_scores_are_cached() -> None:
    _, cache = models.bridge("gemma2").run_with_cache(models.ids(n=12))
    check(dict(cache.items()), BRIDGES["gemma2"])


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", ["bridge", pytest.param("hooked", marks=models.needs_hooked_transformer)])
def test_ragged_prompts_are_explained_without_their_padding(kind: str, side: str) -> None:
    model = models.bridge("gpt2", padding_side=side) if kind == "bridge" else models.hooked(padding_side=side)
    prompts = ["the cat sat on a mat", "a dog ran"]
    _, cache = model.run_with_cache(prompts)
    tokens = model.to_str_tokens(prompts)
    figure = cv.attention.from_cache(cache, tokens, mode="lines")
    for sequence, row in enumerate(tokens):
        n = len(row)
        real = slice(-n, None) if model.tokenizer.padding_side == "left" else slice(0, n)
        for head in range(8):
            want = cache[f"blocks.{head // 4}.attn.hook_pattern"][sequence, head % 4, real, real].double().numpy()
            assert reference.computation(figure, head, sequence).kind == "product"
            assert np.abs(np.nan_to_num(reference.computed(figure, head, sequence)) - want).max() <= 1e-5


def test_a_cache_of_the_last_position_shows_its_pattern_and_says_why() -> None:
    _, cache = models.bridge("gpt2").run_with_cache(models.ids(), pos_slice=-1)
    figure = cv.attention.from_cache(cache, words(7)[-1:], src_tokens=words(7), mode="lines")
    computation = reference.computation(figure, 0)
    assert computation.kind in ("pattern", "scores") and "no q and k of these positions" in computation.description

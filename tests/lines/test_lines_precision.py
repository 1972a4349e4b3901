"""mode="lines" on short texts and in half precision: a product is that of the model in float64, or the page says why not."""

from __future__ import annotations

import importlib
import inspect
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._wire.props.lines import Computation

from tests.support import huggingface_models, models, random_weights, reference
from tests.support.caches import words

pytestmark = pytest.mark.usefixtures("quiet_libraries")

Array = npt.NDArray[np.float64]
LENGTHS = (1, 2, 3, 4, 5, 8, 12)
ROUNDOFF = {"float32": 2.0**-24, "bfloat16": 2.0**-8, "float16": 2.0**-11}
OFF = {"float32": 1e-5, "bfloat16": 0.04, "float16": 0.006}
"""Largest difference from the product of the model, relative to |q| |k|: the vectors and all numbers before them are rounded."""
ROOT = math.sqrt(8)


def more_families() -> dict[str, Callable[[], Any]]:
    """Families that `tests.support.models` does not have, by name."""
    import transformers as tr

    ends: dict[str, Any] = dict(bos_token_id=0, eos_token_id=0, pad_token_id=0)
    small: dict[str, Any] = dict(
        vocab_size=models.N_VOCAB, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, **ends,
    )  # fmt: skip
    falcon: dict[str, Any] = dict(vocab_size=models.N_VOCAB, hidden_size=32, num_hidden_layers=2, num_attention_heads=4)
    return {
        "phi3": lambda: tr.Phi3ForCausalLM(tr.Phi3Config(**small, num_key_value_heads=2)),
        "falcon_alibi": lambda: tr.FalconForCausalLM(
            tr.FalconConfig(**falcon, alibi=True, multi_query=False, parallel_attn=False, bias=True)
        ),
    }


class Truth(NamedTuple):
    """What the model really multiplies: q [head, dest, d_head], k [key head, src, d_head], with its scale and soft cap."""

    queries: Array
    keys: Array
    scale: float
    cap: float | None

    def product(self, head: int) -> Array:
        """The scaled product of a head, [dest, src]."""
        product: Array = self.queries[head] @ self.keys[head // (len(self.queries) // len(self.keys))].T * self.scale
        return product

    def size(self, head: int) -> float:
        """|q| |k| of the longest vectors of a head, scaled."""
        keys = self.keys[head // (len(self.queries) // len(self.keys))]
        longest = np.linalg.norm(self.queries[head], axis=-1).max() * np.linalg.norm(keys, axis=-1).max()
        return float(longest) * self.scale


def hugging_face_model(name: str, dtype: str) -> Any:
    """The Hugging Face model, with the same weights at every call."""
    model = random_weights.normal({**huggingface_models.MODELS, **more_families()}[name]()).to(getattr(torch, dtype))
    model.tie_weights()
    model.set_attn_implementation("eager")
    return model


def truths(name: str, dtype: str, ids: Any) -> list[Truth]:
    """The arguments of the model's attention function, layer by layer: q and k after any rotary embedding."""
    model, result = hugging_face_model(name, dtype), []
    module: Any = importlib.import_module(type(model).__module__)
    original = module.eager_attention_forward
    signature = inspect.signature(original)

    def recording(*args: Any, **options: Any) -> Any:
        bound = signature.bind(*args, **options)
        passed = {**bound.arguments, **bound.arguments.get("kwargs", {})}
        q, k = (passed[part].detach()[0].double().numpy() for part in ("query", "key"))
        scale = passed.get("scaling")
        result.append(Truth(q, k, q.shape[-1] ** -0.5 if scale is None else float(scale), passed.get("softcap")))
        return original(*args, **options)

    module.eager_attention_forward = recording
    try:
        with torch.no_grad():
            model(ids)
    finally:
        module.eager_attention_forward = original
    return result


def check(computation: Computation, truth: Truth, head: int, dtype: str) -> None:
    """Checks that a product and its divisor are the model's, and that nothing is added but a soft cap if the model has one."""
    assert computation.dot is not None and computation.divisor is not None
    shown = reference.decode(computation.dot)[0]
    seen = ~np.isnan(shown)
    assert seen.any()
    assert np.abs(shown - truth.product(head))[seen].max() <= OFF[dtype] * truth.size(head)
    assert computation.divisor == pytest.approx(1.0 / truth.scale, rel=1e-6)
    assert computation.added_term_name == (None if truth.cap is None else "soft cap"), computation.description
    assert truth.cap is None or f"tanh(x / {truth.cap:g})" in computation.description


def check_described_rounding(figure: cv.Figure, index: int, cache: Any, dtype: str) -> None:
    """Checks that the description names the distance from softmax to pattern, and the rounding of scores."""
    computation = reference.computation(figure, index)
    layer, head = divmod(index, 4)
    pattern, scores = (cache[f"blocks.{layer}.attn.hook_{part}"][0, head] for part in ("pattern", "attn_scores"))
    pattern = pattern.double().numpy()
    is_rounded = torch.equal(scores.to(getattr(torch, dtype)).float(), scores.float()) and dtype != "float32"
    worst = float(np.abs(np.nan_to_num(reference.computed(figure, index)) - pattern).max())
    named = re.search(r"within (\S+) of the pattern", computation.description)
    assert worst <= (float(named.group(1)) if named else 1e-5) + 1e-5
    if computation.kind == "scores" and is_rounded:
        each = re.search(r"Each score is rounded by up to (\S+) %", computation.description)
        assert each is not None and ROUNDOFF[dtype] <= float(each.group(1)) / 100 <= 2 * ROUNDOFF[dtype]
    else:
        assert "Each score is rounded" not in computation.description


SHOWN = {"gpt2": False, "llama_gqa": True, "mistral_window": True, "qwen3_gqa": True, "gemma2": True}
"""Families whose q and k are cached as they are multiplied, and whether a rotary embedding comes before that."""
HIDDEN = ("phi3", "neox")
"""Families that cache q and k only before the rotary embedding: with more than one token, q·k is never the product."""


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("name", [*SHOWN, *HIDDEN])
def test_a_product_is_the_models_own_whatever_the_length_and_precision(name: str, dtype: str) -> None:
    models.skip_without_bridge()
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

    hf = hugging_face_model(name, dtype)
    bridge = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    for n in LENGTHS:
        ids = models.ids(n=n)
        truth = truths(name, dtype, ids)
        _, cache = bridge.run_with_cache(ids)
        for cached in (dict(cache.items()), {hook: value for hook, value in cache.items() if "scores" not in hook}):
            figure = cv.attention.from_cache(cached, words(n), mode="lines", model=bridge)
            assert figure is not None
            for index in range(8):
                computation = reference.computation(figure, index)
                layer, head = divmod(index, 4)
                if computation.kind == "product":
                    assert name not in HIDDEN or n == 1, (n, computation.description)
                    check(computation, truth[layer], head, dtype)
                if computation.kind != "pattern":
                    check_described_rounding(figure, index, cache, dtype)
                if name in SHOWN and n >= (2 if dtype == "float32" else 5):
                    assert computation.kind == "product", (n, computation.description)
                    assert ("after the rotary embedding" in computation.description) == SHOWN[name]
                assert computation.kind == "product" or computation.description


SLOPES = {"bloom": 1.0, "falcon_alibi": 2.0 / ROOT}
"""Factors of ALiBi's slopes, which are 2**-2, 2**-4, 2**-6, 2**-8 for four heads; transformers 5 adds Falcon's bias twice."""


@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("name", SLOPES)
def test_a_position_bias_is_shown_as_it_is_and_never_hidden_in_a_product(name: str, dtype: str) -> None:
    models.skip_without_bridge()
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

    hf = hugging_face_model(name, dtype)
    bridge = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    for n in LENGTHS[1:]:
        _, cache = bridge.run_with_cache(models.ids(n=n))
        figure = cv.attention.from_cache(dict(cache.items()), words(n), mode="lines", model=bridge)
        for index in range(8):
            computation = reference.computation(figure, index)
            layer, head = divmod(index, 4)
            if computation.kind == "product":
                assert (
                    computation.dot is not None
                    and computation.added_term is not None
                    and computation.added_term_name == "position bias"
                ), (
                    n,
                    computation.description,
                )
                assert computation.divisor == pytest.approx(ROOT, rel=1e-6)
                q, k = (cache[f"blocks.{layer}.attn.hook_{part}"][0, :, head].double().numpy() for part in ("q", "k"))
                shown, added = reference.decode(computation.dot)[0], reference.decode(computation.added_term)[0]
                seen = ~np.isnan(shown)
                np.testing.assert_allclose(shown[seen], (q @ k.T / ROOT)[seen], atol=1e-5)
                bias = SLOPES[name] * 2.0 ** (-2 * head - 2) * np.arange(n)
                size = np.abs(shown[seen]).max() + np.abs(added[seen]).max()
                spread = np.nanmax(added - bias, axis=-1) - np.nanmin(added - bias, axis=-1)
                assert spread.max() <= 1e-5 + 8 * ROUNDOFF[dtype] * (1 + size)
            assert computation.kind == "product" or n < 5, computation.description
            if computation.kind != "pattern":
                check_described_rounding(figure, index, cache, dtype)


@models.needs_hooked_transformer
@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("rotary_dim", [8, 4])
def test_a_hooked_transformer_without_its_rotated_vectors_shows_no_product(rotary_dim: int, dtype: str) -> None:
    net = models.hooked(positional_embedding_type="rotary", rotary_dim=rotary_dim).to(getattr(torch, dtype))
    for n in LENGTHS:
        _, cache = net.run_with_cache(models.ids(n=n))
        whole = cv.attention.from_cache(cache, words(n), mode="lines")
        hidden = {hook: value for hook, value in cache.items() if "rot" not in hook}
        bare = {hook: value for hook, value in hidden.items() if "scores" not in hook}
        for index in range(8):
            layer, head = divmod(index, 4)
            q, k = (
                cache[f"blocks.{layer}.attn.hook_rot_{part}"][0].double().numpy().swapaxes(0, 1) for part in ("q", "k")
            )
            truth = Truth(q, k, 8**-0.5, None)
            for cached in (hidden, bare):
                computation = reference.computation(cv.attention.from_cache(cached, words(n), mode="lines"), index)
                assert computation.kind != "product" or n == 1, (n, computation.description)
            computation = reference.computation(whole, index)
            if computation.kind == "product":
                check(computation, truth, head, dtype)
            assert computation.kind == "product" or n < 3, computation.description

"""mode="lines" on short texts and in half precision: a product is the model's own, in float64, or the page gives a true reason."""

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
"""How far a product may be from the model's own, in parts of |q| |k|: the vectors are rounded, and so are those before them."""
ROOT = math.sqrt(8)


def more() -> dict[str, Callable[[], Any]]:
    """Families that `models` lacks, by name."""
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
    """What the model multiplies in a layer: q [head, dest, d_head], k [key head, src, d_head], the scale and the soft cap."""

    queries: Array
    keys: Array
    scale: float
    cap: float | None

    def product(self, head: int) -> Array:
        """The scaled product of a head, [dest, src]."""
        made: Array = self.queries[head] @ self.keys[head // (len(self.queries) // len(self.keys))].T * self.scale
        return made

    def size(self, head: int) -> float:
        """|q| |k| of the longest vectors of a head, scaled."""
        keys = self.keys[head // (len(self.queries) // len(self.keys))]
        longest = np.linalg.norm(self.queries[head], axis=-1).max() * np.linalg.norm(keys, axis=-1).max()
        return float(longest) * self.scale


def built(name: str, dtype: str) -> Any:
    """The Hugging Face model; the same weights at every call."""
    made = random_weights.normal({**huggingface_models.MODELS, **more()}[name]()).to(getattr(torch, dtype))
    made.tie_weights()
    made.set_attn_implementation("eager")
    return made


def truths(name: str, dtype: str, ids: Any) -> list[Truth]:
    """What the Hugging Face model gives its attention function, of each layer: after any rotary embedding."""
    model, seen = built(name, dtype), []
    module: Any = importlib.import_module(type(model).__module__)
    original = module.eager_attention_forward
    signature = inspect.signature(original)

    def listening(*args: Any, **options: Any) -> Any:
        bound = signature.bind(*args, **options)
        given = {**bound.arguments, **bound.arguments.get("kwargs", {})}
        q, k = (given[part].detach()[0].double().numpy() for part in ("query", "key"))
        scale = given.get("scaling")
        seen.append(Truth(q, k, q.shape[-1] ** -0.5 if scale is None else float(scale), given.get("softcap")))
        return original(*args, **options)

    module.eager_attention_forward = listening
    try:
        with torch.no_grad():
            model(ids)
    finally:
        module.eager_attention_forward = original
    return seen


def check(one: Computation, truth: Truth, head: int, dtype: str) -> None:
    """A product is that of the truth, with its divisor; nothing is said to be added to it but a cap that the model has."""
    assert one.dot is not None and one.divisor is not None
    shown = reference.decode(one.dot)[0]
    seen = ~np.isnan(shown)
    assert seen.any()
    assert np.abs(shown - truth.product(head))[seen].max() <= OFF[dtype] * truth.size(head)
    assert one.divisor == pytest.approx(1.0 / truth.scale, rel=1e-6)
    assert one.added_term_name == (None if truth.cap is None else "soft cap"), one.description
    assert truth.cap is None or f"tanh(x / {truth.cap:g})" in one.description


def says_its_rounding(figure: cv.Figure, index: int, cache: Any, dtype: str) -> None:
    """The words state how far the softmax of what is shown is from the pattern, and the rounding of scores."""
    one = reference.computation(figure, index)
    layer, head = divmod(index, 4)
    pattern, scores = (cache[f"blocks.{layer}.attn.hook_{part}"][0, head] for part in ("pattern", "attn_scores"))
    pattern = pattern.double().numpy()
    is_rounded = torch.equal(scores.to(getattr(torch, dtype)).float(), scores.float()) and dtype != "float32"
    worst = float(np.abs(np.nan_to_num(reference.computed(figure, index)) - pattern).max())
    said = re.search(r"within (\S+) of the pattern", one.description)
    assert worst <= (float(said.group(1)) if said else 1e-5) + 1e-5
    if one.kind == "scores" and is_rounded:
        each = re.search(r"Each score is rounded by up to (\S+) %", one.description)
        assert each is not None and ROUNDOFF[dtype] <= float(each.group(1)) / 100 <= 2 * ROUNDOFF[dtype]
    else:
        assert "Each score is rounded" not in one.description


SHOWN = {"gpt2": False, "llama_gqa": True, "mistral_window": True, "qwen3_gqa": True, "gemma2": True}
"""Families whose q and k are cached as they are multiplied, and whether a rotary embedding comes before that."""
HIDDEN = ("phi3", "neox")
"""Families that cache q and k before the rotary embedding only: of more than one token q·k is never the product."""


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("name", [*SHOWN, *HIDDEN])
def test_a_product_is_the_models_own_whatever_the_length_and_precision(name: str, dtype: str) -> None:
    models.skip_without_bridge()
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

    hf = built(name, dtype)
    bridge = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    for n in LENGTHS:
        ids = models.ids(n=n)
        truth = truths(name, dtype, ids)
        _, cache = bridge.run_with_cache(ids)
        for cached in (dict(cache.items()), {hook: value for hook, value in cache.items() if "scores" not in hook}):
            figure = cv.attention.from_cache(cached, words(n), mode="lines", model=bridge)
            assert figure is not None
            for index in range(8):
                one = reference.computation(figure, index)
                layer, head = divmod(index, 4)
                if one.kind == "product":
                    assert name not in HIDDEN or n == 1, (n, one.description)
                    check(one, truth[layer], head, dtype)
                if one.kind != "pattern":
                    says_its_rounding(figure, index, cache, dtype)
                if name in SHOWN and n >= (2 if dtype == "float32" else 5):
                    assert one.kind == "product", (n, one.description)
                    assert ("after the rotary embedding" in one.description) == SHOWN[name]
                assert one.kind == "product" or one.description


SLOPES = {"bloom": 1.0, "falcon_alibi": 2.0 / ROOT}
"""What ALiBi's slopes 2**-2, 2**-4, 2**-6, 2**-8 of four heads are multiplied by; transformers 5 adds Falcon's bias twice."""


@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("name", SLOPES)
def test_a_position_bias_is_shown_as_it_is_and_never_hidden_in_a_product(name: str, dtype: str) -> None:
    models.skip_without_bridge()
    from transformer_lens.model_bridge.sources._bridge_builder import build_bridge_from_module

    hf = built(name, dtype)
    bridge = build_bridge_from_module(hf, type(hf).__name__, hf_config=hf.config, model_name="local")
    for n in LENGTHS[1:]:
        _, cache = bridge.run_with_cache(models.ids(n=n))
        figure = cv.attention.from_cache(dict(cache.items()), words(n), mode="lines", model=bridge)
        for index in range(8):
            one = reference.computation(figure, index)
            layer, head = divmod(index, 4)
            if one.kind == "product":
                assert one.dot is not None and one.added_term is not None and one.added_term_name == "position bias", (
                    n,
                    one.description,
                )
                assert one.divisor == pytest.approx(ROOT, rel=1e-6)
                q, k = (cache[f"blocks.{layer}.attn.hook_{part}"][0, :, head].double().numpy() for part in ("q", "k"))
                shown, added = reference.decode(one.dot)[0], reference.decode(one.added_term)[0]
                seen = ~np.isnan(shown)
                np.testing.assert_allclose(shown[seen], (q @ k.T / ROOT)[seen], atol=1e-5)
                bias = SLOPES[name] * 2.0 ** (-2 * head - 2) * np.arange(n)
                size = np.abs(shown[seen]).max() + np.abs(added[seen]).max()
                spread = np.nanmax(added - bias, axis=-1) - np.nanmin(added - bias, axis=-1)
                assert spread.max() <= 1e-5 + 8 * ROUNDOFF[dtype] * (1 + size)
            assert one.kind == "product" or n < 5, one.description
            if one.kind != "pattern":
                says_its_rounding(figure, index, cache, dtype)


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
                one = reference.computation(cv.attention.from_cache(cached, words(n), mode="lines"), index)
                assert one.kind != "product" or n == 1, (n, one.description)
            one = reference.computation(whole, index)
            if one.kind == "product":
                check(one, truth, head, dtype)
            assert one.kind == "product" or n < 3, one.description

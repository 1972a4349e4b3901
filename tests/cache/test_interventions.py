"""Hooks that change a forward pass: attribution still adds up, and each difference is named, scaled or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import demo
from circuitsvis._attribution import cache_attribution
from circuitsvis._attribution.result import Attribution

from tests.support import models, reference

pytestmark = pytest.mark.usefixtures("quiet_libraries")

TOKEN = 5
Change = Callable[[Any, Any], Any]


@pytest.fixture(scope="module", params=models.MODEL_CLASSES)
def model(request: pytest.FixtureRequest) -> Any:
    return models.demo_model(request.param)


def run(model: Any, hook: str, change: Change) -> tuple[Attribution, Any, Any]:
    """The attribution of a changed forward pass, its cache, and its logits of the token in float64."""
    ids = model.to_tokens(demo.SENTENCES[0])
    with model.hooks(fwd_hooks=[(hook, change)]):
        logits, cache = model.run_with_cache(ids, remove_batch_dim=True)
    [attribution] = cache_attribution.attributions(cache, model, model.to_str_tokens(demo.SENTENCES[0]), TOKEN)
    return attribution, cache, logits[0, :, TOKEN].detach().double().numpy()


def all_parts(attribution: Attribution) -> Any:
    heads = sum(head.values.sum(-1, dtype=np.float64) for head in attribution.heads)
    return heads + sum(part.values.astype(np.float64) for part in attribution.parts)


def largest(attribution: Attribution, name: str) -> float:
    return max((float(np.abs(part.values).max()) for part in attribution.parts if part.name == name), default=0.0)


def noise(x: Any) -> Any:
    return torch.randn(x.shape[-1], generator=torch.Generator().manual_seed(0))


def ablate(x: Any, hook: Any) -> Any:
    changed = x.clone()
    changed[..., 1, :] = 0
    return changed


def steer_head(x: Any, hook: Any) -> Any:
    changed = x.clone()
    changed[..., 1, :] += noise(x)
    return changed


def steer(x: Any, hook: Any) -> Any:
    return x + noise(x)


def clip(x: Any, hook: Any) -> Any:
    return x.clamp(-0.3, 0.3)


def double(x: Any, hook: Any) -> Any:
    return 2.0 * x


@pytest.mark.parametrize(
    ("hook", "change", "named"),
    [
        ("blocks.2.attn.hook_z", ablate, None),
        ("blocks.2.attn.hook_z", double, None),
        ("blocks.2.attn.hook_z", steer_head, "Attn remainder 2"),
        ("blocks.2.attn.hook_z", clip, "Attn remainder 2"),
        ("blocks.2.hook_attn_out", steer, "Attn remainder 2"),
        ("blocks.2.hook_attn_out", clip, "Attn remainder 2"),
        ("blocks.2.hook_mlp_out", double, None),
        ("blocks.2.hook_resid_post", steer, "Layer remainder 2"),
        ("blocks.2.hook_resid_pre", steer, "unaccounted"),
        ("blocks.2.attn.hook_v", steer, None),
        ("blocks.2.attn.hook_pattern", ablate, None),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_changed_forward_pass_still_adds_up_and_the_difference_has_a_name(
    model: Any, hook: str, change: Change, named: str | None
) -> None:
    attribution, _, want = run(model, hook, change)
    np.testing.assert_allclose(attribution.total, want, rtol=0, atol=1e-5)
    np.testing.assert_allclose(all_parts(attribution), want, rtol=0, atol=1e-5)
    names = {"Attn remainder 2", "Layer remainder 2", "unaccounted"}
    sizes = {name: largest(attribution, name) for name in names}
    assert {name for name, size in sizes.items() if size > 1e-4} == ({named} if named else set())
    assert bool(attribution.notes) == ("hook_z" in hook or named in ("Attn remainder 2", "unaccounted"))


def test_an_ablated_head_is_shown_as_nothing_and_a_note_says_why(model: Any) -> None:
    attribution, _, _ = run(model, "blocks.2.attn.hook_z", ablate)
    heads = {(head.layer, head.head): head.values for head in attribution.heads}
    assert not heads[2, 1].any() and heads[2, 0].any()
    assert attribution.notes == (
        "Layer 2: the output of head 2.1 that W_O reads is pattern · v times a factor per destination (0 to 0). "
        "The values shown include it.",
    )


def test_a_steered_head_is_shown_without_the_steering_which_is_a_part_of_its_own(model: Any) -> None:
    attribution, cache, _ = run(model, "blocks.2.attn.hook_z", steer_head)
    assert "the output of head 2.1 that W_O reads (hook_z) is not pattern · v" in attribution.notes[0]
    with pytest.raises(ValueError, match=r"attention_type='value-weighted'.*2\.1.*not pattern · v.*\"standard\""):
        cv.attention.from_cache(cache, model.to_str_tokens(demo.SENTENCES[0]), attention_type="value-weighted")
    figure = cv.attention.from_cache(cache, model.to_str_tokens(demo.SENTENCES[0]))
    props = reference.props(figure)
    assert not props.sequences[0].weights
    assert props.notes == (
        "Value- and info-weighted attention are left out: the output of head 2.1 that W_O reads (hook_z) is not pattern · v.",
    )
    assert cv.attention.from_cache(
        cache, model.to_str_tokens(demo.SENTENCES[0]), layers=[0, 1], attention_type="info-weighted"
    )


def test_a_changed_output_of_the_final_norm_is_refused_with_the_reason() -> None:
    models.skip_without_bridge()
    model = demo.load("TransformerBridge")
    with pytest.raises(ValueError, match=r"output of the final norm in the cache is not what"):
        run(model, "ln_final.hook_out", steer)


@pytest.mark.parametrize("layer", [0, 2])
def test_an_attention_layer_that_is_set_to_zero_writes_nothing(model: Any, layer: int) -> None:
    attribution, _, logits = run(model, f"blocks.{layer}.hook_attn_out", lambda x, hook: x * 0)
    np.testing.assert_allclose(attribution.total, logits, atol=1e-5)
    np.testing.assert_allclose(all_parts(attribution), logits, atol=1e-5)
    assert not any(head.values.any() for head in attribution.heads if head.layer == layer)
    assert any(note.startswith(f"Layer {layer}: what the heads wrote is multiplied by 0") for note in attribution.notes)
    assert largest(attribution, "unaccounted") < 1e-5


def test_a_layer_that_is_doubled_in_one_sequence_is_doubled_there_alone(model: Any) -> None:
    def double_first(x: Any, hook: Any) -> Any:
        x = x.clone()
        x[0] *= 2
        return x

    ids = model.to_tokens(demo.SENTENCES[:2])
    _, plain = model.run_with_cache(ids)
    with model.hooks(fwd_hooks=[("blocks.3.hook_attn_out", double_first)]):
        _, changed = model.run_with_cache(ids)
    before, after = (list(cache_attribution.attributions(cache, model, ids, TOKEN)) for cache in (plain, changed))
    for index, factor in ((0, 2.0), (1, 1.0)):
        pairs = zip(before[index].heads, after[index].heads, strict=True)
        scale = np.array([float(p[index, -1, 0]) for p in (plain["scale"], changed["scale"])])
        for head, changed_head in (pair for pair in pairs if pair[0].layer == 3):
            want = factor * head.values[-1].sum(dtype=np.float64) * scale[0] / scale[1]
            assert changed_head.values[-1].sum(dtype=np.float64) == pytest.approx(want, abs=1e-5)


@pytest.mark.parametrize("hook", ["ln_final.hook_normalized", "unembed.hook_in", "unembed.hook_out"])
@pytest.mark.parametrize("change", ["zero", "steer"])
def test_a_logit_that_was_changed_after_the_final_norm_is_shown_as_changed_or_refused(
    model: Any, hook: str, change: str
) -> None:
    if hook not in model.hook_dict:
        pytest.skip("the model has no such hook")

    def changed(x: Any, hook: Any) -> Any:
        x = x.clone()
        x[:, -1] = 0 if change == "zero" else x[:, -1] + 0.5 * noise(x)
        return x

    try:
        attribution, _, logits = run(model, hook, changed)
    except ValueError as error:
        assert "needs logits that are a sum over what the components write" in str(error)  # noqa: PT017
        return
    np.testing.assert_allclose(attribution.total, logits, atol=1e-5)
    np.testing.assert_allclose(all_parts(attribution), logits, atol=1e-5)
    assert largest(attribution, "unaccounted") > 0.05
    assert any("unaccounted for" in note for note in attribution.notes)


def test_weighted_views_of_an_ablated_head_have_a_note_on_its_factor(model: Any) -> None:
    def ablate(x: Any, hook: Any) -> Any:
        x = x.clone()
        x[:, :, 2] = 0
        return x

    with model.hooks(fwd_hooks=[("blocks.2.attn.hook_z", ablate)]):
        _, cache = model.run_with_cache(demo.SENTENCES[0])
    tokens = model.to_str_tokens(demo.SENTENCES[0])
    notes = reference.props(cv.attention.from_cache(cache, tokens, attention_type="value-weighted", model=model)).notes
    assert any(
        "head 2.2 that W_O reads is pattern · v times a factor" in note and "do not include it" in note
        for note in notes
    )


def test_a_final_norm_that_was_changed_everywhere_is_refused_or_shown_as_the_changed_logit(model: Any) -> None:
    try:
        attribution, _, logits = run(model, "ln_final.hook_normalized", double)
    except ValueError as error:
        assert "the norm is of another kind, or a hook changed its output" in str(error)  # noqa: PT017
        return
    np.testing.assert_allclose(attribution.total, logits, atol=2e-5)
    assert any("unaccounted for" in note for note in attribution.notes)

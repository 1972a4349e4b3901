"""`heads.patching` on models: against a loop that runs once for each cell, and against TransformerLens's own patching functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

import circuitsvis as cv
from circuitsvis._heads import model_run

from tests.support import families, models, patching_loops

pytestmark = pytest.mark.usefixtures("quiet_libraries")
CORRECT, WRONG = 5, 9
BRIDGES = ["gpt2", "llama_gqa", "gemma2", "neox", "bloom", "olmo2", "opt", "falcon"]
HOOKED = ["mha", "parallel", "gqa_rotary", "attn_only", "post_norm"]


def bridge(name: str) -> Any:
    return models.bridge(name, dtype="float64").eval()


def hooked(name: str) -> Any:
    if not models.HAS_HOOKED_TRANSFORMER:
        pytest.skip("TransformerLens 4 has no HookedTransformer")
    return models.hooked(**models.HOOKED[name], dtype=torch.float64).to(torch.float64)


def assert_equal_to_the_loop(model: Any, direction: Any, tolerance: float = 1e-9) -> None:
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 2, 6)
    found = cv.heads.patching(model, clean, corrupted, (CORRECT, WRONG), direction=direction)
    base, source = (corrupted, clean) if direction == "denoise" else (clean, corrupted)
    assert set(found) >= {"resid_pre", "attn_out", "z"}
    for kind in found:
        for pair in range(2):
            want = patching_loops.grid(model, base[pair], source[pair], kind, CORRECT, WRONG)
            np.testing.assert_allclose(found.patched[kind][pair], want, rtol=tolerance, atol=tolerance)
    for pair in range(2):
        for values, ids in ((found.clean, clean), (found.corrupted, corrupted)):
            assert abs(values[pair] - patching_loops.metric(model, ids[pair], CORRECT, WRONG)) < tolerance


@pytest.mark.parametrize("name", BRIDGES)
def test_bridges_give_what_a_loop_over_all_cells_gives(name: str) -> None:
    assert_equal_to_the_loop(bridge(name), "denoise")


def test_heads_whose_axes_a_bridge_exchanges_are_patched_one_by_one() -> None:
    models.skip_without_bridge()
    assert_equal_to_the_loop(families.bridge(families.make("deepseekv2"), folded=False), "denoise", 1e-5)


@pytest.mark.parametrize("name", HOOKED)
def test_hooked_transformers_give_what_a_loop_over_all_cells_gives(name: str) -> None:
    assert_equal_to_the_loop(hooked(name), "denoise")


def test_noise_patches_the_corrupted_run_into_the_clean_one() -> None:
    assert_equal_to_the_loop(bridge("gpt2"), "noise")


def test_few_patches_in_a_pass_give_the_same_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    model = bridge("llama_gqa")
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 2, 6)
    many = cv.heads.patching(model, clean, corrupted, (CORRECT, WRONG))
    monkeypatch.setattr(model_run, "MAX_LOGITS", 1)
    one = cv.heads.patching(model, clean, corrupted, (CORRECT, WRONG))
    for kind in many:
        np.testing.assert_allclose(one.patched[kind], many.patched[kind], rtol=1e-9)


def test_transformer_lens_gives_the_same_metric_after_each_patch() -> None:
    from transformer_lens import patching

    functions: dict[str, Callable[..., Any]] = {
        "resid_pre": patching.get_act_patch_resid_pre,
        "attn_out": patching.get_act_patch_attn_out,
        "mlp_out": patching.get_act_patch_mlp_out,
        "z": patching.get_act_patch_attn_head_out_all_pos,
    }
    model = models.demo_model("TransformerBridge" if models.HAS_BRIDGE else "HookedTransformer")
    prompts = ["When Mary and John went to the shops, John gave a drink to"] * 2
    prompts[1] = "When Mary and John went to the shops, Mary gave a drink to"
    clean, corrupted = (model.to_tokens(prompt) for prompt in prompts)
    ids = [model.to_single_token(name) for name in (" Mary", " John")]

    def difference(logits: Any) -> Any:
        return logits[:, -1, ids[0]] - logits[:, -1, ids[1]]

    found = cv.heads.patching(model, prompts[0], prompts[1], (" Mary", " John"))
    _, cache = model.run_with_cache(clean)
    for kind, function in functions.items():
        want = function(model, corrupted, cache, lambda logits: difference(logits).mean())
        np.testing.assert_allclose(found.patched[kind][0], want.double().numpy(), rtol=0, atol=2e-5)
    same = cv.heads.patching(model, clean, corrupted, metric=difference, what="z")
    np.testing.assert_allclose(same["z"], found["z"], rtol=0, atol=1e-6)
    # what the model does: the name that differs decides, and a head of the last layer moves the answer to the end
    assert (found["resid_pre"].argmax(-1) == 10).all() and abs(found["resid_pre"][0, 10] - 1) < 1e-4
    assert found["z"].argmax() == 3 * 4 + 2 and found["z"].max() > 0.9


def test_the_model_is_left_as_it_was_also_after_an_error() -> None:
    model = models.bridge("gpt2")
    name = "blocks.0.hook_attn_out"
    model.train()
    model.blocks[1].eval()
    modes = [module.training for module in model.modules()]
    weights = {key: value.clone() for key, value in model.state_dict().items()}
    calls = []
    model.hook_dict[name].add_hook(lambda value, hook: calls.append(1))
    hooks = sum(len(point.fwd_hooks) for point in model.hook_dict.values())
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 1, 5)
    runs = []

    def fails(logits: Any) -> Any:
        assert not logits.requires_grad
        runs.append(1)
        if len(runs) == 5:
            raise RuntimeError("in the metric")
        return logits[:, -1, 3]

    with torch.enable_grad():
        cv.heads.patching(model, clean, corrupted, (CORRECT, WRONG))
        with pytest.raises(RuntimeError, match="in the metric"):
            cv.heads.patching(model, clean, corrupted, metric=fails)
        assert torch.is_grad_enabled()
    assert [module.training for module in model.modules()] == modes
    assert sum(len(point.fwd_hooks) for point in model.hook_dict.values()) == hooks and calls
    assert all(torch.equal(value, weights[key]) for key, value in model.state_dict().items())


def test_a_patch_that_changes_no_number_has_no_effect_and_is_not_run() -> None:
    model = bridge("gpt2")
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 1, 6)
    runs = []

    def counted(logits: Any) -> Any:
        runs.append(1)
        return logits[:, -1, CORRECT]

    found = cv.heads.patching(model, clean, corrupted, metric=counted, what="resid_pre", layers=0)
    assert np.array_equal(np.flatnonzero(found["resid_pre"][0]), [1, 3])
    assert len(runs) == 2 + 2


def test_chosen_layers_and_positions_are_rows_and_columns() -> None:
    model = bridge("gpt2")
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 1, 6)
    every = cv.heads.patching(model, clean, corrupted, (CORRECT, WRONG))
    some = cv.heads.patching(model, clean[0], corrupted[0].tolist(), (CORRECT, WRONG), layers=-1, seq_pos=[-1, 1])
    assert some.layers == (1,) and some.positions == (5, 1)
    np.testing.assert_allclose(some["resid_pre"], every["resid_pre"][[1]][:, [5, 1]], rtol=1e-9)
    np.testing.assert_allclose(some["z"], every["z"][[1]], rtol=1e-9)


def test_a_layer_without_the_activation_has_no_value_and_a_kind_without_any_is_missing() -> None:
    model = bridge("gpt2")
    clean, corrupted = patching_loops.random_ids(models.N_VOCAB, 1, 4)
    hooks = {
        key: value for key, value in model.hook_dict.items() if "mlp_out" not in key and key != "blocks.1.attn.hook_z"
    }

    class Partly:
        hook_dict = hooks

        def __getattr__(self, name: str) -> Any:
            return getattr(model, name)

    found = cv.heads.patching(Partly(), clean, corrupted, (CORRECT, WRONG))
    assert list(found) == ["resid_pre", "attn_out", "z"] and "mlp_out" in found.missing
    assert np.isnan(found["z"][1]).all() and np.isfinite(found["z"][0]).all()
    with pytest.raises(ValueError, match=r"what: .* has no hook blocks\.0\.hook_mlp_out; leave 'mlp_out' out"):
        cv.heads.patching(Partly(), clean, corrupted, (CORRECT, WRONG), what=["z", "mlp_out"])

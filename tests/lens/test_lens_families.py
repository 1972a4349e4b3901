"""The logit lens on models of both classes: each row is what the model's own final norm and unembedding make of that stream."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis.logits import logit_lens

from tests.support import huggingface_models, lenses, model_families, models

pytestmark = [pytest.mark.usefixtures("quiet_libraries"), pytest.mark.slow]

N = 7


def check(model: Any) -> None:
    """Compares the last row with the model's logits, the others with its modules applied to the cached streams, and the names of rows."""
    ids = models.ids(2, N)
    logits, cache = model.run_with_cache(ids)
    before = {name: tensor.clone() for name, tensor in cache.items()}
    tokens = [[str(token) for token in row] for row in ids.tolist()]
    figure = logit_lens(cache, model, tokens)
    n_layers = model.cfg.n_layers
    hooks = ["blocks.0.hook_resid_pre", *(f"blocks.{layer}.hook_resid_post" for layer in range(n_layers - 1))]
    want = [_log_probs(_through(model, cache, hook, logits)) for hook in hooks]
    want.append(_log_probs(logits))
    for index in range(2):
        found = lenses.shown(figure, index)
        assert found.props.stages == (*(f"{i}_pre" for i in range(n_layers)), "final_post")
        assert found.targets == [*ids[index, 1:].tolist(), None]
        for row, log_probs in enumerate(want):
            of_stage = log_probs[index]
            got, top = found.top_log_probs[row], np.sort(of_stage, axis=-1)[:, : -found.props.k - 1 : -1]
            np.testing.assert_allclose(got, top, rtol=0, atol=1e-5 + found.bound)
            at_target = of_stage[np.arange(N - 1), ids[index, 1:].numpy()]
            np.testing.assert_allclose(found.target_log_probs[row, :-1], at_target, rtol=0, atol=1e-5 + found.bound)
            entropies = -(np.exp(of_stage) * of_stage).sum(-1)
            np.testing.assert_allclose(found.entropies[row], entropies, rtol=0, atol=1e-5 + found.bound)
            divergences = (np.exp(want[-1][index]) * (want[-1][index] - of_stage)).sum(-1)
            np.testing.assert_allclose(found.divergences[row], divergences, rtol=0, atol=1e-5 + found.bound)
    assert all(torch.equal(cache[name], tensor) for name, tensor in before.items())


def _through(model: Any, cache: Any, hook: str, logits: Any) -> Any:
    """The model's own modules on a stream; then the constant factor of its logits, by least squares on the last stream, or its soft cap."""
    last = _unembedded(model, cache[f"blocks.{model.cfg.n_layers - 1}.hook_resid_post"])
    out = _unembedded(model, cache[hook])
    cap = getattr(model.cfg, "output_logits_soft_cap", -1.0) or -1.0
    return cap * torch.tanh(out / cap) if cap > 0 else out * ((last * logits).sum() / (last * last).sum())


def _unembedded(model: Any, stream: Any) -> Any:
    return model.unembed(model.ln_final(stream) if getattr(model, "ln_final", None) is not None else stream).double()


def _log_probs(logits: Any) -> Any:
    return logits.detach().double().log_softmax(-1).numpy()


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("name", sorted(huggingface_models.CAUSAL))
def test_every_row_of_a_bridge_is_what_its_modules_compute(name: str, folded: bool) -> None:
    check(model_families.bridge(name, folded=folded))


@models.needs_hooked_transformer
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("name", sorted(model_families.HOOKED))
def test_every_row_of_a_hooked_transformer_is_what_its_modules_compute(name: str, folded: bool) -> None:
    check(model_families.hooked(name, folded=folded))


@models.needs_hooked_transformer
def test_rows_have_the_names_and_the_streams_of_accumulated_resid() -> None:
    model = model_families.hooked("mha", folded=False)
    ids = models.ids(1, N)
    _, cache = model.run_with_cache(ids)
    streams, names = cache.accumulated_resid(layer=-1, incl_mid=True, return_labels=True)
    texts = [[str(i) for i in ids[0].tolist()]]  # the model has no tokenizer
    figure = logit_lens(cache, model, texts, include_mid=True, to_string=str)
    found = lenses.shown(figure)
    assert list(found.props.stages) == names
    for row, stream in enumerate(streams):
        log_probs = _log_probs(model.unembed(model.ln_final(stream)))[0]
        np.testing.assert_allclose(found.top_log_probs[row, :, 0], log_probs.max(-1), rtol=0, atol=1e-5 + found.bound)


@models.needs_hooked_transformer
def test_encoders_and_encoder_decoders_are_refused_with_the_reason() -> None:
    model = models.encoder()
    ids = models.ids(1, N)
    _, cache = model.run_with_cache(ids)
    with pytest.raises(ValueError, match=r"a prediction head with weights of its own lies between .* \(encoder\)"):
        logit_lens(cache, model, [[str(i) for i in ids[0].tolist()]])
    both = models.encoder_decoder()
    _, cache = both.run_with_cache(ids, ids[:, :4])
    with pytest.raises(ValueError, match=r"encoder and decoder have one each, under other hook names"):
        logit_lens(cache, both, [[str(i) for i in ids[0, :4].tolist()]])

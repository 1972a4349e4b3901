"""Attribution on the demo model equals the effect of removing what a head writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import demo
from circuitsvis._attribution import cache_attribution

from scripts.demo_model import corpus
from tests.support import models
from tests.support.attributions import TOLERANCE, summed

pytestmark = pytest.mark.usefixtures("quiet_libraries")


def assert_close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE)


MARY_AND_JOHN = "When Mary and John went to the shops, John gave a drink to"


class IndirectObject:
    """The logit difference of two names at the last token of a prompt, with and without one of the heads."""

    def __init__(self, model: Any, prompt: str = MARY_AND_JOHN, names: tuple[str, str] = (" Mary", " John")) -> None:
        self.model, self.prompt = model, prompt
        self._right, self._wrong = (model.to_single_token(name) for name in names)
        _, cache = model.run_with_cache(prompt, remove_batch_dim=True)
        self.scale = cache["ln_final.hook_scale"]
        [self.attribution] = cache_attribution.attributions(cache, model, model.to_str_tokens(prompt), names, -1)
        self.top = max(self.attribution.heads, key=lambda head: head.values.sum())

    def difference(self, hooks: list[Any]) -> float:
        """The logit difference of the model run with hooks."""
        logits = self.model.run_with_hooks(self.prompt, fwd_hooks=hooks)[0, -1]
        return float(logits[self._right] - logits[self._wrong])

    def without_output(self, layer: int, head: int) -> float:
        """The difference with the head's z set to 0, with its effects through later layers."""

        def zero(z: Any, hook: Any) -> Any:
            return z.index_fill(2, torch.tensor([head]), 0)

        return self.difference([(f"blocks.{layer}.attn.hook_z", zero)])

    def without_writing(self, layer: int, head: int) -> float:
        """The difference without the head's direct effect: its output subtracted from the last stream, the norm's divisor kept."""
        head_z: list[Any] = []

        def record(z: Any, hook: Any) -> None:
            head_z.append(z[:, :, head])

        def subtract(stream: Any, hook: Any) -> Any:
            return stream - head_z[0] @ self.model.blocks[layer].attn.W_O[head]

        def keep(scale: Any, hook: Any) -> Any:
            return self.scale[None]

        return self.difference(
            [
                (f"blocks.{layer}.attn.hook_z", record),
                ("blocks.3.hook_resid_post", subtract),
                ("ln_final.hook_scale", keep),
            ]
        )


@pytest.fixture(
    params=[
        pytest.param("TransformerBridge", marks=models.needs_bridge),
        pytest.param("HookedTransformer", marks=models.needs_hooked_transformer),
    ]
)
def indirect_object(request: pytest.FixtureRequest) -> IndirectObject:
    with torch.no_grad():
        return IndirectObject(demo.load(request.param))


def test_a_logit_difference_of_the_demo_model_adds_up_and_is_named(indirect_object: IndirectObject) -> None:
    attribution = indirect_object.attribution
    assert (attribution.targets, attribution.dest, attribution.dest_tokens) == (("Mary − John",), (14,), (" to",))
    assert_close(attribution.total, [indirect_object.difference([])])
    assert_close(summed(attribution), attribution.total)
    top = indirect_object.top
    assert attribution.src_tokens[int(top.values[0].argmax())] == " Mary"  # it attends to the name that it writes


def test_the_value_of_each_head_is_the_difference_that_its_output_makes(indirect_object: IndirectObject) -> None:
    whole = indirect_object.difference([])
    for head in indirect_object.attribution.heads:
        loss = whole - indirect_object.without_writing(head.layer, head.head)
        assert head.values.sum() == pytest.approx(loss, abs=2e-5)


def test_the_top_head_is_among_the_two_whose_ablation_hurts_most(indirect_object: IndirectObject) -> None:
    difference_without = {
        (head.layer, head.head): indirect_object.without_output(head.layer, head.head)
        for head in indirect_object.attribution.heads
    }
    top = indirect_object.top
    assert (top.layer, top.head) in sorted(difference_without, key=lambda pair: difference_without[pair])[:2]


@pytest.mark.slow
def test_the_top_head_is_among_the_two_on_every_held_out_sentence() -> None:
    model = demo.load()
    for sentence in corpus.held_out(sentences_per_pair=1):
        task = IndirectObject(model, sentence.prompt, (sentence.indirect, sentence.subject))
        difference_without = {
            (head.layer, head.head): task.without_output(head.layer, head.head) for head in task.attribution.heads
        }
        assert (task.top.layer, task.top.head) in sorted(difference_without, key=lambda pair: difference_without[pair])[
            :2
        ], sentence.prompt

"""Attribution on the demo model: what a head is said to write is what the answer loses without it."""

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


def close(got: Any, want: Any) -> None:
    np.testing.assert_allclose(got, want, rtol=0, atol=TOLERANCE)


MARY_AND_JOHN = "When Mary and John went to the shops, John gave a drink to"


class IndirectObject:
    """One name − the other at the last token of a prompt, and what the model says without one of its heads."""

    def __init__(self, model: Any, prompt: str = MARY_AND_JOHN, names: tuple[str, str] = (" Mary", " John")) -> None:
        self.model, self.prompt = model, prompt
        self._right, self._wrong = (model.to_single_token(name) for name in names)
        _, cache = model.run_with_cache(prompt, remove_batch_dim=True)
        self.scale = cache["ln_final.hook_scale"]
        [self.found] = cache_attribution.attributions(cache, model, model.to_str_tokens(prompt), names, -1)
        self.top = max(self.found.heads, key=lambda head: head.values.sum())

    def difference(self, hooks: list[Any]) -> float:
        """By running the model."""
        logits = self.model.run_with_hooks(self.prompt, fwd_hooks=hooks)[0, -1]
        return float(logits[self._right] - logits[self._wrong])

    def without_output(self, layer: int, head: int) -> float:
        """With the head's z zeroed, and all that follows from it in later layers."""

        def zero(z: Any, hook: Any) -> Any:
            return z.index_fill(2, torch.tensor([head]), 0)

        return self.difference([(f"blocks.{layer}.attn.hook_z", zero)])

    def without_writing(self, layer: int, head: int) -> float:
        """With what the head wrote taken out of the last stream, under the divisor as it was: its direct effect."""
        seen: list[Any] = []

        def see(z: Any, hook: Any) -> None:
            seen.append(z[:, :, head])

        def take_out(stream: Any, hook: Any) -> Any:
            return stream - seen[0] @ self.model.blocks[layer].attn.W_O[head]

        def hold(scale: Any, hook: Any) -> Any:
            return self.scale[None]

        return self.difference(
            [
                (f"blocks.{layer}.attn.hook_z", see),
                ("blocks.3.hook_resid_post", take_out),
                ("ln_final.hook_scale", hold),
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
    found = indirect_object.found
    assert (found.targets, found.dest, found.dest_tokens) == (("Mary − John",), (14,), (" to",))
    close(found.total, [indirect_object.difference([])])
    close(summed(found), found.total)
    top = indirect_object.top
    assert found.src_tokens[int(top.values[0].argmax())] == " Mary"  # it reads the name that it writes


def test_each_head_is_worth_what_the_answer_loses_without_its_writing(indirect_object: IndirectObject) -> None:
    whole = indirect_object.difference([])
    for head in indirect_object.found.heads:
        loss = whole - indirect_object.without_writing(head.layer, head.head)
        assert head.values.sum() == pytest.approx(loss, abs=2e-5)


def test_the_top_head_is_among_the_two_whose_ablation_hurts_most(indirect_object: IndirectObject) -> None:
    left = {
        (head.layer, head.head): indirect_object.without_output(head.layer, head.head)
        for head in indirect_object.found.heads
    }
    top = indirect_object.top
    assert (top.layer, top.head) in sorted(left, key=lambda pair: left[pair])[:2]


def test_so_it_is_on_every_held_out_sentence() -> None:
    model = demo.load()
    for sentence in corpus.held_out(sentences_per_pair=1):
        one = IndirectObject(model, sentence.prompt, (sentence.indirect, sentence.subject))
        left = {(head.layer, head.head): one.without_output(head.layer, head.head) for head in one.found.heads}
        assert (one.top.layer, one.top.head) in sorted(left, key=lambda pair: left[pair])[:2], sentence.prompt

"""Attentions of Hugging Face's `generate`: the rows of all steps in one picture, equal to one forward pass on the whole text."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support import huggingface_models, models, random_weights, reference
from tests.support.caches import softmax_patterns, words

pytest.importorskip("torch")
import torch

PROMPT, NEW = 5, 4
LENGTH = PROMPT + NEW - 1  # positions that were queries: all but the token generated last

pytestmark = pytest.mark.usefixtures("quiet_libraries")


def hugging_face(name: str) -> Any:
    made = random_weights.normal(huggingface_models.MODELS[name]())
    made.tie_weights()
    made.set_attn_implementation("eager")
    return made


def generate(made: Any, ids: torch.Tensor, **options: Any) -> Any:
    settings = dict(max_new_tokens=NEW, do_sample=False, pad_token_id=0, eos_token_id=None)
    return made.generate(ids, output_attentions=True, return_dict_in_generate=True, **{**settings, **options})


def shown(figure: Any, sequence: int) -> reference.Float64:
    return np.nan_to_num(reference.shown(figure, sequence))


def agree(figure: Any, layers: Any, sequence: int) -> None:
    want = np.concatenate([layer[sequence].numpy() for layer in layers])
    np.testing.assert_allclose(shown(figure, sequence), want, rtol=0, atol=2e-5)


@pytest.mark.parametrize("options", [{}, {"use_cache": False}, {"cache_implementation": "static"}], ids=str)
@pytest.mark.parametrize("name", ["gpt2", "llama_gqa", "mistral_window", "gemma2"])
@pytest.mark.parametrize("more", [0, 1], ids=["without the last token", "with the last token"])
def test_the_steps_of_a_generation_are_the_forward_pass_on_its_text(
    name: str, options: dict[str, Any], more: int
) -> None:
    made, ids = hugging_face(name), models.ids(2, PROMPT)
    output = generate(made, ids, **options)
    whole = made(output.sequences[:, :-1], output_attentions=True).attentions
    tokens = words(LENGTH + more)
    figure = cv.attention.from_values(output.attentions, [tokens] * 2)
    assert [head.name for head in reference.props(figure).heads] == [f"{i}.{j}" for i in range(2) for j in range(4)]
    for sequence in range(2):
        agree(figure, whole, sequence)
        row = reference.props(figure).sequences[sequence]
        assert row.dest_tokens == tuple(tokens[:LENGTH])
        assert row.attention.layout == "causal"


@pytest.mark.parametrize("prompt", [1, 2, 7])
@pytest.mark.parametrize("new", [1, 2, 9])
@pytest.mark.parametrize("options", [{}, {"use_cache": False}, {"cache_implementation": "static"}], ids=str)
def test_prompts_and_texts_of_any_length_are_joined(prompt: int, new: int, options: dict[str, Any]) -> None:
    for name in ("gpt2", "mistral_window"):
        made, ids = hugging_face(name), models.ids(1, prompt)
        output = generate(made, ids, max_new_tokens=new, **options)
        figure = cv.attention.from_values(output.attentions, words(prompt + new))
        agree(figure, made(output.sequences[:, :-1], output_attentions=True).attentions, 0)


def test_a_batch_with_left_padding_is_cropped_to_its_texts() -> None:
    made, ids = hugging_face("llama_gqa"), models.ids(2, PROMPT)
    mask = torch.ones_like(ids)
    mask[1, :2], ids[1, :2] = 0, 0
    output = generate(made, ids, attention_mask=mask)
    alone = made(output.sequences[1:, 2:-1], output_attentions=True).attentions
    for more in (0, 1):
        figure = cv.attention.from_values(output.attentions, [words(LENGTH + more), words(LENGTH - 2 + more)])
        np.testing.assert_allclose(shown(figure, 1), np.concatenate([layer[0].numpy() for layer in alone]), atol=2e-5)
        assert len(reference.props(figure).sequences[1].dest_tokens) == LENGTH - 2
    whole = [*mask.tolist()[1], *[1] * (NEW - 1)]
    figure = cv.attention.from_values(output.attentions, [words(LENGTH + 1)] * 2, attention_mask=[[1] * LENGTH, whole])
    np.testing.assert_allclose(shown(figure, 1), np.concatenate([layer[0].numpy() for layer in alone]), atol=2e-5)


def test_the_rows_of_generated_tokens_alone_are_rectangular() -> None:
    made, ids = hugging_face("gpt2"), models.ids(1, PROMPT)
    output = generate(made, ids)
    whole = made(output.sequences[:, :-1], output_attentions=True).attentions
    tokens = words(LENGTH + 1)
    for dest, src in ((tokens[PROMPT:-1], tokens[:-1]), (tokens[PROMPT:], tokens)):
        figure = cv.attention.from_values(output.attentions[1:], dest_tokens=dest, src_tokens=src)
        want = np.concatenate([layer[0, :, PROMPT:].numpy() for layer in whole])
        np.testing.assert_allclose(shown(figure, 0), want, rtol=0, atol=2e-5)
        assert reference.props(figure).sequences[0].dest_positions == tuple(range(PROMPT, LENGTH))
    with pytest.raises(ValueError, match=r"the whole prompt, got \[1, 4, 1, 6\]; .* dest_tokens= and src_tokens="):
        cv.attention.from_values(output.attentions[1:], tokens)


def test_a_generation_of_an_encoder_decoder_has_both_kinds_of_attention() -> None:
    made, ids = hugging_face("t5"), models.ids(2, PROMPT)
    output = generate(made, ids)
    start = output.sequences[:, :-1]
    whole = made(input_ids=ids, decoder_input_ids=start, output_attentions=True)
    tokens, sources = [words(NEW + 1)] * 2, [[f"s{i}" for i in range(PROMPT)]] * 2
    self_attention = cv.attention.from_values(output.decoder_attentions, tokens)
    cross = cv.attention.from_values(output.cross_attentions, dest_tokens=tokens, src_tokens=sources)
    for sequence in range(2):
        agree(self_attention, whole.decoder_attentions, sequence)
        agree(cross, whole.cross_attentions, sequence)
    with pytest.raises(ValueError, match=r"the whole prompt, got \[2, 4, 1, 5\]; .* dest_tokens= and src_tokens="):
        cv.attention.from_values(output.cross_attentions, tokens)


def test_layers_without_attention_are_left_out_and_keep_the_numbers_of_the_others() -> None:
    layer = [torch.tensor(softmax_patterns((1, 2, *shape))) for shape in ((3, 3), (1, 4))]
    figure = cv.attention.from_values(tuple((None, step) for step in layer), words(4))
    assert [head.name for head in reference.props(figure).heads] == ["1.0", "1.1"]


def step(*shape: int) -> torch.Tensor:
    return torch.tensor(softmax_patterns(shape))


@pytest.mark.parametrize(
    ("attention", "text"),
    [
        (((None, None), (None, None)), r'returned no attention .* attn_implementation="eager"'),
        (((step(1, 2, 3, 3),), (step(1, 2, 1, 4), step(1, 2, 1, 4))), "same layers, got 1 at step 0 and 2 at step 1"),
        (
            ((step(1, 2, 3, 3),), (step(1, 3, 1, 4),)),
            r"same batch and heads, got \[1, 2, 3, 3\] at step 0 and \[1, 3, 1, 4\] at step 1 of layer 0",
        ),
        (
            ((step(1, 2, 3, 3),) * 2, (step(1, 2, 1, 4), None)),
            r"got \[1, 2, 3, 3\] at step 0 and None at step 1 of layer 1",
        ),
        (((step(2, 2, 3, 3),), (step(2, 2, 1, 4),)), r"Got a batch of 2 .* for 1 lists of tokens"),
        (
            ((step(1, 2, 3, 3),), (step(1, 2, 1, 7),)),
            r"step 1 .* later than its own in layer 0 \(shape \[1, 2, 1, 7\]\)",
        ),
        (
            ((step(1, 2, 3, 3),) * 2, (step(1, 2, 1, 4), step(1, 2, 2, 5))),
            "step 1 .* has 2 rows in layer 1, but 1 in others",
        ),
    ],
)
def test_steps_that_do_not_follow_each_other_are_refused(attention: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        cv.attention.from_values(attention, words(4))


def swin() -> Any:
    import transformers

    config = transformers.SwinConfig(
        image_size=16, patch_size=1, embed_dim=8, depths=[1, 1], num_heads=[1, 2], window_size=4, num_channels=1
    )
    model = transformers.SwinModel(config).eval()
    model.set_attn_implementation("eager")
    return model


def test_layers_of_different_windows_are_refused_by_name_and_shown_one_at_a_time() -> None:
    layers = swin()(torch.randn(1, 1, 16, 16), output_attentions=True).attentions
    assert [tuple(layer.shape) for layer in layers] == [(16, 1, 16, 16), (4, 2, 16, 16)]
    with pytest.raises(ValueError, match="pass one layer at a time") as raised:
        cv.attention.from_values(layers, [words(16)] * 16)
    for part in ("layer 1 has shape [4, 2, 16, 16]", "layer 0 [16, 1, 16, 16]", "attention[1]", "4 windows"):
        assert part in str(raised.value)
    for layer in layers:
        figure = cv.attention.from_values(layer, [words(16)] * len(layer))
        agree(figure, [layer], len(layer) - 1)


def test_layers_that_differ_in_heads_alone_fit_one_figure() -> None:
    layers = (step(1, 2, 4, 4), step(1, 3, 4, 4))
    figure = cv.attention.from_values(layers, words(4))
    assert [head.name for head in reference.props(figure).heads] == ["0.0", "0.1", "1.0", "1.1", "1.2"]


@pytest.mark.parametrize("options", [{}, {"cache_implementation": "static"}], ids=str)
@pytest.mark.parametrize("more", [0, 1], ids=["mask of the rows", "mask of all tokens"])
def test_a_padded_prompt_is_cropped_by_its_mask_with_any_cache(options: dict[str, Any], more: int) -> None:
    made, ids = hugging_face("llama_gqa"), models.ids(2, PROMPT)
    mask = torch.ones_like(ids)
    mask[1, :2] = 0
    output = generate(made, ids, attention_mask=mask, **options)
    whole = torch.cat([mask, torch.ones(2, NEW - 1 + more, dtype=torch.long)], dim=1)
    figure = cv.attention.from_values(output.attentions, [words(LENGTH + more)] * 2, attention_mask=whole)
    alone = made(output.sequences[1:, 2:-1], output_attentions=True).attentions
    want = np.concatenate([layer[0].numpy() for layer in alone])
    np.testing.assert_allclose(shown(figure, 1), want, rtol=0, atol=2e-5)

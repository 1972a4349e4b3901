"""Encoder, decoder and cross-attention in one figure, equal to what from_values and from_cache show of each."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.tabs import TabsProps

from tests.support import huggingface_models, models, random_weights, reference, tabs
from tests.support.caches import softmax_patterns, words

pytest.importorskip("torch")
import torch

pytestmark = pytest.mark.usefixtures("quiet_libraries")

N_SRC, N_DEST = 7, 4
SOURCES, TARGETS = [f"s{i}" for i in range(N_SRC)], words(N_DEST)
NAMES = {"encoder_attentions": "Encoder", "decoder_attentions": "Decoder", "cross_attentions": "Cross"}


def arrays(batch: int = 2, heads: int = 3) -> dict[str, Any]:
    """Two layers of each kind of attention."""
    shapes = {"encoder": (N_SRC, N_SRC), "decoder": (N_DEST, N_DEST), "cross": (N_DEST, N_SRC)}
    return {
        f"{kind}_attention": tuple(
            softmax_patterns((batch, heads, *shape), causal=kind == "decoder", seed=10 * number + layer)
            for layer in range(2)
        )
        for number, (kind, shape) in enumerate(shapes.items())
    }


def agree(figure: Any, want: Any, sequence: int) -> None:
    """`want`: layers, each [batch, head, dest, src]."""
    expected = np.concatenate([np.asarray(layer[sequence], dtype=np.float64) for layer in want])
    shown = np.nan_to_num(reference.shown(figure, sequence))
    np.testing.assert_allclose(shown, expected, rtol=0, atol=reference.bound(figure, sequence))


def t5() -> Any:
    model = random_weights.normal(huggingface_models.MODELS["t5"]())
    model.tie_weights()
    model.set_attn_implementation("eager")
    return model


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_arrays_are_shown_with_the_tokens_of_their_side(mode: Any) -> None:
    data = arrays()
    figure = cv.attention.from_encoder_decoder(
        None, [SOURCES] * 2, [TARGETS] * 2, mode, title="T", head_notation="LH", **data
    )
    shown = tabs.figures(figure)
    assert list(shown) == ["Encoder", "Decoder", "Cross"]
    for kind, inner in zip(("encoder", "decoder", "cross"), shown.values(), strict=True):
        row = reference.props(inner).sequences[0]
        assert row.dest_tokens == tuple(SOURCES if kind == "encoder" else TARGETS)
        assert row.src_tokens == (tuple(SOURCES) if kind == "cross" else None)
        assert [head.name for head in reference.props(inner).heads][:4] == ["L0H0", "L0H1", "L0H2", "L1H0"]
        for sequence in range(2):
            agree(inner, data[f"{kind}_attention"], sequence)
    props = figure._props
    assert isinstance(props, TabsProps)
    assert (props.title, props.display_mode) == ("T", "dark" if mode == "lines" else "auto")
    assert [inner._props.title for inner in shown.values()] == [None] * 3
    assert repr(figure) == (
        "<circuitsvis Tabs: Encoder (6 heads, 2 sequences), Decoder (6 heads, 2 sequences), Cross (6 heads, 2 sequences)>"
    )


def test_one_sequence_and_one_kind_alone_are_enough() -> None:
    pattern = softmax_patterns((3, N_DEST, N_SRC), causal=False)
    figure = cv.attention.from_encoder_decoder(
        encoder_tokens=SOURCES, decoder_tokens=TARGETS, cross_attention=pattern, help=True, max_value=0.5
    )
    shown = tabs.figures(figure)
    assert list(shown) == ["Cross"]
    agree(shown["Cross"], [pattern[None]], 0)
    assert reference.props(shown["Cross"]).value_range == (0.0, 0.5)
    assert len(figure._props.help) == 1 and "Cross:" in figure._props.help[0]
    assert shown["Cross"]._props.help
    encoder = cv.attention.from_encoder_decoder(None, SOURCES, encoder_attention=arrays(1)["encoder_attention"])
    assert list(tabs.figures(encoder)) == ["Encoder"]


def test_the_output_of_a_model_by_attribute_and_by_key() -> None:
    output = t5()(input_ids=models.ids(2, N_SRC), decoder_input_ids=models.ids(2, N_DEST), output_attentions=True)
    plain = {field: output[field] for field in NAMES}
    for given in (output, plain, SimpleNamespace(**plain), SimpleNamespace(**plain | {"encoder_attentions": None})):
        shown = tabs.figures(cv.attention.from_encoder_decoder(given, [SOURCES] * 2, [TARGETS] * 2))
        present = [field for field in NAMES if getattr(given, field, plain[field]) is not None]
        assert list(shown) == [NAMES[field] for field in present]
        for field in present:
            for sequence in range(2):
                agree(shown[NAMES[field]], [layer.detach().numpy() for layer in output[field]], sequence)


@pytest.mark.parametrize("more", [0, 1], ids=["without the last token", "with the last token"])
def test_a_generation_is_the_forward_pass_on_its_text(more: int) -> None:
    model, ids = t5(), models.ids(2, N_SRC)
    output = model.generate(
        ids, max_new_tokens=4, do_sample=False, eos_token_id=None, pad_token_id=0, output_attentions=True,
        return_dict_in_generate=True,
    )  # fmt: skip
    start = output.sequences[:, :-1]
    whole = model(input_ids=ids, decoder_input_ids=start, output_attentions=True)
    targets = words(start.shape[1] + more)
    shown = tabs.figures(cv.attention.from_encoder_decoder(output, [SOURCES] * 2, [targets] * 2))
    for field, name in NAMES.items():
        for sequence in range(2):
            want = np.concatenate([layer[sequence].detach().numpy() for layer in whole[field]])
            np.testing.assert_allclose(np.nan_to_num(reference.shown(shown[name], sequence)), want, rtol=0, atol=2e-5)


@pytest.mark.skipif(models.VERSION < (4, 0), reason="T5 on a bridge fails in TransformerLens 3.9 with transformers 5")
@pytest.mark.parametrize("attention_type", ["standard", "value-weighted"])
def test_a_cache_is_shown_as_from_cache_shows_each_module(attention_type: Any) -> None:
    _, cache = models.bridge("t5").run_with_cache(models.ids(2, N_SRC), decoder_input=models.ids(2, N_DEST))
    options = dict(attention_type=attention_type, layers=[1], batch_idx=[1])
    figure = cv.attention.from_encoder_decoder(cache, [SOURCES] * 2, [TARGETS] * 2, **options)  # type: ignore[call-overload]
    modules = {
        "Encoder": ("encoder_blocks.{layer}.attn", [SOURCES] * 2, None),
        "Decoder": ("decoder_blocks.{layer}.self_attn", [TARGETS] * 2, None),
        "Cross": ("decoder_blocks.{layer}.cross_attn", [TARGETS] * 2, [SOURCES] * 2),
    }
    shown = tabs.figures(figure)
    assert list(shown) == list(modules)
    for name, (module, tokens, sources) in modules.items():
        alone = cv.attention.from_cache(cache, tokens, src_tokens=sources, module=module, **options)  # type: ignore[call-overload]
        assert replace(shown[name]._props, call=None) == replace(alone._props, call=None)


def test_the_names_of_a_hooked_encoder_decoder_are_known() -> None:
    data = {
        "encoder.0.attn.hook_pattern": softmax_patterns((2, 5, 5), causal=False),
        "decoder.0.attn.hook_pattern": softmax_patterns((2, 3, 3)),
        "decoder.0.cross_attn.hook_pattern": softmax_patterns((2, 3, 5), causal=False),
    }
    shown = tabs.figures(cv.attention.from_encoder_decoder(data, list("abcde"), list("xyz")))
    for inner, pattern in zip(shown.values(), data.values(), strict=True):
        agree(inner, [pattern[None]], 0)


@pytest.mark.parametrize("full", [True, False], ids=["tokens with padding", "tokens without padding"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_masks_crop_all_tabs(side: str, full: bool) -> None:
    data = arrays()
    masks, tokens, kept = [], [], []
    for n, texts, real in ((N_SRC, SOURCES, (7, 4)), (N_DEST, TARGETS, (3, 4))):
        positions = [slice(0, k) if side == "right" else slice(n - k, n) for k in real]
        mask = np.zeros((2, n))
        for i, real_positions in enumerate(positions):
            mask[i, real_positions] = 1
        masks.append(mask)
        kept.append([texts[where] for where in positions])
        tokens.append([texts] * 2 if full else kept[-1])
    figure = cv.attention.from_encoder_decoder(
        None, tokens[0], tokens[1], encoder_mask=masks[0], decoder_mask=torch.tensor(masks[1]), **data
    )
    for name, inner in tabs.figures(figure).items():
        rows, cols = {"Encoder": (0, 0), "Decoder": (1, 1), "Cross": (1, 0)}[name]
        for sequence in range(2):
            row = reference.props(inner).sequences[sequence]
            assert list(row.dest_tokens) == kept[rows][sequence]
            assert list(row.src_tokens or row.dest_tokens) == kept[cols][sequence]
            dest, src = masks[rows][sequence] == 1, masks[cols][sequence] == 1
            agree(inner, [layer[:, :, dest][..., src] for layer in data[f"{name.lower()}_attention"]], sequence)

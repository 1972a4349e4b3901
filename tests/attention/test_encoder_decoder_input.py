"""Wrong arguments of from_encoder_decoder: the error names them, and what it advises works."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest

from tests.support.caches import cache, softmax_patterns, words

SOURCES, TARGETS = list("abcde"), list("xyz")
ENCODER = softmax_patterns((2, 5, 5), causal=False)
DECODER = softmax_patterns((2, 3, 3))
CROSS = softmax_patterns((2, 3, 5), causal=False)
OUTPUT = {"encoder_attentions": (ENCODER[None],), "cross_attentions": (CROSS[None],)}
CACHE = {"encoder.0.attn.hook_pattern": ENCODER, "decoder.0.cross_attn.hook_pattern": CROSS}
ALL = dict(encoder_attention=ENCODER, decoder_attention=DECODER, cross_attention=CROSS)


def show(*args: Any, **options: Any) -> Any:
    return cv.attention.from_encoder_decoder(*args, **options)


@pytest.mark.parametrize(
    ("args", "options", "error", "text"),
    [
        ((), {}, ValueError, "encoder_attention, decoder_attention, cross_attention: give at least one"),
        ((OUTPUT, SOURCES, TARGETS), {"cross_attention": CROSS}, ValueError, "both output and cross_attention"),
        ((CACHE, SOURCES, TARGETS), {"cross_attention": CROSS}, ValueError, "a cache or arrays, got both"),
        ((CROSS, SOURCES, TARGETS), {}, TypeError, r"ndarray without them; .* cross_attention="),
        (((CROSS, CROSS), SOURCES, TARGETS), {}, TypeError, r"tuple without them; arrays are passed by name"),
        ((SOURCES, TARGETS), {}, TypeError, r"list without them; .* come after output"),
        ((SimpleNamespace(attentions=1), SOURCES), {}, TypeError, r"from_values\(output\.attentions, tokens\)"),
        (({"cross_attentions": None}, SOURCES, TARGETS), {}, ValueError, 'attn_implementation="eager"'),
        (({"cross_attentions": (None, None)}, SOURCES, TARGETS), {}, ValueError, "output_attentions=True"),
        (({"cross_attentions": ()}, SOURCES, TARGETS), {}, ValueError, "output_attentions=True"),
        ((OUTPUT | {"beam_indices": np.zeros(3)}, SOURCES, TARGETS), {}, ValueError, "num_beams=1"),
        ((cache(), SOURCES, TARGETS), {}, ValueError, r'"blocks\.\{layer\}\.attn": use attention\.from_cache'),
        (({}, SOURCES, TARGETS), {}, ValueError, "modules are none"),
        ((None, SOURCES), ALL, ValueError, "decoder_tokens: needed for the Decoder and the Cross tab"),
        ((None, None, TARGETS), ALL, ValueError, "encoder_tokens: needed for the Encoder and the Cross tab"),
        ((None, SOURCES, TARGETS[1:]), ALL, ValueError, r"Decoder tab \(.*tokens are decoder_tokens.*2 tokens"),
        ((None, SOURCES[1:], TARGETS), {"cross_attention": CROSS}, ValueError, r"Cross tab \(.*src_tokens are"),
        ((None, SOURCES, TARGETS), {"cross_attention": CROSS, "layers": 0}, ValueError, "layers: only for a cache"),
        ((OUTPUT, SOURCES, TARGETS), {"attention_type": "value-weighted"}, ValueError, "attention_type: only for"),
        ((CACHE, SOURCES, TARGETS), {"max_value": 1.0}, ValueError, "max_value: only for arrays"),
        ((OUTPUT, SOURCES, TARGETS), {"mode": "tiny"}, ValueError, "mode: must be one of"),
        (
            (None, SOURCES, [TARGETS] * 2),
            {"encoder_attention": ENCODER, "decoder_attention": np.stack([DECODER] * 2)},
            ValueError,
            "same number of sequences, got 1 in Encoder, 2 in Decoder",
        ),
        (
            (None, SOURCES, TARGETS),
            {"cross_attention": CROSS, "encoder_mask": [1, 0, 1, 1, 1]},
            ValueError,
            "encoder_mask: cross-attention needs padding at one end, got gaps in sequence 0",
        ),
        (
            (None, SOURCES, TARGETS),
            {"cross_attention": CROSS, "encoder_mask": [1, 1, 1, 1, 0], "decoder_mask": [0, 1, 1]},
            ValueError,
            "same side everywhere, got left and right",
        ),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_what_to_do(
    args: tuple[object, ...], options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        show(*args, **options)


def test_what_the_errors_advise_works() -> None:
    assert show(OUTPUT, SOURCES, TARGETS)
    assert show(CACHE, SOURCES, TARGETS)
    assert show(None, SOURCES, TARGETS, **ALL)
    assert cv.attention.from_values(CROSS, dest_tokens=TARGETS, src_tokens=SOURCES)
    assert cv.attention.from_cache(cache(), words(6))
    assert show(None, SOURCES, TARGETS[:2], cross_attention=CROSS, padding_side="right")
    assert show(None, SOURCES, TARGETS, cross_attention=CROSS, encoder_mask=[1, 1, 1, 1, 0])

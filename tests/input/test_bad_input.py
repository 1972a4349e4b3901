"""Wrong input: the right exception, whose text names the argument, the rule, the value and the fix."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._cache.hook_cache import MissingActivationError

from tests.support.caches import cache, model, softmax_patterns, words

pytest.importorskip("torch")
import torch


def without(data: dict[str, np.ndarray], end: str) -> dict[str, np.ndarray]:
    return {name: array for name, array in data.items() if not name.endswith(end)}


def call(**options: object) -> Callable[[], object]:
    defaults: dict[str, object] = {"cache": cache(), "tokens": words(6)}
    return lambda: cv.attention.from_cache(**{**defaults, **options})  # type: ignore[call-overload]


def values(attention: object, *tokens: object, **options: object) -> Callable[[], object]:
    return lambda: cv.attention.from_values(attention, *tokens, **options)  # type: ignore[call-overload]


P = softmax_patterns((2, 4, 4))
Q = np.ones((2, 4, 8), np.float32)
SPLIT_V = {name: array[:1] if name.endswith("hook_v") else array for name, array in cache().items()}
UNEVEN = {
    "blocks.0.attn.hook_pattern": softmax_patterns((4, 6, 6)),
    "blocks.1.attn.hook_pattern": softmax_patterns((4, 5, 5)),
}
INFINITE = cache()
INFINITE["blocks.1.attn.hook_pattern"][2, 5, 4] = -np.inf
CROSS = {"decoder.0.cross_attn.hook_pattern": softmax_patterns((4, 3, 5), causal=False)}

CASES: list[tuple[str, Callable[[], object], type[Exception], list[str]]] = [
    # --- choices and flags
    ("unknown mode", call(mode="medium"), ValueError, ["mode", "'small', 'large', 'lines'", "'medium'"]),
    ("unknown type", call(attention_type="value"), ValueError, ["attention_type", "'value-weighted'", "'value'"]),
    ("unknown return mode", call(return_mode="file"), ValueError, ["return_mode", "'browser'", "'file'"]),
    ("unknown display mode", call(display_mode="blue"), ValueError, ["display_mode", "'dark'", "'blue'"]),
    ("unknown notation", call(head_notation="lh"), ValueError, ["head_notation", "'LH'", "'lh'"]),
    ("unknown padding side", call(padding_side="both"), ValueError, ["padding_side", "'left', 'right'", "'both'"]),
    ("precision of other bits", call(precision=12), ValueError, ["precision", "16 or 8", "12"]),
    ("radioitems is no flag", call(radioitems="yes"), TypeError, ["radioitems", "True or False", "'yes'"]),
    ("help is no flag", call(help=1), TypeError, ["help", "True or False", "1"]),
    ("title is no text", call(title=3), TypeError, ["title", "string", "int 3"]),
    # --- cache
    ("cache is a tensor", call(cache=torch.rand(4, 6, 6)), TypeError, ["cache", "ActivationCache", "Tensor", "from_values"]),
    ("cache is None", call(cache=None), TypeError, ["cache", "NoneType", "from_values"]),
    ("cache without patterns", call(cache={"hook_embed": P}), KeyError, ["blocks.0.attn.hook_pattern", "names_filter", "eager"]),
    ("other modules", call(cache=CROSS), KeyError, ["module", '"decoder.{layer}.cross_attn"', "module="]),
    ("layer not cached", call(layers=2, model=model(4)), KeyError, ["blocks.2.attn.hook_pattern", "layers 0, 1", "names_filter"]),
    ("pattern of two axes", call(cache={"blocks.0.attn.hook_pattern": P[0]}), ValueError, ["[head, dest, src]", "(4, 4)"]),
    ("layers of other length", call(cache=UNEVEN), ValueError, ["cache", "agree", "(1, 4, 5, 5)"]),
    ("infinite pattern", call(cache={"blocks.0.attn.hook_pattern": np.full((1, 6, 6), np.inf)}), ValueError, ["cache: blocks.0.attn.hook_pattern, head 0: values must be NaN or finite", "inf", "destination 0, source 0"]),
    ("infinite pattern of one head", call(cache=INFINITE, layers=1), ValueError, ["cache: blocks.1.attn.hook_pattern, head 2: values", "-inf", "destination 5, source 4"]),
    ("infinite values", values(np.full((2, 4, 4), np.inf), words(4), head_names=["a", "b"]), ValueError, ["attention: a: values must be NaN or finite", "inf", "destination 0, source 0", "NaN"]),
    ("sparse values", values(torch.eye(2).to_sparse(), words(2)), TypeError, ["attention", "dense", "sparse_coo", ".to_dense()"]),
    ("complex values", values(torch.zeros(2, 2, dtype=torch.complex64), words(2)), TypeError, ["attention", "real", "complex", ".abs()"]),
    ("module without layer", call(module="blocks.0.attn"), ValueError, ["module", '"{layer}"', "'blocks.0.attn'"]),
    # --- heads and layers
    ("layer of a head", call(heads=[(12, 0)], model=model(12)), ValueError, ["heads: layer 12 is out of range for a model with 12 layers (use -12..11)"]),
    ("head of a layer", call(heads=[(0, 4)]), ValueError, ["heads: head 4", "layer 0 with 4 heads", "-4..3"]),
    ("layer out of range", call(layers=[0, 2]), ValueError, ["layers: layer 2", "2 layers", "-2..1"]),
    ("heads is an int", call(heads=3), TypeError, ["heads", "(layer, head)", "3", "heads=[(9, 6)"]),
    ("heads of three numbers", call(heads=[(0, 1, 2)]), TypeError, ["heads", "pair", "(0, 1, 2)"]),
    ("heads empty", call(heads=[]), ValueError, ["heads", "at least one", "None for all"]),
    ("layers empty", call(layers=[]), ValueError, ["layers", "at least one", "None for all"]),
    ("both given", call(heads=(0, 0), layers=0), ValueError, ["heads and layers", "one of them", "heads=(0, 0)"]),
    ("layers as float", call(layers=1.0), TypeError, ["layers", "integer", "1.0"]),
    ("layers as text", call(layers="all"), TypeError, ["layers", "integer", "'all'"]),
    ("layers as flag", call(layers=True), TypeError, ["layers", "integer", "True"]),
    # --- batch
    ("batch_idx out of range", call(cache=cache(batch=2), tokens=[words(6)] * 2, batch_idx=2), ValueError, ["batch_idx: index 2", "batch of 2", "-2..1"]),
    ("batch_idx without batch", call(batch_idx=1), ValueError, ["batch_idx", "no batch dimension"]),
    ("batch_idx as text", call(batch_idx="0"), TypeError, ["batch_idx", "integer", "'0'"]),
    ("labels too few", call(cache=cache(batch=2), tokens=[words(6)] * 2, batch_labels=["a"]), ValueError, ["batch_labels", "one label per sequence shown", "1 labels for 2"]),
    ("labels neither of the batch nor of what is shown", call(cache=cache(batch=3), tokens=[words(6)] * 3, batch_idx=[0], batch_labels=["a", "b"]), ValueError, ["batch_labels", "one label per sequence shown", "2 labels for 1", "each of the 3 in the batch"]),
    ("labels of numbers", call(batch_labels=[1]), TypeError, ["batch_labels", "string", "int 1", "str()"]),
    ("labels as one text", call(batch_labels="a"), TypeError, ["batch_labels", "list of strings or a function", "'a'"]),
    ("label function of three", call(batch_labels=lambda a, b, c: ""), ValueError, ["batch_labels", "(batch_idx, tokens)", "3"]),
    ("label function gives None", call(batch_labels=lambda t: None), TypeError, ["batch_labels", "sequence 0", "NoneType"]),
    # --- tokens
    ("tokens as one text", call(tokens="The cat"), TypeError, ["tokens", "list of strings", "'The cat'", "to_str_tokens"]),
    ("tokens missing", call(tokens=None), TypeError, ["tokens", "list of strings", "NoneType"]),
    ("tokens empty", call(tokens=[]), ValueError, ["tokens", "empty"]),
    ("a sequence without tokens", call(tokens=[[]]), ValueError, ["tokens[0]", "at least one token"]),
    ("mixed tokens", call(tokens=["a", None]), TypeError, ["tokens", "NoneType", "among the tokens"]),
    ("ids without a tokenizer", call(tokens=[1, 2, 3, 4, 5, 6]), TypeError, ["tokens", "ids", "pass strings", "[str(int(i)) for i in ids]"]),
    ("too many tokens", call(tokens=words(8)), ValueError, ["tokens: sequence 0 has 8 tokens", "6 positions", "BOS"]),
    ("too few tokens", call(tokens=words(4)), ValueError, ["4 tokens", "6 positions", "padding_side="]),
    ("one list for a batch", call(cache=cache(batch=2)), ValueError, ["tokens", "2 sequences", "one list", "a list for each"]),
    ("lists of another batch", call(cache=cache(batch=2), tokens=[words(6)] * 3), ValueError, ["tokens", "2 sequences", "3 lists"]),
    ("rectangular without src_tokens", call(cache=CROSS, module="decoder.{layer}.cross_attn", tokens=words(3)), ValueError, ["src_tokens", "3 destination and 5 source"]),
    ("wrong src_tokens", call(cache=CROSS, module="decoder.{layer}.cross_attn", tokens=words(3), src_tokens=words(4)), ValueError, ["src_tokens: sequence 0 has 4 tokens", "5 source", "padding_side"]),
    # --- padding
    ("mask of another shape", call(attention_mask=[[1] * 5]), ValueError, ["attention_mask", "[1, 6]", "[1, 5]"]),
    ("additive mask", call(attention_mask=[[0, 0, 0, 0, 0, -1e9]]), ValueError, ["attention_mask", "1 (real) and 0 (padding)", "additive"]),
    ("mask of nothing", call(attention_mask=[[0] * 6]), ValueError, ["attention_mask", "sequence 0", "no real position"]),
    ("mask and tokens disagree", call(tokens=words(5), attention_mask=[[0, 0, 1, 1, 1, 1]]), ValueError, ["5 tokens", "keeps 4 of 6", "give 4 tokens, or 6"]),
    # --- weighting
    ("no v", call(cache=without(cache(), "hook_v"), attention_type="value-weighted"), KeyError, ["attention_type='value-weighted'", "blocks.0.attn.hook_v", "names_filter"]),
    ("no W_O", call(attention_type="info-weighted"), ValueError, ["info-weighted", "W_O", "no model", "model="]),
    ("a model without W_O", call(attention_type="info-weighted", model=SimpleNamespace()), ValueError, ["W_O", "blocks.0.attn of SimpleNamespace has no W_O", "value-weighted"]),
    ("v at other positions", call(cache=SPLIT_V, attention_type="value-weighted"), ValueError, ["v at every source position", "(1, 4, 8)", "pos_slice"]),
    # --- from_values
    ("no valid combination", values(P, [words(4)] * 3), ValueError, ["4 valid combinations", "batch of 2", "3 lists"]),
    ("one axis", values([1.0, 2.0], words(2)), ValueError, ["4 valid combinations", "[2]"]),
    ("ragged lists", values([[1.0, 0.0], [1.0]], words(2)), ValueError, ["attention", "equal length", "ragged"]),
    ("text as values", values([["a"]], words(1)), TypeError, ["attention", "numbers"]),
    ("no head", values(np.zeros((0, 4, 4)), words(4)), ValueError, ["attention", "at least one head", "[1, 0, 4, 4]"]),
    ("attention of sdpa", values((None, None), words(4)), ValueError, ["attention", "None", 'attn_implementation="eager"']),
    ("empty tuple of sdpa", values((), words(4)), ValueError, ["attention", "()", 'attn_implementation="eager"']),
    ("no tokens", values(P), ValueError, ["tokens", "dest_tokens= and src_tokens=", "none of them"]),
    ("tokens twice", values(P, words(4), src_tokens=words(4)), ValueError, ["tokens", "src_tokens="]),
    ("rectangular with tokens", values(P[:, :3], words(3)), ValueError, ["square", "3 destination and 4 source", "dest_tokens="]),
    ("names too few", values(P, words(4), head_names=["a"]), ValueError, ["head_names", "one name per head", "1 names for 2 heads"]),
    ("names as one text", values(P, words(4), head_names="ab"), TypeError, ["head_names", "list of strings", "'ab'"]),
    ("max_value as a list of two", values(P, words(4), max_value=[0.5, 1]), ValueError, ["max_value", "one number", "(2,)"]),
    ("max_value as text", values(P, words(4), max_value="a"), TypeError, ["max_value", "needs numbers", "str"]),
    ("max_value of zero", values(P, words(4), max_value=0.0), ValueError, ["max_value", "above 0", "0.0"]),
    ("min_value above zero", values(P, words(4), min_value=0.1), ValueError, ["min_value", "0 or below", "0.1"]),
    ("vectors outside of lines", values(P, words(4), q=Q, k=Q), ValueError, ["q and k", 'mode="lines"', "'small'"]),
    ("q without k", values(P, words(4), "lines", q=Q), ValueError, ["q and k", "both or neither", "only q"]),
    ("q of other positions", values(P, words(4), "lines", q=Q[:, :3], k=Q), ValueError, ["[..., head, dest, d_head]", "q of shape [1, 2, 3, 8]", "[1, 2, 4, d_head]"]),
    ("k of other width", values(P, words(4), "lines", q=Q, k=Q[..., :5]), ValueError, ["k of shape [1, 2, 4, 5]", "[1, n, 4, 8]", "n divides 2"]),
    ("heads that do not share keys evenly", values(P, words(4), "lines", q=Q, k=np.ones((3, 4, 8))), ValueError, ["k of shape [1, 3, 4, 8]", "n divides 2"]),
    ("q with too few axes", values(P, words(4), "lines", q=Q[0, 0], k=Q), ValueError, ["q of shape [8]", "[dest, d_head]"]),
    ("q with NaN", values(P, words(4), "lines", q=Q * np.nan, k=Q), ValueError, ["q", "finite"]),
    ("q of text", values(P, words(4), "lines", q=[["a"]], k=Q), TypeError, ["q", "numbers"]),
    ("q of one layer for two", values((P[None], P[None]), [words(4)], "lines", q=(Q[None],), k=(Q[None],)), ValueError, ["1 layers of q for 2 layers"]),
    ("infinite pattern in lines", call(mode="lines", cache={"blocks.0.attn.hook_pattern": np.full((1, 6, 6), np.inf)}), ValueError, ["cache: blocks.0.attn.hook_pattern, head 0: values must be NaN or finite", "destination 0, source 0"]),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "error", "parts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_wrong_input_is_refused_with_what_is_wrong_and_what_to_do(
    attempt: Callable[[], object], error: type[Exception], parts: list[str]
) -> None:
    with pytest.raises(error) as raised:
        attempt()
    assert type(raised.value) is (MissingActivationError if error is KeyError else error)
    text = str(raised.value)
    missing = [part for part in parts if part not in text]
    assert not missing, f"{missing} not in: {text}"
    assert len(text) < 900

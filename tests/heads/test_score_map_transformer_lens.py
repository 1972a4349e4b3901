"""`heads.score_map` takes what TransformerLens returns, as it is, and shows the heads of a trained model beside it."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.tabs import TabsProps

torch = pytest.importorskip("torch")
pytest.importorskip("transformer_lens")

from circuitsvis import demo
from transformer_lens import patching

pytestmark = pytest.mark.usefixtures("quiet_libraries")
PROMPT = demo.SENTENCES[0]


@pytest.fixture(scope="module")
def model() -> Any:
    return demo.load()


@pytest.fixture(scope="module")
def cache(model: Any) -> Any:
    with torch.no_grad():
        return model.run_with_cache(PROMPT)[1]


def values(figure: Any) -> Any:
    return figure.to_dict()["value"].reshape(4, 4)


def test_labelled_logit_attributions_are_those_of_each_head(model: Any, cache: Any) -> None:
    stack, labels = cache.stack_head_results(return_labels=True, pos_slice=-1, incl_remainder=True)
    attributed = cache.logit_attrs(stack, tokens=" Mary", pos_slice=-1)
    found = values(cv.heads.score_map((attributed, labels), cache, model.to_str_tokens(PROMPT), views=()))
    for layer in range(4):
        for head in range(4):
            want = float(attributed[labels.index(f"L{layer}H{head}")])
            assert abs(found[layer, head] - want) < 1e-6


def test_the_result_of_direct_logit_attribution_is_taken_as_it_is() -> None:
    analysis = pytest.importorskip("transformer_lens.tools.analysis")
    bridge = demo.load()
    bridge.enable_compatibility_mode()
    result = analysis.direct_logit_attribution(bridge, PROMPT, answer_tokens=" Mary", unit="head")
    found = values(cv.heads.score_map(result))
    for label, value in zip(result.labels, result.attribution, strict=True):
        if label.startswith("L"):
            assert abs(found[int(label[1]), int(label[3])] - float(value)) < 1e-6
    whole = analysis.direct_logit_attribution(bridge, PROMPT, answer_tokens=" Mary")
    with pytest.raises(ValueError, match="got unit='component'; use unit=\"head\""):
        cv.heads.score_map(whole)


def test_patching_results_are_taken_as_they_are(model: Any, cache: Any) -> None:
    corrupted = model.to_tokens(PROMPT.replace("Mary", "Lucy", 1))

    def metric(logits: Any) -> Any:
        return logits[0, -1, 0]

    grid = patching.get_act_patch_attn_head_out_all_pos(model, corrupted, cache, metric)
    found = values(cv.heads.score_map(grid, cache, model.to_str_tokens(PROMPT), views=()))
    np.testing.assert_allclose(found, grid.double().numpy(), atol=1e-5)


def test_the_heads_of_every_view_are_those_of_the_map(model: Any, cache: Any) -> None:
    tokens = model.to_str_tokens(PROMPT)
    props = cv.heads.score_map(cv.heads.scores(cache, tokens), cache, tokens, resid_directions=" Mary")._props
    assert isinstance(props, ScoreMapProps) and isinstance(props.heads_figure, TabsProps)
    assert [tab.name for tab in props.heads_figure.tabs] == ["Heatmap", "Lines", "Attribution"]
    for tab in props.heads_figure.tabs:
        names = [head.name for head in tab.figure.heads]  # type: ignore[attr-defined]  # all are figures of heads
        assert names == [f"{layer}.{head}" for layer in range(4) for head in range(4)]
    attribution = props.heads_figure.tabs[2].figure
    assert isinstance(attribution, AttributionViewProps)
    assert {target.strip() for target in attribution.sequences[0].targets} == {"Mary"}


def test_scores_of_weights_are_mapped_too(model: Any) -> None:
    assert "ov_copying" in set(cv.heads.score_map(cv.heads.weights(model)).to_dict()["score"].tolist())

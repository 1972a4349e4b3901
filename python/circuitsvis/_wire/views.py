"""The views that a figure can be drawn by, with the props that each needs. `frontend/src/bundles` has their Svelte components."""

from __future__ import annotations

from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.attention import AttentionHeadsProps, AttentionPatternsProps
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.hello import HelloProps
from circuitsvis._wire.props.lines import LinesViewProps
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis._wire.props.logit_lens import LogitLensProps
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.tabs import TabsProps
from circuitsvis._wire.props.topk import TopkTokensProps
from circuitsvis._wire.props.topk_samples import TopkSamplesProps

VIEWS: dict[str, type[FigureProps]] = {
    "AttentionPatterns": AttentionPatternsProps,
    "AttentionHeads": AttentionHeadsProps,
    "LinesView": LinesViewProps,
    "AttributionView": AttributionViewProps,
    "ScoreMap": ScoreMapProps,
    "PatchingMap": PatchingMapProps,
    "Tabs": TabsProps,
    "TextNeuronActivations": TextNeuronActivationsProps,
    "TopkSamples": TopkSamplesProps,
    "ColoredTokens": ColoredTokensProps,
    "Hello": HelloProps,
    "TopkTokens": TopkTokensProps,
    "TokenLogProbs": TokenLogProbsProps,
    "LogitLens": LogitLensProps,
    "EdgeSplit": EdgeSplitProps,
}

_NAMES = {props: name for name, props in VIEWS.items()}


def name_of(props: FigureProps) -> str:
    """The view that draws these props.

    Raises:
        KeyError: their class is not in `VIEWS`.
    """
    return _NAMES[type(props)]


def names_in(props: FigureProps) -> frozenset[str]:
    """The views that draw a figure and the figures inside of it."""
    return frozenset({name_of(props)}).union(*map(names_in, props.inner()))

"""The table of any figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from circuitsvis._export import (
    attention_table,
    attribution_table,
    edge_table,
    lens_table,
    patching_table,
    ranked_tables,
    score_map_table,
    token_tables,
)
from circuitsvis._export.table import Block, Table, length, same
from circuitsvis._wire import views
from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis._wire.props.logit_lens import LogitLensProps
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.tabs import TabsProps
from circuitsvis._wire.props.topk import TopkTokensProps
from circuitsvis._wire.props.topk_samples import TopkSamplesProps


def table_of(props: FigureProps) -> Table:
    """All values that the figure holds, as the page decodes them.

    Raises:
        TypeError: it holds none.
    """
    table = _table_of(props)
    if table is None:
        raise TypeError(f"circuitsvis: a figure of the view {views.name_of(props)} holds no numbers; save it as .html")
    return table


def _table_of(props: FigureProps) -> Table | None:
    if isinstance(props, AttributionViewProps):
        return attribution_table.table(props)
    if isinstance(props, AttentionProps):
        return attention_table.table(props)
    if isinstance(props, ScoreMapProps):
        return score_map_table.table(props)
    if isinstance(props, PatchingMapProps):
        return patching_table.table(props)
    if isinstance(props, ColoredTokensProps):
        return token_tables.colored_tokens(props)
    if isinstance(props, TextNeuronActivationsProps):
        return token_tables.activations(props)
    if isinstance(props, TopkSamplesProps):
        return token_tables.topk_samples(props)
    if isinstance(props, TopkTokensProps):
        return ranked_tables.topk_tokens(props)
    if isinstance(props, TokenLogProbsProps):
        return ranked_tables.log_probs(props)
    if isinstance(props, LogitLensProps):
        return lens_table.table(props)
    if isinstance(props, EdgeSplitProps):
        return edge_table.table(props)
    return _of_tabs(props) if isinstance(props, TabsProps) else None


def _of_tabs(props: TabsProps) -> Table | None:
    """The rows of all tabs, with the name of their tab; of tables with other columns, all columns."""
    tables = [(tab.name, _table_of(tab.figure)) for tab in props.tabs]
    with_values = [(name, table) for name, table in tables if table is not None]
    columns = dict.fromkeys(column for _, table in with_values for column in table.columns)
    return Table(("tab", *columns), partial(_blocks, [(name, table.blocks) for name, table in with_values]))


def _blocks(tabs: list[tuple[str, Callable[[], Iterator[Block]]]]) -> Iterator[Block]:
    for name, blocks in tabs:
        for block in blocks():
            yield {"tab": same(name, length(block)), **block}

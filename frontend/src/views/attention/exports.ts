/** What readers can take from the attention views: the large picture, the values of its cells, and the call that shows both. */
import { switchSettings } from "../../controls/switchSettings";
import type { Exports, Table } from "../../export/exports";
import { cellTable, placesOf, slotPlaces } from "../../heads/cellTable";
import { edgeCall, hasEdges } from "../../heads/edgeCall";
import { slotAxes } from "../../heads/patternHeatmap";
import { focusArgument, headNames } from "../../heads/shownFocus";
import { heatmapDrawing } from "../../heatmap/drawing";
import type { LegendInput } from "../../heatmap/legend";
import type { Raster } from "../../raster/paint";
import { renormalizedName } from "../../data/hiddenNote";
import type { AttentionState } from "./attentionState.svelte";
import { describeCell, nameOf } from "./descriptions";

/** The large picture, asked when something is exported. */
export interface Picture {
  /** The head, null for all. */
  head: () => number | null;
  raster: () => Raster | null;
  legend: () => LegendInput;
}

export function attentionExports(view: AttentionState, { head, raster, legend }: Picture): Exports {
  return {
    name: () => `attention ${caption(view, head())}`,
    picture: (ink) => {
      const { pinned } = view.selection.cell;
      const axes = slotAxes(view.source.props, view.slots);
      const cell = pinned && { row: pinned.dest, col: pinned.src };
      const text = pinned ? describeCell(view, pinned, head()) : caption(view, head());
      return heatmapDrawing(
        { ...axes, raster: raster(), legend: legend(), pinned: cell, caption: text },
        ink,
      );
    },
    table: () => table(view, head()),
    call: view.props.call,
    edge: edge(view, head),
    shown: () => ({
      settings: {
        focus: focus(view, head()),
        attention_type: view.type === "standard" ? null : view.type,
        ...switchSettings(view.transform, view.hiding),
      },
      choices: [
        ...view.opened.map((name) => `${JSON.stringify(name)} opened`),
        ...(view.ranges.any ? ["a range of tokens"] : []),
        ...(view.selection.cell.pinned && view.selection.token.pinned !== null
          ? ["a token, beside the cell"]
          : []),
      ],
    }),
  };
}

function caption(view: AttentionState, head: number | null): string {
  const { hide, renormalizes } = view.hiding;
  const without = { first: " without the first token", sinks: " without sinks" };
  const name = head === null ? "All heads" : nameOf(view, head);
  return renormalizedName(hide === null ? name : `${name}${without[hide]}`, renormalizes);
}

/** The cells of a head; of all heads the strongest value at each cell, with its head. */
function table(view: AttentionState, head: number | null): Table | null {
  const { props, slots, sequence, source } = view;
  if (head === null ? !view.ranked : view.value(head, { dest: 0, src: 0 }) === undefined) return null;
  const places = placesOf(source.props);
  return cellTable({
    sequence: sequence.drawn,
    dests: slotPlaces(slots.rows, places.dests),
    srcs: slotPlaces(slots.cols, places.srcs),
    before: ["head", "layer"],
    values: [
      `${view.type === "standard" ? "attention" : view.type.replace("-", "_")}${view.hiding.renormalizes ? "_renormalized" : ""}`,
    ],
    rows: (dest, src) => {
      const cell = { dest, src };
      if (view.absence(head, cell) === "masked") return [];
      const best = head === null ? view.topHeads(cell)[0] : { head, value: view.value(head, cell) };
      const { name = "", layer = null } = best ? (props.heads[best.head] ?? {}) : {};
      return [{ before: [name, layer], values: [best?.value ?? NaN] }];
    },
  });
}

/** The call for the pinned cell of a head; not for a collapsed span, which is no token. */
function edge(view: AttentionState, head: () => number | null): Exports["edge"] {
  const { call, heads, sequences } = view.props;
  if (!hasEdges(call)) return undefined;
  return () => {
    const { pinned } = view.selection.cell;
    const places = placesOf(view.source.props);
    const single = (slots: typeof view.slots.rows, at: number | undefined) => {
      const slot = at === undefined ? undefined : slots[at];
      return slot?.name === null ? slot.start : null;
    };
    const [dest, shown] = [single(view.slots.rows, pinned?.dest), head()];
    return edgeCall(call, sequences.length, {
      sequence: view.sequence.drawn,
      head: shown === null ? null : (heads[shown]?.name ?? null),
      dest: dest === null ? null : (places.dests[dest]?.number ?? null),
      src: single(view.slots.cols, pinned?.src),
    });
  };
}

function focus(view: AttentionState, shown: number | null) {
  const { head, cell, token, direction } = view.selection;
  const { dest, src } =
    cell.pinned ??
    (direction === "dest" ? { dest: token.pinned, src: null } : { dest: null, src: token.pinned });
  const places = placesOf(view.source.props);
  const number = (slots: typeof view.slots.rows, of: typeof places.dests, at: number | null) =>
    at === null ? null : (slotPlaces(slots, of)[at]?.number ?? null);
  return focusArgument(headNames(view.props.heads), {
    sequence: view.sequence.drawn,
    head: view.props.heads.length > 1 && (head.pinned !== null || shown !== 0) ? shown : null,
    dest: number(view.slots.rows, places.dests, dest),
    src: number(view.slots.cols, places.srcs, src),
  });
}

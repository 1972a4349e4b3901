/** What readers can take from an attribution: the picture of the component shown, its values, and the call that shows both. */
import type { Signs } from "../../color/scale";
import { switchSettings } from "../../controls/switchSettings";
import type { Exports, Table } from "../../export/exports";
import { stacked } from "../../export/stacked";
import { cellTable, placesOf } from "../../heads/cellTable";
import { edgeCall, hasEdges } from "../../heads/edgeCall";
import { focusArgument, headNames } from "../../heads/shownFocus";
import { heatmapDrawing } from "../../heatmap/drawing";
import type { AttributionState } from "./attributionState.svelte";
import { describeCell, shownName } from "./descriptions";
import { attributionHeatmap, signed } from "./heatmap";

export function attributionExports(view: AttributionState, shown: () => number | null): Exports {
  return {
    name: () => `attribution ${shownName(view, shown())}`,
    picture: (ink) => {
      const component = shown();
      const { pinned } = cellsOf(view, component);
      const caption = pinned ? describeCell(view, pinned, component) : shownName(view, component);
      const cell = pinned && { row: pinned.dest, col: pinned.src };
      const signs: Signs[] = view.props.splitSigns ? ["positive", "negative"] : ["both"];
      return stacked(
        signs.map((sign) => {
          const heatmap = attributionHeatmap(view, component, sign);
          return heatmapDrawing({ ...heatmap, caption: signed(sign, caption), pinned: cell }, ink);
        }),
      );
    },
    table: () => table(view, shown()),
    call: view.props.call,
    edge: edge(view, shown),
    shown: () => ({
      settings: { focus: focus(view, shown()), ...switchSettings(view.transform) },
      choices: [...(view.ownScale ? ["a scale per component"] : []), ...barsOf(view)],
    }),
  };
}

function cellsOf(view: AttributionState, component: number | null) {
  return component !== null && view.isPart(component) ? view.partCell : view.selection.cell;
}

/** What a component, or the sum of all heads, reads from each source, with the sum over sources beside it. */
function table(view: AttributionState, component: number | null): Table | null {
  const matrix = view.matrix(component);
  if (!matrix) return null;
  const { props } = view.source;
  const part = component !== null && view.isPart(component);
  const { dests, srcs } = placesOf(props);
  const name = component === null ? "All heads" : (namesOf(view)[component] ?? "");
  const layer =
    component === null ? null : ([...view.props.heads, ...view.props.parts][component]?.layer ?? null);
  return cellTable({
    sequence: view.sequence.drawn,
    dests,
    srcs: part ? [{ number: NaN, token: "" }] : srcs,
    before: ["component", "layer"],
    values: ["attribution"],
    rows: (dest, src) =>
      !part && view.absence(component, { dest, src }) === "masked"
        ? []
        : [{ before: [name, layer], values: [matrix.at(dest, src)] }],
  });
}

function namesOf({ props }: AttributionState): string[] {
  return [...headNames(props.heads), ...props.parts.map(({ name }) => name)];
}

function focus(view: AttributionState, component: number | null) {
  const { cell, token } = view.selection;
  const { dest, src } = cell.pinned ?? { dest: token.pinned, src: null };
  const { dests } = placesOf(view.source.props);
  return focusArgument(namesOf(view), {
    sequence: view.sequence.drawn,
    head: view.props.heads.length > 1 ? component : null,
    dest: dest === null ? null : (dests[dest]?.number ?? null),
    src,
  });
}

/** The call for the pinned cell of a head. */
function edge(view: AttributionState, shown: () => number | null): Exports["edge"] {
  const { call, heads, sequences } = view.props;
  if (!hasEdges(call)) return undefined;
  return () => {
    const [{ pinned }, head] = [view.selection.cell, shown()];
    return edgeCall(call, sequences.length, {
      sequence: view.sequence.drawn,
      head: head === null ? null : (heads[head]?.name ?? null),
      dest: pinned && (placesOf(view.source.props).dests[pinned.dest]?.number ?? null),
      src: pinned && pinned.src,
    });
  };
}

/** Bars of another destination than that of the pinned cell: `focus` has one for both. */
function barsOf({ selection, source }: AttributionState): string[] {
  const [cell, token] = [selection.cell.pinned, selection.token.pinned];
  if (!cell || token === null || cell.dest === token) return [];
  return [`the bars of destination ${placesOf(source.props).dests[token]?.number ?? token}`];
}

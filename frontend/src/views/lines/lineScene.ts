/** The scene of one head from the state of the view: for its canvas, which shows a part of the rows, and for exports, which show all. */
import { boundOf } from "../../data/bounds";
import { colorScales } from "./colorScales";
import { type Layout, layOut } from "./layout";
import type { Drawn, LinesState } from "./linesState.svelte";
import type { QueryNumbers } from "./queryNumbers";
import { tokenRooms } from "./rows";
import type { Ink, Scene } from "./scene";

/** CSS pixels by which the band of a focused row extends beyond the last column. */
export const OVERHANG = 8;

export interface LinePlace {
  layout: Layout;
  /** Source of each row. */
  order: number[];
  numbers: QueryNumbers | null;
  /** CSS pixels of the picture, and how far the rows are scrolled. */
  height: number;
  top: number;
}

export function lineScene(view: LinesState, drawn: Drawn, place: LinePlace, ink: Ink): Scene {
  const { source, computation, scales, head } = drawn;
  const { dot, addedTerm } = computation.props;
  return {
    ...place,
    width: place.layout.width + OVERHANG,
    ink,
    destTokens: source.props.destTokens,
    destPositions: source.props.destPositions,
    srcTokens: source.srcTokens,
    computation,
    weights: view.weights,
    scales: colorScales(view.props.valueRange, scales, view.palette, view.transform),
    ends: view.ends,
    pinned: view.query.pinned !== null,
    src: view.cursor.src,
    dim: view.cursor.dim,
    bounds: {
      dot: dot ? boundOf(dot) : 0,
      addedTerm: addedTerm ? boundOf(addedTerm) : 0,
      probability: source.errorBound("standard", head),
      weighted: place.numbers ? view.boundOfLines(source, head, place.numbers.dest) : 0,
    },
  };
}

/** The columns where so many CSS pixels are available. */
export function lineLayout(view: LinesState, { computation }: Drawn, available: number): Layout {
  return layOut({
    available,
    ...tokenRooms(view.props.sequences),
    dHead: computation.queries?.length ?? 1,
    kind: computation.props.kind,
    addedTerm: computation.addedTerm !== null,
    weighted: view.weights !== null || view.hiding.renormalizes,
    expanded: view.expanded,
  });
}

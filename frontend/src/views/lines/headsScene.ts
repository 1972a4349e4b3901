/** The scene of several heads from the state of the view: for its canvas, which shows a part of the rows, and for exports, which show all. */
import { type Chosen, strongestLines } from "./headLines";
import { linesOfToken } from "./headLines";
import { layOutHeads } from "./headsLayout";
import { type Layout, ROW } from "./layout";
import { OVERHANG } from "./lineScene";
import type { HeadsScene } from "./paintHeads";
import { tokenRooms } from "./rows";
import type { Ink } from "./scene";
import type { SeveralHeads } from "./severalHeads.svelte";

/** Lines that are drawn at once: more could not be told apart, and would take longer than a frame. */
const MOST_LINES = 2000;

export interface HeadsPlace {
  layout: Layout;
  /** CSS pixels of the picture, and how far the rows are scrolled. */
  height: number;
  top: number;
}

/** The strongest lines of which a part may be in sight. */
export function strongestInSight(
  several: SeveralHeads,
  { top, height }: Pick<HeadsPlace, "top" | "height">,
): Chosen {
  const { ends } = several;
  const cols = several.decoded?.source.src ?? 1;
  const [first, last] = [Math.floor(top / ROW), Math.ceil((top + height) / ROW)];
  const inSight = (dest: number, src: number) =>
    (dest >= first || src >= first) && (dest <= last || src <= last) && ends.dest(dest) && ends.src(src);
  return strongestLines(several.linesOf(several.heads), cols, inSight, MOST_LINES);
}

/** Null while nothing is decoded. `strongest` are the lines where no token is pointed at. */
export function headsScene(
  several: SeveralHeads,
  place: HeadsPlace,
  strongest: () => Chosen,
  ink: Ink,
): HeadsScene | null {
  const { view } = several;
  const source = several.decoded?.source;
  if (!source) return null;
  const [dest, src] = [view.focus, view.cursor.src];
  const chosen = { dest, src: dest === null ? src : null };
  const pointed = dest !== null || src !== null;
  return {
    ...place,
    width: place.layout.width + OVERHANG,
    ink,
    destTokens: source.props.destTokens,
    destPositions: source.props.destPositions,
    srcTokens: source.srcTokens,
    heads: several.heads,
    scale: several.scale,
    ends: several.ends,
    lines: pointed ? linesOfToken(several.heads, several.scale, chosen, several.ends) : strongest().lines,
    dest,
    src,
    pinned: view.query.pinned !== null,
    emphasised: several.emphasised,
  };
}

/** The columns where so many CSS pixels are available. */
export function headsLayout(several: SeveralHeads, available: number): Layout {
  const rooms = tokenRooms(several.view.props.sequences);
  return layOutHeads({ available, ...rooms, heads: several.offered.length });
}

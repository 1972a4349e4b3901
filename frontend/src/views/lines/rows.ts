/** What the rows of the lines view hand to the pictures and tooltips in them. */
import { destAxis, srcAxis } from "../../heads/patternHeatmap";
import { labelRoom, LARGEST } from "../../heatmap/labelRoom";
import type { LinesSequence } from "../../props";
import type { Layout, Part } from "./layout";

/** Where a picture is. */
export interface Place {
  layout: Layout;
  /** CSS pixels of the picture, and how far the rows are scrolled. */
  height: number;
  top: number;
  /** CSS pixels from the top of the scrolling area at which it stays. */
  sticky: number;
}

/** What is under the pointer. */
export interface Target {
  part: Part;
  dest: number | null;
  src: number | null;
  dim: number | null;
}

/** The picture's font size relative to that which `labelRoom` measures. */
const FONT_RATIO = 1.15;

/** CSS pixels that the tokens of all sequences need, so that nothing moves when another sequence is chosen. */
export function tokenRooms(sequences: LinesSequence[]): { destRoom: number; srcRoom: number } {
  return {
    destRoom: FONT_RATIO * labelRoom(sequences.map(destAxis)),
    srcRoom: FONT_RATIO * labelRoom(sequences.map(srcAxis)),
  };
}

/** Whether a column may cut tokens that need so much room. */
export function cutsTokens(width: number, room: number): boolean {
  return width < room || room >= FONT_RATIO * LARGEST;
}

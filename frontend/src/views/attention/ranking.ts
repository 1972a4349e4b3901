/** What the picture of all heads is made from. */
import type { Palette } from "../../color/palette";
import type { Marks } from "../../data/hidden";
import type { Slots } from "../../data/slots";
import type { Source } from "../../data/source";
import type { AttentionType } from "../../props";
import type { Blend } from "../../raster/blend";

/** What is hidden in all heads together. */
export interface HiddenOfAll {
  /** Columns that are hidden in every head. */
  columns: Marks;
  /** Number of heads in which any is. */
  heads: number;
  /** Mean over heads of the share of their values. */
  share: number;
}

/** All heads of one sequence under one attention type: the top heads of every cell, and their hues. */
export interface Ranking {
  source: Source;
  type: AttentionType;
  slots: Slots;
  palette: Palette;
  blend: Blend;
  /** What was chosen to be hidden, as far as the blend depends on it. */
  choice: string;
  hidden: HiddenOfAll;
}

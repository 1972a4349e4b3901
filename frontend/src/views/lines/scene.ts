/** Everything that the picture depends on. `paint` is a function of it. */
import type { Ink as Colors } from "../../export/exports";
import type { Weights } from "../../data/weights";
import type { HeadComputation } from "./computation";
import type { Layout } from "./layout";
import type { QueryNumbers } from "./queryNumbers";
import type { ColorScales } from "./colorScales";
import type { Ends } from "./lineFilter";

/** Colors of text and lines. */
export type Ink = Pick<Colors, "text" | "quiet" | "accent" | "hover" | "ring">;

export interface Scene {
  layout: Layout;
  /** CSS pixels of the canvas. */
  width: number;
  height: number;
  /** How far the rows are scrolled down. */
  top: number;
  ink: Ink;
  destTokens: string[];
  /** Where the queries stand among the sources; null where that is their index. */
  destPositions: number[] | null;
  srcTokens: string[];
  computation: HeadComputation;
  weights: Weights | null;
  scales: ColorScales;
  /** Tokens that lines may begin and end at. */
  ends: Ends;
  /** Source of each row. */
  order: number[];
  /** Numbers of the query that is shown, null where none is. */
  numbers: QueryNumbers | null;
  /** Whether the query that is shown is pinned. */
  pinned: boolean;
  /** The source that is pointed at. */
  src: number | null;
  dim: number | null;
  /** Error bounds of the columns of numbers. */
  bounds: { dot: number; addedTerm: number; probability: number; weighted: number };
}

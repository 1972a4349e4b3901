/**
 * The contract with Python: mirrors python/circuitsvis/_props.py (there: what each field means), same names in
 * camelCase. A pytest compares the fields of both files; the fixtures in frontend/fixtures are examples of all.
 */

import type { Block } from "./data/blocks";

/** A chunk's text, or where it is to be had. In the JSON that is the number of a block, which `data/blocks.ts` replaces. */
export type Chunk = string | Block;

export type AttentionType = "standard" | "value-weighted" | "info-weighted";

/** value = (code - zero) * scales[i]; chunks are base64 of zlib of byte planes (high bytes first). */
export interface Tensor {
  dtype: "uint8" | "uint16" | "uint24";
  shape: number[];
  layout: "full" | "causal";
  zero: number;
  scales: number[];
  missing: number | null;
  errorSteps: number;
  chunks: Chunk[];
}

export interface Head {
  name: string;
  layer: number | null;
}

export interface Sequence {
  label: string;
  destTokens: string[];
  srcTokens: string[] | null;
  destPositions: number[] | null;
  attention: Tensor;
  preview: Tensor | null;
  previewBlock: [number, number];
  valueWeights: Tensor | null;
  infoWeights: Tensor | null;
}

export interface AttentionProps {
  title: string | null;
  help: string[];
  notes: string[];
  heads: Head[];
  sequences: Sequence[];
  selector: "dropdown" | "radio";
  attentionType: AttentionType;
  valueRange: [number, number];
}

export type AttentionPatternsProps = AttentionProps;
export type AttentionHeadsProps = AttentionProps;

export interface Computation {
  kind: "product" | "scores" | "pattern";
  description: string;
  divisor: number | null;
  queries: Tensor | null;
  keys: number | null;
  dot: Tensor | null;
  addedTerm: Tensor | null;
  addedTermName: string | null;
}

export interface LinesSequence extends Sequence {
  keys: Tensor[];
  computations: Computation[];
}

export interface LinesViewProps extends AttentionProps {
  sequences: LinesSequence[];
  headSelector: "head" | "layer";
  displayMode: "dark" | "light" | "auto";
}

export interface AttributionSequence extends Sequence {
  targets: string[];
  componentTotals: Tensor;
  total: Tensor;
}

export interface AttributionViewProps extends AttentionProps {
  sequences: AttributionSequence[];
  parts: Head[];
  mode: "small" | "large";
  splitSigns: boolean;
  softCap: number | null;
}

/** What a page's JSON script holds. */
export type Figure =
  | { component: "AttentionPatterns"; props: AttentionPatternsProps }
  | { component: "AttentionHeads"; props: AttentionHeadsProps }
  | { component: "LinesView"; props: LinesViewProps }
  | { component: "AttributionView"; props: AttributionViewProps };

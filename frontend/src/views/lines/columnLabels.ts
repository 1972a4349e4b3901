/** The labels over the columns of the lines view. */
import type { AttentionType } from "../../props";
import type { LinesState } from "./linesState.svelte";
import { divisorText } from "./steps";
import type { Column, Part } from "./layout";

const WEIGHTS: Record<AttentionType, string> = {
  standard: "",
  "value-weighted": "by |v|",
  "info-weighted": "by |v·W_O|",
};

/** Details of columns that are too narrow for the whole ones. */
const SHORT: Partial<Record<Part, string>> = {
  dest: "dest.",
  q: "query",
  k: "source",
  product: "terms",
  probability: "prob.",
  weighted: "",
};
/** CSS pixels of a character of a detail, and no fewer in any font. */
const CHARACTER = 5.5;

/** The two lines over a column: its name, and a detail. */
export function columnLabel(state: LinesState, { part, width }: Column): [name: string, detail: string] {
  const [name, detail] = wholeLabel(state, part);
  return [name, CHARACTER * detail.length > width ? (SHORT[part] ?? detail) : detail];
}

/** The same for a column of any width. */
export function wholeLabel(state: LinesState, part: Part): [name: string, detail: string] {
  const { drawn, type, hiding } = state;
  const props = drawn?.computation.props;
  const labels: Record<Part, [string, string]> = {
    dest: ["Query", "destination"],
    src: ["Source", "key"],
    lines: ["", ""],
    destHeads: ["", ""],
    srcHeads: ["", ""],
    q: ["q", "of each query"],
    k: ["k", "of each source"],
    product: ["q × k", "elementwise"],
    dot: ["q · k", `÷ ${divisorText(props?.divisor ?? 1)}`],
    addedTerm: ["+ added", props?.addedTermName ?? ""],
    score: [props?.dot ? "= score" : "score", "before softmax"],
    probability: ["softmax", "probability"],
    weighted: [
      type === "standard" ? "rest" : "weighted",
      hiding.renormalizes ? "renormalized" : WEIGHTS[type],
    ],
  };
  return labels[part];
}

/** The labels over the columns of the lines view. */
import type { AttentionType } from "../../props";
import type { LinesState } from "./linesState.svelte";
import { divisorText } from "./steps";
import type { Part } from "./layout";

const WEIGHTS: Record<AttentionType, string> = {
  standard: "",
  "value-weighted": "by |v|",
  "info-weighted": "by |v·W_O|",
};

/** The two lines over a column: its name, and a detail. */
export function columnLabel(state: LinesState, part: Part): [string, string] {
  const { drawn, type } = state;
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
    weighted: ["weighted", WEIGHTS[type]],
  };
  return labels[part];
}

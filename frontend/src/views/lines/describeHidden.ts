/** What is said of the sources to which no line is drawn. */
import { hiddenShare } from "../../data/hidden";
import { hiddenNote } from "../../data/hiddenNote";
import { tokenName } from "../../text/names";
import type { LinesState } from "./linesState.svelte";
import { singles } from "./singles";
import type { SeveralHeads } from "./severalHeads.svelte";

export function describeHidden(view: LinesState, several: SeveralHeads): string {
  const { drawn, type, props, hiding } = view;
  if (hiding.hide === null) return "";
  const source = (several.shown ? several.decoded?.source : drawn?.source) ?? view.sequence.source;
  const decoded = (several.shown ? several.decoded?.heads : drawn && [drawnHead(drawn)]) ?? [];
  const shares: number[] = [];
  let heads = 0;
  for (const { head, matrix } of decoded) {
    const sources = hiding.of(source, matrix, singles(source))?.sources;
    if (!sources) continue;
    if (sources.includes(1)) heads++;
    shares.push(hiddenShare(matrix, source.weightsOf(type, head), sources));
  }
  const known = shares.filter((share) => !Number.isNaN(share));
  const whose = several.shown ? `the ${decoded.length} heads` : view.drawnHeadName;
  const what =
    props.valueRange[0] < 0 ? "magnitudes" : type === "standard" ? "attention" : `${type} attention`;
  const one = several.shown ? Uint8Array.of(1) : (view.hidden?.sources ?? new Uint8Array());
  const named = Array.from(one.keys()).filter((src) => one[src]);
  return hiddenNote({
    hide: hiding.hide,
    sources:
      several.shown && hiding.hide === "sinks"
        ? { heads, of: decoded.length }
        : named.map((src) => tokenName(source.srcTokens, src)),
    share: known.reduce((sum, share) => sum + share, 0) / known.length,
    whole: `the ${what} of ${whose}`,
    queries: source.dest,
    renormalized: hiding.renormalizes,
    weighted: type !== "standard",
  });
}

function drawnHead({ head, computation }: NonNullable<LinesState["drawn"]>) {
  return { head, matrix: computation.attention };
}

/** What lines show, as values for a table: of one head, or of the strongest of several heads at each pair of tokens. */
import type { ValueGrid } from "../../controls/valueTable";
import { absenceOf } from "../../data/mask";
import type { Source } from "../../data/source";
import { valueAt } from "../../data/weights";
import { renormalizedName } from "../../data/hiddenNote";
import { headName, tokenName } from "../../text/names";
import { formatValue } from "../../text/number";
import { valuesAt } from "./headLines";
import { headText, valueText } from "./headsDescriptions";
import type { LinesState } from "./linesState.svelte";
import type { SeveralHeads } from "./severalHeads.svelte";

export function headGrid(view: LinesState): ValueGrid | null {
  const { drawn, weights } = view;
  if (!drawn) return null;
  const { source, computation, head } = drawn;
  const { attention, shown = attention } = computation;
  const value = (dest: number, src: number) => valueAt(shown, weights, dest, src);
  const formatted = (dest: number, src: number) =>
    formatValue(value(dest, src), view.boundOfLines(source, head, dest, shown.at(dest, src)));
  const hidden = view.hiding.renormalizes ? (view.hidden?.sources ?? null) : null;
  return {
    ...names(source),
    title: renormalizedName(view.drawnHeadName, view.hiding.renormalizes),
    value,
    text: (dest, src) => textOf(source, dest, src, value(dest, src), formatted(dest, src), hidden),
    chosen: view.query.pinned,
  };
}

export function severalGrid(several: SeveralHeads): ValueGrid | null {
  const source = several.decoded?.source;
  if (!source) return null;
  const best = (dest: number, src: number) => valuesAt(several.heads, dest, src)[0];
  return {
    ...names(source),
    title: renormalizedName(
      `Strongest of ${several.heads.length} heads at each pair`,
      several.view.hiding.renormalizes,
    ),
    value: (dest, src) => best(dest, src)?.value ?? NaN,
    text: (dest, src) => {
      const strongest = best(dest, src);
      const text =
        strongest && `${valueText(several, strongest)}, ${headName(headText(several, strongest.at))}`;
      return textOf(source, dest, src, strongest?.value ?? NaN, text ?? "");
    },
    chosen: several.view.query.pinned,
  };
}

function names({ props, srcTokens, dest }: Source): { rows: string[]; cols: string[] } {
  return {
    rows: Array.from({ length: dest }, (_, i) => tokenName(props.destTokens, i, props.destPositions)),
    cols: srcTokens.map((_, src) => tokenName(srcTokens, src)),
  };
}

function textOf(
  { props }: Source,
  dest: number,
  src: number,
  value: number,
  text: string,
  hidden: Uint8Array | null = null,
): string {
  const absence = absenceOf(props, { dest, src }, value);
  if (absence === "missing") return hidden?.[src] ? "hidden" : "no value";
  return absence ?? text;
}

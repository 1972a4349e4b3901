/** Queries, sources and dimensions of the lines view as sentences. The page shows them, and screen readers read them out. */
import { largestByMagnitude } from "../../data/largest";
import { ABSENCE_TEXTS, absenceOf } from "../../data/mask";
import { tokenName } from "../../text/names";
import { formatValue } from "../../text/number";
import { pinnedStatus } from "../../text/pinned";
import type { LinesState } from "./linesState.svelte";
import type { QueryNumbers } from "./queryNumbers";
import { dimensionTexts } from "./queryNumbers";
import { steps } from "./steps";

/** The status line: on the source that is pointed at, else on the query that is shown, else what to do. */
export function describeStatus(state: LinesState, numbers: QueryNumbers | null): string {
  const { drawn, cursor } = state;
  if (!drawn) return "";
  const { source } = drawn;
  if (!numbers) {
    if (cursor.src !== null)
      return `Source ${tokenName(source.srcTokens, cursor.src)}: lines from the queries that attend to it`;
    return "Hover a query token to see how its attention is computed, click to pin it.";
  }
  const pinned = state.query.pinned !== null;
  const query = `Query ${tokenName(source.props.destTokens, numbers.dest, source.props.destPositions)}`;
  const dimension = describeDimension(state, numbers, cursor.src, cursor.dim);
  if (cursor.src === null)
    return pinnedStatus(pinned, `${query} ${describeStrongest(state, numbers)}${dimension}`);
  const where = `${query}, source ${tokenName(source.srcTokens, cursor.src)}`;
  const stepTexts = steps(state, numbers, cursor.src).map(
    ({ name, text }) => `${name.replace(/^[+=] /, "")} = ${text}`,
  );
  if (stepTexts.length === 0)
    return pinnedStatus(pinned, `${where}: ${describeAbsence(state, numbers.dest, cursor.src)}`);
  return pinnedStatus(pinned, `${where}: ${stepTexts.join(", ")}${dimension}`);
}

/** Why a source has no part in a query's attention, as far as the data show it. A cell with a value, but without a score, is masked. */
export function describeAbsence(state: LinesState, dest: number, src: number): string {
  const { computation, source } = state.drawn as NonNullable<LinesState["drawn"]>;
  const absence = absenceOf(source.props, { dest, src }, computation.attention.at(dest, src));
  return absence ? ABSENCE_TEXTS[absence] : "masked, no attention";
}

function describeDimension(
  state: LinesState,
  numbers: QueryNumbers,
  src: number | null,
  dim: number | null,
): string {
  if (dim === null || !state.drawn) return "";
  const { q, k, product } = dimensionTexts(state.drawn.computation, numbers.dest, src, dim);
  if (product === null) return `; dimension ${dim}: q ${q}`;
  return `; dimension ${dim}: q ${q} × k ${k} = ${product}`;
}

function describeStrongest(state: LinesState, numbers: QueryNumbers): string {
  const { source, head } = state.drawn as NonNullable<LinesState["drawn"]>;
  const hidden = state.hidden?.sources;
  const values = Array.from(numbers.weighted, (value, src) => ({ value, src })).filter(
    ({ src }) => hidden?.[src] !== 1,
  );
  const strongest = largestByMagnitude(values, 3)
    .filter(({ value }) => value !== 0)
    .map(
      ({ value, src }) =>
        `${tokenName(source.srcTokens, src)} (${formatValue(value, state.boundOfLines(source, head, numbers.dest))})`,
    );
  return strongest.length === 0
    ? "attends to nothing"
    : `attends most${hidden?.includes(1) ? ", hidden sources aside," : ""} to ${strongest.join(", ")}`;
}

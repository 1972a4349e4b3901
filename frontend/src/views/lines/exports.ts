/** What readers can take from mode="lines": the lines, the numbers of one head or the values of several, and the call that shows both. */
import { switchSettings } from "../../controls/switchSettings";
import { largestByMagnitude } from "../../data/largest";
import { absenceOf } from "../../data/mask";
import { valueAt } from "../../data/weights";
import type { Exports, Table } from "../../export/exports";
import { cellTable, placesOf } from "../../heads/cellTable";
import { edgeCall, hasEdges } from "../../heads/edgeCall";
import { focusArgument, headNames } from "../../heads/shownFocus";
import { renormalizedName } from "../../data/hiddenNote";
import type { HeadComputation } from "./computation";
import { oneHeadDrawing, severalHeadsDrawing } from "./drawing";
import { ALL_LINES } from "./lineFilter";
import type { LinesState } from "./linesState.svelte";
import { type QueryNumbers, queryNumbers } from "./queryNumbers";
import type { SeveralHeads } from "./severalHeads.svelte";

export function linesExports(view: LinesState, several: SeveralHeads): Exports {
  const caption = () => (several.shown ? `${several.heads.length} heads` : view.drawnHeadName);
  return {
    name: () => `lines ${caption()}`,
    picture: (ink) =>
      several.shown
        ? severalHeadsDrawing(several, captionOf(view, caption()), ink)
        : oneHeadDrawing(view, captionOf(view, caption()), ink),
    table: () => (several.shown ? tableOfSeveral(several) : tableOfOne(view)),
    call: view.props.call,
    edge: edge(view, several),
    shown: () => ({
      settings: {
        focus: focus(view),
        attention_type: view.type === "standard" ? null : view.type,
        ...switchSettings(view.transform, view.hiding),
      },
      choices: [
        ...(several.shown ? [`several heads: ${namesOf(several).join(" ")}`] : []),
        ...(view.order === "position" || several.shown ? [] : [`sources ordered by ${view.order}`]),
        ...(view.expanded || several.shown ? [] : ["lines only"]),
        ...(view.filter === ALL_LINES ? [] : ["lines between some parts of the tokens"]),
      ],
    }),
  };
}

function captionOf({ type, hiding }: LinesState, shown: string): string {
  const values = renormalizedName(type === "standard" ? "attention" : type, hiding.renormalizes);
  const without = hiding.hide && { first: " without the first token", sinks: " without sinks" }[hiding.hide];
  return `${shown} · lines: ${values}${without ?? ""}`;
}

function namesOf({ heads, view }: SeveralHeads): string[] {
  return heads.map(({ head }) => view.props.heads[head]?.name ?? "");
}

/** The columns of values: attention, as lines have it, and for weighted attention its product with the weights. */
function valueColumns({ type, hiding }: LinesState): string[] {
  const end = hiding.renormalizes ? "_renormalized" : "";
  return type === "standard" ? [`attention${end}`] : [`attention${end}`, `${type.replace("-", "_")}${end}`];
}

/** The cells of a head, with the numbers that its attention is computed from as far as the cache shows them. */
function tableOfOne(view: LinesState): Table | null {
  const { drawn, weights } = view;
  if (!drawn) return null;
  const { source, computation, head } = drawn;
  const { name = "", layer = null } = view.props.heads[head] ?? {};
  const scores = scoreColumns(computation);
  let numbers: QueryNumbers | null = null; // of one destination after another
  return cellTable({
    sequence: view.sequence.drawn,
    ...placesOf(source.props),
    before: ["head", "layer"],
    values: [...valueColumns(view), ...scores],
    rows: (dest, src) => {
      const attention = (computation.shown ?? computation.attention).at(dest, src);
      if (absenceOf(source.props, { dest, src }, attention) === "masked") return [];
      if (numbers?.dest !== dest) numbers = queryNumbers(computation, null, dest);
      const { dot, addedTerm, score } = numbers;
      const values = weights ? [attention, attention * (weights[src] as number)] : [attention];
      const terms = { dot, added_term: addedTerm, score };
      values.push(...scores.map((name) => terms[name][src] as number));
      return [{ before: [name, layer], values }];
    },
  });
}

/** What is known of a head's scores, by the names that Python's table has for them. */
function scoreColumns({ dot, addedTerm, props }: HeadComputation): ("dot" | "added_term" | "score")[] {
  if (props.kind === "scores") return ["score"];
  return dot || addedTerm ? ["dot", "added_term", "score"] : [];
}

function tableOfSeveral(several: SeveralHeads): Table | null {
  const { decoded, heads, view } = several;
  if (!decoded) return null;
  const { props } = decoded.source;
  return cellTable({
    sequence: view.sequence.drawn,
    ...placesOf(props),
    before: ["head", "layer"],
    values: valueColumns(view),
    rows: (dest, src) =>
      heads.flatMap(({ head, matrix, weights }) => {
        const attention = matrix.at(dest, src);
        if (absenceOf(props, { dest, src }, attention) === "masked") return [];
        const { name = "", layer = null } = view.props.heads[head] ?? {};
        const values = weights ? [attention, valueAt(matrix, weights, dest, src)] : [attention];
        return [{ before: [name, layer], values }];
      }),
  });
}

/** The call for the pinned query of the head that is shown alone, and the source that is chosen, else the one it attends to most. */
function edge(view: LinesState, several: SeveralHeads): Exports["edge"] {
  const { call, heads, sequences } = view.props;
  if (!hasEdges(call)) return undefined;
  return () => {
    const dest = view.query.pinned;
    return edgeCall(call, sequences.length, {
      sequence: view.sequence.drawn,
      head: several.shown ? null : (heads[view.head]?.name ?? null),
      dest: dest === null ? null : (placesOf(view.sequence.props).dests[dest]?.number ?? null),
      src: dest === null ? null : (view.cursor.src ?? strongest(view, dest)),
    });
  };
}

/** The source to which a query attends most; null while nothing is decoded. */
function strongest({ drawn }: LinesState, dest: number): number | null {
  if (!drawn) return null;
  const { attention } = drawn.computation;
  const values = Array.from({ length: drawn.source.src }, (_, src) => ({
    src,
    value: attention.at(dest, src),
  }));
  return largestByMagnitude(values, 1)[0]?.src ?? null;
}

function focus(view: LinesState) {
  const { query, cursor, props, head } = view;
  const { dests } = placesOf(view.sequence.props);
  const dest = query.pinned;
  return focusArgument(headNames(props.heads), {
    sequence: view.sequence.drawn,
    head: head === 0 ? null : head,
    dest: dest === null ? null : (dests[dest]?.number ?? null),
    src: cursor.src,
  });
}

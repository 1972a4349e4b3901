/** What readers can take from an edge: the two-way table as a picture, what each pair of parts adds, and the call that shows the same. */
import { switchSettings } from "../../controls/switchSettings";
import type { Exports, Field, PythonValue } from "../../export/exports";
import { heatmapDrawing } from "../../heatmap/drawing";
import { describeLines, edgeName, sumText } from "./descriptions";
import { FEW, type EdgeState } from "./edgeState.svelte";
import { REST } from "./lines";
import { pairChoice, pairTable } from "./pairTable";

export function edgeExports(view: EdgeState): Exports {
  const { props } = view;
  const choice = pairChoice(view);
  return {
    name: () => edgeName(view),
    picture: (ink) => {
      const { pinned } = choice;
      const what = pinned
        ? describeLines(view, pinned.row, pinned.col)
        : `q·k / divisor ${sumText(view, view.product)}`;
      return heatmapDrawing({ ...pairTable(view), caption: `${what}. ${edgeName(view)}`, pinned }, ink);
    },
    table: () => (view.ready ? { columns: ["query_part", "key_part", "value"], rows: rows(view) } : null),
    call: props.call,
    shown: () => ({
      settings: { focus: focus(view), ...switchSettings(view.transform) },
      choices: [
        ...(view.order === "model" ? ["parts in the model's order"] : []),
        ...(view.many && view.all ? ["all parts"] : []),
        ...([view.query.pinned, view.key.pinned].includes(REST)
          ? [`the parts below the largest ${FEW}`]
          : []),
      ],
    }),
  };
}

function focus({ query, key, props }: EdgeState): PythonValue {
  const queryPart = query.pinned === null ? undefined : props.query.parts[query.pinned];
  const keyPart = key.pinned === null ? undefined : props.key.parts[key.pinned];
  if (queryPart === undefined && keyPart === undefined) return null;
  return {
    ...(queryPart === undefined ? {} : { query_part: queryPart }),
    ...(keyPart === undefined ? {} : { key_part: keyPart }),
  };
}

/** A row for each pair of parts, as Python's `_export/edge_table.py` has them. */
function* rows(view: EdgeState): Iterable<Field[]> {
  const { query, key } = view.props;
  for (const [i, queryPart] of query.parts.entries())
    for (const [j, keyPart] of key.parts.entries()) yield [queryPart, keyPart, view.value(i, j)];
}
